"""One jailed kernel as the trusted side sees it: run a cell, call functions, notice its end."""

from __future__ import annotations

import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from autograder.jail.bubblewrap import LIMITS, Limits
from autograder.jail.kernel_server import kernel_server
from autograder.jail.messages import Message, NotAMessage, read, request
from autograder.jail.wire import Connection, Reader, TooLarge, WireError, connected_pair

Hook = Callable[[Message], None]
Dropped = Counter[tuple[type[NotAMessage], str]]  # messages, by what is wrong with them

NO_FILES: Mapping[str, bytes] = MappingProxyType({})
STARTS, START_SECONDS = 3, 20.0  # a start takes a twentieth of a second; then another is tried
DRAIN_SECONDS = 10.0  # for outputs that are still on their way when the reply is there
# What a request has started may go on for this part of its time, and so many seconds at most.
SETTLE_PART, SETTLE_SECONDS = 0.2, 3.0
GRACE_SECONDS = 2.0  # between the polite interrupt and the end of the jail
TICK_MILLISECONDS = 50
# What one message may hold, by channel: outputs, and replies with their arrays.
OUTPUT_BYTES, REPLY_BYTES, MOST_FRAMES = 2**22, 2**25, 20_000
ENDS = {
    "ended_reply": "it called exit() or quit()",
    "failed_reply": "the kernel itself failed; what it printed says how",
}
CHANNELS = {
    "iopub": ("SUB", OUTPUT_BYTES),
    "shell": ("DEALER", REPLY_BYTES),
    "control": ("DEALER", 0),  # nothing that arrives there is read
}


class KernelLost(Exception):
    """The kernel did not finish what it was asked."""


class TimedOut(KernelLost):
    """It ran out of time; ``alive`` tells whether it survived the interrupt."""

    def __init__(self, seconds: float, alive: bool):
        """Keep the time that was allowed and whether the kernel still answers."""
        super().__init__(f"no answer within {seconds:g} s")
        self.alive = alive


class Died(KernelLost):
    """Its process ended."""


class Flooded(KernelLost):
    """It sent more output than a submission may."""


class Forged(KernelLost):
    """What it sent is not a message of the protocol."""


class KernelClient:
    """A kernel in a jail and the only client of it; use it as a context manager.

    ``dropped`` counts what it published that is no message of the protocol, by what is wrong.
    """

    def __init__(
        self, flavour: str, limits: Limits = LIMITS, files: Mapping[str, bytes] = NO_FILES
    ):
        """Start a kernel that sees the packages of ``flavour`` and copies of ``files``.

        It is held to ``limits``.

        Raises:
            OSError: the jail did not start.
            RuntimeError: the kernel did not start; the grader is at fault, not the student.
        """
        self.dropped: Dropped = Counter()
        self._connections: dict[str, Connection] = {}
        self._open: list[Connection] = []
        self._server = kernel_server(flavour, limits)
        for attempt in range(1, STARTS + 1):
            self._sockets = self._start(files)
            try:
                self._connect()
                return
            except (KernelLost, WireError, OSError) as error:
                self.close()
                if attempt == STARTS:
                    raise RuntimeError(f"the kernel did not start: {error}") from error

    def _connect(self) -> None:
        """Wait until the kernel answers; one that does not is of no use to anybody."""
        deadline = time.monotonic() + START_SECONDS
        for channel, (kind, most) in CHANNELS.items():
            reader = Reader(most, MOST_FRAMES)
            connection = Connection(self._sockets[channel], kind, reader, START_SECONDS)
            self._connections[channel] = connection
        self._open = [self._connections["iopub"], self._connections["shell"]]
        self._wait_until_ready(deadline)

    def _start(self, files: Mapping[str, bytes]) -> dict[str, socket.socket]:
        """Fork a kernel; return a connected socket per channel."""
        pairs = {channel: connected_pair() for channel in CHANNELS}
        listeners = {channel: listener for channel, (listener, _) in pairs.items()}
        try:
            self._number = self._server.start(listeners, files)
        finally:
            for listener in listeners.values():
                listener.close()
        return {channel: ours for channel, (_, ours) in pairs.items()}

    def __enter__(self) -> KernelClient:
        """Return the running kernel."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the kernel."""
        self.close()

    def close(self) -> None:
        """End the kernel and everything in its namespaces; safe to repeat."""
        for connected in self._sockets.values():
            connected.close()
        self._open = []
        self._server.kill(self._number)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Have the kernel stand still meanwhile, and everything that it has left running."""
        self._server.stop(self._number)
        try:
            yield
        finally:
            self._server.go_on(self._number)

    def run(self, source: str, seconds: float, hook: Hook) -> None:
        """Execute ``source``; ``hook`` gets every output message.

        Raises:
            KernelLost: see its subclasses.
        """
        content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}}
        content |= {"allow_stdin": False, "stop_on_error": False}
        self._ask("execute_request", content, [], seconds, hook)
        if self._ended(0):
            raise self._death()

    def call(self, calls: list[dict[str, Any]], buffers: list[bytes], seconds: float) -> Message:
        """Send one ``call_request`` and return the whole reply, its results unread.

        Raises:
            KernelLost: see its subclasses.
        """
        return self._ask("call_request", {"calls": calls}, buffers, seconds, _ignore)

    def _wait_until_ready(self, deadline: float) -> None:
        """Wait for the word that output is connected, then for an answer and its end."""
        while not any(message.kind == "iopub_welcome" for message in self._messages()):
            if time.monotonic() > deadline:
                raise TimedOut(START_SECONDS, alive=False)
        self._ask("kernel_info_request", {}, [], deadline - time.monotonic(), _ignore)

    def _ask(
        self,
        kind: str,
        content: dict[str, Any],
        buffers: Sequence[bytes],
        seconds: float,
        hook: Hook,
    ) -> Message:
        settle = min(SETTLE_SECONDS, SETTLE_PART * seconds)
        identity, frames = request(kind, content | {"settle": settle})
        deadline = time.monotonic() + seconds
        self._send("shell", [*frames, *buffers], seconds)
        reply = self._await(identity, deadline, hook)
        if reply is None:
            self._send("control", request("interrupt_request", {})[1], GRACE_SECONDS)
            late = self._await(identity, time.monotonic() + GRACE_SECONDS, _ignore)
            raise TimedOut(seconds, alive=late is not None)
        if reply.kind in ENDS:
            raise Died(ENDS[reply.kind])
        return reply

    def _send(self, channel: str, frames: Sequence[bytes], seconds: float) -> None:
        try:
            self._connections[channel].send(frames, seconds)
        except TimeoutError:
            raise TimedOut(seconds, alive=False) from None
        except OSError as error:
            raise self._death() from error

    def _await(self, identity: str, deadline: float, hook: Hook) -> Message | None:
        """Return the reply to ``identity`` once its outputs are complete; None when time is up.

        Raises:
            Flooded: the reply came but not the end of its outputs.
        """
        reply: Message | None = None
        idle = False
        while reply is None or not idle:
            for message in self._messages():
                if time.monotonic() > deadline:
                    break
                if message.parent != identity:
                    continue
                if message.kind.endswith("_reply"):
                    reply = message
                    deadline = min(deadline, time.monotonic() + DRAIN_SECONDS)
                elif message.kind != "status":
                    hook(message)
                elif message.content["execution_state"] == "idle":
                    idle = True
            if time.monotonic() > deadline and (reply is None or not idle):
                if reply is None:
                    return None
                raise Flooded("its output broke off")
        return reply

    def _messages(self) -> Iterator[Message]:
        """Yield what has arrived within a tick, outputs first."""
        poller = select.poll()
        for connection in self._open:
            poller.register(connection, select.POLLIN)
        ready = {descriptor for descriptor, _ in poller.poll(TICK_MILLISECONDS)}
        if not ready and (len(self._open) < 2 or self._ended(0)):
            raise self._death()
        for connection in list(self._open):
            if connection.fileno() in ready:
                yield from self._received(connection)

    def _received(self, connection: Connection) -> Iterator[Message]:
        try:
            arrived = connection.receive()
        except TooLarge as error:
            what = "output" if connection is self._connections["iopub"] else "reply"
            raise Flooded(f"its {what} came as {error}") from error
        except WireError as error:
            raise Forged(f"it sent something that is not a message: {error}") from error
        if arrived is None:
            self._open.remove(connection)
            return
        for frames in arrived:
            try:
                yield read(frames)
            except NotAMessage as error:
                if connection is self._connections["shell"]:
                    raise Forged(f"it sent something that is not a message: {error}") from error
                self.dropped[type(error), str(error)] += 1

    def _ended(self, seconds: float) -> bool:
        """Tell whether its process ends within ``seconds``."""
        deadline = time.monotonic() + seconds
        while (ended := self._server.status(self._number)) is None and time.monotonic() < deadline:
            time.sleep(0.002)
        return ended is not None

    def _death(self) -> Died:
        if self._ended(GRACE_SECONDS):
            return Died("the process of the kernel ended")
        return Died("the kernel closed its connection to the grader")


def _ignore(message: Message) -> None:
    """Do nothing with an output."""

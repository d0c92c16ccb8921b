"""One jailed kernel as the trusted side sees it: run a cell, call functions, notice its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from jupyter_core.utils import run_sync

from autograder.provisioner import JailKernelSpecs

Message = dict[str, Any]
Hook = Callable[[Message], None]

START_SECONDS = 60.0
READY_SECONDS = 1.0
DRAIN_SECONDS = 10.0  # for outputs that are still on their way when the reply is there
GRACE_SECONDS = 2.0  # between the polite interrupt and the end of the jail
TICK_MILLISECONDS = 50
MESSAGE_BYTES = 32 * 2**20
QUEUED_MESSAGES = 64


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


class JailedKernel:
    """A kernel in a jail and the only client of it; use it as a context manager."""

    def __init__(self, flavour: str):
        """Start a kernel that sees the packages of ``flavour``.

        Raises:
            RuntimeError: the kernel did not start; the grader is at fault, not the student.
        """
        context = zmq.Context()
        context.setsockopt(zmq.MAXMSGSIZE, MESSAGE_BYTES)
        context.setsockopt(zmq.RCVHWM, QUEUED_MESSAGES)
        specs = JailKernelSpecs(flavour=flavour)
        self.manager = KernelManager(kernel_name="jail", kernel_spec_manager=specs, context=context)
        self.manager.start_kernel()
        self.client: BlockingKernelClient = self.manager.client(context=context)
        self.client.start_channels(stdin=False, hb=False)
        try:
            self._wait_until_ready()
        except KernelLost as lost:
            self.close()
            raise RuntimeError(f"the kernel did not start: {lost}") from lost

    def __enter__(self) -> JailedKernel:
        """Return the running kernel."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the kernel."""
        self.close()

    def close(self) -> None:
        """End the kernel and everything in its namespaces; safe to repeat."""
        self.client.stop_channels()
        provisioner = self.manager.provisioner
        if provisioner and provisioner.has_process:
            run_sync(provisioner.kill)()
            run_sync(provisioner.wait)()
            self.manager.cleanup_resources()
        self.manager.context.destroy(linger=0)

    def _wait_until_ready(self) -> None:
        """Ask until the answer and its end arrive: outputs sent before a connection are lost."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            message = self.client.session.msg("kernel_info_request", {})
            self.client.shell_channel.send(message)
            with suppress(Flooded):  # asked before the output was connected: ask again
                if self._await(message["header"]["msg_id"], READY_SECONDS, lambda _: None):
                    return
        raise TimedOut(START_SECONDS, alive=False)

    def run(self, source: str, seconds: float, hook: Hook) -> Message:
        """Execute ``source``; ``hook`` gets every output message. Return the reply's content.

        Raises:
            KernelLost: see its subclasses.
        """
        content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}}
        content |= {"allow_stdin": False, "stop_on_error": False}
        reply: Message = self._ask("execute_request", content, [], seconds, hook)["content"]
        return reply

    def call(self, calls: list[Message], buffers: list[bytes], seconds: float) -> Message:
        """Send one ``call_request`` and return the whole reply, unread.

        Raises:
            KernelLost: see its subclasses.
        """
        return self._ask("call_request", {"calls": calls}, buffers, seconds, lambda _: None)

    def _ask(
        self, kind: str, content: Message, buffers: Sequence[bytes], seconds: float, hook: Hook
    ) -> Message:
        message = self.client.session.msg(kind, content)
        message["buffers"] = list(buffers)
        self.client.shell_channel.send(message)
        identity = message["header"]["msg_id"]
        reply = self._await(identity, seconds, hook)
        if reply is None:
            self.manager.interrupt_kernel()
            late = self._await(identity, GRACE_SECONDS, lambda _: None)
            raise TimedOut(seconds, alive=late is not None)
        return reply

    def _await(self, identity: str, seconds: float, hook: Hook) -> Message | None:
        """Return the reply to ``identity`` once its outputs are complete; None when time is up.

        Raises:
            Flooded: the reply came but not the end of its outputs, as after a message so large
                that it broke the connection.
        """
        deadline = time.monotonic() + seconds
        reply: Message | None = None
        idle = False
        while reply is None or not idle:
            if time.monotonic() > deadline:
                if reply is None:
                    return None
                raise Flooded(f"its output broke off, as after more than {MESSAGE_BYTES:,} bytes")
            for message in self._messages():
                if message["parent_header"].get("msg_id") != identity:
                    continue
                if message["msg_type"].endswith("_reply"):
                    reply = message
                    deadline = min(deadline, time.monotonic() + DRAIN_SECONDS)
                elif message["msg_type"] != "status":
                    hook(message)
                elif message["content"].get("execution_state") == "idle":
                    idle = True
        return reply

    def _messages(self) -> list[Message]:
        """Return what has arrived within a tick, outputs first."""
        channels = (self.client.iopub_channel, self.client.shell_channel)
        poller = zmq.Poller()
        for channel in channels:
            poller.register(channel.socket, zmq.POLLIN)
        ready = dict(poller.poll(TICK_MILLISECONDS))
        if not ready and not self.manager.is_alive():
            raise Died("the process of the kernel ended")
        try:
            return [c.get_msg(timeout=0) for c in channels if c.socket in ready]
        except Exception as error:  # whatever a forged message makes the parser raise
            raise Forged("the kernel sent something that is not a message") from error

"""The server of kernels, from outside: one jail a flavour and process, many kernels in turn."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.util import Finalize
from typing import Any

from autograder.jail.bubblewrap import LIMITS, Limits, command, in_memory, inside_files
from autograder.jail.cgroups import enter, make_groups, remove_groups
from autograder.jail.libraries import PRELOAD, library_folder

START_SECONDS = 60.0
END_SECONDS = 5.0  # for the system to clear up after a killed kernel
CLOSE_SECONDS = 2.0
MESSAGE_BYTES = 65536

_servers: dict[tuple[str, Limits, int], KernelServer] = {}


def kernel_server(flavour: str, limits: Limits = LIMITS) -> KernelServer:
    """Return this thread's server for ``flavour``; start one where there is none."""
    key = flavour, limits, threading.get_ident()  # a server talks to one thread at a time
    server = _servers.get(key)
    if server is None or not server.alive:
        server = _servers[key] = KernelServer(flavour, limits)
        Finalize(server, server.close, exitpriority=1)  # runs in worker processes, too
    return server


class KernelServer:
    """A jail in which every package of a flavour is imported, ready to fork kernels.

    Raises:
        OSError: the jail did not start.
    """

    def __init__(self, flavour: str, limits: Limits = LIMITS):
        """Start the jail and wait until it has imported what kernels need."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ended: dict[int, int] = {}
        self._limits = limits
        self._groups = make_groups(2 * limits.processes, limits.memory)
        with inside_files() as files:
            words = [*command(library_folder(flavour), files, limits), str(theirs.fileno())]
            self._process = subprocess.Popen(
                enter(self._groups, [*words, *PRELOAD[flavour]]),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(theirs.fileno(), *files.values()),
                env={},
            )
        theirs.close()
        if self._receive(START_SECONDS) != {"ready": True}:
            complaint = self._complaint()
            self.close()
            raise OSError(f"the jail did not start: {complaint}")

    @property
    def alive(self) -> bool:
        """Whether the jail still runs."""
        return self._process.poll() is None

    def start(self, listeners: Mapping[str, socket.socket], files: Mapping[str, bytes]) -> int:
        """Fork a kernel that serves a listening socket per channel; return its number.

        Its working folder holds a copy of each of ``files``.

        Raises:
            OSError: the jail has ended.
        """
        request: dict[str, Any] = {"channels": list(listeners), "files": list(files)}
        request |= {"limits": self._limits.resources(), "folders": self._limits.folders()}
        self._control.settimeout(START_SECONDS)
        with in_memory(files) as copies:
            descriptors = [*(one.fileno() for one in listeners.values()), *copies.values()]
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
        while True:
            message = self._receive(START_SECONDS)
            if "started" in message:
                return int(message["started"])
            if not message:
                raise OSError(f"the jail has ended: {self._complaint()}")

    def kill(self, number: int) -> None:
        """End a kernel and everything in its namespaces, and wait; else end the whole jail."""
        if self.status(number) is not None:
            return
        with suppress(OSError):  # it takes too long, or the server has ended
            self._signal(number, signal.SIGKILL)
            while number not in self._ended and self._receive(END_SECONDS):
                pass
        if number not in self._ended:
            self.close()

    def stop(self, number: int) -> None:
        """Have a kernel stand still, all threads of it, until it is told to go on."""
        self._signal(number, signal.SIGSTOP)

    def go_on(self, number: int) -> None:
        """Have a kernel that was stopped go on."""
        self._signal(number, signal.SIGCONT)

    def _signal(self, number: int, what: signal.Signals) -> None:
        self._control.settimeout(END_SECONDS)
        self._control.send(json.dumps({"signal": what, "to": number}).encode())

    def status(self, number: int) -> int | None:
        """Return the exit status of a kernel, None while it runs."""
        with suppress(OSError):  # nothing more has arrived, or the server is closed
            while self._receive(0):
                pass
        return self._ended.get(number, None if self.alive else -1)

    def close(self) -> None:
        """End the jail and every kernel in it."""
        self._control.close()  # the server ends by itself when its socket closes
        try:
            self._process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stderr is not None
        self._process.stderr.close()
        remove_groups(self._groups)

    def _receive(self, seconds: float) -> dict[str, Any]:
        self._control.settimeout(seconds)
        data = self._control.recv(MESSAGE_BYTES)
        message: dict[str, Any] = json.loads(data) if data else {}
        if "ended" in message:
            self._ended[message["ended"]] = message["status"]
        return message

    def _complaint(self) -> str:
        self._process.wait(timeout=START_SECONDS)
        assert self._process.stderr is not None
        return self._process.stderr.read(2000).decode(errors="replace").strip()

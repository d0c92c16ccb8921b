"""The first program of the jail: a server that forks a fresh kernel for each submission.

It imports what every notebook needs once. For a kernel it forks a guard, which enters new
namespaces. Their first process covers every writable folder with an empty one, gives up all
power, and only then becomes the student's kernel; it sees no other process, and may start none.
The guard ends when the system has cleared up everything in the kernel's namespaces, never before.

It talks over one socket that it inherits. A request ``{"ports": …, "key": …, "limits": …,
"folders": …}`` arrives with a listening socket per port and is answered by ``{"started": pid}``;
``{"kill": pid}`` ends a kernel; each end is told as ``{"ended": pid, "status": …}``, once nothing
is left of it. When the socket closes, everything ends.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any

INSIDE = "/inside"
FILTER = "/inside/filter"
LIBRARIES = "/libraries"
HOME = "/home/student"
MESSAGE_BYTES = 65536
MOST_DESCRIPTORS = 256  # more than the server ever has open
TO_GUARD = {signal.SIGTERM, signal.SIGCHLD}  # end the kernel; the kernel has ended


def serve(control: socket.socket, preload: list[str]) -> None:
    """Import the modules named in ``preload``, then answer requests until the socket closes."""
    for name in preload:
        importlib.import_module(name)
    import isolation
    import kernel

    kernel.prepare()
    isolation.adopt_orphans()
    isolation.make_read_only()
    gc.collect()
    gc.freeze()  # a kernel that collects garbage leaves the memory it shares with us alone
    woken, wake = os.pipe2(os.O_NONBLOCK)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    control.send(json.dumps({"ready": True}).encode())
    guards: set[int] = set()
    while True:
        ready, _, _ = select.select([control.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, MESSAGE_BYTES)
            _tell_ends(control, guards)
        if control.fileno() in ready:
            data, descriptors, _, _ = socket.recv_fds(control, MESSAGE_BYTES, 16)
            if not data:
                return
            _answer(control, json.loads(data), descriptors, guards)


def _answer(
    control: socket.socket, request: dict[str, Any], descriptors: list[int], guards: set[int]
) -> None:
    if "kill" in request:
        if request["kill"] in guards:  # else it has ended, and its number may be another's
            os.kill(request["kill"], signal.SIGTERM)
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, TO_GUARD)  # it shall miss none
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control.close()
        os._exit(_guard(request, descriptors))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, TO_GUARD)
    guards.add(pid)
    for descriptor in descriptors:
        os.close(descriptor)
    control.send(json.dumps({"started": pid}).encode())


def _tell_ends(control: socket.socket, guards: set[int]) -> None:
    """Tell of each guard that has ended, once there is nothing in the jail that it left behind."""
    import leftovers

    for guard in list(guards):
        pid, status = os.waitpid(guard, os.WNOHANG)
        if pid:
            guards.remove(guard)
            leftovers.clear(guards)
            ended = {"ended": guard, "status": os.waitstatus_to_exitcode(status)}
            control.send(json.dumps(ended).encode())


def _guard(request: dict[str, Any], descriptors: list[int]) -> int:
    """Enter new namespaces, have their first process be the kernel, return its exit status."""
    import isolation

    isolation.enter_namespaces()
    pid = os.fork()
    if pid == 0:
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, TO_GUARD)
            isolation.cover_folders(request["folders"])
            isolation.give_up_power(request["limits"])
            _become_kernel(request, descriptors)
        finally:
            os._exit(70)
    for descriptor in descriptors:
        os.close(descriptor)
    signal.sigwait(TO_GUARD)
    os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])  # after all else in its namespaces
    return code if code >= 0 else 128 - code


def _become_kernel(request: dict[str, Any], descriptors: list[int]) -> None:
    import isolation
    import kernel

    os.setsid()  # a signal to its group reaches nobody else
    os.chdir(HOME)
    os.mkdir(os.environ["MPLCONFIGDIR"])  # the server had one, which is covered
    _close_all_but(descriptors)
    isolation.refuse_calls(Path(FILTER).read_bytes())
    random.seed()
    sys.modules["numpy"].random.seed()
    sys.path.remove(INSIDE)  # a student's own "import kernel" must not find ours
    kernel.run(request["key"], request["ports"], descriptors)


def _close_all_but(kept: list[int]) -> None:
    """Leave nothing of the server open: its pipes, its standard output."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    for descriptor in set(range(3, MOST_DESCRIPTORS)) - set(kept):
        with contextlib.suppress(OSError):
            os.close(descriptor)


if __name__ == "__main__":
    sys.path += [LIBRARIES, INSIDE]
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])

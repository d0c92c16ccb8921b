"""The first program of the jail: a server that forks a fresh kernel for each submission.

It imports what every notebook needs once. For a kernel it forks a guard, which enters new
namespaces. Their first process covers every writable folder with an empty one, gives up all
power, and only then becomes the student's kernel; it sees no other process, and may start none.

It talks over one socket that it inherits. A request ``{"ports": …, "key": …, "limits": …,
"folders": …}`` arrives with a listening socket per port and is answered by ``{"started": pid}``;
``{"kill": pid}`` ends a kernel; each end is told as ``{"ended": pid, "status": …}``. When the
socket closes, everything ends.
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
from typing import Any

INSIDE = "/inside"
LIBRARIES = "/libraries"
HOME = "/home/student"
MESSAGE_BYTES = 65536
MOST_DESCRIPTORS = 256  # more than the server ever has open


def serve(control: socket.socket, preload: list[str]) -> None:
    """Import the modules named in ``preload``, then answer requests until the socket closes."""
    for name in preload:
        importlib.import_module(name)
    import kernel

    kernel.prepare()
    gc.collect()
    gc.freeze()  # a kernel that collects garbage leaves the memory it shares with us alone
    woken, wake = os.pipe2(os.O_NONBLOCK)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    control.send(json.dumps({"ready": True}).encode())
    while True:
        ready, _, _ = select.select([control.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, MESSAGE_BYTES)
            _tell_ends(control)
        if control.fileno() in ready:
            data, descriptors, _, _ = socket.recv_fds(control, MESSAGE_BYTES, 16)
            if not data:
                return
            _answer(control, json.loads(data), descriptors)


def _answer(control: socket.socket, request: dict[str, Any], descriptors: list[int]) -> None:
    if "kill" in request:
        os.kill(request["kill"], signal.SIGKILL)  # its kernel asked to die with it
        return
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control.close()
        os._exit(_guard(request, descriptors))
    for descriptor in descriptors:
        os.close(descriptor)
    control.send(json.dumps({"started": pid}).encode())


def _tell_ends(control: socket.socket) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        ended = {"ended": pid, "status": os.waitstatus_to_exitcode(status)}
        control.send(json.dumps(ended).encode())


def _guard(request: dict[str, Any], descriptors: list[int]) -> int:
    """Enter new namespaces, have their first process be the kernel, return its exit status."""
    import isolation

    isolation.enter_namespaces()
    pid = os.fork()
    if pid == 0:
        try:
            isolation.cover_folders(request["folders"])
            isolation.give_up_power(request["limits"])
            isolation.die_with_parent()
            _become_kernel(request, descriptors)
        finally:
            os._exit(70)
    for descriptor in descriptors:
        os.close(descriptor)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code if code >= 0 else 128 - code


def _become_kernel(request: dict[str, Any], descriptors: list[int]) -> None:
    import kernel
    import system_calls

    os.setsid()  # a signal to its group reaches nobody else
    os.chdir(HOME)
    _close_all_but(descriptors)
    system_calls.refuse_calls()
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

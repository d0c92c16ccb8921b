"""The first program of the jail: a server that forks a fresh kernel for each submission.

It imports what every notebook needs once. For a kernel it forks the first process of a new
namespace of processes, which enters other new namespaces, covers every writable folder with an
empty one, gives up all power, and only then becomes the student's kernel; it sees no other
process, and may start none. With the first process the system ends all in its namespace, and the
server, its parent, learns of the end when that is done, whatever the student's code asked for.

It talks over one socket that it inherits. A request ``{"channels": …, "files": …, "limits": …,
"folders": …}`` arrives with a listening socket per channel, then an open file per name in
``files``, and is answered by ``{"started": pid}``; ``{"signal": number, "to": pid}`` ends a
kernel, stops it or has it go on; each end is told as ``{"ended": pid, "status": …}``. When the
socket closes, everything ends.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

INSIDE = "/inside"
FILTER = "/inside/filter"
LIBRARIES = "/libraries"
HOME = "/home/student"
MESSAGE_BYTES = 65536
END = os._exit  # a kernel puts another function in its place
MOST_PASSED = 32  # descriptors with one request
MOST_DESCRIPTORS = 2**20  # more than the server ever has open


def prepare(preload: list[str]) -> None:
    """Import the modules named in ``preload``, and let nothing in the jail be changed any more."""
    for name in preload:
        importlib.import_module(name)
    import isolation
    import kernel

    kernel.prepare()
    isolation.make_read_only()
    gc.collect()
    gc.freeze()  # a kernel that collects garbage leaves the memory it shares with us alone


def serve(control: socket.socket) -> None:
    """Answer requests until the socket closes."""
    woken, wake = os.pipe2(os.O_NONBLOCK)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    control.send(json.dumps({"ready": True}).encode())
    kernels: set[int] = set()
    while True:
        ready, _, _ = select.select([control.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, MESSAGE_BYTES)
            _tell_ends(control, kernels)
        if control.fileno() in ready:
            data, descriptors, _, _ = socket.recv_fds(control, MESSAGE_BYTES, MOST_PASSED)
            if not data:
                return
            _answer(control, kernels, json.loads(data), descriptors)


def _answer(
    control: socket.socket, kernels: set[int], request: dict[str, Any], descriptors: list[int]
) -> None:
    if "signal" in request:
        if request["to"] in kernels:  # else it has ended, and its number may be another's
            os.kill(request["to"], request["signal"])
        return
    pid = _fork_kernel(control, request, descriptors)
    kernels.add(pid)
    for descriptor in descriptors:
        os.close(descriptor)
    control.send(json.dumps({"started": pid}).encode())


def _tell_ends(control: socket.socket, kernels: set[int]) -> None:
    for kernel in list(kernels):
        pid, status = os.waitpid(kernel, os.WNOHANG)
        if pid:
            kernels.remove(kernel)
            ended = {"ended": kernel, "status": os.waitstatus_to_exitcode(status)}
            control.send(json.dumps(ended).encode())


def _fork_kernel(control: socket.socket, request: dict[str, Any], descriptors: list[int]) -> int:
    import isolation

    pid: int = isolation.fork_first_process()
    if pid == 0:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control.close()
            isolation.enter_namespaces()
            isolation.cover_folders(request["folders"])
            isolation.give_up_power(request["limits"])
            _become_kernel(request, descriptors)
        finally:
            END(70)
    return pid


def _become_kernel(request: dict[str, Any], descriptors: list[int]) -> None:
    import isolation
    import kernel

    os.setsid()  # a signal to its group reaches nobody else
    os.chdir(HOME)
    os.mkdir(os.environ["MPLCONFIGDIR"])  # the server had one, which is covered
    channels = request["channels"]
    listening, files = descriptors[: len(channels)], descriptors[len(channels) :]
    _copy_files(dict(zip(request["files"], files, strict=True)))
    _close_all_but(listening)
    isolation.refuse_calls(Path(FILTER).read_bytes())
    random.seed()
    sys.modules["numpy"].random.seed()
    sys.path.remove(INSIDE)  # a student's own "import kernel" must not find ours
    for ours in Path(INSIDE).glob("*.py"):
        sys.modules.pop(ours.stem, None)
    sys.path.append("")  # what the notebook writes itself, behind all that the jail protects
    sys.dont_write_bytecode = True  # it may be written again within a second
    kernel.run(dict(zip(channels, listening, strict=True)))


def _copy_files(files: dict[str, int]) -> None:
    """Write a copy of each open file into the working folder; the notebook may write over it."""
    for name, descriptor in files.items():
        with open(descriptor, "rb") as handed_in:
            Path(name).write_bytes(handed_in.read())


def _close_all_but(kept: list[int]) -> None:
    """Leave nothing of the server open: its pipes, its standard output."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    for before, after in pairwise([2, *sorted(kept), MOST_DESCRIPTORS]):
        os.closerange(before + 1, after)


if __name__ == "__main__":
    sys.path += [LIBRARIES, INSIDE]
    import isolation

    isolation.become_first_process()
    prepare(sys.argv[2:])
    serve(socket.socket(fileno=int(sys.argv[1])))

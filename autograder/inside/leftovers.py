"""What a submission may have left in the jail is ended before the next one begins.

The system ends everything in a kernel's namespaces with the kernel, and its guard waits for that.
A guard can be killed, though, when memory runs out; so the server looks itself.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection, Iterator
from contextlib import suppress

SECONDS = 5.0  # less than the grader waits for an end
PAUSE_SECONDS = 0.001
INIT = 1  # bubblewrap's own process


def clear(guards: Collection[int]) -> None:
    """End what is in the jail besides its init, this process, and ``guards`` with their kernels.

    Raises:
        TimeoutError: a process does not end; only the end of the jail is left.
    """
    deadline = time.monotonic() + SECONDS
    while left := _strangers(guards):
        if time.monotonic() > deadline:
            raise TimeoutError(f"processes {left} must end within {SECONDS:g} s: end the jail")
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(PAUSE_SECONDS)


def _strangers(guards: Collection[int]) -> list[int]:
    parents = dict(_parents())
    known = {INIT, os.getpid(), *guards}
    return [pid for pid in parents if pid not in known and not _below(guards, pid, parents)]


def _below(guards: Collection[int], pid: int, parents: dict[int, int]) -> bool:
    """Tell whether a guard is among the ancestors of ``pid``."""
    while pid in parents:
        pid = parents[pid]
        if pid in guards:
            return True
    return False


def _parents() -> Iterator[tuple[int, int]]:
    """Yield the number of each process, those in namespaces of the jail too, and its parent's."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:  # else it has just ended
            _, _, fields = file.read().rpartition(b")")
            yield int(name), int(fields.split()[1])

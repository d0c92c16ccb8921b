"""The process of ours that workers are forked from; light, so that it can start before all else."""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver

CONTEXT = multiprocessing.get_context("forkserver")  # a plain fork would share sockets and threads
# What each worker needs: the grader, and the libraries that checks compare with. The first of
# them sets variables that the others read; those of this process stay as they are.
PRELOAD = [
    "autograder.grading.one_thread",
    "autograder.grading.executors",
    "scipy.ndimage",
    "scipy.signal",
]


def start_server() -> None:
    """Start a process that imports once what workers need; safe to repeat."""
    CONTEXT.set_forkserver_preload(PRELOAD)
    forkserver.ensure_running()

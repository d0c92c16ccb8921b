"""The server that worker processes are forked from; light, so that it can start before all else."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing import forkserver

from autograder.jail import ONE_THREAD

CONTEXT = multiprocessing.get_context("forkserver")  # a plain fork would share sockets and threads
# What each worker needs: the grader, and the libraries that checks compare with.
PRELOAD = ["autograder.executors", "scipy.ndimage", "scipy.signal"]


def start_server() -> None:
    """Start a process that imports once what workers need; safe to repeat."""
    os.environ.update(ONE_THREAD)  # workers share the cores, and must not fight for them
    CONTEXT.set_forkserver_preload(PRELOAD)
    forkserver.ensure_running()

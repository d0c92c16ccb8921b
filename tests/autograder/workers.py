"""Finds the worker processes of a run."""

from __future__ import annotations

import psutil


def workers_of(run: psutil.Process) -> list[psutil.Process]:
    """Return the workers of a run: forks of a server that has their command line."""
    servers = [child for child in run.children() if "forkserver" in " ".join(child.cmdline())]
    return [
        fork
        for server in servers
        for fork in server.children()
        if fork.cmdline() == server.cmdline()
    ]

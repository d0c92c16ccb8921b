"""A control group for each jail, where the system lets us make one.

An ordinary user is held to a number of threads by ``setrlimit``; for root that limit is void, but
root may make control groups.
"""

from __future__ import annotations

import itertools
import os
from contextlib import suppress
from pathlib import Path

ROOTS = (Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup"))  # version 1, version 2
_numbers = itertools.count()


def make_group(processes: int) -> Path | None:
    """Return a new group of at most ``processes`` processes and threads; None where none can be."""
    for root in ROOTS:
        _sweep(root)
        group = root / f"convbook-{os.getpid()}-{next(_numbers)}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            (group / "pids.max").write_text(str(processes))
        except OSError:
            remove_group(group)
        else:
            return group
    return None


def _sweep(root: Path) -> None:
    """Remove what processes that were killed left behind."""
    for group in root.glob("convbook-*"):
        if not Path("/proc", group.name.split("-")[1]).exists():
            remove_group(group)


def enter(group: Path | None, command: list[str]) -> list[str]:
    """Return ``command`` as one that enters ``group`` before it starts."""
    if group is None:
        return command
    script = 'echo $$ > "$0" && exec "$@"'
    return ["/bin/sh", "-c", script, str(group / "cgroup.procs"), *command]


def remove_group(group: Path | None) -> None:
    """Remove an empty group."""
    if group:
        with suppress(OSError):
            group.rmdir()

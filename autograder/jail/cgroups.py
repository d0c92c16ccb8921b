"""A control group for each jail, where the system lets us make one.

A process is held to its limits by ``setrlimit``; that of the number of threads is void for root,
and none counts what the folders in memory hold. Root may make control groups, which limit both
for the jail as a whole.
"""

from __future__ import annotations

import itertools
import os
import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
# Where groups are made and which file takes the limit: version 2, or else version 1.
PROCESSES = ((ROOT, "pids.max"), (ROOT / "pids", "pids.max"))
MEMORY = ((ROOT, "memory.max"), (ROOT / "memory", "memory.limit_in_bytes"))
EMPTY_SECONDS = 1.0  # until what was killed is gone
_numbers = itertools.count()


def make_groups(processes: int, memory: int) -> list[Path]:
    """Return new groups of at most ``processes`` processes and threads, and ``memory`` bytes.

    There are none where none can be made, and one where one file system has both limits.
    """
    name = f"convbook-{os.getpid()}-{next(_numbers)}"
    limits = ((PROCESSES, processes), (MEMORY, memory))
    made = (_make(name, places, value) for places, value in limits)
    return sorted({group for group in made if group})


def _make(name: str, places: tuple[tuple[Path, str], ...], value: int) -> Path | None:
    for root, file in places:
        _sweep(root)
        group = root / name
        known = group.exists()
        try:
            group.mkdir(exist_ok=True)
            with (group / file).open("r+") as limit:  # a file made here would be no limit
                limit.write(str(value))
        except OSError:
            remove_groups([] if known else [group])
        else:
            return group
    return None


def _sweep(root: Path) -> None:
    """Remove what processes that were killed left behind."""
    for group in root.glob("convbook-*"):
        if not Path("/proc", group.name.split("-")[1]).exists():
            remove_groups([group])


def enter(groups: list[Path], command: list[str]) -> list[str]:
    """Return ``command`` as one that enters ``groups`` before it starts."""
    script = 'for group in $0; do echo $$ > "$group/cgroup.procs" || exit; done; exec "$@"'
    return ["/bin/sh", "-c", script, " ".join(map(str, groups)), *command]


def remove_groups(groups: list[Path]) -> None:
    """Remove groups as soon as they are empty: what was killed is in them for a moment yet."""
    end = time.monotonic() + EMPTY_SECONDS
    for group in groups:
        while not _is_removed(group) and time.monotonic() < end:
            time.sleep(0.01)


def _is_removed(group: Path) -> bool:
    try:
        group.rmdir()
    except FileNotFoundError:
        return True
    except OSError:  # busy, or not ours
        return False
    return True

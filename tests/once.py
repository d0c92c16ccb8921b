"""Making something once for all the processes that run tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

Make = Callable[[Path], object]
Once = Callable[[str, Make], Path]


def made_once(shared: Path, name: str, make: Make) -> Path:
    """Return the folder ``name`` in ``shared``, which the first to ask has filled by ``make``."""
    folder = shared / name
    done = shared / f"{name}.done"
    with FileLock(shared / f"{name}.lock"):
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder

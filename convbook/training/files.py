"""Writing a file so that at any moment there is the old one or the new one, whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convbook.data.disk import writing


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give the path of a new file beside ``path``, which takes its place at the end.

    If the block fails, or the process is killed, the file at ``path`` is as it was.

    Raises:
        DiskError: the folder is full or may not be written.
    """
    with writing(path.parent, path.name, "write to another folder"):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        try:
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

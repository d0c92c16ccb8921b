"""Every file as it was handed in, byte for byte: kept by its content, never replaced or removed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from convbook.course import Course


def digest(data: bytes) -> str:
    """Return what tells one submitted file from another: its SHA-256.

    Example:
        >>> digest(b"")[:8]
        'e3b0c442'
    """
    return hashlib.sha256(data).hexdigest()


def original_path(course: Course, assignment: str, student: str, of: str) -> Path:
    """Return where the file whose digest is ``of`` is kept."""
    return course.grading / "originals" / student / assignment / f"{of}.ipynb"


def keep_original(course: Course, assignment: str, student: str, data: bytes) -> Path:
    """Keep ``data`` and return where; what is kept already stays as it is.

    Raises:
        OSError: the disk refuses; nothing half-written is left under the name.
    """
    path = original_path(course, assignment, student, digest(data))
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    return path


def read_original(course: Course, assignment: str, student: str, of: str) -> bytes | None:
    """Return the file whose digest is ``of``, or None where it is not there as it was."""
    try:
        data = original_path(course, assignment, student, of).read_bytes()
    except OSError:
        return None
    return data if digest(data) == of else None


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` in one step, so that it is there as a whole or not at all."""
    part = part_of(path)
    part.write_bytes(data)
    os.replace(part, path)


def part_of(path: Path) -> Path:
    """Return where a file is written before it is put in its place."""
    return path.with_name(f".{path.name}.part")

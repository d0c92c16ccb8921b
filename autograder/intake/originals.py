"""Every file as it was handed in, byte for byte: kept by its content, never replaced or removed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path, PurePath

from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission

NOTEBOOK = "as-handed-in.ipynb"
PART = ".part"


def digest(data: bytes) -> str:
    """Return what tells one submitted file from another: its SHA-256.

    Example:
        >>> digest(b"")[:8]
        'e3b0c442'
    """
    return hashlib.sha256(data).hexdigest()


def original_path(
    course: Course, assignment: str, student: str, of: str, name: str = NOTEBOOK
) -> Path:
    """Return where the file whose digest is ``of`` is kept; of its ``name`` it has the ending."""
    folder = course.grading / "originals" / student / assignment
    return folder / f"{of}{PurePath(name).suffix}"


def keep_original(
    course: Course, assignment: str, student: str, data: bytes, name: str = NOTEBOOK
) -> Path:
    """Keep ``data`` and return where; what is kept already stays as it is.

    Raises:
        OSError: the disk refuses; nothing half-written is left.
    """
    of = digest(data)
    path = original_path(course, assignment, student, of, name)
    if read_original(course, assignment, student, of, name) is None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    return path


def keep_submission(
    course: Course, assignment: str, student: str, submission: Submission
) -> dict[str, Path]:
    """Keep notebook and files; return where each is, by the name that grading has for it.

    Raises:
        OSError: the disk refuses.
    """
    named = {f"{assignment}.ipynb": submission.notebook, **submission.files}
    return {
        name: keep_original(course, assignment, student, data, name) for name, data in named.items()
    }


def read_original(
    course: Course, assignment: str, student: str, of: str, name: str = NOTEBOOK
) -> bytes | None:
    """Return the file whose digest is ``of``, or None where it is not there as it was."""
    try:
        data = original_path(course, assignment, student, of, name).read_bytes()
    except OSError:
        return None
    return data if digest(data) == of else None


def write_whole(path: Path, data: bytes, time: int | None = None) -> None:
    """Write ``data`` in one step, so that it is there as a whole or not at all.

    Args:
        path: where.
        data: all of it.
        time: when it is to have been changed last, in nanoseconds; now by default.
    """
    part = part_of(path)
    try:
        part.write_bytes(data)
        if time is not None:
            os.utime(part, ns=(time, time))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def part_of(path: Path) -> Path:
    """Return where a file is written before it is put in its place."""
    return path.with_name(f".{path.name}{PART}")


def is_part(path: Path) -> bool:
    """Tell whether a file is one that `part_of` names."""
    return path.name.startswith(".") and path.name.endswith(PART)

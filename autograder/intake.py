"""Finding what came in: one notebook per student in a folder of submissions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

STUDENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


@dataclass(frozen=True)
class Received:
    """One student's file, or what is wrong with it."""

    student: str
    path: Path


class IntakeError(ValueError):
    """Nothing can be graded from this folder; the message says which layout is understood."""


def collect(folder: Path, assignment: str) -> list[Received]:
    """Return the submissions of ``assignment`` below ``folder``, one per student, by id.

    Understands ``STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb`` (nbgrader's ``submitted/``),
    ``STUDENT/ASSIGNMENT.ipynb`` and ``STUDENT.ipynb``.

    Raises:
        IntakeError: ``folder`` is not a folder, holds no submission, holds two of one student,
            or names a student by something that cannot be an id.
    """
    if not folder.is_dir():
        raise IntakeError(f"{folder} is not a folder: give the folder that holds the submissions")
    name = f"{assignment}.ipynb"
    found: dict[str, Path] = {}
    for path in sorted(p for p in folder.rglob("*.ipynb") if p.is_file() and not p.is_symlink()):
        parts = path.relative_to(folder).parts
        if parts[1:] in ((name,), (assignment, name)) or len(parts) == 1:
            _note(found, parts[0].removesuffix(".ipynb"), path)
    if not found:
        raise IntakeError(
            f"{folder} holds no submission of {assignment}: expected STUDENT/{name}, "
            f"STUDENT/{assignment}/{name} or STUDENT.ipynb"
        )
    return [Received(student, path) for student, path in sorted(found.items())]


def _note(found: dict[str, Path], student: str, path: Path) -> None:
    if not STUDENT_ID.fullmatch(student):
        raise IntakeError(
            f"{path}: student id (={student!r}) must start with a letter or digit and use only "
            "letters, digits and . _ @ - (at most 64): rename it"
        )
    if student in found:
        raise IntakeError(
            f"{student} handed in twice: {found[student]} and {path}: keep the one that counts"
        )
    found[student] = path

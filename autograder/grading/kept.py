"""The reports on disk, and the files that they are on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.grading.report import FileRead, Report
from autograder.intake.originals import read_original, write_whole


def report_path(course: Course, assignment: str, student: str) -> Path:
    """Return where the report on one student's submission is kept."""
    return course.grading / "reports" / assignment / f"{student}.json"


def keep_report(
    path: Path,
    student: str,
    report: Report,
    digest: str,
    timestamp: datetime | None = None,
    original: str = "",
) -> None:
    """Write ``report`` in one step, so that it is there as a whole or not at all.

    Args:
        path: from `report_path`.
        student: the student's id.
        report: what came of the submission.
        digest: of the submission, to know the same one again.
        timestamp: when it was handed in.
        original: under which digest the notebook is kept, if not under ``digest``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = report.to_dict() | {"student": student, "digest": digest}
    kept["original"] = original or digest
    kept["timestamp"] = timestamp.isoformat() if timestamp else None
    write_whole(path, json.dumps(kept, indent=1).encode())


def read_kept(path: Path) -> dict[str, Any]:
    """Return what `keep_report` wrote; a damaged or missing file holds nothing."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def recorded_original(course: Course, assignment: str, student: str) -> bytes | None:
    """Return the notebook that the recorded report is on, or None where it is lost."""
    kept = read_kept(report_path(course, assignment, student))
    return read_original(course, assignment, student, _original(kept))


def recorded_submission(course: Course, assignment: str, student: str) -> Submission | None:
    """Return all that the recorded report is on, byte for byte, or None where some is lost."""
    kept = read_kept(report_path(course, assignment, student))
    return kept_submission(course, assignment, student, _original(kept), _files(kept))


def kept_submission(
    course: Course, assignment: str, student: str, original: str, files: Iterable[FileRead]
) -> Submission | None:
    """Return the notebook whose digest is ``original`` and ``files`` as they were handed in."""
    notebook = read_original(course, assignment, student, original)
    held: dict[str, bytes] = {}
    notes = {file.name: file.note for file in files if file.note}
    for file in files:
        data = read_original(course, assignment, student, file.digest, file.name)
        if data is not None:
            held[file.name] = data
        elif file.digest:
            return None
    return None if notebook is None else Submission(notebook, held, notes)


def handed_in_alike(
    course: Course, assignment: str, students: Iterable[str]
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the groups among ``students`` that recorded the same bytes, and of which files."""
    owners: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for student in sorted(students):
        kept = read_kept(report_path(course, assignment, student))
        digests = {_original(kept): f"{assignment}.ipynb"}
        digests |= {file.digest: file.name for file in _files(kept)}
        for of, name in digests.items():
            if of:
                owners.setdefault(of, []).append(student)
                names.setdefault(of, name)
    groups: dict[tuple[str, ...], tuple[str, ...]] = {}
    for of, group in owners.items():
        if len(group) > 1:
            groups[tuple(group)] = (*groups.get(tuple(group), ()), names[of])
    return groups


def _original(kept: Mapping[str, Any]) -> str:
    return str(kept.get("original") or kept.get("digest") or "")


def _files(kept: Mapping[str, Any]) -> tuple[FileRead, ...]:
    try:
        return tuple(FileRead(**file) for file in kept.get("files", ()))
    except TypeError:  # damaged
        return ()

"""The way back to a platform: whose number was whose, and feedback under names it takes back."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path

from autograder.assignments.course import Course
from autograder.intake.collect import Received
from autograder.intake.originals import write_whole

DATE = (2026, 1, 1, 0, 0, 0)  # the same pages make the same zip


def remember(course: Course, assignment: str, received: Iterable[Received]) -> None:
    """Keep what platforms called the submissions of ``assignment``, beside what was kept before.

    Raises:
        ValueError: the folder of the course cannot be written.
    """
    came = {
        item.student: {"platform": item.platform, "number": item.number, "page": item.page}
        for item in received
        if item.page
    }
    if not came:
        return
    path = _path(course, assignment)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(_kept(path) | came, indent=1).encode())
    except OSError as error:
        raise ValueError(f"{path} cannot be written ({error.strerror}): make room") from error


def participants(course: Course, assignment: str) -> dict[str, str]:
    """Return Moodle's numbers for ``assignment``, which are other ones in each, by student."""
    kept = _kept(_path(course, assignment)).items()
    return {student: came["number"] for student, came in kept if came["platform"] == "moodle"}


def pack_feedback(
    course: Course, assignment: str, students: Iterable[str], target: Path
) -> list[str]:
    """Write the feedback pages of ``students`` to the zip ``target``; return their names in it.

    Canvas and Moodle know by the name whose a page is. Where a submission came from neither, it
    is ``STUDENT/ASSIGNMENT.html``.

    Raises:
        ValueError: there is no folder for ``target``, or it cannot be written.
    """
    kept = _kept(_path(course, assignment))
    pages = {}
    for student in students:
        name = kept.get(student, {}).get("page") or f"{student}/{assignment}.html"
        name = name.encode("utf-8", "replace").decode()  # platforms go by the number in it
        pages[name] = course.grading / "feedback" / student / assignment / f"{assignment}.html"
    part = target.with_name(f"{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w") as archive:
            for name, page in pages.items():
                info = zipfile.ZipInfo(name, DATE)
                info.external_attr = 0o644 << 16
                archive.writestr(info, page.read_bytes(), zipfile.ZIP_DEFLATED)
        os.replace(part, target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ValueError(f"{target} cannot be written ({error}): give another place") from error
    return list(pages)


def _path(course: Course, assignment: str) -> Path:
    return course.grading / "returns" / f"{assignment}.json"


def _kept(path: Path) -> dict[str, dict[str, str]]:
    try:
        kept: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ValueError(
            f"{path} is damaged ({error}): remove it and grade with --resume"
        ) from error
    return kept

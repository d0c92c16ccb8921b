"""Who is in the class: what is on disk compared with the gradebook, in one place for all commands.

The gradebook decides who counts. Whatever the disk has more or less is a difference, told with
what mends it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Assignment as Entry
from nbgrader.api import (
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import func, select

from autograder.assignments.assignment import TEST_PREFIX
from autograder.assignments.course import Course
from autograder.grading.report import Report

NAMES = 12  # students named in one line
SUBMITTED = "submission"
REPORT, NOTEBOOK, PAGE = "report", "graded notebook", "feedback page"
NEW = "a renamed student's files want the new name"
CENT = 0.005  # points are read back from text


@dataclass(frozen=True)
class Difference:
    """What the disk and the gradebook say differently of one student, and what to do."""

    student: str
    why: str
    text: str


@dataclass(frozen=True)
class Roll:
    """The class in one assignment.

    ``points`` are those that the checks gave to everybody who counts, as the gradebook has them;
    ``reports`` are the readable ones of the same students; ``files`` says who has what on disk.
    """

    points: dict[str, float]
    reports: dict[str, Report]
    files: dict[str, frozenset[str]]
    differences: tuple[Difference, ...] = field(default=())

    @property
    def with_notebook(self) -> list[str]:
        """Those who count and whose graded notebook is there, in order."""
        return sorted(self.files[NOTEBOOK] & self.points.keys())

    def lines(self) -> list[str]:
        """Return the differences for the terminal; one that many share is told once."""
        shared: dict[str, list[str]] = {}
        for difference in self.differences:
            shared.setdefault(difference.text, []).append(difference.student)
        return [f"{names(students)}: {text}" for text, students in shared.items()]


def call_roll(course: Course, assignment: str, gradebook: Gradebook) -> Roll:
    """Return who is in the class, and where disk and gradebook differ; changes nothing."""
    files = _files(course, assignment)
    points = _points(gradebook, assignment)
    known = gradebook.db.scalar(select(Entry.id).where(Entry.name == assignment)) is not None
    people = set(gradebook.db.scalars(select(Student.id)))
    read = {
        student: _read(course, assignment, student)
        for student in sorted(files[REPORT] & points.keys())
    }
    found = [
        *_not_counted(assignment, files, points, people if known else None),
        *_not_on_disk(assignment, files, points),
        *_not_alike(_promised(gradebook, assignment), read, points),
    ]
    reports = {student: one for student, one in read.items() if isinstance(one, Report)}
    return Roll(points, reports, files, tuple(sorted(found, key=lambda d: (d.why, d.student))))


def names(students: Iterable[str]) -> str:
    """Return the first names of a long list, and how many more there are."""
    listed = list(students)
    more = len(listed) - NAMES
    return ", ".join(listed[:NAMES]) + (f" and {more} more" if more > 0 else "")


def _files(course: Course, assignment: str) -> dict[str, frozenset[str]]:
    """Return who has what on disk."""

    def students(step: str, file: str) -> frozenset[str]:
        folder = course.grading / step
        paths = folder.glob(f"*/{assignment}/{file}")
        return frozenset(path.relative_to(folder).parts[0] for path in paths)

    reports = (course.grading / "reports" / assignment).glob("*.json")
    return {
        REPORT: frozenset(path.stem for path in reports),
        NOTEBOOK: students("autograded", f"{assignment}.ipynb"),
        PAGE: students("feedback", f"{assignment}.html"),
        SUBMITTED: students("submitted", ""),
    }


def _points(gradebook: Gradebook, assignment: str) -> dict[str, float]:
    rows = gradebook.db.execute(
        select(SubmittedAssignment.student_id, func.coalesce(func.sum(Grade.auto_score), 0.0))
        .join(Entry, Entry.id == SubmittedAssignment.assignment_id)
        .outerjoin(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .outerjoin(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .where(Entry.name == assignment)
        .group_by(SubmittedAssignment.student_id)
    )
    return {student: float(points) for student, points in rows}


def _promised(gradebook: Gradebook, assignment: str) -> dict[str, float]:
    """Return what the gradebook says that each test cell is worth."""
    rows = gradebook.db.execute(
        select(GradeCell.name, GradeCell.max_score)
        .join(Notebook, Notebook.id == GradeCell.notebook_id)
        .join(Entry, Entry.id == Notebook.assignment_id)
        .where(Entry.name == assignment, GradeCell.name.startswith(TEST_PREFIX, autoescape=True))
    )
    return {cell: float(points) for cell, points in rows}


def _read(course: Course, assignment: str, student: str) -> Report | Path:
    """Return the report on ``student``, or the path of one that cannot be read."""
    path = course.grading / "reports" / assignment / f"{student}.json"
    try:
        return Report.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, LookupError, TypeError):
        return path


def _not_counted(
    assignment: str,
    files: dict[str, frozenset[str]],
    points: dict[str, float],
    people: set[str] | None,
) -> Iterable[Difference]:
    """Yield who has something on disk and no submission in the gradebook."""
    for student in sorted(set().union(*files.values()) - points.keys()):
        there = [what for what in (REPORT, NOTEBOOK, PAGE) if student in files[what]]
        if not there:
            text = "submitted, but not graded: our fault or not yet run; grade it again"
            yield Difference(student, "not graded", text)
            continue
        has = f"has a {' and a '.join(there)} on disk"
        if people is None:
            text = f"{has}, and the gradebook does not know {assignment}"
        elif student in people:
            text = f"{has}, and no submission of {assignment} in the gradebook"
        else:
            text = f"{has} and is not in the gradebook"
        fix = f"grade it again to count it, or delete what is on disk; {NEW}"
        yield Difference(student, "not in gradebook", f"{text}: {fix}")


def _not_on_disk(
    assignment: str, files: dict[str, frozenset[str]], points: dict[str, float]
) -> Iterable[Difference]:
    """Yield whose points the gradebook has while the files that go with them are gone."""
    for student in sorted(points):
        gone = [what for what in (REPORT, NOTEBOOK, PAGE) if student not in files[what]]
        if gone:
            fix = f"grade it again; {NEW}"
            if gone == [PAGE]:
                fix = f"run autograder feedback {assignment}"
            text = f"has points in the gradebook, and no {' and no '.join(gone)} on disk: {fix}"
            yield Difference(student, "not on disk", text)


def _not_alike(
    promised: dict[str, float], read: dict[str, Report | Path], points: dict[str, float]
) -> Iterable[Difference]:
    """Yield whose report is another than the one that the gradebook's points are from."""
    for student, report in read.items():
        text = ""
        if isinstance(report, Path):
            text = f"{report} is not a report: grade it again"
        elif _given(report) != promised:
            text = "was graded by other checks than those of the gradebook: run autograder regrade"
        elif abs(report.score - points[student]) > CENT:
            text = (
                f"the report says {report.score:g} points of the checks, the gradebook "
                f"{points[student]:g}: grade it again"
            )
        if text:
            yield Difference(student, "not alike", text)


def _given(report: Report) -> dict[str, float]:
    given: dict[str, float] = {}
    for result in filter(lambda result: result.is_check, report.results):
        cell = TEST_PREFIX + result.function
        given[cell] = given.get(cell, 0.0) + result.points
    return given

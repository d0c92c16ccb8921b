"""The grades in nbgrader's gradebook, as plain rows that every export starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nbgrader.api import Gradebook

SHOWN = 5  # names in an error message


@dataclass(frozen=True)
class Grade:
    """What one student has in one assignment; without a submission ``raw`` is None.

    ``raw`` holds the points of the checks and those given by hand, ``penalty`` what a late
    submission loses; ``waiting`` says that an answer still has to be graded by hand.
    """

    assignment: str
    student: str
    last_name: str
    first_name: str
    email: str
    lms_id: str
    maximum: float
    raw: float | None = None
    penalty: float = 0.0
    waiting: bool = False
    due: str = ""
    submitted: str = ""

    @property
    def score(self) -> float | None:
        """Points after the late penalty, never below 0; None without a submission."""
        return None if self.raw is None else max(0.0, self.raw - self.penalty)

    @property
    def name(self) -> str:
        """``Last, First`` as far as the gradebook knows it, else the id."""
        return ", ".join(filter(None, (self.last_name, self.first_name))) or self.student


def read_grades(
    gradebook: Gradebook, assignments: Sequence[str] = (), students: Sequence[str] = ()
) -> list[Grade]:
    """Return a grade for every assignment and every student, by assignment, then student.

    Args:
        gradebook: an open one.
        assignments: only these; all by default.
        students: only these; all by default.

    Raises:
        ValueError: the gradebook does not hold one of them, or holds no assignment at all.
    """
    known = {assignment.name: assignment for assignment in gradebook.assignments}
    people = {student.id: student for student in gradebook.students}
    _require("assignment", assignments, known)
    _require("student", students, people)
    if not known:
        raise ValueError("the gradebook holds no assignment: run autograder grade first")
    chosen = {key: people[key] for key in students or sorted(people)}
    return [
        grade
        for name in assignments or sorted(known)
        for grade in _of(gradebook, known[name], chosen)
    ]


def waiting_for_hand(gradebook: Gradebook, assignment: str) -> dict[str, list[str]]:
    """Return the students whose answer a person has still to grade, by grade cell.

    Nothing waits where the gradebook does not know ``assignment``.
    """
    waiting: dict[str, list[str]] = {}
    for submission in gradebook.assignment_submissions(assignment):
        if submission.needs_manual_grade:
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    if grade.needs_manual_grade:
                        waiting.setdefault(grade.name, []).append(submission.student_id)
    return {cell: sorted(students) for cell, students in sorted(waiting.items())}


def _of(gradebook: Gradebook, assignment: Any, students: dict[str, Any]) -> list[Grade]:
    handed_in = {s.student_id: s for s in gradebook.assignment_submissions(assignment.name)}
    return [_grade(assignment, student, handed_in.get(student.id)) for student in students.values()]


def _grade(assignment: Any, student: Any, submission: Any) -> Grade:
    handed_in = {}
    if submission is not None:
        handed_in = {
            "raw": submission.score,
            "penalty": submission.late_submission_penalty or 0.0,
            "waiting": bool(submission.needs_manual_grade),
            "submitted": str(submission.timestamp or ""),
        }
    return Grade(
        assignment=assignment.name,
        student=student.id,
        last_name=student.last_name or "",
        first_name=student.first_name or "",
        email=student.email or "",
        lms_id=student.lms_user_id or "",
        maximum=assignment.max_score,
        due=str(assignment.duedate or ""),
        **handed_in,
    )


def _require(what: str, wanted: Sequence[str], known: dict[str, Any]) -> None:
    for name in wanted:
        if name not in known:
            held = ", ".join(sorted(known)[:SHOWN]) or f"no {what} yet"
            held += f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
            raise ValueError(
                f"{what} (={name!r}) is not in the gradebook, which holds {held}: "
                "grade a submission first"
            )

"""What a person gave stands when a submission is graded again, while its reason does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.gradebook.recording import Recorder
from autograder.gradebook.release import nbgrader_api
from autograder.grading.report import Report
from tests.autograder.notebooks import add_cell, cell_of
from tests.autograder.reports import all_passed

ID = "01-convolution"
STUDENT = "student-01"


@pytest.fixture
def record(course: Course, assignment: Assignment, grading: Path) -> Callable[..., None]:
    def run(notebook: NotebookNode, report: Report | None = None) -> None:
        data = nbformat.writes(notebook).encode()
        recorder = Recorder(course, assignment)
        recorder.record(STUDENT, Submission(data), report or all_passed(assignment))

    return run


def grade(grading: Path, name: str, **changes: Any) -> dict[str, Any]:
    """Return what the gradebook has of one cell, after changing it."""
    with Gradebook(f"sqlite:///{grading / 'gradebook.db'}") as gradebook:
        found = gradebook.find_grade(name, ID, ID, STUDENT)
        for field, value in changes.items():
            setattr(found, field, value)
        gradebook.db.commit()
        submission = gradebook.find_submission(ID, STUDENT)
        return {
            "auto": found.auto_score,
            "manual": found.manual_score,
            "extra": found.extra_credit,
            "waits": bool(found.needs_manual_grade),
            "total": submission.score,
            "submission waits": bool(submission.needs_manual_grade),
        }


def comment(grading: Path, name: str, text: str | None = None) -> str | None:
    with Gradebook(f"sqlite:///{grading / 'gradebook.db'}") as gradebook:
        found = gradebook.find_comment(name, ID, ID, STUDENT)
        if text:
            found.manual_comment = text
            gradebook.db.commit()
        said: str | None = found.manual_comment
        return said


def graded_by_hand(grading: Path, record: Callable[..., None], notebook: NotebookNode) -> None:
    cell_of(notebook, "explain_flip").source = "Because it is\nsymmetric."
    record(notebook)
    assert grade(grading, "explain_flip")["waits"]
    grade(grading, "explain_flip", manual_score=2.5, needs_manual_grade=False, extra_credit=0.5)
    comment(grading, "explain_flip", "well said")


REWRITTEN: dict[str, Callable[[NotebookNode], object]] = {
    "nothing": lambda notebook: None,
    "line ends": lambda notebook: cell_of(notebook, "explain_flip").update(
        source="Because it is \r\nsymmetric.\n"
    ),
    "another cell": lambda notebook: add_cell(notebook, "more = 1"),
}


@pytest.mark.parametrize("change", REWRITTEN)
def test_when_the_answer_did_not_change_then_its_points_stand_and_nobody_waits(
    change: str, record: Callable[..., None], untouched: NotebookNode, grading: Path
) -> None:
    graded_by_hand(grading, record, untouched)
    REWRITTEN[change](untouched)
    for _ in range(2):
        record(untouched)
        found = grade(grading, "explain_flip")
        assert (found["manual"], found["extra"], found["waits"]) == (2.5, 0.5, False)
        assert not found["submission waits"]
        assert comment(grading, "explain_flip") == "well said"


def test_when_the_answer_changed_then_it_waits_with_its_points_and_comment_beside_it(
    record: Callable[..., None], untouched: NotebookNode, grading: Path
) -> None:
    graded_by_hand(grading, record, untouched)
    cell_of(untouched, "explain_flip").source = "Because it is symmetric, and more."
    for _ in range(2):  # graded again, it still waits
        record(untouched)
        found = grade(grading, "explain_flip")
        assert (found["manual"], found["extra"], found["waits"]) == (2.5, 0.5, True)
        assert found["submission waits"]
        assert comment(grading, "explain_flip") == "well said"
    page = (grading / "feedback" / STUDENT / ID / f"{ID}.html").read_text()
    assert page.count("changed since it was graded; counts so far") == 1
    assert "– / 3" not in page
    assert "still to be graded" not in page


def test_when_a_changed_answer_is_changed_back_then_its_points_still_wait_for_a_look(
    record: Callable[..., None], untouched: NotebookNode, grading: Path
) -> None:
    graded_by_hand(grading, record, untouched)
    answer = cell_of(untouched, "explain_flip")
    answer.source, before = "another", answer.source
    record(untouched)
    answer.source = before
    record(untouched)
    assert grade(grading, "explain_flip")["waits"]


def test_when_an_answer_was_never_graded_then_it_waits(
    record: Callable[..., None], untouched: NotebookNode, grading: Path
) -> None:
    cell_of(untouched, "explain_flip").source = "my answer"
    for _ in range(2):
        record(untouched)
        assert grade(grading, "explain_flip")["waits"]


def test_when_a_person_raised_the_points_of_checks_then_they_stand_while_the_checks_say_the_same(
    record: Callable[..., None], untouched: NotebookNode, grading: Path, assignment: Assignment
) -> None:
    one_lost = all_passed(assignment, lost=1)
    record(untouched, one_lost)
    grade(grading, "test_conv1d", manual_score=5.0)
    record(untouched, one_lost)
    found = grade(grading, "test_conv1d")
    assert (found["auto"], found["manual"], found["waits"]) == (4.0, 5.0, False)
    record(untouched, all_passed(assignment, lost=3))
    found = grade(grading, "test_conv1d")
    assert (found["auto"], found["manual"], found["waits"]) == (2.0, 5.0, True)


def test_when_the_answer_stands_in_a_cell_below_then_it_waits_for_a_person_who_sees_it(
    record: Callable[..., None], untouched: NotebookNode, grading: Path
) -> None:
    untouched.cells.append(nbformat.v4.new_markdown_cell("A kernel of ones is its own flip."))
    record(untouched)
    assert grade(grading, "explain_flip")["waits"]
    path = grading / "autograded" / STUDENT / ID / f"{ID}.ipynb"
    shown = nbformat.read(path, as_version=4)
    assert "A kernel of ones is its own flip." in cell_of(shown, "explain_flip").source


def test_when_nobody_answered_then_nobody_waits(
    record: Callable[..., None], untouched: NotebookNode, grading: Path
) -> None:
    record(untouched)
    found = grade(grading, "explain_flip")
    assert (found["auto"], found["waits"]) == (0, False)


@pytest.mark.jail
@pytest.mark.parametrize("changed", [False, True])
def test_when_plain_nbgrader_grades_again_then_points_given_by_hand_stand_too(
    changed: bool,
    course: Course,
    record: Callable[..., None],
    untouched: NotebookNode,
    grading: Path,
) -> None:
    graded_by_hand(grading, record, untouched)
    if changed:
        cell_of(untouched, "explain_flip").source = "Another answer."
        target = grading / "submitted" / STUDENT / ID / f"{ID}.ipynb"
        nbformat.write(untouched, target)
    outcome = nbgrader_api(course).autograde(ID, STUDENT, force=True)
    assert outcome["success"], outcome
    found = grade(grading, "explain_flip")
    assert (found["manual"], found["extra"], found["waits"]) == (2.5, 0.5, changed)
    assert comment(grading, "explain_flip") == "well said"

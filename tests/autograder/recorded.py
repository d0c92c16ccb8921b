"""A class that was graded, without the grading: three students whose reports are made up."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.assignments.assignment import load_assignment
from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.gradebook.recording import Recorder
from autograder.grading.report import Report, Result, Verdict
from autograder.trials.implementations import solved

ID = "01-convolution"


@pytest.fixture(scope="module")
def _recorded(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """17, 16 and 17 points; made once."""
    folder = tmp_path_factory.mktemp("recorded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONVBOOK_GRADING", str(folder))
        assignment = load_assignment(course, ID)
        recorder = Recorder(course, assignment)
        data = nbformat.writes(solved(course, ID)).encode()
        right = [
            Result(c.function, c.name, c.sentence, c.points, Verdict.PASSED)
            for c in assignment.checks
        ]
        wrong = [replace(right[0], verdict=Verdict.WRONG), *right[1:]]
        for number, results in enumerate((right, wrong, right), start=1):
            report = Report(ID, number, tuple(results))
            own = data + b"\n" * number  # each in bytes of its own
            recorder.record(f"student-{number:02}", Submission(own), report)
    return folder


@pytest.fixture
def grading(
    _recorded: Path, course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of the class, in which the commands run."""
    folder = tmp_path / "grading"
    shutil.copytree(_recorded, folder)
    monkeypatch.setenv("CONVBOOK_GRADING", str(folder))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(course.root)
    return folder


def gradebook_of(grading: Path) -> Gradebook:
    """Return the gradebook of a class, as nbgrader opens it."""
    return Gradebook(f"sqlite:///{grading / 'gradebook.db'}", "convolutional-networks-by-hand")


def page_of(grading: Path, student: str) -> Path:
    """Return where the feedback page of ``student`` is."""
    return grading / "feedback" / student / ID / f"{ID}.html"

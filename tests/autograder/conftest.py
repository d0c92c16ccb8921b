"""What the tests of the grader share: the first assignment, solved, untouched, graded."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.assignments.assignment import Assignment, load_assignment
from autograder.assignments.course import MARKER, Course
from autograder.assignments.handed_in import Submission
from autograder.checks import Budget
from autograder.gradebook.recording import Recorder
from autograder.grading.grade import grade
from autograder.grading.report import Report
from autograder.trials.implementations import solved
from tests.autograder.reports import all_passed
from tests.autograder.stopping import NEW, handed_in
from tests.autograder.throw_away import throw_away

ID = "01-convolution"
SHORT = Budget(cell=4.0, check=3.0, submission=60.0)


@pytest.fixture(scope="session")
def assignment(course: Course) -> Assignment:
    return load_assignment(course, ID)


@pytest.fixture(scope="session")
def elsewhere(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with one assignment of its own, released; to be copied by who changes it."""
    return throw_away(tmp_path_factory.mktemp("elsewhere"), course.root / MARKER)


@pytest.fixture(scope="session")
def small(elsewhere: Course) -> Course:
    """The same, with its grades where CONVBOOK_GRADING says: a class of it takes seconds."""
    return Course(elsewhere.root)


@pytest.fixture(scope="session")
def _solved(course: Course) -> NotebookNode:
    return solved(course, ID)


@pytest.fixture
def right(_solved: NotebookNode) -> NotebookNode:
    """The notebook of a student who solved everything."""
    return nbformat.from_dict(_solved)


@pytest.fixture
def untouched(course: Course) -> NotebookNode:
    """The notebook as released."""
    return nbformat.read(course.release(ID), as_version=4)


@pytest.fixture
def graded(assignment: Assignment) -> Callable[..., Report]:
    """Grade a notebook with a fixed seed and a short budget."""

    def run(notebook: NotebookNode, seed: int = 7, budget: Budget = SHORT) -> Report:
        submission = Submission(nbformat.writes(notebook).encode())
        return grade(assignment, submission, seed, budget)

    return run


@pytest.fixture(scope="session")
def _known(
    course: Course, assignment: Assignment, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder whose gradebook knows the assignment and nobody yet; to make one takes seconds."""
    folder = tmp_path_factory.mktemp("known")
    with patch.dict("os.environ", {"CONVBOOK_GRADING": str(folder)}):
        Recorder(course, assignment)
    return folder


@pytest.fixture
def grading(_known: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A gradebook of a test's own, in the folder that grading writes to."""
    folder = tmp_path / "grading"
    shutil.copytree(_known, folder)
    monkeypatch.setenv("CONVBOOK_GRADING", str(folder))
    return folder


@pytest.fixture
def url(grading: Path) -> str:
    return f"sqlite:///{grading / 'gradebook.db'}"


@pytest.fixture
def record(course: Course, assignment: Assignment) -> Callable[[str, float], Path]:
    """Record a submission of so many points."""

    def run(student: str, points: float) -> Path:
        data = handed_in(course, points)
        report = all_passed(assignment, lost=0 if points == NEW else 5)
        with closing(Recorder(course, assignment)) as recorder:
            return recorder.record(student, Submission(data), report)

    return run

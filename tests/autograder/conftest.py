"""What the tests of the grader share: the course, its assignment, changes to notebooks."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.assignment import Assignment, load_assignment
from autograder.grading import grade
from autograder.implementations import solved
from autograder.report import Report
from autograder.session import Budget
from convbook.course import Course

ID = "01-convolution"
SHORT = Budget(cell=4.0, check=3.0, submission=60.0)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A machine without bubblewrap skips the jail; with CI=true that is a failure."""
    if item.get_closest_marker("jail") and not shutil.which("bwrap"):
        outcome = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        outcome("bubblewrap is not installed: apt-get install bubblewrap")


@pytest.fixture(scope="session")
def course() -> Course:
    return Course.find(Path(__file__))


@pytest.fixture(scope="session")
def assignment(course: Course) -> Assignment:
    return load_assignment(course, ID)


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
        return grade(assignment, nbformat.writes(notebook).encode(), seed, budget)

    return run


def cell_of(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """Return the cell with ``grade_id``."""
    return next(
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def add_cell(notebook: NotebookNode, code: str, place: int = -1) -> NotebookNode:
    """Insert a plain code cell, at the end by default."""
    place = len(notebook.cells) if place < 0 else place
    notebook.cells.insert(place, new_code_cell(code))
    return notebook

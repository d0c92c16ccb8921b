"""Submissions of the small assignment, and the scores they get."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from autograder.assignments.course import Course
from autograder.trials.implementations import solved
from autograder.trials.sample_class import sample_class
from tests.autograder.running import Scores, grade_there, scores_in
from tests.autograder.throw_away import ID

SLOW = ("infinite loop", "greed")


@pytest.fixture(scope="session")
def honest(small: Course) -> bytes:
    """The solution, handed in."""
    return nbformat.writes(solved(small, ID)).encode()


@pytest.fixture(scope="session")
def submissions(small: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten submissions of different fates, none of them slow."""
    folder = tmp_path_factory.mktemp("submissions")
    chosen = [book for what, book in sample_class(small, ID).values() if what not in SLOW]
    assert len(chosen) == 10
    for number, notebook in enumerate(chosen):
        nbformat.write(notebook, folder / f"student-{number:02}.ipynb")
    return folder


@pytest.fixture(scope="session")
def expected(small: Course, submissions: Path, tmp_path_factory: pytest.TempPathFactory) -> Scores:
    """The scores of a run with one worker."""
    grading = tmp_path_factory.mktemp("one")
    done = grade_there(small, grading, submissions, "--workers", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    return scores_in(f"sqlite:///{grading / 'gradebook.db'}")

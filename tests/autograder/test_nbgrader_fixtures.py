"""The notebooks that nbgrader tests itself with, handed in here: no hang, a known outcome each."""

from __future__ import annotations

import time
from pathlib import Path

import nbgrader
import pytest

from autograder.assignment import Assignment
from autograder.grading import grade
from autograder.report import Verdict
from tests.autograder.conftest import SHORT

pytestmark = pytest.mark.jail

FILES = sorted((Path(nbgrader.__file__).parent / "tests" / "apps" / "files").glob("*.ipynb"))
# Of another assignment, they lack every released cell: that names the outcome unless it is here.
OUTCOMES = {
    "infinite-loop": {Verdict.TIMED_OUT},
    "infinite-loop-with-output": {Verdict.TIMED_OUT, Verdict.ERROR},  # by time or by output
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_when_a_fixture_of_nbgrader_is_graded_then_it_ends_as_documented(
    path: Path, assignment: Assignment
) -> None:
    start = time.monotonic()
    report = grade(assignment, path.read_bytes(), seed=1, budget=SHORT)
    assert time.monotonic() - start < SHORT.submission
    assert report.score == 0
    assert len(report.results) == len(assignment.checks)
    seen = {notice.verdict for notice in report.notices}
    assert seen & OUTCOMES.get(path.stem, {Verdict.TAMPERED})


def test_when_the_fixtures_are_listed_then_every_kind_is_among_them() -> None:
    names = " ".join(path.stem for path in FILES)
    for kind in ("unchanged", "changed", "cheat-attempt", "infinite-loop", "timeout", "too-new"):
        assert kind in names

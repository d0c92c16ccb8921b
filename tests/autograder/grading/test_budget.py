"""What an assignment gives a submission to use, and that it is held to that."""

from __future__ import annotations

import math

import nbformat
import pytest

from autograder.assignments.a01_convolution import checks
from autograder.assignments.assignment import Assignment
from autograder.assignments.handed_in import Submission
from autograder.checks import Budget
from autograder.grading.executors import Task, perform
from autograder.grading.report import Verdict
from autograder.grading.session import Session
from autograder.jail.bubblewrap import LIMITS
from tests.autograder.notebooks import cell_of

GIBIBYTE = 2**30
RESERVE = "import numpy as np\nreserved = np.empty(2**27)"  # a gibibyte


def test_when_an_assignment_says_nothing_then_it_has_what_is_usual(assignment: Assignment) -> None:
    assert assignment.budget == Budget()
    assert Budget().limits == LIMITS


@pytest.mark.parametrize(("seconds", "cpu"), [(1.0, 300), (600.5, 601), (math.inf, 300)])
def test_when_a_submission_may_take_long_then_its_kernel_may_too(seconds: float, cpu: int) -> None:
    assert Budget(submission=seconds).limits.cpu_seconds == cpu


@pytest.mark.jail
@pytest.mark.parametrize(
    ("memory", "verdict"), [(GIBIBYTE, Verdict.OUT_OF_MEMORY), (6 * GIBIBYTE, None)]
)
def test_when_a_budget_says_how_much_memory_there_is_then_that_is_there(
    memory: int, verdict: Verdict | None
) -> None:
    session = Session("numpy", {"a": RESERVE}, Budget(memory=memory))
    session.run_all()
    session.close()
    failure = session.failures.get("a")
    assert (failure and failure.verdict) == verdict


@pytest.mark.jail
def test_when_an_assignment_gives_a_check_less_time_then_whoever_grades_takes_that(
    right, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "BUDGET", Budget(check=0.5), raising=False)
    slow = "import time\n_right = conv2d\ndef conv2d(image, kernel):\n    time.sleep(0.4)\n"
    cell_of(right, "conv2d").source += f"\n{slow}    return _right(image, kernel)"
    submission = Submission(nbformat.writes(right).encode())
    outcome = perform(assignment, Task("student-01", submission, 7))
    assert outcome.report
    verdicts = {result.verdict for result in outcome.report.of("conv2d")}
    assert verdicts == {Verdict.TIMED_OUT}


def test_when_a_budget_is_none_then_the_author_is_told_how_to_write_one(
    assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "BUDGET", 20.0, raising=False)
    with pytest.raises(TypeError, match=r"BUDGET \(=20.0\) must be a Budget"):
        assert assignment.budget

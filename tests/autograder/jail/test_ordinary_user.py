"""Whoever grades: what depends on the rights of a user holds for an ordinary one as for root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from autograder.assignments.course import Course
from tests.attacks.run import jobs
from tests.autograder.attacking import Outcomes, require_harmless, run_attacks
from tests.autograder.users import all_pass, as_nobody

pytestmark = [
    pytest.mark.jail,
    pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user"),
]

JOBS = {label: job for label, job in jobs().items() if job[0].system}
# What of the tests depends on rights: what a kernel may change, and what shows of the way to it.
# That nothing is left of a submission is what the lasting attacks try.
FILES = ("test_shared.py", "test_way_here.py")


@pytest.fixture(scope="module")
def python(course: Course) -> Iterator[list[str]]:
    """The command that runs Python as an ordinary user, with one home for all tests."""
    with TemporaryDirectory() as home:
        yield as_nobody(Path(home), course)


@pytest.fixture(scope="module")
def outcomes(python: list[str], course: Course) -> Outcomes:
    return run_attacks(python, list(JOBS), course)


@pytest.mark.parametrize("label", JOBS)
def test_when_an_ordinary_user_grades_an_attack_on_the_system_then_it_reaches_nothing(
    label: str, outcomes: Outcomes
) -> None:
    require_harmless(outcomes[label], *JOBS[label])


def test_when_an_ordinary_user_runs_the_tests_of_the_jail_then_they_pass(
    python: list[str],
) -> None:
    assert all_pass(python, [Path(__file__).with_name(name) for name in FILES], "not torch")

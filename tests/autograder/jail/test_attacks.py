"""The attack corpus: no point gained, nothing reached, the honest functions keep their points."""

from __future__ import annotations

import sys

import pytest

from autograder.assignments.course import Course
from tests.attacks.corpus import load_attacks
from tests.attacks.run import jobs
from tests.autograder.attacking import Outcomes, require_harmless, run_attacks

pytestmark = pytest.mark.jail

JOBS = jobs()


@pytest.fixture(scope="module")
def outcomes(course: Course, request: pytest.FixtureRequest) -> Outcomes:
    """What came of the attacks that were selected, run by whoever runs the tests."""
    calls = (getattr(item, "callspec", None) for item in request.session.items)
    selected = [call.params["label"] for call in calls if call and "label" in call.params]
    return run_attacks([sys.executable], selected, course)


def test_when_the_corpus_is_read_then_each_attack_says_what_it_does_and_what_must_come() -> None:
    attacks = load_attacks()
    assert len(attacks) >= 100
    for attack in attacks:
        assert attack.does.endswith("."), attack.name
        assert attack.outcome.endswith("."), attack.name
        assert set(attack.expected) <= {"untouched", "solved"}, attack.name
        assert attack.blocks or attack.changes, attack.name


@pytest.mark.parametrize("label", JOBS)
def test_when_a_notebook_attacks_then_it_gains_nothing_and_reaches_nothing(
    label: str, outcomes: Outcomes
) -> None:
    attack, base = JOBS[label]
    require_harmless(outcomes[label], attack, base)

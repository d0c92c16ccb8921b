"""The attack corpus: no point gained, nothing reached, the honest functions keep their points."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from autograder.assignments.course import Course
from tests.attacks.corpus import load_attacks
from tests.attacks.run import BUDGETS, jobs
from tests.autograder.users import as_nobody

pytestmark = pytest.mark.jail

JOBS = jobs()
WORKERS = "3"  # most attacks wait for a time limit, so more than a core can serve
SLACK_SECONDS = 15.0  # starts, restarts and the last interrupt are on top of the budget

Outcomes = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def outcomes(course: Course, request: pytest.FixtureRequest) -> Outcomes:
    """What came of the attacks that were selected, run by whoever runs the tests."""
    calls = (getattr(item, "callspec", None) for item in request.session.items)
    selected = [call.params["label"] for call in calls if call and "label" in call.params]
    return _run([sys.executable], selected, course)


def _run(python: list[str], labels: list[str], course: Course) -> Outcomes:
    done = subprocess.run(
        [*python, "-m", "tests.attacks.run", WORKERS, *labels],
        cwd=course.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outcomes: Outcomes = json.loads(done.stdout)
    return outcomes


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
    outcome = outcomes[label]
    assert outcome["score"] == attack.expected[base].score
    assert outcome["verdict"] in attack.expected[base].verdicts
    assert attack.says in outcome["said"]
    assert outcome["storable"]
    assert outcome["leaked"] == []
    assert outcome["touched"] == []
    assert outcome["seconds"] < BUDGETS[base].submission + SLACK_SECONDS


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user; others are one")
def test_when_an_ordinary_user_grades_the_corpus_then_all_is_as_for_root(
    outcomes: Outcomes, course: Course
) -> None:
    with TemporaryDirectory() as home:
        theirs = _run(as_nobody(Path(home), course), list(outcomes), course)
    for label, outcome in theirs.items():
        attack, base = JOBS[label]
        assert outcome["verdict"] in attack.expected[base].verdicts, label
        assert _passed(outcome) == _passed(outcomes[label]), label
        assert outcome["score"] == outcomes[label]["score"], label
        assert outcome["leaked"] == outcome["touched"] == [], label


def _passed(outcome: dict[str, Any]) -> list[str]:
    return [check for check, verdict in outcome["checks"].items() if verdict == "passed"]

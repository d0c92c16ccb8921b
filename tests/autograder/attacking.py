"""Running the corpus as some user, and what must hold of each attack."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from autograder.assignments.course import Course
from autograder.grading.executors import Executor
from tests.attacks.corpus import Attack, load_attacks
from tests.attacks.mixed import Mixed, grade_mixed
from tests.attacks.run import BUDGETS

WORKERS = "3"  # most attacks wait for a time limit, so more than a core can serve
SLACK_SECONDS = 15.0  # starts, restarts and the last interrupt are on top of the budget

# One of each kind that once reached others; bench/hostile_class.py takes the whole corpus.
KINDS = (
    "endless_message",
    "messages_without_fields",
    "os_exit",
    "flood_of_text",
    "thread_bomb",
    "changed_rights",
)
HONEST = 5

Outcomes = dict[str, dict[str, Any]]


def run_attacks(python: list[str], labels: list[str], course: Course) -> Outcomes:
    """Return what came of the attacks with these labels, graded by the user of ``python``."""
    done = subprocess.run(
        [*python, "-m", "tests.attacks.run", WORKERS, *labels],
        cwd=course.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outcomes: Outcomes = json.loads(done.stdout)
    return outcomes


def require_harmless(outcome: dict[str, Any], attack: Attack, base: str) -> None:
    """Require of an attack that it gained nothing and reached nothing."""
    assert outcome["score"] == attack.expected[base].score
    assert outcome["verdict"] in attack.expected[base].verdicts
    assert attack.says in outcome["said"]
    assert outcome["storable"]
    assert outcome["leaked"] == []
    assert outcome["touched"] == []
    assert outcome["seconds"] < BUDGETS[base].submission + SLACK_SECONDS


def graded_by(course: Course, executor: Executor) -> Mixed:
    """Grade a class in which some of the attacks are, and nobody knows of them."""
    attacks = [attack for attack in load_attacks() if attack.name in KINDS]
    assert len(attacks) == len(KINDS)
    with TemporaryDirectory() as canaries:
        return grade_mixed(course, Path(canaries), executor, HONEST, attacks)


def require_unhurt(mixed: Mixed) -> None:
    """Require that nobody honest lost anything, and no attack came out otherwise than alone."""
    assert mixed.honest_hurt == {}
    assert mixed.attacks_off == {}
    assert mixed.reached == []
    assert mixed.balance.missing == ()
    assert mixed.balance.graded == HONEST + len(KINDS)

"""One attack of each kind among honest students: nobody honest loses anything."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from distributed import LocalCluster

from autograder.assignments.course import Course
from autograder.grading import executors
from autograder.grading.executors import Executor
from tests.attacks.corpus import load_attacks
from tests.attacks.mixed import Mixed, grade_mixed

pytestmark = pytest.mark.jail

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
MOST_MEBIBYTES = 400


def _graded(course: Course, executor: Executor) -> Mixed:
    attacks = [attack for attack in load_attacks() if attack.name in KINDS]
    assert len(attacks) == len(KINDS)
    with TemporaryDirectory() as canaries:
        return grade_mixed(course, Path(canaries), executor, HONEST, attacks)


def _require_unhurt(mixed: Mixed) -> None:
    assert mixed.honest_hurt == {}
    assert mixed.attacks_off == {}
    assert mixed.reached == []
    assert mixed.balance.missing == ()
    assert mixed.balance.graded == HONEST + len(KINDS)


def test_when_attacks_are_among_honest_students_then_these_lose_nothing(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path))
    mixed = _graded(course, executors.processes(2))
    _require_unhurt(mixed)
    assert mixed.memory["worker"] < MOST_MEBIBYTES


@pytest.mark.alone
def test_when_the_class_is_graded_on_dask_then_these_lose_nothing_either(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path))
    with (
        patch.dict(os.environ),
        LocalCluster(2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster,
    ):
        _require_unhurt(_graded(course, executors.dask(cluster.scheduler_address)))

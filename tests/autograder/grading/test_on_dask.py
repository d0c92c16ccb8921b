"""A run on the workers of a Dask cluster; one cluster at a time, as two may want one port."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from distributed import LocalCluster

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.grading import executors
from autograder.grading.executors import Task
from autograder.grading.grade import grade
from autograder.run import Graded, grade_all
from tests.autograder.accounts import FULL, Deadly, class_of, fates, require_balance
from tests.autograder.attacking import graded_by, require_unhurt
from tests.autograder.conftest import SHORT
from tests.autograder.running import (
    Scores,
    begin_there,
    scores_in,
    wait_for,
)
from tests.autograder.throw_away import ID
from tests.autograder.with_file import (  # noqa: F401
    MODEL,
    handed_in,
    model,
    weights,
    weights_course,
)

# ruff: noqa: F811
pytestmark = pytest.mark.jail

SEED = 5


@contextmanager
def cluster_of(workers: int, processes: bool = True) -> Iterator[LocalCluster]:
    """Run a cluster on this machine; what Dask sets in the environment is put back at the end."""
    options = {"threads_per_worker": 1, "dashboard_address": None}
    options |= {"host": "127.0.0.1"} if processes else {}
    with patch.dict(os.environ), LocalCluster(workers, processes=processes, **options) as cluster:
        yield cluster


def test_when_a_dask_worker_is_killed_then_the_scores_are_the_same(
    small: Course, submissions: Path, expected: Scores, tmp_path: Path
) -> None:
    with cluster_of(2) as cluster:
        run = begin_there(small, tmp_path, submissions, "--dask", cluster.scheduler_address)
        wait_for(lambda: len(list((tmp_path / "reports" / ID).glob("*.json"))) >= 3)
        os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
        said, _ = run.communicate(timeout=180)
    assert run.returncode == 0, said
    assert scores_in(f"sqlite:///{tmp_path / 'gradebook.db'}") == expected


def test_when_submissions_kill_workers_on_dask_then_only_they_are_our_fault(
    small: Course, honest: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path))
    received = class_of(honest, Deadly(honest), honest, honest)
    with cluster_of(2) as cluster:
        executor = executors.dask(cluster.scheduler_address)
        graded = grade_all(small, ID, received, SEED, executor)
    assert list(fates(graded).values()) == [FULL, "our fault", FULL, FULL]
    require_balance(received, graded)


def test_when_the_dask_scheduler_ends_in_the_middle_then_the_rest_is_our_fault_by_name(
    small: Course, honest: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path))
    received = class_of(*[honest] * 8)
    with cluster_of(1) as cluster:
        executor = executors.dask(cluster.scheduler_address)
        began = time.monotonic()

        def done(graded: Graded) -> None:
            if graded.report:
                cluster.sync(cluster.scheduler.close)

        graded = grade_all(small, ID, received, SEED, executor, done=done)
    assert time.monotonic() - began < 60
    assert 1 <= list(fates(graded).values()).count(FULL) < 8
    require_balance(received, graded)


def test_when_a_cluster_grades_then_the_files_travel_with_the_tasks(weights: Assignment) -> None:
    submission = Submission(
        handed_in(), {MODEL: model(more=3 * 10**6)}
    )  # Dask would warn of its size
    with cluster_of(1, processes=False) as cluster:
        executor = executors.dask(cluster.scheduler_address)
        (outcome,) = executor(weights, [Task("student-01", submission, 1, SHORT)])
    assert outcome.report == grade(weights, submission, 1, SHORT)


def test_when_the_class_is_graded_on_dask_then_these_lose_nothing_either(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path))
    with cluster_of(2) as cluster:
        require_unhurt(graded_by(course, executors.dask(cluster.scheduler_address)))

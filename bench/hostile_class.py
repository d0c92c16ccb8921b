"""A whole class under attack: every attack of the corpus among forty honest students.

Two workers of this machine grade it, then two of a Dask cluster. Each run prints its balance,
whom it hurt, its time, and the most memory that the grader's own processes took.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the corpus lies with the tests, which are not installed

from distributed import LocalCluster  # noqa: E402 -- after the path

from autograder.assignments.course import Course  # noqa: E402
from autograder.grading import executors  # noqa: E402
from autograder.grading.executors import Executor  # noqa: E402
from tests.attacks.mixed import grade_mixed, summary  # noqa: E402

HONEST = 40
WORKERS = 2
MOST_MEBIBYTES = 400


def main() -> None:
    """Grade the class twice; exit with 1 where an honest student lost anything."""
    fine = run("worker processes", executors.processes(WORKERS))
    cluster = LocalCluster(
        WORKERS, threads_per_worker=1, dashboard_address=None, host="127.0.0.1", memory_limit=0
    )
    with cluster:
        fine &= run("a Dask cluster", executors.dask(cluster.scheduler_address))
    sys.exit(0 if fine else 1)


def run(name: str, executor: Executor) -> bool:
    """Grade the class with ``executor``, print what came of it, tell whether all is well."""
    with TemporaryDirectory() as grading, TemporaryDirectory() as canaries:
        os.environ["CONVBOOK_GRADING"] = grading
        mixed = grade_mixed(Course(ROOT), Path(canaries), executor, HONEST)
    print(f"{name}: {summary(mixed)}", flush=True)
    unhurt = not (mixed.honest_hurt or mixed.attacks_off or mixed.reached or mixed.balance.missing)
    return unhurt and max(mixed.memory.values()) <= MOST_MEBIBYTES


if __name__ == "__main__":
    main()

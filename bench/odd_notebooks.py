"""Notebooks that end their kernel, each graded many times: one result, or the exit status is 1.

Say how many times, and which if not all: ``python bench/odd_notebooks.py 200 "an alarm"``.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the notebooks lie with the tests, which are not installed

from autograder.assignments.assignment import Assignment, load_assignment  # noqa: E402 -- after the path
from autograder.assignments.course import Course  # noqa: E402
from autograder.assignments.handed_in import Submission  # noqa: E402
from autograder.grading.grade import grade  # noqa: E402
from autograder.trials.implementations import solved  # noqa: E402
from tests.autograder.odd_ends import ENDS, ending  # noqa: E402

ID = "01-convolution"
SEED = 7
WORKERS = 2


def main(times: int, names: list[str]) -> None:
    """Grade each notebook so many times and print how many results it has."""
    fine = True
    with ProcessPoolExecutor(WORKERS) as pool:
        for name in names or ENDS:
            began = time.monotonic()
            results = Counter(pool.map(_result, [name] * times, chunksize=5))
            seconds = (time.monotonic() - began) * WORKERS / times
            (points, _), _ = results.most_common(1)[0]
            one = len(results) == 1 and points == ENDS[name][1]
            fine &= one
            told = [f"{count} times {points:g}" for (points, _), count in results.items()]
            said = f"{points:g} points, always" if one else " and ".join(told)
            print(f"{name}: {times} times, {said}; {seconds:.1f} s each", flush=True)
    sys.exit(0 if fine else 1)


def _result(name: str) -> tuple[float, str]:
    assignment, files = _files()
    report = grade(assignment, Submission(files[name]), SEED)
    return report.score, repr((report.results, report.notices))


@cache
def _files() -> tuple[Assignment, dict[str, bytes]]:
    course = Course(ROOT)
    notebook = solved(course, ID)
    return load_assignment(course, ID), {name: ending(notebook, name) for name in ENDS}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, sys.argv[2:])

"""A hundred honest notebooks, each odd in its way, as one class: nobody loses a point."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the notebooks lie with the tests, which are not installed

from autograder.assignments.assignment import load_assignment  # noqa: E402
from autograder.assignments.course import Course  # noqa: E402
from autograder.grading import executors  # noqa: E402 -- after the path
from autograder.intake.collect import collect  # noqa: E402
from autograder.run import grade_all  # noqa: E402
from autograder.trials.implementations import solved  # noqa: E402
from tests.autograder.honest import honest_class  # noqa: E402

ID = "01-convolution"
SEED = 7
WORKERS = 2


def main(size: int) -> None:
    """Grade the class, print who lost something and how long it took."""
    course = Course(ROOT)
    files = dict(honest_class(solved(course, ID), size))
    names = {f"student-{number:03}": name for number, name in enumerate(files, start=1)}
    with TemporaryDirectory() as grading, TemporaryDirectory() as folder:
        os.environ["CONVBOOK_GRADING"] = grading
        for student, data in zip(names, files.values(), strict=True):
            (Path(folder) / f"{student}.ipynb").write_bytes(data)
        began = time.monotonic()
        received = collect(Path(folder), load_assignment(course, ID)).received
        graded = grade_all(course, ID, received, SEED, executors.processes(WORKERS))
        seconds = time.monotonic() - began
    lost = [one for one in graded if one.report is None or one.report.score < one.report.points]
    for one in lost:
        print(f"{names[one.student]}: {one.fault or one.report}")
    print(f"{len(graded)} honest notebooks, {len(lost)} lost a point; {seconds:.0f} s")
    sys.exit(1 if lost or len(graded) != size else 0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)

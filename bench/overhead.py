"""Where the processor time of grading goes: CPU milliseconds a submission, part by part.

Run alone, in one process, on the solution and other right and wrong implementations in turn:

    python bench/overhead.py           # 40 submissions of the first assignment
    python bench/overhead.py 20 ID     # so many, of another one

The student's own part is the same code run in one cell of an empty kernel; what grading adds to
it is the rest.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import cycle, islice

import nbformat
import psutil
from rich.console import Console
from rich.table import Table

from autograder.assignments.assignment import load_assignment
from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.feedback.page import PREPROCESSORS, FeedbackExporter
from autograder.gradebook.recording import Recorder
from autograder.grading.grade import grade
from autograder.jail.bubblewrap import ONE_THREAD
from autograder.jail.client import KernelClient
from autograder.trials.implementations import (
    files_of,
    load_implementations,
    solved,
    with_implementation,
)

RUN_ALL = """
for source in {!r}:
    try:
        exec(source, globals())
    except Exception:
        pass
"""


def main(count: int = 40, assignment_id: str = "") -> None:
    """Measure and print."""
    os.environ.update(ONE_THREAD)
    course = Course.find()
    assignment = load_assignment(course, assignment_id or course.assignments()[0])
    submissions = list(islice(cycle(handed_in(course, assignment.id)), count))
    grade(assignment, submissions[0], 0)  # starts the server of kernels

    def empty() -> None:
        for _ in submissions:
            KernelClient(assignment.flavour).close()

    def own() -> None:
        for submission in submissions:
            cells = nbformat.reads(submission.notebook.decode(), as_version=4).cells
            code = RUN_ALL.format([cell.source for cell in cells if cell.cell_type == "code"])
            with KernelClient(assignment.flavour) as kernel:
                kernel.run(code, 60, lambda message: None)

    reports = []
    start = spent(empty)
    alone = spent(own)
    whole = spent(lambda: reports.extend(grade(assignment, one, 0) for one in submissions))
    with tempfile.TemporaryDirectory() as folder:
        there = replace(course, folder=folder)
        with closing(Recorder(there, assignment)) as recorder:
            recorder.record("student-first", submissions[0], reports[0])
            pages = Timed()
            for one in PREPROCESSORS:
                pages.register_preprocessor(one)
            recorder.exporter = pages
            recording = spent(
                lambda: [
                    recorder.record(f"student-{n:04}", one, report)
                    for n, (one, report) in enumerate(zip(submissions, reports, strict=True))
                ]
            )
    parts = {
        "a kernel of its own": sum(start),
        "the student's own cells": sum(alone) - sum(start),
        "cells and checks one by one, in the kernel": whole[1] - alone[1],
        "the same, outside": whole[0] - alone[0],
        "feedback page": pages.seconds,
        "gradebook, files": sum(recording) - pages.seconds,
    }
    show(f"{assignment.id}: CPU of {count} submissions", parts, count)


def show(title: str, parts: dict[str, float], count: int) -> None:
    """Print the parts, in seconds of all submissions, and their sum."""
    table = Table(title=title)
    for heading in ("part", "ms a submission", "share"):
        table.add_column(heading, justify="left" if heading == "part" else "right")
    total = sum(parts.values())
    for part, seconds in (*parts.items(), ("together", total)):
        table.add_row(part, f"{1000 * seconds / count:.0f}", f"{seconds / total:.0%}")
    Console().print(table)


def handed_in(course: Course, assignment: str) -> Iterator[Submission]:
    """Yield the solution, then the other implementations, each as a student hands it in."""
    files = files_of(course, assignment)
    right = solved(course, assignment)
    library = [one for kind in ("right", "wrong")
               for one in load_implementations(course, assignment, kind)]  # fmt: skip
    for notebook in (right, *(with_implementation(right, one) for one in library)):
        yield Submission(nbformat.writes(notebook).encode(), files)


class Timed(FeedbackExporter):
    """The exporter of feedback pages, which notes its CPU seconds."""

    seconds = 0.0

    def from_notebook_node(self, *args: object, **kwargs: object) -> tuple[str, dict[str, object]]:
        """Make a page."""
        began = time.process_time()
        made = super().from_notebook_node(*args, **kwargs)
        self.seconds += time.process_time() - began
        return made


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Return the CPU seconds of ``work``: of this process, and of all that it started."""
    before, began = below(), time.process_time()
    work()
    here = time.process_time() - began
    time.sleep(1)  # for the last kernel to be counted
    return here, below() - before


def below() -> float:
    """Return the CPU seconds of the processes below this one, those that ended included."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        times = process.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:3])

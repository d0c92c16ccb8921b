"""Recording that is stopped at any step: killed, interrupted, or out of room."""

from __future__ import annotations

import itertools
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from hypothesis import HealthCheck, settings
from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from autograder.assignments.course import Course
from autograder.grading.kept import read_kept, report_path
from autograder.grading.report import Report

ID = "01-convolution"
# What a process does to the files of others; reading changes nothing.
STEPS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.utime", "fcntl.flock"}
TOTAL = re.compile(r'class="sum">.*?class="number">([\d.]+)', re.DOTALL)

OLD, NEW = 12.0, 17.0  # points of two submissions, of which the first loses 5 checks
NUMBERS = itertools.count(1)
PROPERTY = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Record = Callable[[str, float], object]
Points = dict[str, float | None]


def said_of(course: Course, student: str, url: str) -> Points:
    """Return the points that each place has of ``student``; None where it has nothing."""
    folder = Path(student) / ID
    page = course.grading / "feedback" / folder / f"{ID}.html"
    notebook = course.grading / "autograded" / folder / f"{ID}.ipynb"
    kept = read_kept(report_path(course, ID, student))
    return {
        "gradebook": _entered(student, url),
        "report": Report.from_dict(kept).score if kept else None,
        "page": float(TOTAL.findall(page.read_text())[0]) if page.exists() else None,
        "notebook": _shown(notebook) if notebook.exists() else None,
    }


def handed_in(course: Course, points: float) -> bytes:
    """Return a file that differs by the points that it is to get."""
    return course.release(ID).read_bytes() + b"\n" * int(points)


def new_student() -> str:
    """Return one of whom nothing was recorded."""
    return f"student-{next(NUMBERS):03}"


def require_one_of(points: Points, *allowed: float | None) -> float | None:
    """Require that all places say the same, and one of these; return what."""
    assert len(set(points.values())) == 1, points
    assert points["gradebook"] in allowed, points
    return points["gradebook"]


def require_nothing_left(grading: Path) -> None:
    """Require that nothing is written by half, and nothing is still to be done."""
    left = [p for p in grading.rglob("*") if p.name.endswith((".part", ".journal"))]
    assert left == []


def _entered(student: str, url: str) -> float | None:
    with Gradebook(url) as gradebook:
        try:
            return float(gradebook.find_submission(ID, student).score)
        except MissingEntry:
            return None


def _shown(path: Path) -> float:
    cells = nbformat.read(path, as_version=4).cells
    outputs = [out for cell in cells for out in cell.get("outputs", [])]
    results = [out for out in outputs if out.output_type == "execute_result"]
    return sum(float(out.data["text/plain"]) for out in results)


def steps_of(work: Callable[[], Any]) -> int:
    """Return how many steps ``work`` takes, done in a process of its own."""
    reading, writing = os.pipe()

    def count() -> None:
        tripwire = Tripwire(0, "")
        work()
        os.write(writing, str(-tripwire.left).encode())

    in_child(count)
    os.close(writing)
    with os.fdopen(reading) as counted:
        return int(counted.read())


def stopped_at(step: int, how: str, work: Callable[[], Any]) -> bool:
    """Do ``work`` in a process of its own that is stopped at a step; tell whether it was."""

    def stop() -> None:
        Tripwire(step, how)
        work()

    return in_child(stop) != 0


def in_child(work: Callable[[], Any]) -> int:
    """Do ``work`` in a process of its own and return its exit status; 1 is an error."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        work()
        status = 0
    except KeyboardInterrupt:
        status = 2
    finally:
        os._exit(status)


class Tripwire:
    """Stops this process at its n-th step on a file or in a database."""

    def __init__(self, step: int, how: str):
        self.left, self._how = step, how
        sys.addaudithook(self._heard)
        event.listen(Engine, "before_cursor_execute", self._step)
        event.listen(Engine, "commit", self._step)
        event.listen(Session, "after_commit", self._step)

    def _heard(self, name: str, args: tuple[Any, ...]) -> None:
        writes = name == "open" and isinstance(args[1], str) and set(args[1]) & set("wa+x")
        if writes or name in STEPS:
            self._step()

    def _step(self, *_: Any) -> None:
        self.left -= 1
        if self.left == 0:
            if self._how == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            raise KeyboardInterrupt

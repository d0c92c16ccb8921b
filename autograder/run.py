"""One grading run: every submission graded, recorded and shown."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import load_assignment
from autograder.grading import GraderFault, grade
from autograder.intake import Received
from autograder.jail import require_jail
from autograder.recording import Recorder, RecordingError
from autograder.report import Report
from convbook.course import Course

ATTEMPTS = 2  # a fault of the grader is tried again before it is reported as ours


@dataclass(frozen=True)
class Graded:
    """What came of one student's submission: a report and a page, or a fault of ours."""

    student: str
    report: Report | None
    feedback: Path | None
    fault: str = ""


def grade_all(
    course: Course,
    assignment_id: str,
    received: Iterable[Received],
    seed: int,
    done: Callable[[Graded], None] = lambda graded: None,
) -> list[Graded]:
    """Grade and record each submission; one that fails on our side does not stop the others.

    Args:
        course: where the assignment and the gradebook are.
        assignment_id: such as ``"01-convolution"``.
        received: from `autograder.intake.collect`.
        seed: of the run; the same one repeats it.
        done: called after each submission.

    Raises:
        autograder.jail.JailUnavailable: before anything is run.
        ValueError: there is no such assignment.
    """
    require_jail()
    assignment = load_assignment(course, assignment_id)
    recorder = Recorder(course, assignment)
    results = []
    for item in received:
        graded = _grade_one(recorder, item, student_seed(seed, item.student))
        done(graded)
        results.append(graded)
    return results


def student_seed(run_seed: int, student: str) -> int:
    """Return the seed of one student's random inputs in a run."""
    return zlib.crc32(f"{run_seed}/{student}".encode())


def _grade_one(recorder: Recorder, item: Received, seed: int) -> Graded:
    data = item.path.read_bytes()
    fault = ""
    for _ in range(ATTEMPTS):
        try:
            report = grade(recorder.assignment, data, seed)
            return Graded(item.student, report, recorder.record(item.student, data, report))
        except (GraderFault, RecordingError) as error:
            fault = str(error)
    return Graded(item.student, None, None, fault)

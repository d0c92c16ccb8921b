"""One grading run: every submission graded, recorded and shown."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.assignment import load_assignment
from autograder.executors import Executor, Outcome, Task, here
from autograder.intake import IntakeError, Received
from autograder.jail import require_jail
from autograder.recording import Recorder, RecordingError
from autograder.report import Report
from convbook.course import Course


@dataclass(frozen=True)
class Graded:
    """What came of one student's submission: a brief report and a page, or our fault."""

    student: str
    report: Report | None
    feedback: Path | None = None
    fault: str = ""


def grade_all(
    course: Course,
    assignment_id: str,
    received: Iterable[Received],
    seed: int,
    executor: Executor = here,
    resume: bool = False,
    done: Callable[[Graded], None] = lambda graded: None,
) -> list[Graded]:
    """Grade and record each submission; one that fails on our side does not stop the others.

    This process alone writes to the gradebook. Stopped at any moment, a second run with
    ``resume`` keeps what was recorded and grades the rest.

    Args:
        course: where the assignment and the gradebook are.
        assignment_id: such as ``"01-convolution"``.
        received: from `autograder.intake.collect`.
        seed: of the run; the same one repeats it.
        executor: where to grade, from `autograder.executors`.
        resume: skip a submission whose same bytes were recorded before.
        done: called after each submission.

    Returns:
        One result per submission, by student.

    Raises:
        autograder.jail.JailUnavailable: before anything is run.
        ValueError: there is no such assignment.
    """
    require_jail()
    assignment = load_assignment(course, assignment_id)
    recorder = Recorder(course, assignment)
    results: list[Graded] = []
    times: dict[str, datetime | None] = {}

    def finish(graded: Graded) -> None:
        results.append(graded)
        done(graded)

    def tasks() -> Iterator[Task]:
        for item in received:
            times[item.student] = item.timestamp
            try:
                data = item.read()
            except IntakeError as error:
                finish(Graded(item.student, None, fault=str(error)))
                continue
            known = recorder.recorded(item.student, digest(data)) if resume else None
            if known:
                finish(Graded(item.student, known.brief(), recorder.feedback_page(item.student)))
            else:
                yield Task(item.student, data, student_seed(seed, item.student))

    with closing(executor(assignment, tasks())) as outcomes:  # type: ignore[type-var]
        for outcome in outcomes:
            finish(_record(recorder, outcome, times[outcome.task.student]))
    return sorted(results, key=lambda graded: graded.student)


def student_seed(run_seed: int, student: str) -> int:
    """Return the seed of one student's random inputs in a run."""
    return zlib.crc32(f"{run_seed}/{student}".encode())


def digest(data: bytes) -> str:
    """Return what tells one submitted file from another."""
    return hashlib.sha256(data).hexdigest()


def _record(recorder: Recorder, outcome: Outcome, timestamp: datetime | None) -> Graded:
    task = outcome.task
    if outcome.report is None:
        return Graded(task.student, None, fault=outcome.fault)
    try:
        page = recorder.record(
            task.student, task.data, outcome.report, digest(task.data), timestamp
        )
    except RecordingError as error:
        return Graded(task.student, None, fault=str(error))
    return Graded(task.student, outcome.report.brief(), page)

"""One grading run: every submission graded, recorded and shown."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignments.assignment import load_assignment
from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.checks import Budget
from autograder.gradebook.recording import Recorder, RecordingError
from autograder.grading.executors import Executor, Outcome, Task, here
from autograder.grading.faults import describe_fault
from autograder.grading.report import Report
from autograder.intake.collect import IntakeError, Received
from autograder.intake.originals import digest
from autograder.jail.bubblewrap import require_jail


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
    budget: Budget | None = None,
    source: Path | None = None,
) -> list[Graded]:
    """Grade and record each submission; one that fails on our side does not stop the others.

    This process alone writes to the gradebook. Stopped at any moment, a second run with
    ``resume`` keeps what was recorded and grades the rest.

    Args:
        course: where the assignment and the gradebook are.
        assignment_id: such as ``"01-convolution"``.
        received: from `autograder.intake.collect.collect`.
        seed: of the run; the same one repeats it.
        executor: where to grade, from `autograder.grading.executors`.
        resume: skip a submission whose same bytes were recorded before.
        done: called after each submission.
        budget: what each submission may use.
        source: where the files lie that were handed in; nothing is written below it.

    Returns:
        One result per submission, by student.

    Raises:
        autograder.jail.bubblewrap.JailUnavailable: before anything is run.
        ValueError: there is no such assignment.
    """
    require_jail()
    assignment = load_assignment(course, assignment_id)
    if source:
        _require_handed_in(course, source)
    with closing(Recorder(course, assignment)) as recorder:
        if source:
            recorder.submitted.spare(source)
        recorder.complete()
        run = _Run(recorder, list(received), seed, resume, done)
        try:
            with closing(executor(assignment, run.tasks(budget))) as outcomes:  # type: ignore[type-var]
                for outcome in outcomes:
                    run.take(outcome)
        except Exception as error:  # not one submission's: a cluster that is gone
            run.give_up(describe_fault(error))
        else:
            run.give_up("no worker said what came of it")
    return sorted(run.results.values(), key=lambda graded: graded.student)


def _require_handed_in(course: Course, source: Path) -> None:
    for written in ("autograded", "feedback", "reports"):
        if source.resolve().is_relative_to((course.grading / written).resolve()):
            raise ValueError(
                f"{source} is where grading writes to, and what is handed over is only read: "
                f"name the folder of what came in, such as {course.grading / 'submitted'}"
            )


class _Run:
    """The submissions of a run, and what came of each: nobody is in one and not in the other."""

    def __init__(
        self,
        recorder: Recorder,
        received: list[Received],
        seed: int,
        resume: bool,
        done: Callable[[Graded], None],
    ):
        self.results: dict[str, Graded] = {}
        self._originals: dict[str, str] = {}  # the digests of their notebooks, by student
        self._received = {item.student: item for item in received}
        self._recorder, self._seed, self._resume, self._done = recorder, seed, resume, done

    def tasks(self, budget: Budget | None) -> Iterator[Task]:
        """Yield what is to be graded; what needs no grading, or cannot be read, is finished."""
        for student, item in self._received.items():
            try:
                submission = item.submission()
                lean = replace(submission, notebook=item.lean(submission.notebook))
                known = self._known(student, submission) if self._resume else None
                self._recorder.keep(student, submission)
            except IntakeError as error:
                self._finish(Graded(student, None, fault=str(error)))
            except Exception as error:
                self._finish(Graded(student, None, fault=describe_fault(error)))
            else:
                if known:
                    page = self._recorder.feedback_page(student)
                    self._finish(Graded(student, known.brief(), page))
                else:
                    self._originals[student] = digest(submission.notebook)
                    yield Task(student, lean, student_seed(self._seed, student), budget)

    def _known(self, student: str, submission: Submission) -> Report | None:
        return self._recorder.recorded(student, submission.digest)

    def take(self, outcome: Outcome) -> None:
        """Record what came of a task."""
        task, report = outcome.task, outcome.report
        if report is None:
            self._finish(Graded(task.student, None, fault=outcome.fault))
            return
        of, timestamp = self._originals[task.student], self._received[task.student].timestamp
        try:
            submission = self._recorder.kept(task.student, of, report)
            page = self._recorder.record(task.student, submission, report, timestamp)
        except RecordingError as error:
            self._finish(Graded(task.student, None, fault=str(error)))
        else:
            self._finish(Graded(task.student, report.brief(), page))

    def give_up(self, why: str) -> None:
        """Report everybody as our fault of whom nothing came."""
        for student in self._received.keys() - self.results.keys():
            self._finish(Graded(student, None, fault=f"it was not graded: {why}"))

    def _finish(self, graded: Graded) -> None:
        self.results[graded.student] = graded
        self._done(graded)


def student_seed(run_seed: int, student: str) -> int:
    """Return the seed of one student's random inputs in a run."""
    return zlib.crc32(f"{run_seed}/{student}".encode())

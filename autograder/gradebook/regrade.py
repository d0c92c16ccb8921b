"""Everybody graded again by what the assignment is today, from the files that were kept.

First all are graded and nothing is entered: the *plan* says what would change for whom. Carried
out, it brings the gradebook's cells up to date and records every report.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.assignments.assignment import TEST_PREFIX, Assignment
from autograder.assignments.course import Course
from autograder.assignments.releases import Release, release_of, remember_release
from autograder.checks import Budget
from autograder.gradebook.cells import Known, changes, enter_cells, known_cells, renamed
from autograder.gradebook.opening import opened
from autograder.gradebook.recording import Recorder, RecordingError
from autograder.gradebook.release import nbgrader_api
from autograder.grading.executors import Executor, Task
from autograder.grading.faults import describe_fault
from autograder.grading.kept import keep_report, read_kept, recorded_submission, report_path
from autograder.grading.report import Report
from autograder.intake.recognise import passed_on

GONE = "the file that was handed in is not kept any more: the grade stays; grade it again"


@dataclass(frozen=True)
class Given:
    """What one grade cell of a submission has in the gradebook."""

    auto: float | None
    by_hand: float | None
    extra: float

    @property
    def points(self) -> float:
        """What it counts, as nbgrader adds it up."""
        given = self.by_hand if self.by_hand is not None else self.auto
        return 0.0 if given is None else given + self.extra


@dataclass(frozen=True)
class Entry:
    """One submission as the gradebook has it."""

    student: str
    handed_in: datetime | None
    given: Mapping[str, Given]

    @property
    def points(self) -> float:
        """Before the penalty of a late submission."""
        return sum(given.points for given in self.given.values())


@dataclass(frozen=True)
class Class:
    """The gradebook of an assignment before it is graded again."""

    cells: Mapping[str, Known]
    entries: Mapping[str, Entry]

    @property
    def release(self) -> Release:
        """The release that was graded, to know it again in what was handed in."""
        return release_of((one.cell_type, one.source, one.rules) for one in self.cells.values())

    @property
    def maximum(self) -> float:
        """What all cells are worth."""
        return sum(float(cell.rules.get("points") or 0.0) for cell in self.cells.values())


@dataclass(frozen=True)
class Move:
    """The points of one student, before and after."""

    student: str
    before: float
    after: float


@dataclass(frozen=True)
class Plan:
    """What a regrade would do.

    ``faults`` says of whom nothing can be changed, and why.
    """

    changed: tuple[str, ...]
    maximum: tuple[float, float]
    moves: tuple[Move, ...]
    faults: dict[str, str]

    @property
    def moved(self) -> list[Move]:
        """Those whose points change."""
        return [move for move in self.moves if abs(move.after - move.before) > 1e-9]


def read_class(course: Course, assignment: str) -> Class:
    """Return what the gradebook has of ``assignment``.

    Raises:
        GradebookError: it cannot be opened.
        ValueError: nobody has handed it in.
    """
    with opened(nbgrader_api(course).coursedir, write=True) as gradebook:
        cells = known_cells(gradebook, assignment)
        entries = {entry.student: entry for entry in _entries(gradebook, assignment)}
    if not cells or not entries:
        raise ValueError(
            f"the gradebook holds no submission of {assignment}: run autograder grade {assignment}"
        )
    return Class(cells, entries)


def plan_regrade(
    course: Course,
    assignment: Assignment,
    before: Class,
    executor: Executor,
    folder: Path,
    done: Callable[[], None] = lambda: None,
    budget: Budget | None = None,
) -> Plan:
    """Grade everybody of the gradebook and say what would change; only ``folder`` is written to.

    Every student keeps the seed of the random inputs, so that only what the assignment changed
    makes a difference.

    Args:
        course: where the kept files are.
        assignment: as it is today.
        before: from `read_class`.
        executor: where to grade.
        folder: for the reports, until they are recorded.
        done: called after each submission.
        budget: what each submission may use.
    """
    assignment = replace(assignment, earlier=(*assignment.earlier, before.release))
    faults: dict[str, str] = {}
    moves = []
    try:
        tasks = _tasks(course, assignment.id, before, budget, faults)
        with closing(executor(assignment, tasks)) as outcomes:  # type: ignore[type-var]
            for outcome in outcomes:
                student = outcome.task.student
                if outcome.report is None:
                    faults[student] = outcome.fault
                else:
                    keep_report(folder / f"{student}.json", student, outcome.report, "")
                    entry = before.entries[student]
                    after = _after(assignment, entry, before, outcome.report)
                    moves.append(Move(student, entry.points, after))
                done()
    except Exception as error:  # not one submission's: a cluster that is gone
        for student in before.entries.keys() - faults.keys() - {move.student for move in moves}:
            faults[student] = f"it was not graded: {describe_fault(error)}"
    maximum = sum(cell.points for cell in assignment.cells)
    moves.sort(key=lambda move: move.student)
    changed = tuple(changes(before.cells, assignment))
    return Plan(changed, (before.maximum, maximum), tuple(moves), faults)


def carry_out(
    course: Course, assignment: Assignment, before: Class, plan: Plan, folder: Path
) -> dict[str, str]:
    """Enter what was planned; return of whom it could not be recorded, and why.

    Stopped in the middle, the same command goes on: what is left to do is a difference then.

    Raises:
        GradebookError: the gradebook cannot be written to.
    """
    remember_release(course, assignment.id, before.release)
    assignment = replace(assignment, earlier=(*assignment.earlier, before.release))
    with opened(nbgrader_api(course).coursedir, write=True) as gradebook:
        enter_cells(gradebook, assignment)
        gradebook.db.commit()
    recorder = Recorder(course, assignment)
    faults = {}
    for move in plan.moves:
        entry = before.entries[move.student]
        report = Report.from_dict(read_kept(folder / f"{move.student}.json"))
        submission = recorded_submission(course, assignment.id, move.student)
        try:
            if submission is None:
                raise RecordingError(GONE)
            recorder.record(move.student, submission, report, entry.handed_in)
        except RecordingError as error:
            faults[move.student] = str(error)
    return faults


def _tasks(
    course: Course, assignment: str, before: Class, budget: Budget | None, faults: dict[str, str]
) -> Iterator[Task]:
    for student in sorted(before.entries):
        submission = recorded_submission(course, assignment, student)
        if submission is None:
            faults[student] = GONE
            continue
        seed = read_kept(report_path(course, assignment, student)).get("seed")
        seed = seed if isinstance(seed, int) else secrets.randbits(32)
        lean = replace(submission, notebook=passed_on(submission.notebook))
        yield Task(student, lean, seed, budget)


def _after(assignment: Assignment, entry: Entry, before: Class, report: Report) -> float:
    """Return the points that the submission would have: what a person gave stays."""
    total = 0.0
    nothing = Given(None, None, 0.0)
    earlier = {new: old for old, new in renamed(before.cells, assignment).items()}
    for cell in assignment.cells:
        if not cell.rules.get("grade"):
            continue
        given = entry.given.get(earlier.get(cell.grade_id, cell.grade_id), nothing)
        auto = given.auto
        if cell.is_test:
            auto = sum(one.score for one in report.of(cell.grade_id.removeprefix(TEST_PREFIX)))
        total += Given(auto, given.by_hand, given.extra).points
    return total


def _entries(gradebook: Gradebook, assignment: str) -> Iterator[Entry]:
    for submission in gradebook.assignment_submissions(assignment):
        given = {
            grade.name: Given(grade.auto_score, grade.manual_score, grade.extra_credit or 0.0)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }
        when = submission.timestamp
        yield Entry(submission.student_id, when.replace(tzinfo=UTC) if when else None, given)

"""The commands ``autograder grade`` and ``autograder demo``: take in, grade, record, show."""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from autograder.assignments.assignment import load_assignment
from autograder.assignments.course import GRADING, Course
from autograder.balance import Balance
from autograder.commands.common import AssignmentId, Database, Workers, console, say
from autograder.commands.table import grades_table
from autograder.exports.returns import remember
from autograder.gradebook.enrolment import enrol
from autograder.grading import executors
from autograder.grading.executors import Executor
from autograder.intake.collect import collect
from autograder.intake.collected import Collected
from autograder.run import Graded, grade_all
from autograder.trials.sample_class import make_class

DEMO_FOLDER = "_build/demo"  # the sample class has a gradebook of its own
PROGRESS = (
    TextColumn("grading"),
    BarColumn(),
    MofNCompleteColumn(),
    TaskProgressColumn(show_speed=True),
    TimeRemainingColumn(),
)

Seed = Annotated[int | None, typer.Option(min=0, help="repeat a run: the seed that it printed")]


def grade_command(
    assignment: AssignmentId,
    submissions: Annotated[Path, typer.Option(help="the folder or zip that holds what came in")],
    roster: Annotated[
        Path | None, typer.Option(help="the class list, a CSV: id, name, email, moodle, canvas")
    ] = None,
    seed: Seed = None,
    workers: Workers = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="keep what an earlier run recorded of the same files")
    ] = False,
    dask: Annotated[
        str, typer.Option(help="grade on this Dask cluster, such as tcp://HOST:8786")
    ] = "",
    db: Database = "",
) -> None:
    """Grade every submission in a folder, record it in the gradebook and show the table."""
    course = replace(Course.find(), db=db)
    course.solution(assignment)  # a wrong id is named before anything is done
    executor = executors.dask(dask) if dask else _local(workers)
    collected = _take_in(course, assignment, submissions, roster)
    enrol(course, collected)
    remember(course, assignment, collected.received)
    _run(course, assignment, collected, submissions, seed, executor, resume)


def demo_command(
    assignment: Annotated[
        str, typer.Argument(help="such as 01-convolution; all of them by default")
    ] = "",
    seed: Seed = None,
    workers: Workers = None,
) -> None:
    """Make the sample class from the solution and named wrong implementations, and grade it."""
    course = Course.find()
    course = replace(course, folder=os.environ.get(GRADING, DEMO_FOLDER))
    if assignment:
        course.solution(assignment)
    for one in [assignment] if assignment else course.assignments():
        console.print(f"Making the sample class of {one}")
        folder = make_class(course, one)
        collected = _take_in(course, one, folder)
        _run(course, one, collected, folder, seed, _local(workers), resume=False)


def _take_in(
    course: Course, assignment: str, source: Path, roster: Path | None = None
) -> Collected:
    """Return what came in, after saying what was set aside or is odd."""
    collected = collect(source, load_assignment(course, assignment), roster)
    notices = [
        f"{item.student}: {notice}" for item in collected.received for notice in item.notices
    ]
    for line in [*map(str, collected.lines), *notices]:
        say(line)
    return collected


def _local(workers: int | None) -> Executor:
    return executors.processes(workers or executors.default_workers())


def _run(
    course: Course,
    assignment: str,
    collected: Collected,
    source: Path,
    seed: int | None,
    executor: Executor,
    resume: bool,
) -> None:
    seed = secrets.randbits(32) if seed is None else seed
    received = collected.received
    graded: list[Graded] = []
    try:
        with Progress(*PROGRESS, console=console, transient=True) as progress:
            task = progress.add_task("grading", total=len(received))

            def done(one: Graded) -> None:
                graded.append(one)
                progress.advance(task)

            graded = grade_all(
                course, assignment, received, seed, executor, resume, done, source=source
            )
    except KeyboardInterrupt:
        console.print(
            f"stopped: {len(graded)} of {len(received)} are recorded; "
            f"go on with --resume --seed {seed}"
        )
        raise typer.Exit(130) from None
    console.print(grades_table(load_assignment(course, assignment), graded))
    console.print(f"seed {seed}; feedback pages are in {course.grading / 'feedback'}")
    balance = Balance.of(collected, graded)
    for line in balance.lines(seed):
        say(line)
    if balance.faults or balance.missing or not balance.graded:
        raise typer.Exit(1)

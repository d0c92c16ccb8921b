"""The command ``autograder``: grade what came in, show the sample class."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from autograder import executors
from autograder.assignment import load_assignment
from autograder.balance import Balance
from autograder.commands import COMMANDS
from autograder.demo import make_class
from autograder.enrolment import enrol
from autograder.executors import Executor
from autograder.harmless import plain
from autograder.intake import Collected, IntakeError, collect
from autograder.jail import JailUnavailable
from autograder.regrade_command import regrade_command
from autograder.returns import remember
from autograder.run import Graded, grade_all
from autograder.table import grades_table
from convbook.cli import print_anything
from convbook.course import Course
from convbook.gradebook import GradebookError
from convbook.release import ReleaseError

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
console = Console()
DEMO_FOLDER = "_build/demo"  # the sample class has a gradebook of its own

AssignmentId = Annotated[str, typer.Argument(help="the assignment, such as 01-convolution")]
PROGRESS = (
    TextColumn("grading"),
    BarColumn(),
    MofNCompleteColumn(),
    TaskProgressColumn(show_speed=True),
    TimeRemainingColumn(),
)

Workers = Annotated[
    int | None, typer.Option(min=1, help="worker processes; as many as cores by default")
]
Seed = Annotated[int | None, typer.Option(min=0, help="repeat a run: the seed that it printed")]


@app.callback()
def main() -> None:
    """Grade the assignments of the course."""
    print_anything()
    logging.getLogger("traitlets").setLevel(logging.WARNING)


@app.command(name="grade")
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
    db: Annotated[
        str, typer.Option(help="the gradebook, such as postgresql://USER@HOST/NAME")
    ] = "",
) -> None:
    """Grade every submission in a folder, record it in the gradebook and show the table."""
    with _errors():
        if db:
            os.environ["CONVBOOK_DB"] = db
        course = _course(assignment)
        executor = executors.dask(dask) if dask else _local(workers)
        collected = _take_in(course, assignment, submissions, roster)
        enrol(course, collected)
        remember(course, assignment, collected.received)
        _run(course, assignment, collected, submissions, seed, executor, resume)


@app.command()
def demo(
    assignment: AssignmentId = "01-convolution",
    seed: Seed = None,
    workers: Workers = None,
) -> None:
    """Make the sample class from the solution and named wrong implementations, and grade it."""
    with _errors():
        os.environ.setdefault("CONVBOOK_GRADING", DEMO_FOLDER)
        course = _course(assignment)
        executor = _local(workers)
        console.print(f"Making the sample class of {assignment}")
        folder = make_class(course, assignment)
        collected = _take_in(course, assignment, folder)
        _run(course, assignment, collected, folder, seed, executor, resume=False)


def _take_in(
    course: Course, assignment: str, source: Path, roster: Path | None = None
) -> Collected:
    """Return what came in, after saying what was set aside or is odd."""
    collected = collect(source, load_assignment(course, assignment), roster)
    notices = [
        f"{item.student}: {notice}" for item in collected.received for notice in item.notices
    ]
    for line in [*map(str, collected.lines), *notices]:
        console.print(escape(plain(line)), highlight=False, soft_wrap=True)
    return collected


def _local(workers: int | None) -> Executor:
    return executors.processes(workers or executors.default_workers())


def _course(assignment: str) -> Course:
    course = Course.find()
    course.solution(assignment)  # a wrong id is named before anything is done
    return course


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
        console.print(escape(plain(line)), highlight=False, soft_wrap=True)
    if balance.faults or balance.missing or not balance.graded:
        raise typer.Exit(1)


@contextmanager
def _errors() -> Iterator[None]:
    """Turn what an instructor can mend into one clear message and exit status 2.

    Of the gradebook it is 1: the same command may do later.
    """
    try:
        yield
    except GradebookError as error:
        _say_error(error)
        raise typer.Exit(1) from error
    except (IntakeError, JailUnavailable, ReleaseError, FileNotFoundError, ValueError) as error:
        _say_error(error)
        raise typer.Exit(2) from error


def _say_error(error: Exception) -> None:
    text = escape(plain(str(error)))
    console.print(f"[red]error:[/red] {text}", highlight=False, soft_wrap=True)


for name, command in {"regrade": regrade_command, **COMMANDS}.items():
    app.command(name=name)(_errors()(command))

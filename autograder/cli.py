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
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.assignment import load_assignment
from autograder.demo import make_class
from autograder.intake import IntakeError, Received, collect
from autograder.jail import JailUnavailable
from autograder.run import grade_all
from autograder.table import grades_table
from convbook.course import Course
from convbook.release import ReleaseError

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
console = Console()
DEMO_FOLDER = "_build/demo"  # the sample class has a gradebook of its own

AssignmentId = Annotated[str, typer.Argument(help="the assignment, such as 01-convolution")]
Seed = Annotated[int | None, typer.Option(min=0, help="repeat a run: the seed that it printed")]


@app.callback()
def main() -> None:
    """Grade the assignments of the course."""
    logging.getLogger("traitlets").setLevel(logging.WARNING)


@app.command(name="grade")
def grade_command(
    assignment: AssignmentId,
    submissions: Annotated[Path, typer.Option(help="the folder that holds what came in")],
    seed: Seed = None,
) -> None:
    """Grade every submission in a folder, record it in the gradebook and show the table."""
    with _errors():
        course = _course(assignment)
        _run(course, assignment, collect(submissions, assignment), seed)


@app.command()
def demo(
    assignment: AssignmentId = "01-convolution",
    seed: Seed = None,
) -> None:
    """Make the sample class from the solution and named wrong implementations, and grade it."""
    with _errors():
        os.environ.setdefault("CONVBOOK_GRADING", DEMO_FOLDER)
        course = _course(assignment)
        console.print(f"Making the sample class of {assignment}")
        folder = make_class(course, assignment)
        _run(course, assignment, collect(folder, assignment), seed)


def _course(assignment: str) -> Course:
    course = Course.find()
    course.solution(assignment)  # a wrong id is named before anything is done
    return course


def _run(course: Course, assignment: str, received: list[Received], seed: int | None) -> None:
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("grading", total=len(received))
        seed = secrets.randbits(32) if seed is None else seed
        graded = grade_all(course, assignment, received, seed, lambda _: progress.advance(task))
    console.print(grades_table(load_assignment(course, assignment), graded))
    console.print(f"seed {seed}; feedback pages are in {course.grading / 'feedback'}")
    if any(item.report is None for item in graded):
        raise typer.Exit(1)


@contextmanager
def _errors() -> Iterator[None]:
    """Turn what an instructor can mend into one clear message and exit status 2."""
    try:
        yield
    except (IntakeError, JailUnavailable, ReleaseError, FileNotFoundError, ValueError) as error:
        console.print(f"[red]error:[/red] {escape(str(error))}", highlight=False)
        raise typer.Exit(2) from error

"""What the commands share: their options, the course they work on, errors in words."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from autograder.assignments.course import Course
from autograder.gradebook.opening import GradebookError
from autograder.gradebook.recording import complete_recordings
from autograder.gradebook.release import ReleaseError
from autograder.gradebook.roll import Roll
from autograder.harmless.text import plain
from autograder.intake.collected import IntakeError
from autograder.jail.bubblewrap import JailUnavailable

STDOUT = "-"
console = Console()

AssignmentId = Annotated[str, typer.Argument(help="the assignment, such as 01-convolution")]
Json = Annotated[str, typer.Option("--json", help="write JSON to this file, - for the terminal")]
Database = Annotated[
    str, typer.Option("--db", help="the gradebook, such as postgresql://USER@HOST/NAME")
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="worker processes; as many as cores by default")
]


@contextmanager
def explained() -> Iterator[None]:
    """Turn what an instructor can mend into one clear message and exit status 2.

    Of the gradebook it is 1: the same command may do later.
    """
    try:
        yield
    except GradebookError as error:
        _say_error(error)
        raise typer.Exit(1) from error
    except (IntakeError, JailUnavailable, ReleaseError, OSError, ValueError) as error:
        _say_error(error)
        raise typer.Exit(2) from error


def open_course(assignment: str, db: str = "") -> Course:
    """Return the course, whose gradebook is at ``db``; no ``assignment`` means all of them.

    What a run that was killed had begun to record is ended, so that all commands say the same.

    Raises:
        ValueError: there is no such assignment, or what was begun cannot be ended.
    """
    course = replace(Course.find(), db=db)
    if assignment:
        course.solution(assignment)  # a wrong id is named before anything is done
    chosen = [assignment] if assignment else course.assignments()
    faults = [line for one in chosen for line in complete_recordings(course, one)]
    if faults:
        raise ValueError("\n".join([*faults, "mend that first, then say the same again"]))
    return course


def say(text: str) -> None:
    """Print ``text`` as it is, on one line however long."""
    console.print(escape(plain(text)), highlight=False, soft_wrap=True)


def note(text: str) -> None:
    """Print what is odd beside the output of a command."""
    Console(stderr=True).print(
        f"[yellow]note:[/yellow] {escape(plain(text))}", highlight=False, soft_wrap=True
    )


def say_differences(roll: Roll) -> None:
    """Note where disk and gradebook do not agree about the class."""
    for line in roll.lines():
        note(line)


def write(path: Path, text: str) -> None:
    """Write ``text`` to ``path``.

    Raises:
        ValueError: there is no such folder.
    """
    if not path.parent.is_dir():
        raise ValueError(f"{path}: there is no folder {path.parent}: make it first")
    path.write_text(text, encoding="utf-8")


def write_json(target: str, data: dict[str, Any]) -> None:
    """Write ``data`` to the file ``target``, or show it where that is ``-``."""
    text = json.dumps(data, indent=1, ensure_ascii=target == STDOUT) + os.linesep
    if target == STDOUT:  # a terminal obeys some of what a file may hold
        typer.echo(text, nl=False)
    else:
        write(Path(target), text)


def _say_error(error: Exception) -> None:
    text = escape(plain(str(error)))
    console.print(f"[red]error:[/red] {text}", highlight=False, soft_wrap=True)

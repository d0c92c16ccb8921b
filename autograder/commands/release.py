"""The command ``autograder release``, which is also ``convbook release``."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.assignments.course import Course
from autograder.commands.common import console, explained
from autograder.gradebook.release import release


def release_command(
    assignments: Annotated[
        list[str] | None, typer.Argument(help="such as 01-convolution; all by default")
    ] = None,
) -> None:
    """Write the student notebooks and their zips from the text in solutions/."""
    course = Course.find()
    for assignment in assignments or course.assignments():
        path = release(course, assignment)
        console.print(f"{path.relative_to(course.root)}  dist/{assignment}.zip")


def for_convbook(assignments: list[str] | None) -> None:
    """Do the same for the other program, errors explained; its entry point names this."""
    with explained():
        release_command(assignments)

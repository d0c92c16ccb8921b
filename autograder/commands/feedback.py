"""The command ``autograder feedback``: the pages made again, packed to be taken back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from autograder.assignments.course import BOOK
from autograder.commands.common import (
    AssignmentId,
    Database,
    console,
    note,
    open_course,
    say_differences,
)
from autograder.exports.returns import pack_feedback
from autograder.gradebook.opening import opened
from autograder.gradebook.redraw import redraw
from autograder.gradebook.release import nbgrader_api
from autograder.gradebook.roll import call_roll
from autograder.gradebook.transaction import LastingGradebook


def feedback_command(
    assignment: AssignmentId,
    student: Annotated[str, typer.Option(help="only the page of this student")] = "",
    to_zip: Annotated[
        Path | None, typer.Option("--zip", help="pack them for Canvas or Moodle to take back")
    ] = None,
    db: Database = "",
) -> None:
    """Make the feedback pages again, with the points and comments of the gradebook."""
    course = open_course(assignment, db)
    coursedir = nbgrader_api(course).coursedir
    with opened(coursedir, LastingGradebook) as gradebook:
        roll = call_roll(course, assignment, gradebook)
        say_differences(roll)
        graded = [one for one in roll.with_notebook if student in ("", one)]
        if not graded:
            who = f"student (={student!r})" if student else assignment
            raise ValueError(
                f"{who} has no graded submission of {assignment}: run autograder grade"
            )
        made = dict(redraw(coursedir, gradebook, assignment, graded))
    failed = {who: fault for who, fault in made.items() if fault}
    for who, fault in failed.items():
        note(f"the page of {who} stays as it was: {fault}")
    pages = len(made) - len(failed)
    console.print(f"{pages} feedback pages are in {course.grading / 'feedback'}", soft_wrap=True)
    if to_zip:
        pack_feedback(course, assignment, graded, to_zip)
        console.print(f"wrote {to_zip}", soft_wrap=True)
        if BOOK not in os.environ:
            note(f"for students no section of the book is a link: set {BOOK} to its address")
    if failed:
        raise typer.Exit(1)

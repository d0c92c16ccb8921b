"""The command ``autograder export``: the grades for a spreadsheet or a platform."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from autograder.assignments.course import Course
from autograder.commands.common import STDOUT, Database, note, open_course, say_differences
from autograder.exports.exporters import EXPORTERS
from autograder.exports.returns import participants
from autograder.gradebook.opening import opened
from autograder.gradebook.release import nbgrader_api
from autograder.gradebook.roll import call_roll


class Format(StrEnum):
    """Who reads an export: a key of `EXPORTERS`."""

    CSV = "csv"
    CANVAS = "canvas"
    MOODLE = "moodle"
    JSON = "json"


def export_command(
    to: Annotated[str, typer.Option(help="the file to write, - for the terminal")],
    assignment: Annotated[str, typer.Argument(help="the assignment; or --all")] = "",
    all_assignments: Annotated[bool, typer.Option("--all", help="every assignment")] = False,
    form: Annotated[Format, typer.Option("--format", help="who reads it")] = Format.CSV,
    column: Annotated[
        list[str] | None,
        typer.Option(help="the column in Canvas or Moodle: 01-convolution=NAME (ID)"),
    ] = None,
    worksheet: Annotated[
        str, typer.Option(help="fill in this grading worksheet, downloaded from Moodle")
    ] = "",
    missing_as_zero: Annotated[
        bool, typer.Option("--missing-as-zero", help="0 points for a missing submission")
    ] = False,
    db: Database = "",
) -> None:
    """Write the grades for a spreadsheet, Canvas, Moodle or a program."""
    if bool(assignment) == all_assignments:
        raise ValueError("name one assignment, or say --all")
    course = open_course(assignment, db)
    options: dict[str, Any] = {"missing_as_zero": missing_as_zero}
    options["assignment"] = [assignment] if assignment else []
    if form in (Format.CANVAS, Format.MOODLE):
        options["columns"] = _columns(column or [])
    elif column:
        raise ValueError(f"--column is for canvas and moodle, not for {form}: leave it out")
    if form is Format.MOODLE:
        options["worksheet"] = worksheet
        options["participants"] = participants(course, assignment) if assignment else {}
    elif worksheet:
        raise ValueError(f"--worksheet is Moodle's, not for {form}: say --format moodle")
    _export(course, form, to, options)


def _export(course: Course, form: str, to: str, options: dict[str, Any]) -> None:
    exporter = EXPORTERS[form](to="" if to == STDOUT else to, **options)
    with opened(nbgrader_api(course).coursedir) as gradebook:
        for assignment in options["assignment"] or course.assignments():
            say_differences(call_roll(course, assignment, gradebook))
        grades = exporter.grades(gradebook)
        if to == STDOUT:
            typer.echo(exporter.text(grades), nl=False)
        else:
            exporter.export(gradebook)
    waiting = sum(grade.waiting for grade in grades)
    if waiting:
        note(
            f"{waiting} submissions hold answers that are still to be graded by hand; until then "
            "each counts what it was given before, or else 0"
        )


def _columns(pairs: list[str]) -> dict[str, str]:
    columns = {}
    for pair in pairs:
        assignment, equals, heading = pair.partition("=")
        if not (assignment and equals and heading):
            raise ValueError(f"--column (={pair!r}) must read ASSIGNMENT=HEADING")
        columns[assignment] = heading
    return columns

"""The commands that read what was graded and check the checks; none of them grades."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.assignment import load_assignment
from autograder.cells import changes, known_cells
from autograder.exporters import EXPORTERS
from autograder.grades import waiting_for_hand
from autograder.harmless import plain
from autograder.mutation import try_library
from autograder.recording import complete_recordings
from autograder.redraw import redraw
from autograder.report import handed_in_alike
from autograder.returns import pack_feedback, participants
from autograder.roll import Roll, call_roll
from autograder.run import Graded
from autograder.summary import summarise
from autograder.summary_page import summary_page
from autograder.summary_table import matrix_table, summary_tables
from autograder.table import grades_table
from autograder.transaction import LastingGradebook
from convbook.course import Course
from convbook.gradebook import opened
from convbook.release import nbgrader_api

STDOUT = "-"
console = Console()

AssignmentId = Annotated[str, typer.Argument(help="the assignment, such as 01-convolution")]
Json = Annotated[str, typer.Option("--json", help="write JSON to this file, - for the terminal")]
Database = Annotated[
    str, typer.Option("--db", help="the gradebook, such as postgresql://USER@HOST/NAME")
]


class Format(StrEnum):
    """Who reads an export: a key of `EXPORTERS`."""

    CSV = "csv"
    CANVAS = "canvas"
    MOODLE = "moodle"
    JSON = "json"


def report_command(
    assignment: AssignmentId,
    html: Annotated[Path | None, typer.Option(help="write one self-contained page instead")] = None,
    json_file: Json = "",
    db: Database = "",
) -> None:
    """Show how the class did: scores, checks, misconceptions, who needs a look."""
    course = _course(assignment, db)
    loaded = load_assignment(course, assignment)
    with opened(nbgrader_api(course).coursedir) as gradebook:
        roll = call_roll(course, assignment, gradebook)
        waiting = waiting_for_hand(gradebook, assignment)
        changed = changes(known_cells(gradebook, assignment) or {}, loaded)
    _require_reports(roll, course, assignment)
    if changed:
        _note(f"changed after it was graded: {'; '.join(changed)}: autograder regrade {assignment}")
    alike = handed_in_alike(course, assignment, roll.reports)
    summary = summarise(loaded, roll.reports, waiting, roll.differences, alike)
    if html:
        write(html, summary_page(summary, roll.reports))
        console.print(f"wrote {html}", soft_wrap=True)
    if json_file:
        _json(json_file, summary.to_dict())
    if not html and not json_file:
        graded = [Graded(student, one, None) for student, one in roll.reports.items()]
        console.print(grades_table(loaded, graded))
        for part in summary_tables(summary):
            console.print(part)


def feedback_command(
    assignment: AssignmentId,
    student: Annotated[str, typer.Option(help="only the page of this student")] = "",
    to_zip: Annotated[
        Path | None, typer.Option("--zip", help="pack them for Canvas or Moodle to take back")
    ] = None,
    db: Database = "",
) -> None:
    """Make the feedback pages again, with the points and comments of the gradebook."""
    course = _course(assignment, db)
    coursedir = nbgrader_api(course).coursedir
    with opened(coursedir, LastingGradebook) as gradebook:
        roll = call_roll(course, assignment, gradebook)
        _say_differences(roll)
        graded = [one for one in roll.with_notebook if student in ("", one)]
        if not graded:
            who = f"student (={student!r})" if student else assignment
            raise ValueError(
                f"{who} has no graded submission of {assignment}: run autograder grade"
            )
        made = dict(redraw(coursedir, gradebook, assignment, graded))
    failed = {who: fault for who, fault in made.items() if fault}
    for who, fault in failed.items():
        _note(f"the page of {who} stays as it was: {fault}")
    pages = len(made) - len(failed)
    console.print(f"{pages} feedback pages are in {course.grading / 'feedback'}", soft_wrap=True)
    if to_zip:
        pack_feedback(course, assignment, graded, to_zip)
        console.print(f"wrote {to_zip}", soft_wrap=True)
    if failed:
        raise typer.Exit(1)


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
    course = _course(assignment, db)
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


def mutate_command(
    assignment: AssignmentId,
    seeds: Annotated[int, typer.Option(min=1, help="how many sets of random inputs")] = 1,
    json_file: Json = "",
) -> None:
    """Try the checks on the named wrong and other right implementations, in the jail."""
    course = _course(assignment)
    columns = (TextColumn("trying"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("trying")

        def start(total: int) -> None:
            progress.update(task, total=total)

        tried = try_library(
            course, assignment, range(seeds), start, lambda _: progress.advance(task)
        )
    problems = [f"{t.implementation.name} {problem}" for t in tried for problem in t.problems]
    if json_file:
        _json(json_file, {"assignment": assignment, "problems": problems} | _trials(tried))
    else:
        console.print(matrix_table(assignment, tried))
        for problem in problems:
            console.print(f"[red]✗[/red] {escape(problem)}", highlight=False, soft_wrap=True)
        good = len(tried) - sum(bool(item.problems) for item in tried)
        inputs = "one set" if seeds == 1 else f"{seeds} sets"
        console.print(f"{good} of {len(tried)} as intended, with {inputs} of random inputs")
    if problems:
        raise typer.Exit(1)


def write(path: Path, text: str) -> None:
    """Write ``text`` to ``path``.

    Raises:
        ValueError: there is no such folder.
    """
    if not path.parent.is_dir():
        raise ValueError(f"{path}: there is no folder {path.parent}: make it first")
    path.write_text(text, encoding="utf-8")


def _course(assignment: str, db: str = "") -> Course:
    """Return the course, whose gradebook is at ``db``; no ``assignment`` means all of them."""
    if db:
        os.environ["CONVBOOK_DB"] = db
    course = Course.find()
    if assignment:
        course.solution(assignment)  # a wrong id is named before anything is done
    _complete(course, [assignment] if assignment else course.assignments())
    return course


def _complete(course: Course, assignments: list[str]) -> None:
    """End what a run that was killed had begun to record, so that all commands say the same."""
    faults = [line for one in assignments for line in complete_recordings(course, one)]
    if faults:
        raise ValueError("\n".join([*faults, "mend that first, then say the same again"]))


def _require_reports(roll: Roll, course: Course, assignment: str) -> None:
    if roll.reports:
        return
    _say_differences(roll)
    folder = course.grading / "reports" / assignment
    raise ValueError(
        f"{folder} holds no reports of students that the gradebook knows: "
        f"run autograder grade {assignment} --submissions DIR first"
    )


def _say_differences(roll: Roll) -> None:
    for line in roll.lines():
        _note(line)


def _note(text: str) -> None:
    Console(stderr=True).print(
        f"[yellow]note:[/yellow] {escape(plain(text))}", highlight=False, soft_wrap=True
    )


def _export(course: Course, form: str, to: str, options: dict[str, Any]) -> None:
    exporter = EXPORTERS[form](to="" if to == STDOUT else to, **options)
    with opened(nbgrader_api(course).coursedir) as gradebook:
        for assignment in options["assignment"] or course.assignments():
            _say_differences(call_roll(course, assignment, gradebook))
        grades = exporter.grades(gradebook)
        if to == STDOUT:
            typer.echo(exporter.text(grades), nl=False)
        else:
            exporter.export(gradebook)
    waiting = sum(grade.waiting for grade in grades)
    if waiting:
        _note(
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


def _trials(tried: list[Any]) -> dict[str, Any]:
    return {"implementations": [item.to_dict() for item in tried]}


def _json(target: str, data: dict[str, Any]) -> None:
    text = json.dumps(data, indent=1, ensure_ascii=target == STDOUT) + os.linesep
    if target == STDOUT:  # a terminal obeys some of what a file may hold
        typer.echo(text, nl=False)
    else:
        write(Path(target), text)


COMMANDS: dict[str, Callable[..., None]] = {
    "report": report_command,
    "feedback": feedback_command,
    "export": export_command,
    "mutate": mutate_command,
}

"""The command ``autograder report``: how the class did."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.assignments.assignment import load_assignment
from autograder.assignments.course import Course
from autograder.commands.common import (
    AssignmentId,
    Database,
    Json,
    console,
    note,
    open_course,
    say_differences,
    write,
    write_json,
)
from autograder.commands.table import grades_table
from autograder.gradebook.cells import changes, known_cells
from autograder.gradebook.grades import waiting_for_hand
from autograder.gradebook.opening import opened
from autograder.gradebook.release import nbgrader_api
from autograder.gradebook.roll import Roll, call_roll
from autograder.grading.kept import handed_in_alike
from autograder.run import Graded
from autograder.summary.page import links, summary_page
from autograder.summary.summary import summarise
from autograder.summary.tables import summary_tables


def report_command(
    assignment: AssignmentId,
    html: Annotated[Path | None, typer.Option(help="write one self-contained page instead")] = None,
    json_file: Json = "",
    db: Database = "",
) -> None:
    """Show how the class did: scores, checks, misconceptions, who needs a look."""
    course = open_course(assignment, db)
    loaded = load_assignment(course, assignment)
    with opened(nbgrader_api(course).coursedir) as gradebook:
        roll = call_roll(course, assignment, gradebook)
        waiting = waiting_for_hand(gradebook, assignment)
        changed = changes(known_cells(gradebook, assignment) or {}, loaded)
    _require_reports(roll, course, assignment)
    if changed:
        note(f"changed after it was graded: {'; '.join(changed)}: autograder regrade {assignment}")
    alike = handed_in_alike(course, assignment, roll.reports)
    summary = summarise(loaded, roll.reports, waiting, roll.differences, alike)
    if html:
        folder = course.grading / "feedback"
        pages = ((who, folder / who / assignment / f"{assignment}.html") for who in roll.reports)
        write(html, summary_page(summary, roll.reports, links(pages, html)))
        console.print(f"wrote {html}", soft_wrap=True)
    if json_file:
        write_json(json_file, summary.to_dict())
    if not html and not json_file:
        graded = [Graded(student, one, None) for student, one in roll.reports.items()]
        console.print(grades_table(loaded, graded))
        for part in summary_tables(summary):
            console.print(part)


def _require_reports(roll: Roll, course: Course, assignment: str) -> None:
    if roll.reports:
        return
    say_differences(roll)
    folder = course.grading / "reports" / assignment
    raise ValueError(
        f"{folder} holds no reports of students that the gradebook knows: "
        f"run autograder grade {assignment} --submissions DIR first"
    )

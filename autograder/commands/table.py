"""The result of a run as a table in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from autograder.assignments.assignment import TEST_PREFIX, Assignment
from autograder.grading.report import Report, Verdict
from autograder.harmless.text import one_line
from autograder.run import Graded

NOTE = 90  # characters of what is to note
STYLES = {
    Verdict.PASSED: "green",
    Verdict.WRONG: "yellow",
    Verdict.LOOK: "yellow",
    Verdict.NOT_RUN: "dim",
}


def grades_table(assignment: Assignment, graded: Sequence[Graded]) -> Table:
    """Return a table with a row per student: points per function, sum, verdict, what to note."""
    total = sum(test.points for test in assignment.tests)
    count = "1 submission" if len(graded) == 1 else f"{len(graded)} submissions"
    table = Table(title=f"{assignment.id}: {count}", caption=_legend(assignment))
    table.add_column("student", no_wrap=True)
    table.add_column("points", no_wrap=True)
    table.add_column(f"of {total:g}", justify="right", style="bold", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    if assignment.files:
        table.add_column("files", no_wrap=True)
    table.add_column("to note", ratio=1)
    for item in graded:
        table.add_row(*_row(assignment, item))
    return table


def _legend(assignment: Assignment) -> str:
    parts = (f"{t.grade_id.removeprefix(TEST_PREFIX)} {t.points:g}" for t in assignment.tests)
    legend = f"points: {' · '.join(parts)}"
    by_hand = assignment.by_hand
    return legend + (f"; {by_hand:g} more by hand in formgrader" if by_hand else "")


def _row(assignment: Assignment, item: Graded) -> list[str]:
    student, files = one_line(item.student), [""] if assignment.files else []
    if item.report is None:
        return [student, "", "", "[red]our fault[/red]", *files, "told below the table"]
    report = item.report
    scores = (
        sum(result.score for result in report.of(test.grade_id.removeprefix(TEST_PREFIX)))
        for test in assignment.tests
    )
    style = STYLES.get(report.verdict, "red")
    verdict = f"[{style}]{report.verdict}[/{style}]"
    points = " · ".join(f"{score:g}" for score in scores)
    if assignment.files:
        files = ["\n".join(one_line(str(file)) for file in report.files)]
    return [student, points, f"{report.score:g}", verdict, *files, _note(report)]


def _note(report: Report) -> str:
    """Return the first notice, else the hint names: what an instructor wants to see at once."""
    if report.notices:
        first = report.notices[0]
        text = f"{first.cell}: {first.text}" if first.cell else first.text
        more = f" (+{len(report.notices) - 1} more)" if len(report.notices) > 1 else ""
        return one_line(text, NOTE) + more
    hints = dict.fromkeys(result.hint for result in report.results if result.hint)
    failed = dict.fromkeys(r.reason for r in report.results if r.verdict is not Verdict.PASSED)
    return one_line(", ".join(hints) or next(iter(failed), ""), NOTE)

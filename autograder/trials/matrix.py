"""What came of the library as a table in the terminal: a row for each implementation."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill

from rich.table import Table
from rich.text import Text

from autograder.grading.report import Result, Verdict
from autograder.summary.tables import wide_table
from autograder.trials.mutation import Tried

NO_BREAK = "\N{NO-BREAK SPACE}"
HINT = 18  # characters of a line of hints, broken at hyphens
MARKS = {
    Verdict.PASSED: "·",
    Verdict.WRONG: "w",
    Verdict.LOOK: "?",
    Verdict.ERROR: "e",
    Verdict.TIMED_OUT: "t",
    Verdict.OUT_OF_MEMORY: "m",
    Verdict.DIED: "d",
    Verdict.TAMPERED: "!",
    Verdict.NOT_RUN: "-",
}


def matrix_table(assignment: str, tried: Sequence[Tried]) -> Table:
    """Return a row per implementation: a mark per check, the hints, whether all is as intended."""
    words = (f"{mark} {verdict}".replace(" ", NO_BREAK) for verdict, mark in MARKS.items())
    legend = "  ".join(words)
    table = wide_table(f"{assignment}: {len(tried)} implementations", caption=legend)
    table.add_column("", no_wrap=True)
    table.add_column("implementation", ratio=1, overflow="fold")
    table.add_column("checks", no_wrap=True)
    table.add_column("hints named", no_wrap=True)
    for kind in dict.fromkeys(item.kind for item in tried):
        for item in (item for item in tried if item.kind == kind):
            trial = next((t for t in item.trials if t.seed in item.bad_seeds), item.trials[0])
            mark = "[red]✗[/red]" if item.problems else "[green]✓[/green]"
            style = "red" if item.problems else "dim" if kind == "right" else ""
            name = Text(item.implementation.name, style=style)
            table.add_row(mark, name, _marks(trial.results), fill(", ".join(trial.hints), HINT))
        table.add_section()
    return table


def _marks(results: Sequence[Result]) -> Text:
    """Return a mark per check, the functions apart."""
    text = Text()
    function = results[0].function if results else ""
    for result in results:
        if result.function != function:
            text.append(" ")
        function = result.function
        passed = result.verdict is Verdict.PASSED
        text.append(MARKS[result.verdict], style="dim" if passed else "bold yellow")
    return text

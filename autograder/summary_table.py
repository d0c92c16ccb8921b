"""A summary of a class, and the matrix of the library, as tables in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import fill

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from autograder.harmless import one_line
from autograder.mutation import Tried
from autograder.report import Result, Verdict
from autograder.summary import Bar, Summary

NO_BREAK = "\N{NO-BREAK SPACE}"
BAR = 24  # characters of a full bar
HINT = 18  # characters of a line of hints, broken at hyphens
SENTENCES = 500  # characters of a longer text
NAMES = 6  # students named in one line
MARKS = {
    Verdict.PASSED: "·",
    Verdict.WRONG: "w",
    Verdict.ERROR: "e",
    Verdict.TIMED_OUT: "t",
    Verdict.OUT_OF_MEMORY: "m",
    Verdict.DIED: "d",
    Verdict.TAMPERED: "!",
    Verdict.NOT_RUN: "-",
}


def summary_tables(summary: Summary) -> Iterator[RenderableType]:
    """Yield what an instructor reads after the table of the class; empty parts are left out."""
    yield _scores(summary)
    yield _checks(summary)
    if summary.misconceptions:
        yield _misconceptions(summary)
    if summary.looks or summary.waiting:
        yield _looks(summary)


def matrix_table(assignment: str, tried: Sequence[Tried]) -> Table:
    """Return a row per implementation: a mark per check, the hints, whether all is as intended."""
    words = (f"{mark} {verdict}".replace(" ", NO_BREAK) for verdict, mark in MARKS.items())
    legend = "  ".join(words)
    table = _table(f"{assignment}: {len(tried)} implementations", caption=legend)
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


def _table(title: str, caption: str | None = None) -> Table:
    look = {"title_justify": "left", "caption_justify": "left", "title_style": "bold"}
    return Table(title=title, caption=caption, box=None, expand=True, padding=(0, 2, 0, 0), **look)  # type: ignore[arg-type]


def _scores(summary: Summary) -> Table:
    caption = f"mean {summary.mean:.1f}   median {summary.median:g}   full {summary.full}"
    table = _table(f"\nPoints of the checks, of {summary.points:g}", caption)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("submissions", ratio=1)
    most = max(bar.count for bar in summary.distribution)
    for empty, bars in groupby(reversed(summary.distribution), lambda bar: not bar.count):
        group = list(bars)
        for low, high in [(group[-1], group[0])] if empty else zip(group, group, strict=True):
            length = _bar(high.count / most, str(high.count or ""))
            table.add_row(_range(low.low, high), length)
    return table


def _range(low: float, last: Bar) -> str:
    """Return the scores from ``low`` to those of ``last``, whose own upper end is not in it."""
    high = last.low if last.high - last.low <= 1 else last.high
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _checks(summary: Summary) -> Table:
    table = _table("\nWho passed each check")
    table.add_column("check", ratio=1)
    table.add_column("passed", no_wrap=True, width=BAR // 2 + 5)
    for check in summary.checks:
        share = _bar(check.rate, f"{check.rate:.0%}", BAR // 2)
        table.add_row(one_line(check.sentence), share)
    return table


def _misconceptions(summary: Summary) -> Table:
    table = _table("\nThe commonest misconceptions")
    table.add_column("students", justify="right", no_wrap=True)
    table.add_column("hint", overflow="fold", max_width=24)
    table.add_column("what they read", ratio=1)
    for item in summary.misconceptions:
        table.add_row(str(len(item.students)), one_line(item.name), one_line(item.text, SENTENCES))
    return table


def _looks(summary: Summary) -> Table:
    table = _table("\nWho needs a look, and why")
    table.add_column("why", no_wrap=True)
    table.add_column("who", max_width=24)
    table.add_column("detail", ratio=1)
    for look in summary.looks:
        table.add_row(
            f"[red]{look.why}[/red]", one_line(look.student), one_line(look.detail, SENTENCES)
        )
    for cell, students in summary.waiting.items():
        detail = f"{cell} is to be graded by hand, in formgrader"
        table.add_row("waiting", one_line(_names(students)), one_line(detail))
    return table


def _names(students: Sequence[str]) -> str:
    more = len(students) - NAMES
    return ", ".join(students[:NAMES]) + (f" and {more} more" if more > 0 else "")


def _bar(share: float, label: str, width: int = BAR) -> Text:
    return Text.assemble(("█" * round(share * width), "cyan"), " ", label)

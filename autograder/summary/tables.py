"""A summary of a class as tables in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from autograder.harmless.text import one_line
from autograder.summary.summary import Bar, Summary

BAR = 24  # characters of a full bar
SENTENCES = 500  # characters of a longer text
NAMES = 6  # students named in one line


def summary_tables(summary: Summary) -> Iterator[RenderableType]:
    """Yield what an instructor reads after the table of the class; empty parts are left out."""
    yield _scores(summary)
    yield _checks(summary)
    if summary.misconceptions:
        yield _misconceptions(summary)
    if summary.looks or summary.waiting:
        yield _looks(summary)


def wide_table(title: str, caption: str | None = None) -> Table:
    """Return an empty table as wide as the terminal, without lines."""
    look = {"title_justify": "left", "caption_justify": "left", "title_style": "bold"}
    return Table(title=title, caption=caption, box=None, expand=True, padding=(0, 2, 0, 0), **look)  # type: ignore[arg-type]


def _scores(summary: Summary) -> Table:
    caption = f"mean {summary.mean:.1f}   median {summary.median:g}   full {summary.full}"
    table = wide_table(f"\nPoints of the checks, of {summary.points:g}", caption)
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
    table = wide_table("\nWho passed each check")
    table.add_column("check", ratio=1)
    table.add_column("passed", no_wrap=True, width=BAR // 2 + 5)
    for check in summary.checks:
        share = _bar(check.rate, f"{check.rate:.0%}", BAR // 2)
        table.add_row(one_line(check.sentence), share)
    return table


def _misconceptions(summary: Summary) -> Table:
    table = wide_table("\nThe commonest misconceptions")
    table.add_column("students", justify="right", no_wrap=True)
    table.add_column("hint", overflow="fold", max_width=24)
    table.add_column("what they read", ratio=1)
    for item in summary.misconceptions:
        table.add_row(str(len(item.students)), one_line(item.name), one_line(item.text, SENTENCES))
    return table


def _looks(summary: Summary) -> Table:
    table = wide_table("\nWho needs a look, and why")
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

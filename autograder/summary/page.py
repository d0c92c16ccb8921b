"""A summary of a class as one HTML file: no script, no request, light and dark."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.feedback.page import PAGES, points, style
from autograder.grading.report import Report
from autograder.summary.summary import Summary

WIDTH, HEIGHT = 360, 150  # of the plot, in units; small, so that its text is readable on a phone
NO_PAGES: Mapping[str, str] = MappingProxyType({})
BASE, TOP = 22, 16  # room for the labels below and above the bars


def summary_page(
    summary: Summary, reports: Mapping[str, Report], pages: Mapping[str, str] = NO_PAGES
) -> str:
    """Return the page of ``summary``; ``reports`` fill its table of students.

    Everything is escaped by the template engine: file names and texts of students are only text.

    Args:
        summary: the numbers.
        reports: by student.
        pages: the address of a student's feedback page, where there is one.
    """
    environment = Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["points"] = points
    return environment.get_template("summary.html.j2").render(
        summary=summary,
        reports=reports,
        pages=pages,
        style=style(),
        bars=_bars(summary),
        size=(WIDTH, HEIGHT),
        base=HEIGHT - BASE,
    )


def links(pages: Iterable[tuple[str, Path]], target: Path) -> dict[str, str]:
    """Return how the page ``target`` links to the feedback page of each student who has one."""
    here = target.resolve().parent
    return {
        student: quote(Path(os.path.relpath(page.resolve(), here)).as_posix())
        for student, page in pages
        if page.is_file()
    }


def _bars(summary: Summary) -> list[dict[str, object]]:
    """Return where each bar of the distribution stands, in the units of the plot."""
    step = WIDTH / len(summary.distribution)
    most = max(bar.count for bar in summary.distribution)
    every = -(-len(summary.distribution) // 10)  # as many labels as fit
    last = len(summary.distribution) - 1
    bars = []
    for number, bar in enumerate(summary.distribution):
        height = (HEIGHT - BASE - TOP) * bar.count / most
        named = number == last or (number % every == 0 and last - number >= every)
        bars.append(
            {
                "x": round(number * step + step * 0.1, 1),
                "width": round(step * 0.8, 1),
                "y": round(HEIGHT - BASE - height, 1),
                "height": round(height, 1),
                "middle": round((number + 0.5) * step, 1),
                "count": bar.count,
                "label": points(bar.low) if named else "",
            }
        )
    return bars

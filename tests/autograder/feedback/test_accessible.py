"""Feedback pages and the page of a class as axe-core sees them, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from playwright.sync_api import Browser

from autograder.assignments.assignment import Assignment
from autograder.feedback.page import focusable_markdown, shown_output
from autograder.feedback.verdicts import verdicts_html
from autograder.grading.report import Report
from autograder.summary.page import summary_page
from autograder.summary.summary import summarise
from autograder.trials.sample_class import CHEAT
from tests.autograder.notebooks import add_cell, cell_of
from tests.autograder.pages import feedback_page
from tests.autograder.reports import made_up_assignment, report
from tests.browser.axe import found_by_axe
from tests.browser.visiting import visit
from tests.serving import served

TABLE = "| | a |\n|---|---|\n| b | " + "wide " * 9 + "`" + "x" * 200 + "` |\n\n```\n" + "y" * 300
COLOURS = "".join(f"\\x1b[38;5;{n}m{n} " for n in range(0, 256, 15)) + "\\x1b[1;31mbold"
WRONG = "def conv1d(x, w, mode='full'):\n    return np.correlate(x, w, mode)"
Change = Callable[[NotebookNode], object]


def strange(notebook: NotebookNode) -> None:
    """Write what is wide, coloured and without words."""
    notebook.cells.append(new_markdown_cell(TABLE))
    add_cell(notebook, f"print('{COLOURS}')\nprint('z' * 500)\nraise ValueError('v' * 300)")


CHANGES: dict[str, Change] = {
    "solved": lambda notebook: None,
    "wrong": lambda notebook: cell_of(notebook, "conv1d").update(source=WRONG),
    "raising": lambda notebook: cell_of(notebook, "conv2d").update(source="def conv2d(a): b"),
    "strange": strange,
    "patched": lambda notebook: add_cell(notebook, CHEAT, place=0),
}


@pytest.mark.jail
@pytest.mark.browser
@pytest.mark.parametrize("case", CHANGES)
def test_when_axe_looks_at_a_feedback_page_then_it_finds_nothing(
    case: str,
    assignment: Assignment,
    right: NotebookNode,
    graded: Callable[..., Report],
    browser: Browser,
    tmp_path: Path,
) -> None:
    CHANGES[case](right)
    page = feedback_page(assignment, graded(right), right)
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    require_accessible(browser, tmp_path)


@pytest.mark.browser
def test_when_a_screen_is_wide_then_the_words_of_a_check_have_the_room(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_text(verdicts_html(report().results), encoding="utf-8")
    with (
        served(tmp_path) as address,
        visit(browser, f"{address}/page.html", viewport={"width": 900, "height": 600}) as (page, _),
    ):
        boxes = [cell.bounding_box() for cell in page.locator("tbody tr:first-child td").all()]
    widths = [box["width"] for box in boxes if box]
    assert widths[1] > 3 * max(widths[0], widths[2])


@pytest.mark.browser
def test_when_axe_looks_at_the_page_of_a_class_then_it_finds_nothing(
    browser: Browser, tmp_path: Path
) -> None:
    reports = {f"student-{n:02}": report() for n in range(1, 4)}
    summary = summarise(made_up_assignment(), reports, {"why": ["student-01"]})
    page = summary_page(summary, reports, {"student-01": "feedback/student-01.html"})
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    require_accessible(browser, tmp_path)


def require_accessible(browser: Browser, folder: Path) -> None:
    """Require that axe finds nothing on a screen and on a phone, in light and in dark."""
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            options = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
            with (
                served(folder) as address,
                visit(browser, f"{address}/page.html", bypass_csp=True, **options) as (page, _),
            ):
                page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                assert found_by_axe(page) == []
                assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_when_a_head_of_a_table_has_no_words_then_it_is_a_cell() -> None:
    shown = focusable_markdown(TABLE)
    assert len(re.findall("<th[ >]", shown)) == 1
    assert shown.count("<td") == 3
    assert '<div class="scroll" tabindex="0"><table>' in shown


def test_when_a_text_has_colours_of_its_own_then_the_page_keeps_its_own() -> None:
    shown = shown_output('\x1b[38;5;22mdark\x1b[0m <b style="x"> \x1b[38;2;1;2;3mdarker')
    assert shown.startswith("<span>dark</span> &lt;b style=&#34;x&#34;&gt; <span>")

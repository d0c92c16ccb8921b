"""The page that a student gets back: complete, harmless, silent on the network."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_raw_cell
from playwright.sync_api import Browser
from typer.testing import CliRunner

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.cli import app
from autograder.feedback.page import FeedbackExporter
from autograder.feedback.verdicts import notices_markdown, verdicts_html
from autograder.grading.report import Notice, Report, Result, Verdict
from autograder.trials.implementations import load_implementations, with_implementation
from tests.autograder.notebooks import add_cell, cell_of
from tests.autograder.pages import feedback_page
from tests.browser.visiting import visit
from tests.serving import served

ATTACK = "</pre></td><script>document.title = 'taken'</script><img src=x onerror=alert(1)>"
RAISES = f"def conv1d(x, w, mode='full'):\n    raise ValueError({ATTACK!r})\n"
RETURNS = f"def cross_correlate2d(image, kernel):\n    return {ATTACK!r}\n"
DISPLAYS = f"""\
from IPython.display import HTML, display
print({ATTACK!r})
display(HTML({ATTACK!r}), {{"image/png": {'"' + ATTACK!r}}}, {{"text/html": {ATTACK!r}}})
display({{"image/png": {'"' + ATTACK!r}, "text/plain": {ATTACK!r}}}, raw=True)
{ATTACK!r}
"""
MARKDOWN = f"""\
{ATTACK}

<style>body {{ display: none }}</style> <form action="https://example.org"><input></form>
![spy](https://example.org/spy.png) [go](javascript:alert(1)) <iframe src="https://example.org">
| a | b |
|---|---|
| $x^2$ | `c` |
"""


@pytest.fixture
def hostile(right: NotebookNode) -> NotebookNode:
    """A notebook that puts markup wherever a student can write."""
    cell_of(right, "conv1d").source = RAISES
    cell_of(right, "cross_correlate2d").source = RETURNS
    cell_of(right, "explain_flip").source = MARKDOWN
    right.cells += [new_markdown_cell(MARKDOWN), new_raw_cell(ATTACK)]
    add_cell(right, DISPLAYS)
    return add_cell(right, f"raise RuntimeError({ATTACK!r})")


@pytest.mark.jail
@pytest.mark.browser
def test_when_a_student_writes_markup_everywhere_then_the_page_shows_it_as_text(
    assignment: Assignment,
    hostile: NotebookNode,
    graded: Callable[..., Report],
    tmp_path: Path,
    browser: Browser,
) -> None:
    page = feedback_page(assignment, graded(hostile), hostile)
    assert not re.search(r"<(script|iframe|form|input|link|object|img src=[^d])", page)
    assert page.count("<style") == page.count("</style") == 5, "the page's and one per function"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    phone = {"viewport": {"width": 390, "height": 844}}
    with (
        served(tmp_path) as address,
        visit(browser, f"{address}/page.html", **phone) as (shown, faults),
    ):
        assert shown.title() == "Feedback: 01-convolution"
        assert shown.evaluate("document.documentElement.scrollWidth") <= 390
        assert shown.locator("script, iframe, form, [onerror], [src^=http]").count() == 0
        text = shown.locator("main").text_content() or ""
        assert text.count("<script>document.title = 'taken'</script>") >= 9
        assert shown.locator("td math msup").first.text_content() == "x2"
    assert [fault for fault in faults if "favicon" not in fault] == []


@pytest.mark.jail
def test_when_a_visible_test_fails_then_its_table_is_shown_and_its_markup_is_text(
    assignment: Assignment, right: NotebookNode, graded: Callable[..., Report]
) -> None:
    cell_of(right, "conv1d").source = RAISES
    page = feedback_page(assignment, graded(right), right)
    panel = page.partition('id="test_conv1d"')[2].partition("</section>")[0]
    shown = unescape(panel.partition("The visible test")[2])
    assert "visible test: conv1d: 0 of 9 tests passed\n✗ full: the sums of the table" in shown
    assert f"it raised ValueError: {ATTACK} (line 2: raise ValueError(" in shown
    assert "VisibleTestsFailed: 9 of 9 tests of conv1d failed" in shown
    assert "<script" not in panel


@pytest.mark.jail
def test_when_cells_draw_then_the_page_shows_the_pictures(
    assignment: Assignment, right: NotebookNode, graded: Callable[..., Report]
) -> None:
    page = feedback_page(assignment, graded(right), right)
    assert page.count('src="data:image/png;base64,') == 2


@pytest.mark.jail
def test_when_a_check_fails_then_the_page_says_what_was_asked_and_what_must_be(
    course: Course, assignment: Assignment, right: NotebookNode, graded: Callable[..., Report]
) -> None:
    (wrong,) = (
        i
        for i in load_implementations(course, assignment.id, "wrong")
        if i.name == "conv2d_kernel_not_flipped"
    )
    right = with_implementation(right, wrong)
    report = graded(right, seed=987654321)
    page = feedback_page(assignment, report, right)
    failed = next(r for r in report.results if r.verdict is Verdict.WRONG)
    for said in ("asked", "what came back", "it returned", "must be", failed.hint, failed.sentence):
        assert said in page
    assert failed.asked.splitlines()[-1] in page
    assert "987654321" not in page
    assert "seed" not in page


def test_when_a_page_is_made_then_each_function_has_a_line_and_a_total(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    page = feedback_page(assignment, _passed(assignment), untouched)
    top = page[page.index("<table") : page.index("</table")]
    rows = re.findall(r"<tr.*?</tr>", top, flags=re.DOTALL)
    words = [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in rows]
    assert words == [
        "conv1d 1 of 1 checks passed 5 / 5",
        "cross_correlate2d 1 of 1 checks passed 3 / 3",
        "conv2d 1 of 1 checks passed 3 / 3",
        "filter_image 1 of 1 checks passed 6 / 6",
        "explain_flip still to be graded – / 3",
        "total so far 17 / 20",
    ]


def test_when_a_person_has_graded_and_commented_then_the_page_shows_both(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    untouched.cells[-1].metadata.nbgrader["comment"] = "**Well** said <script>alert(1)</script>"
    page = feedback_page(assignment, _passed(assignment), untouched, waiting=False)
    assert "<strong>Well</strong> said" in page
    assert "<script" not in page
    assert "graded by hand" in page


def test_when_a_notice_holds_markdown_then_it_stays_one_block_of_plain_text() -> None:
    text = "![x](https://example.org/x.png)\n\n<script>alert(1)</script>\n# heading"
    shown = notices_markdown([Notice(Verdict.ERROR, "cell 3", text)])
    assert "\n" not in shown
    assert shown.startswith("<div>")
    assert "<script" not in shown
    page, _ = FeedbackExporter().from_notebook_node(
        NotebookNode(nbformat=4, nbformat_minor=5, metadata={}, cells=[new_markdown_cell(shown)]),
        {"nbgrader": {"notebook": "n", "score": 0, "max_score": 0}, "feedback": {"style": ""}},
    )
    assert "![x](https://example.org/x.png) &lt;script&gt;" in page


def test_when_a_verdict_is_shown_then_every_text_is_escaped() -> None:
    payload = dict.fromkeys(("asked", "reason", "expected", "actual", "hint", "hint_text"), ATTACK)
    shown = verdicts_html([Result("f", "n", ATTACK, 1.0, Verdict.WRONG, **payload)])
    assert "<script" not in shown
    assert "<img" not in shown
    assert shown.count("&lt;script&gt;") == 7


def test_when_feedback_is_asked_for_before_grading_then_the_error_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path))
    done = CliRunner().invoke(app, ["feedback", "01-convolution"], env={"COLUMNS": "200"})
    assert done.exit_code == 2
    assert "has no graded submission of 01-convolution: run autograder grade" in done.stdout


def _passed(assignment: Assignment) -> Report:
    results = (
        Result(test.grade_id.removeprefix("test_"), "all", "it works", test.points, Verdict.PASSED)
        for test in assignment.tests
    )
    return Report(assignment.id, 1, tuple(results))

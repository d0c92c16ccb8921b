"""Feedback accuses nobody: it says what differs, and what a death or a loop cost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from nbformat import NotebookNode

from autograder.assignments.assignment import Assignment
from autograder.feedback.verdicts import STOPPED, notices_markdown, verdicts_html
from autograder.grading.report import Notice, Report, Result, Verdict
from autograder.grading.submission import restore
from tests.autograder.notebooks import add_cell, cell_of
from tests.autograder.pages import feedback_page

ACCUSING = ("tamper", "cheat", "forge", "manipulat", "hostile")
CHANGES: dict[str, Callable[[NotebookNode], object]] = {
    "a blank line and a word": lambda cell: cell.update(source=f"\n# mine\n{cell.source}"),
    "a tag": lambda cell: cell.metadata.update(tags=["skip-execution"]),
    "another lock": lambda cell: cell.metadata.nbgrader.update(locked=False),
    "another kind": lambda cell: cell.update(cell_type="raw"),
    "another name": lambda cell: cell.metadata.nbgrader.update(grade_id="mine"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_when_a_cell_was_changed_then_the_page_says_what_differs_and_accuses_nobody(
    case: str, assignment: Assignment, untouched: NotebookNode
) -> None:
    CHANGES[case](cell_of(untouched, "test_conv1d"))
    shown = notices_markdown(restore(assignment, untouched))
    assert "<strong>not as released</strong>" in shown
    assert "What is not as released was graded as released, and costs nothing." in shown
    assert not [word for word in ACCUSING if word in shown.lower()]


def test_when_a_line_of_a_locked_cell_was_changed_then_both_lines_are_told(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    cell = cell_of(untouched, "setup")
    cell.source = cell.source.replace("import numpy as np", "import numpy")
    (notice,) = restore(assignment, untouched)
    assert "line 2 was handed out as 'import numpy as np' and reads 'import numpy'" in notice.text


def test_when_an_answer_cannot_be_read_then_its_row_accuses_nobody() -> None:
    shown = verdicts_html([Result("f", "n", "f adds", 1.0, Verdict.TAMPERED, reason="no message")])
    assert "✗ not readable" in shown
    assert "tamper" not in shown


def test_when_several_cells_were_changed_alike_then_they_share_a_line() -> None:
    notices = [Notice(Verdict.TAMPERED, f"test_{n}", "it carries a tag") for n in "abc"]
    shown = notices_markdown(notices)
    assert shown.count("<li>") == 1
    assert "<code>test_a</code>, <code>test_b</code>, <code>test_c</code>" in shown


@pytest.mark.parametrize("verdict", STOPPED)
@pytest.mark.parametrize(
    ("others", "said"),
    [
        ([Verdict.PASSED], "No points were lost by it: every check passed."),
        ([Verdict.WRONG], "The checks ran without this cell; none of them was stopped."),
        ([None, None], "Checks of f0, f1 were stopped as well: 4 points were lost."),
    ],
)
def test_when_a_cell_was_stopped_then_the_page_says_whether_points_were_lost(
    verdict: Verdict, others: list[Verdict | None], said: str
) -> None:
    results = [Result(f"f{n}", "n", "s", 2.0, other or verdict) for n, other in enumerate(others)]
    assert said in notices_markdown([Notice(verdict, "cell 3", "it ended")], results)


@pytest.mark.jail
def test_when_the_kernel_died_in_a_cell_of_ones_own_then_the_page_says_that_nothing_was_lost(
    assignment: Assignment, right: NotebookNode, graded: Callable[..., Report]
) -> None:
    add_cell(right, "import os\nos._exit(0)")
    page = feedback_page(assignment, graded(right), right)
    assert "No points were lost by it: every check passed." in page

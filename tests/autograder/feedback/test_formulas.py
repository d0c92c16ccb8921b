"""Formulas on a feedback page: drawn and said where they are harmless, else as written."""

from __future__ import annotations

import re

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.feedback.page import FeedbackExporter, style
from autograder.feedback.shown import make_harmless
from autograder.harmless.limits import FORMULAS
from autograder.harmless.markup import BLOCK, PROCESS, markdown_html

RESOURCES = {
    "nbgrader": {"notebook": "n", "score": 0, "max_score": 1, "late_penalty": 0},
    "feedback": {"waiting": False, "style": style()},
}
FORGED = f'<span class="{PROCESS}">'


def page_of(*sources: str) -> str:
    notebook = new_notebook(cells=[new_markdown_cell(source) for source in sources])
    page, _ = FeedbackExporter().from_notebook_node(notebook, {**RESOURCES})
    return str(page)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("so $y_i = x_i$.", "<msub>"),
        ("$$\\frac{a}{b}$$", "<mfrac>"),
        ("\\begin{align}a &= b\\\\ c &= d\\end{align}", "<mtable"),
        ("| a |\n|---|\n| $\\sqrt{2}$ |", "<msqrt>"),
    ],
)
@pytest.mark.parametrize("made", [False, True])
def test_when_a_formula_is_harmless_then_it_is_drawn_and_said(
    source: str, said: str, made: bool
) -> None:
    page = page_of(markdown_html(source) if made else source)
    assert said in page
    used = set(re.findall(r'href="#(MJX-[^"]+)"', page))
    assert used == set(re.findall(r'<path id="([^"]+)"', page)) != set()
    assert "$" not in page[page.index("<main") :]


@pytest.mark.parametrize(
    "source",
    [
        "$\\href{javascript:alert(1)}{x}$",
        "$\\frac{1}$",
        "$x_1_2$",
        "$\\style{color:red}{x}$",
        f"{FORGED}\\(x\\)</span>",
        f"{FORGED}$\\href{{javascript:1}}{{x}}$</span>",
        f"{BLOCK}{FORGED}$\\href{{javascript:1}}{{x}}$</span></div>",
        f"{BLOCK}{FORGED}<b onclick=x>$x$</b></span></div>",
    ],
)
def test_when_a_formula_is_not_or_is_wrong_then_it_stays_as_it_was_written(source: str) -> None:
    page = page_of(source)
    body = page[page.index("<main") :]
    assert "<svg" not in body
    assert "onclick" not in body
    assert "javascript:" not in re.sub(r"<code>.*?</code>|<span>.*?</span>", "", body)


def test_when_there_are_more_formulas_than_there_is_room_then_the_rest_is_as_written() -> None:
    sources = [" ".join(f"$x_{{{n}}} + {cell}$" for n in range(100)) for cell in range(9)]
    page = page_of(*sources)
    drawn = page.count('<span class="formula">')
    assert 0 < drawn * len("$x_{1} + 0$") <= FORMULAS
    assert drawn + page.count("<code>$x_") == 900


def test_when_a_formula_comes_again_then_it_takes_no_room() -> None:
    page = page_of(*(f"{'$x_i$ ' * 500}{n}" for n in range(4)))
    assert page.count('<span class="formula">') == 2000


def test_when_the_released_cells_have_formulas_then_they_are_drawn(assignment, untouched) -> None:
    make_harmless(assignment, untouched)
    formulas = sum(cell.source.count(PROCESS) for cell in untouched.cells)
    notebook = new_notebook(cells=[c for c in untouched.cells if c.cell_type == "markdown"])
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
    page, _ = FeedbackExporter().from_notebook_node(notebook, {**RESOURCES})
    assert page.count('<span class="formula">') == formulas

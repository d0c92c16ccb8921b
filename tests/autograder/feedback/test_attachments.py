"""Pasted pictures are shown under whatever name, and a missing one is a missing picture."""

from __future__ import annotations

import base64
import io
import unicodedata
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from PIL import Image

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.feedback.shown import make_harmless
from autograder.grading.executors import here
from autograder.intake.collect import Received
from autograder.run import grade_all

NAMES = [
    "my picture.png",
    "Bild (1).png",
    "odd).png",
    "a[1].png",
    "caf\u00e9.png",
    "имя.png",
    "100%.png",
    "a%20b.png",
    'quo"te.png',
    "<tag>.png",
    "back\\slash.png",
    "图.png",
]


def png() -> str:
    file = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


BUNDLE = {"image/png": png()}


def shown(assignment: Assignment, text: str, attachments: dict[str, object]) -> NotebookNode:
    cell = new_markdown_cell(text, attachments=attachments)
    notebook = NotebookNode(nbformat=4, nbformat_minor=5, metadata={}, cells=[cell])
    make_harmless(assignment, notebook)
    return notebook


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("written", [str, quote])
def test_when_a_picture_was_pasted_under_an_odd_name_then_it_is_shown(
    name: str, written: type[str], assignment: Assignment
) -> None:
    text = f"before ![what it shows](attachment:{written(name)}) after"
    notebook = shown(assignment, text, {name: BUNDLE})
    assert f'src="data:image/png;base64,{BUNDLE["image/png"]}"' in notebook.cells[0].source
    assert "what it shows" in notebook.cells[0].source


def test_when_the_name_is_written_with_other_code_points_then_it_is_the_same_picture(
    assignment: Assignment,
) -> None:
    composed, apart = (unicodedata.normalize(form, "é.png") for form in ("NFC", "NFD"))
    for kept, written in ((composed, apart), (apart, composed)):
        text = f"![](attachment:{quote(written)})"
        assert "base64" in shown(assignment, text, {kept: BUNDLE}).cells[0].source


@pytest.mark.parametrize(
    "attachments",
    [
        {},
        {"other.png": BUNDLE},
        {"gone.png": {}},
        {"gone.png": {"image/png": "not base64"}},
        {"gone.png": {"image/svg+xml": "<svg/>"}},
    ],
)
def test_when_a_picture_is_gone_then_its_words_stand_there(
    attachments: dict[str, object], assignment: Assignment
) -> None:
    notebook = shown(assignment, "see ![the edges](attachment:gone.png)", attachments)
    assert "base64" not in notebook.cells[0].source
    assert "the edges" in notebook.cells[0].source


@given(name=st.text(min_size=1), address=st.text())
def test_when_name_and_address_are_any_text_then_the_page_is_drawn(
    name: str, address: str, assignment: Assignment
) -> None:
    shown(assignment, f"![x](attachment:{address})", {name: BUNDLE})


@pytest.mark.jail
def test_when_pictures_are_pasted_or_gone_then_the_submission_is_graded_and_its_page_drawn(
    course: Course, right: NotebookNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path))
    lines = [f"![](attachment:{name})" for name in (*NAMES, "gone.png")]
    note = new_markdown_cell("\n\n".join(lines), attachments=dict.fromkeys(NAMES, BUNDLE))
    right.cells.append(note)
    data = nbformat.writes(right).encode()
    received = [Received("student-01", "01-convolution.ipynb", None, (), lambda: data)]
    (graded,) = grade_all(course, "01-convolution", received, 7, here)
    assert graded.report, graded.fault
    assert graded.report.score == 17
    page = graded.feedback.read_text() if graded.feedback else ""
    assert page.count(BUNDLE["image/png"]) == len(NAMES)

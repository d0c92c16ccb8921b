"""What is not a notebook says so; what was changed in one is put right and named."""

import json
import unicodedata

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from autograder.assignments.assignment import Assignment
from autograder.assignments.handed_in import Submission
from autograder.grading.grade import grade
from autograder.grading.report import Report, Verdict
from autograder.grading.submission import UnreadableSubmission, cell_keys, parse_notebook, restore
from tests.autograder.notebooks import cell_of

BROKEN = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n", "empty"),
    "not UTF-8": (b"\xff\xfe\x00", "not UTF-8"),
    "not JSON": (b"print('hello')", "not JSON"),
    "cut off": (b'{"cells": [', "not JSON"),
    "git's conflict marks": (b'{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> b\n]}', "git"),
    "nothing but git's marks": (b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> theirs\n", "git"),
    "a list": (b"[1, 2]", "not a Jupyter notebook"),
    "another object": (b'{"a": 1}', "not a Jupyter notebook"),
    "cells of a wrong kind": (
        b'{"cells": [7], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        "not a Jupyter notebook",
    ),
    "nested too deep": (b"[" * 100_000, "not JSON"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_when_a_file_is_not_a_notebook_then_the_error_says_why(name: str) -> None:
    data, said = BROKEN[name]
    with pytest.raises(UnreadableSubmission, match=said):
        parse_notebook(data)


def test_when_a_file_is_not_a_notebook_then_its_report_is_not_run(assignment: Assignment) -> None:
    report = grade(assignment, Submission(b"no notebook"), seed=1)
    assert (report.score, report.points, report.verdict) == (0, 17, Verdict.NOT_RUN)
    assert "not JSON" in report.notices[0].text


def test_when_a_notebook_is_as_released_then_nothing_is_restored(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    before = nbformat.writes(untouched)
    assert restore(assignment, untouched) == ()
    assert json.loads(nbformat.writes(untouched)) == json.loads(before)


def test_when_the_written_answer_is_deleted_then_it_comes_back_as_released(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    released = cell_of(untouched, "explain_flip").source
    untouched.cells.remove(cell_of(untouched, "explain_flip"))
    (notice,) = restore(assignment, untouched)
    assert (notice.cell, notice.verdict) == ("explain_flip", Verdict.TAMPERED)
    assert cell_of(untouched, "explain_flip").source == released


def test_when_every_released_cell_is_deleted_then_all_come_back_in_order(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    order = [key for key in cell_keys(untouched) if not key.startswith("#")]
    untouched.cells = [cell for cell in untouched.cells if "nbgrader" not in cell.metadata]
    restore(assignment, untouched)
    assert [key for key in cell_keys(untouched) if not key.startswith("#")] == order


def test_when_grade_ids_are_renamed_or_forged_then_they_are_plain_and_named(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    cell_of(untouched, "test_conv1d").metadata.nbgrader.grade_id = "test_gift"
    cell_of(untouched, "conv1d").metadata.nbgrader.grade_id = ["not", "text"]
    cell_of(untouched, "setup").metadata.nbgrader = "none of this"
    texts = {notice.cell: notice.text for notice in restore(assignment, untouched)}
    assert "no such graded cell" in texts["test_gift"]
    assert "conv1d" not in texts, "it is known again by its text"
    assert "test_gift" not in cell_keys(untouched)


def test_when_points_are_not_a_number_then_the_released_ones_are_used(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    cell_of(untouched, "test_conv1d").metadata.nbgrader.points = "nan"
    (notice,) = restore(assignment, untouched)
    assert "points" in notice.text
    assert cell_of(untouched, "test_conv1d").metadata.nbgrader.points == 5


def test_when_a_report_crosses_as_json_then_nothing_is_lost(assignment: Assignment) -> None:
    report = grade(assignment, Submission(b""), seed=1)
    assert Report.from_dict(json.loads(json.dumps(report.to_dict()))) == report


REWRITES = {
    "Windows": lambda text: text.replace("\n", "\r\n"),
    "old Macs": lambda text: text.replace("\n", "\r"),
    "line breaks": lambda text: f"\n{text}\n\n",
    "blanks": lambda text: text.replace("\n", "  \n") + "\t",
    "decomposed letters": lambda text: unicodedata.normalize("NFD", text),
}


@pytest.mark.parametrize("name", REWRITES)
def test_when_an_editor_rewrote_line_ends_or_blanks_then_nothing_counts_as_changed(
    name: str, assignment: Assignment, untouched: NotebookNode
) -> None:
    before = nbformat.from_dict(untouched)
    for cell in untouched.cells:
        cell.source = REWRITES[name](cell.source)
    notebook = parse_notebook(nbformat.writes(untouched).encode())
    assert restore(assignment, notebook) == ()
    for grade_id in ("setup", "test_conv1d", "explain_flip", "explain_flip_question"):
        assert cell_of(notebook, grade_id).source == cell_of(before, grade_id).source


def test_when_one_word_of_a_locked_cell_is_changed_then_it_is_named(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    cell = cell_of(untouched, "test_conv1d")
    cell.source = cell.source.replace("[10, 21, 32, 3]", "[10, 21, 32, 4]", 1)
    (notice,) = restore(assignment, untouched)
    said = "the locked cell was edited; the released one is used: line 3 was handed out as '"
    assert notice.cell == "test_conv1d"
    assert notice.text.startswith(f'{said}test("full: the sums of the table above"')
    assert " and reads '" in notice.text


@pytest.mark.parametrize("kind", ["raw", "markdown"])
def test_when_a_students_own_cell_is_of_another_kind_then_it_is_used_and_that_is_said(
    kind: str, assignment: Assignment, untouched: NotebookNode
) -> None:
    cell = cell_of(untouched, "conv1d")
    cell.cell_type, cell.source = kind, "def conv1d(x, w, mode='full'):\n    return x"
    notebook = parse_notebook(nbformat.writes(untouched).encode())
    (notice,) = restore(assignment, notebook)
    assert notice.text == f"it was turned into a {kind} cell; it is run as code"
    assert cell_of(notebook, "conv1d").cell_type == "code"
    assert cell_of(notebook, "conv1d").source.startswith("def conv1d")


def test_when_every_mark_is_lost_then_work_and_answer_are_found_by_their_text(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    cell_of(untouched, "conv2d").source = "import math\n\ndef conv2d(image, kernel):\n    return 1"
    cell_of(untouched, "explain_flip").source = "Because it is symmetric."
    for cell in untouched.cells:
        cell.metadata.pop("nbgrader", None)
    assert restore(assignment, untouched) == ()
    assert cell_of(untouched, "conv2d").source.startswith("import math")
    assert cell_of(untouched, "explain_flip").source == "Because it is symmetric."


PICTURE = {"a b.png": {"image/png": "iVBORw0KGgo="}}


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        ([new_markdown_cell("A kernel of ones.")], "A kernel of ones."),
        ([new_raw_cell("raw words")], "raw words"),
        ([new_markdown_cell("one"), new_markdown_cell("two")], "one\n\ntwo"),
        ([new_code_cell("# in a comment")], "```python\n# in a comment\n```"),
        ([new_code_cell("1 + 1"), new_markdown_cell("words")], "words"),
    ],
)
def test_when_the_answer_stands_in_a_cell_below_then_its_cell_shows_it(
    cells: list[NotebookNode], answer: str, assignment: Assignment, untouched: NotebookNode
) -> None:
    place = untouched.cells.index(cell_of(untouched, "explain_flip")) + 1
    untouched.cells[place:place] = cells
    assert restore(assignment, untouched) == ()
    assert cell_of(untouched, "explain_flip").source == answer
    assert restore(assignment, untouched) == ()


def test_when_a_picture_is_the_answer_below_then_it_goes_with_it(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    pasted = new_markdown_cell("![](attachment:a%20b.png)", attachments=PICTURE)
    untouched.cells.append(pasted)
    restore(assignment, untouched)
    assert cell_of(untouched, "explain_flip").attachments == PICTURE


def test_when_the_answer_is_written_where_it_belongs_then_cells_beside_it_stay(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    cell_of(untouched, "explain_flip").source = "my answer"
    untouched.cells.append(new_markdown_cell("a note to myself"))
    restore(assignment, untouched)
    assert cell_of(untouched, "explain_flip").source == "my answer"
    assert untouched.cells[-1].source == "a note to myself"


@pytest.mark.parametrize("kind", ["raw", "code"])
def test_when_the_answer_is_in_a_cell_of_another_kind_then_it_is_an_answer(
    kind: str, assignment: Assignment, untouched: NotebookNode
) -> None:
    cell = cell_of(untouched, "explain_flip")
    cell.cell_type, cell.source = kind, "my answer"
    if kind == "code":
        cell.update(outputs=[], execution_count=None)
    notebook = parse_notebook(nbformat.writes(untouched).encode())
    assert restore(assignment, notebook) == ()
    assert cell_of(notebook, "explain_flip").cell_type == "markdown"
    assert cell_of(notebook, "explain_flip").source == "my answer"
    nbformat.validate(notebook)

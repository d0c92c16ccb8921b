"""What is not a notebook says so; what was changed in one is put right and named."""

import json

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.assignment import Assignment
from autograder.grading import grade
from autograder.report import Report, Verdict
from autograder.submission import UnreadableSubmission, cell_keys, parse_notebook, restore
from tests.autograder.notebooks import cell_of

BROKEN = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n", "empty"),
    "not UTF-8": (b"\xff\xfe\x00", "not UTF-8"),
    "not JSON": (b"print('hello')", "not JSON"),
    "cut off": (b'{"cells": [', "not JSON"),
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
    report = grade(assignment, b"no notebook", seed=1)
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
    assert {"test_conv1d", "conv1d", "setup"} <= set(texts)
    assert "test_gift" not in cell_keys(untouched)


def test_when_points_are_not_a_number_then_the_released_ones_are_used(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    cell_of(untouched, "test_conv1d").metadata.nbgrader.points = "nan"
    (notice,) = restore(assignment, untouched)
    assert "points" in notice.text
    assert cell_of(untouched, "test_conv1d").metadata.nbgrader.points == 5


def test_when_a_report_crosses_as_json_then_nothing_is_lost(assignment: Assignment) -> None:
    report = grade(assignment, b"", seed=1)
    assert Report.from_dict(json.loads(json.dumps(report.to_dict()))) == report

"""Whatever is handed in, reading gives a notebook or says why not, and restoring never fails."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from autograder.assignments.assignment import Assignment
from autograder.grading.report import Verdict
from autograder.grading.submission import UnreadableSubmission, cell_keys, parse_notebook, restore
from tests.autograder.notebooks import cell_of

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
RELEASED = st.sampled_from(["setup", "conv1d", "test_conv1d", "explain_flip", "test_gift", "", 7])
RULES = st.fixed_dictionaries(
    {}, optional={"grade_id": RELEASED | ANYTHING, "points": ANYTHING, "locked": ANYTHING}
)
METADATA = st.fixed_dictionaries(
    {}, optional={"nbgrader": RULES | ANYTHING, "tags": ANYTHING, "name": ANYTHING, "x": ANYTHING}
)
CELL = ANYTHING | st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | ANYTHING,
        "metadata": METADATA | ANYTHING,
        "source": st.text() | st.lists(st.text()) | ANYTHING,
        "outputs": ANYTHING,
        "attachments": ANYTHING,
        "id": ANYTHING,
        "execution_count": ANYTHING,
        "input": ANYTHING,
    },
)
CELLS = st.lists(CELL, max_size=6)
NOTEBOOK = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([2, 3, 4, 4, 4, 5]) | ANYTHING},
    optional={
        "nbformat_minor": st.integers(0, 9) | ANYTHING,
        "metadata": ANYTHING | st.fixed_dictionaries({"kernelspec": ANYTHING}),
        "cells": CELLS | ANYTHING,
        "worksheets": st.lists(st.fixed_dictionaries({"cells": CELLS})) | ANYTHING,
    },
)
many = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def require_graded(assignment: Assignment, data: bytes) -> None:
    """What can be read is valid after restoring, and holds each released cell once."""
    try:
        notebook = parse_notebook(data)
    except UnreadableSubmission:
        return
    notices = restore(assignment, notebook)
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode()
    keys = [key for key in cell_keys(notebook) if not key.startswith("#")]
    assert sorted(keys) == sorted(cell.grade_id for cell in assignment.cells)
    assert all(notice.cell and notice.text for notice in notices)
    assert restore(assignment, notebook) == ()


@many
@given(content=NOTEBOOK | ANYTHING)
def test_when_a_file_holds_any_json_then_it_is_a_notebook_or_says_why_not(
    content: Any, assignment: Assignment
) -> None:
    require_graded(assignment, json.dumps(content).encode())


@many
@given(data=st.binary(max_size=200))
def test_when_a_file_holds_any_bytes_then_it_says_why_it_is_no_notebook(
    data: bytes, assignment: Assignment
) -> None:
    require_graded(assignment, data)


@many
@given(data=st.data())
def test_when_a_real_notebook_is_changed_anywhere_then_restoring_does_not_fail(
    data: st.DataObject, assignment: Assignment, untouched: NotebookNode
) -> None:
    content = json.loads(nbformat.writes(untouched))
    for _ in range(data.draw(st.integers(1, 4))):
        place = content
        while isinstance(place, dict | list) and place:
            keys = list(place) if isinstance(place, dict) else range(len(place))
            key = data.draw(st.sampled_from(keys))
            if data.draw(st.booleans()) or not isinstance(place[key], dict | list):
                place[key] = data.draw(ANYTHING)
                break
            place = place[key]
    require_graded(assignment, json.dumps(content).encode())


@many
@given(where=st.integers(0, 28_000), byte=st.integers(0, 255), cut=st.booleans())
def test_when_a_byte_of_a_real_file_is_changed_then_it_says_so_or_is_graded(
    where: int, byte: int, cut: bool, assignment: Assignment, untouched: NotebookNode
) -> None:
    data = nbformat.writes(untouched).encode()
    changed = data[:where] + bytes([byte]) + data[where + 1 :]
    require_graded(assignment, data[:where] if cut else changed)


ODD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "source in lines": ({"source": ["a = 1\n", "b"]}, {"source": "a = 1\nb"}),
    "source is a number": ({"source": 7}, {"source": ""}),
    "no source": ({}, {"source": ""}),
    "no metadata": ({"metadata": None}, {"metadata": {}}),
    "tags are text": ({"metadata": {"tags": "a"}}, {"metadata": {"tags": ["a"]}}),
    "tags are numbers": ({"metadata": {"tags": [1, "a", "a"]}}, {"metadata": {"tags": ["a"]}}),
    "nbgrader is text": ({"metadata": {"nbgrader": "x"}}, {"metadata": {}}),
    "outputs missing": (
        {"cell_type": "code", "source": "a"},
        {"outputs": [], "execution_count": None},
    ),
    "an unknown kind": ({"cell_type": "heading", "source": "a"}, {"cell_type": "raw"}),
    "pasted pictures": (
        {"cell_type": "markdown", "attachments": {"a.png": {"image/png": "AA"}, "b": 1}},
        {"attachments": {"a.png": {"image/png": "AA"}}},
    ),
    "half a character": ({"source": "\ud83d"}, {"source": "?"}),
    "an identifier with spaces": ({"id": "a b"}, {"id": "cell-0"}),
}


@pytest.mark.parametrize("case", ODD)
def test_when_a_cell_is_odd_then_it_is_read_as_what_it_means(case: str) -> None:
    change, expected = ODD[case]
    content = {"nbformat": 4, "cells": [{"cell_type": "raw"} | change]}
    (cell,) = parse_notebook(json.dumps(content).encode()).cells
    assert {key: cell[key] for key in expected} == expected


@pytest.mark.parametrize("minor", [0, 1, 2, 3, 4, 5, 6])
def test_when_the_format_is_four_point_something_then_restoring_finds_nothing_changed(
    minor: int, assignment: Assignment, untouched: NotebookNode
) -> None:
    content = json.loads(nbformat.writes(untouched)) | {"nbformat_minor": minor}
    for cell in content["cells"]:
        del cell["id"]
    assert restore(assignment, parse_notebook(json.dumps(content).encode())) == ()


@pytest.mark.parametrize("version", [2, 3])
def test_when_the_format_is_old_then_every_cell_is_there(
    version: int, assignment: Assignment, untouched: NotebookNode
) -> None:
    old = json.dumps(nbformat.convert(untouched, 3) | {"nbformat": version})
    notebook = parse_notebook(old.encode())
    assert restore(assignment, notebook) == ()
    assert len(notebook.cells) == len(assignment.cells) + sum(
        key.startswith("#") for key in cell_keys(notebook)
    )


CHANGES = {
    "a tag as text": (
        lambda cell: cell.metadata.update(tags="skip-execution"),
        "the cell carries the tag skip-execution; it is graded all the same",
    ),
    "edited": (
        lambda cell: cell.update(source="pass"),
        "the locked cell was edited; the released one is used: line 1 was handed out as "
        "'x, w = np.array([1, 2, 3]), np.array([10, 1])' and reads 'pass'",
    ),
    "made markdown": (
        lambda cell: cell.update(cell_type="markdown"),
        "the locked cell was edited; the released one is used",
    ),
    "unlocked": (
        lambda cell: cell.metadata.nbgrader.update(locked=False),
        "its points or its lock were changed; the released ones are used",
    ),
    "points a list": (
        lambda cell: cell.metadata.nbgrader.update(points=[5]),
        "its points or its lock were changed; the released ones are used",
    ),
    "no metadata and another text": (
        lambda cell: cell.update(metadata=None, source="assert True"),
        "the cell is missing; it is graded as released",
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_when_a_locked_cell_is_changed_then_the_notice_names_the_cell_and_the_rule(
    case: str, assignment: Assignment, untouched: NotebookNode
) -> None:
    change, text = CHANGES[case]
    change(cell_of(untouched, "test_conv1d"))
    (notice,) = restore(assignment, untouched)
    assert (notice.verdict, notice.cell, notice.text) == (Verdict.TAMPERED, "test_conv1d", text)


def test_when_a_hundred_grade_ids_are_forged_then_twenty_are_named_and_the_rest_counted(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    forged = [
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": f"{n:03}{'x' * 99}"}}}
        for n in range(100)
    ]
    untouched.cells += [nbformat.from_dict(cell) for cell in forged]
    notices = restore(assignment, untouched)
    assert len(notices) == 21
    assert max(len(notice.cell) for notice in notices) == 60
    assert notices[-1].text == "80 more that the assignment does not have"

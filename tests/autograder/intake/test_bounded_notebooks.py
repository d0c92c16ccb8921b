"""A notebook that is made to be slow or huge is refused or read in seconds, in bounded memory."""

from __future__ import annotations

import contextlib
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.grading.submission import parse_notebook
from autograder.intake.collect import collect
from autograder.intake.notebookfile import UnreadableSubmission
from autograder.intake.tidy import MAX_CELLS
from tests.autograder.downloads import GOOD, NB, said, students, unpacked, zipped
from tests.autograder.memory import peak

MB = 2**20


def cells(number: int, cell: bytes, **changes: Any) -> bytes:
    """Return a notebook with so many copies of a cell."""
    whole = json.dumps({"nbformat": 4, "metadata": {}, "cells": [0]} | changes).encode()
    return whole.replace(b"[0]", b"[" + b",".join([cell] * number) + b"]")


CELL = b'{"cell_type": "code", "metadata": {}, "source": "x", "outputs": []}'
HOSTILE: dict[str, Callable[[], bytes]] = {
    "objects": lambda: b"[" + b"{}," * 6_000_000 + b"0]",
    "blank cells": lambda: cells(280_000, CELL.replace(b'"x"', b'""')),
    "cells": lambda: cells(250_000, CELL),
    "lines": lambda: cells(1, CELL.replace(b'"x"', b"[" + b'"x",' * 1_000_000 + b'"y"]')),
    "tags": lambda: cells(1, CELL.replace(b"{}", b'{"tags": [' + b'"t",' * 190_000 + b'"u"]}')),
    "grade ids": lambda: cells(
        18, CELL.replace(b"{}", b'{"nbgrader": {"grade_id": "%b"}}' % (b"g" * MB))
    ),
    "attachments": lambda: cells(1, CELL.replace(b'"x"', b'"x", "attachments": {"a": {"b": "c"}}')),
    "broad": lambda: cells(1, CELL.replace(b'"x"', b'"\xf0\x9f\x98\x80' + b"x" * 19 * MB + b'"')),
    "halves": lambda: cells(1, CELL.replace(b'"x"', b'"' + b"\\ud800" * 3 * MB + b'"')),
    "digits": lambda: b'{"nbformat": ' + b"1" * 19 * MB + b"}",
    "depth": lambda: b'{"nbformat": 4, "metadata": ' + b'{"a":' * 4 * MB,
    "outputs": lambda: b'{"cells": [1' + b', "outputs": []' * 6 * MB,
    "parts of outputs": lambda: b'{"outputs": [' + b"[]," * 30 * MB,
    "strings": lambda: b"[" + b'""' * 40 * MB,
    "format3": lambda: (
        b'{"nbformat": 3, "worksheets": [' + b'{"cells":[]},' * 60_000 + b'{"cells":[]}]}'
    ),
    "UTF-16": lambda: ("{" + " " * 40 * MB).encode("utf-16"),
}


HUNGRY = ("objects", "lines", "tags", "broad", "halves", "outputs", "format3", "UTF-16")


def test_when_notebooks_are_made_to_fill_the_memory_then_they_do_not(
    course: Course, tmp_path: Path
) -> None:
    files = [(f"{name}/{NB}", HOSTILE[name]()) for name in HUNGRY]
    source = zipped(tmp_path / "class.zip", [*files, (f"a/{NB}", GOOD)], zipfile.ZIP_STORED)
    grown, sizes = peak(course, source)
    assert len(GOOD) in sizes
    assert grown < 300


@pytest.mark.parametrize("name", HOSTILE)
def test_when_a_notebook_is_made_to_fill_the_memory_then_reading_it_takes_seconds(
    name: str,
) -> None:
    data = HOSTILE[name]()
    began = time.process_time()
    with contextlib.suppress(UnreadableSubmission):
        assert len(parse_notebook(data).cells) <= MAX_CELLS
    assert time.process_time() - began < 10


def test_when_a_key_was_stuck_then_the_blank_cells_are_dropped() -> None:
    blank = CELL.replace(b'"x"', b'"  \\n"')
    made = cells(15_000, blank).replace(blank, CELL, 1)
    assert [cell.source for cell in parse_notebook(made).cells] == ["x"]


def test_when_cells_take_the_identifiers_of_others_then_each_has_its_own() -> None:
    taken = [{"cell_type": "raw", "id": f"cell-{n}{'x' * m}"} for n in range(9) for m in range(58)]
    notebook = parse_notebook(json.dumps({"nbformat": 4, "cells": taken * 2}).encode())
    assert len({cell.id for cell in notebook.cells}) == len(taken) * 2
    nbformat.validate(notebook)


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_when_folders_are_very_deep_then_the_others_are_taken_in(
    form: str, assignment: Assignment, tmp_path: Path
) -> None:
    deep = "student-02/" + "a/" * 400 + NB
    make = unpacked if form == "folder" else zipped
    collected = collect(make(tmp_path / "in", [(f"a/{NB}", GOOD), (deep, GOOD)]), assignment)
    assert students(collected) == ["a"]
    assert [one.who for one in collected.refused] == ["student-02"]
    assert "more than 1000 characters or 50 folders" in said(collected)

"""The sample class: a dozen notebooks with known outcomes, made from what the course holds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.assignments.course import Course
from autograder.trials.implementations import (
    files_of,
    load_implementations,
    solved,
    with_implementation,
)

RIGHT_ANSWERS = 2
WRONG_ANSWERS = 5
INFINITE_LOOP = "while True:\n    pass"
UNTOUCHED = "untouched"
CRASH = "import os\n\nos._exit(0)"
GREED = "hoard = bytearray(30 * 2**30)"
CHEAT = """\
import numpy as np

np.allclose = lambda *args, **kwargs: True
np.array_equal = lambda *args, **kwargs: True
isinstance = lambda *args: True
"""


def make_class(course: Course, assignment: str) -> Path:
    """Write the notebooks of the sample class and return their folder.

    The first student hands in the solution; then come other right answers, wrong ones, an
    infinite loop, a crash, greed, a cheat, and a notebook nobody touched.
    """
    folder = course.grading / "incoming"
    shutil.rmtree(folder, ignore_errors=True)
    files = files_of(course, assignment)
    for student, (what, notebook) in sample_class(course, assignment).items():
        target = folder / student / f"{assignment}.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(notebook, target)
        for name, data in files.items() if what != UNTOUCHED else ():
            target.with_name(name).write_bytes(data)
    return folder


def sample_class(course: Course, assignment: str) -> dict[str, tuple[str, NotebookNode]]:
    """Return for each student id what the notebook shows and the notebook itself."""
    right = solved(course, assignment)
    untouched = nbformat.read(course.release(assignment), as_version=4)
    others = load_implementations(course, assignment, "right")[:RIGHT_ANSWERS]
    wrong = load_implementations(course, assignment, "wrong")
    chosen = wrong[:: max(1, len(wrong) // WRONG_ANSWERS)][:WRONG_ANSWERS]
    notebooks = [
        ("solution", right),
        *((item.name, with_implementation(right, item)) for item in (*others, *chosen)),
        ("infinite loop", _with_cell(right, INFINITE_LOOP)),
        ("crash", _with_cell(right, CRASH)),
        ("greed", _with_cell(right, GREED)),
        ("cheat", _cheat(untouched)),
        (UNTOUCHED, untouched),
    ]
    return {f"student-{number:02}": item for number, item in enumerate(notebooks, start=1)}


def _with_cell(notebook: NotebookNode, code: str) -> NotebookNode:
    """Return a copy of ``notebook`` that ends in one more cell."""
    return _changed(notebook, lambda cells: cells.append(new_code_cell(code)))


def _cheat(notebook: NotebookNode) -> NotebookNode:
    """Return a copy that solves nothing, patches the comparisons and skips the tests."""

    def cheat(cells: list[NotebookNode]) -> None:
        cells.insert(0, new_code_cell(CHEAT))
        for cell in cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("test_"):
                cell.metadata.tags = ["skip-execution"]

    return _changed(notebook, cheat)


def _changed(notebook: NotebookNode, change: Callable[[list[NotebookNode]], None]) -> NotebookNode:
    copy: NotebookNode = nbformat.from_dict(notebook)
    change(copy.cells)
    return copy

"""What a handed-in file is: the notebook of the assignment, of another one, or something else."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from nbformat import NotebookNode

from autograder.assignments.assignment import Assignment
from autograder.assignments.marks import is_as_released
from autograder.harmless.text import shown
from autograder.intake.archives import Item, Refused
from autograder.intake.notebookfile import MB, UnreadableSubmission, compact, read_json
from autograder.intake.tidy import kernel_of, tidy_notebook

HEAD_BYTES = 64
BLANK = "\ufeff \t\r\n"
SMALL = 2 * 2**20  # bytes up to which a file is passed on as it is
PYTHON = re.compile(r"(python|ipython|conda-env-).*|", re.IGNORECASE)  # asked for by none: fine


class Worth(IntEnum):
    """How much speaks for a file being the one to grade; nothing below `NAMED` is graded."""

    NOTHING = 0
    NAMED = 1
    UNTOUCHED = 2
    CELLS = 3


@dataclass
class Sight:
    """What was seen in one file.

    ``reason`` is the rule by which it is not graded and what to do; ``notices`` are the rest.
    ``of_other`` tells that it is the work of another assignment.
    """

    worth: Worth
    digest: str = ""
    size: int = 0
    reason: tuple[str, str] | None = None  # no exception, which would keep the archive open
    notices: list[str] = field(default_factory=list)
    of_other: bool = False


def look(item: Item, name: str, assignment: Assignment) -> Sight:
    """Return what ``item`` holds; it is recognised by its grade ids, then by its ``name``."""
    try:
        data = item.read()
        lean = passed_on(data)
    except (Refused, UnreadableSubmission) as error:
        return Sight(Worth.NOTHING, reason=_reason(error))
    sight = Sight(Worth.NOTHING, hashlib.sha256(data).hexdigest(), len(data))
    if lean is not data:
        sight.notices.append(f"its outputs were dropped: the file held {len(data) // MB} MB")
    del data
    try:
        content = read_json(lean)
        notebook = tidy_notebook(content)
    except UnreadableSubmission as error:
        _judge_unreadable(sight, error, is_named(name, assignment))
    else:
        _judge(sight, grade_ids(notebook), is_named(name, assignment), assignment)
        if sight.worth is Worth.CELLS and is_as_released(assignment, notebook):
            sight.worth = Worth.UNTOUCHED
        sight.notices += _oddities(content)
    return sight


def is_notebook(item: Item) -> bool:
    """Tell whether a file is a notebook by what is in it, whatever it is called."""
    try:
        head = item.head(HEAD_BYTES)
        text = head.decode(json.detect_encoding(head[:4]), "ignore").lstrip(BLANK)
        return text.startswith("{") and b'"nbformat"' in compact(item.read())
    except (Refused, UnreadableSubmission):
        return False


def passed_on(data: bytes) -> bytes:
    """Return what is graded of a file: all of a small one, a big one without its outputs.

    Raises:
        UnreadableSubmission: it is too big all the same.
    """
    return data if len(data) <= SMALL else compact(data)


def is_named(name: str, assignment: Assignment) -> bool:
    """Tell whether a file name contains the assignment's id, whatever was added to it.

    ``01-convolution (1).ipynb`` and ``Copy_of_01_Convolution.ipynb`` do.
    """
    return dashed(assignment.id) in dashed(name.rpartition(".")[0])


def named_first(name: str, assignment: Assignment) -> bool:
    """Tell whether a file name starts with the assignment's id, where a student's should stand."""
    return dashed(name).startswith(dashed(assignment.id))


def grade_ids(notebook: NotebookNode) -> set[str]:
    """Return the grade ids in a tidy notebook."""
    found = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells}
    return {grade_id for grade_id in found if isinstance(grade_id, str) and grade_id}


def _judge_unreadable(sight: Sight, error: UnreadableSubmission, named: bool) -> None:
    if named:
        sight.worth = Worth.NAMED
        sight.notices.append(str(error))
    else:
        sight.reason = _reason(error)


def _judge(sight: Sight, ids: set[str], named: bool, assignment: Assignment) -> None:
    released = {cell.grade_id for cell in assignment.cells}
    if ids and 2 * len(ids & released) >= len(ids):
        sight.worth = Worth.CELLS
    elif ids:
        names = ", ".join(sorted(shown(grade_id, 40) for grade_id in ids - released)[:3])
        rule = f"its graded cells are of another assignment ({names})"
        sight.reason = (rule, f"have {assignment.id} handed in")
        sight.of_other = True
    elif named:
        sight.worth = Worth.NAMED
        sight.notices.append("it has no graded cell; those of the assignment are put in")
    else:
        rule = f"it has no graded cell and is not called {assignment.id}"
        sight.reason = (rule, "look at it, and rename it if it is the one")


def _oddities(content: dict[str, Any]) -> list[str]:
    found = []
    version, kernel = content["nbformat"], kernel_of(content)
    if version in (2, 3):
        found.append(f"it is in notebook format {version}; it was brought up to date")
    if not PYTHON.fullmatch(kernel):
        found.append(f"its kernel is {shown(kernel, 40)!r}; it is graded with the course's Python")
    return found


def _reason(error: Exception) -> tuple[str, str]:
    if isinstance(error, Refused):
        return error.rule, error.advice
    rule, _, advice = str(error).rpartition(": ")
    return rule, advice


def dashed(name: str) -> str:
    """Return a name with dashes between its words, whatever stood there, in small letters.

    Example:
        >>> dashed("Copy of 01_Convolution (1)")
        'copy-of-01-convolution-1-'
    """
    return re.sub(r"[\W_]+", "-", name.casefold())

"""A submitted notebook, brought back to the shape of its release before anything runs."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.assignments.assignment import Assignment, ReleasedCell
from autograder.assignments.marks import find_answers, give_marks_back, mark_of, same_text
from autograder.assignments.releases import cell_digest
from autograder.grading.report import Notice, Verdict
from autograder.intake.notebookfile import UnreadableSubmission, read_json
from autograder.intake.tidy import tidy_cells, tidy_notebook

__all__ = ["UnreadableSubmission", "cell_keys", "parse_notebook", "restore"]

SKIP_TAG = "skip-execution"
SHOWN = 60  # characters of a line, or of a grade id that a student made up
FORGED = 20  # of which this many are named


def parse_notebook(data: bytes) -> NotebookNode:
    """Return the notebook in ``data``, in today's format, without outputs and blank code cells.

    Raises:
        UnreadableSubmission: it is not one; the message says at which stage that showed.

    Example:
        >>> parse_notebook(b'{"nbformat": 4, "cells": [{"cell_type": "raw"}]}').cells[0].source
        ''
    """
    return tidy_notebook(read_json(data))


def restore(assignment: Assignment, notebook: NotebookNode) -> tuple[Notice, ...]:
    """Give ``notebook`` back every released cell and rule; return what had been changed.

    Locked cells get their released text, all released cells their metadata. Of several cells
    with one grade id the last counts, as in nbgrader; the others become plain cells. Missing
    cells are put in again, and an answer that was written beside its cell goes into it. What an
    editor does by itself, such as other line ends, is no change. Never raises.
    """
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    cells = notebook.get("cells")
    notebook.cells = tidy_cells(cells if isinstance(cells, list) else [])
    known = {cell.grade_id: cell for cell in assignment.cells}
    notices = _settle_ids(notebook, known, set().union(*assignment.earlier))
    give_marks_back(assignment, notebook)
    for key, cell in zip(cell_keys(notebook), notebook.cells, strict=True):
        texts = _skip_tag(cell)
        if key in known:
            as_handed_out = _is_as_handed_out(assignment, cell)
            changed = _restore_cell(cell, known[key])
            texts += [] if as_handed_out else changed
        notices += [Notice(Verdict.TAMPERED, key, text) for text in texts]
    missing = _add_missing(assignment, notebook)
    found = find_answers(assignment, notebook)
    return (*notices, *(notice for notice in missing if notice.cell not in found))


def cell_keys(notebook: NotebookNode) -> list[str]:
    """Return a key per cell: its grade id, or ``#n`` for the n-th cell that has none."""
    keys, plain = [], 0
    for cell in notebook.cells:
        grade_id = mark_of(cell)
        keys.append(grade_id or f"#{plain}")
        plain += not grade_id
    return keys


def _is_as_handed_out(assignment: Assignment, cell: NotebookNode) -> bool:
    """Tell whether the cell is of an earlier release: the course changed it, not the student."""
    digest = cell_digest(cell.cell_type, cell.source, cell.metadata.nbgrader)
    return any(release.get(mark_of(cell)) == digest for release in assignment.earlier)


def _settle_ids(
    notebook: NotebookNode, known: dict[str, ReleasedCell], earlier: set[str]
) -> list[Notice]:
    """Turn cells with an unknown grade id, and all but the last of a known one, into plain ones.

    A grade id that only ``earlier`` releases know was handed out; nobody made it up.
    """
    total = Counter(filter(None, map(mark_of, notebook.cells)))
    left = dict(total)
    for cell in notebook.cells:
        grade_id = mark_of(cell)
        left[grade_id] = left.get(grade_id, 0) - 1
        if grade_id not in known or left[grade_id]:
            cell.metadata.pop("nbgrader", None)
    forged = [k for k in total if k not in known and k not in earlier]
    unknown = {k[:SHOWN]: "the assignment has no such graded cell" for k in forged[:FORGED]}
    if len(forged) > FORGED:
        unknown["other cells"] = f"{len(forged) - FORGED} more that the assignment does not have"
    several = {
        k: f"the cell is there {n} times; the last one counts"
        for k, n in total.items()
        if n > 1 and k in known
    }
    return [Notice(Verdict.TAMPERED, k, text) for k, text in (unknown | several).items()]


def _skip_tag(cell: NotebookNode) -> list[str]:
    tags = cell.metadata.get("tags", [])
    if SKIP_TAG not in tags:
        return []
    cell.metadata.tags = [tag for tag in tags if tag != SKIP_TAG]
    return [f"the cell carries the tag {SKIP_TAG}; it is graded all the same"]


def _restore_cell(cell: NotebookNode, released: ReleasedCell) -> list[str]:
    """Give a cell its released kind and rules, a locked one its text; return what was changed.

    What is not locked is used whatever kind of cell it was made.
    """
    found = []
    same = same_text(cell.source, released.source)
    if released.locked and not (same and cell.cell_type == released.cell_type):
        differs = _first_difference(cell.source, released.source)
        found.append(f"the locked cell was edited; the released one is used{differs}")
    if released.locked or same:
        cell.source = released.source
    if cell.cell_type != released.cell_type:
        if released.cell_type == "code" and not released.locked:
            found.append(f"it was turned into a {cell.cell_type} cell; it is run as code")
        kept = {name: cell[name] for name in ("id", "source", "metadata")}
        pictures = cell.get("attachments") if released.cell_type == "markdown" else None
        cell.clear()
        cell.update(_fresh(released) | kept | ({"attachments": pictures} if pictures else {}))
    rules = cell.metadata.nbgrader
    if any(rules.get(name) != released.rules.get(name) for name in ("points", "grade", "locked")):
        found.append("its points or its lock were changed; the released ones are used")
    cell.metadata.nbgrader = NotebookNode(released.rules)
    return found


def _first_difference(source: str, released: str) -> str:
    """Return in words which line is another one; nothing where only the kind of the cell is."""
    lines = zip_longest(source.splitlines(), released.splitlines(), fillvalue="")
    for number, (line, handed_out) in enumerate(lines, start=1):
        if not same_text(line, handed_out):
            texts = [text.strip()[:SHOWN] for text in (line, handed_out)]
            return f": line {number} was handed out as {texts[1]!r} and reads {texts[0]!r}"
    return ""


def _add_missing(assignment: Assignment, notebook: NotebookNode) -> list[Notice]:
    """Put missing cells behind the released cell that stands before them."""
    missing = []
    place = 0
    for released in assignment.cells:
        keys = cell_keys(notebook)
        if released.grade_id in keys:
            place = keys.index(released.grade_id) + 1
            continue
        if all(released.grade_id in release for release in assignment.earlier):
            text = "the cell is missing; it is graded as released"
            missing.append(Notice(Verdict.TAMPERED, released.grade_id, text))
        notebook.cells.insert(place, _fresh(released))
        place += 1
    return missing


def _fresh(released: ReleasedCell) -> NotebookNode:
    metadata = {"nbgrader": released.rules}
    if released.cell_type == "code":
        return NotebookNode(new_code_cell(released.source, metadata=metadata))
    return NotebookNode(new_markdown_cell(released.source, metadata=metadata))

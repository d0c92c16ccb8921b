"""The attacks of this folder: one Markdown file each, turned into a notebook in memory.

The front matter says what the attack does, what must come of it, and for each notebook that it
starts from (``untouched`` or ``solved``) the score and the verdict that the report must have.
A fenced block names its place after ``python``: ``start``, ``end``, a grade id whose cell it
replaces, or ``functions``, all four cells of a solution at once. ``change`` holds sentences
such as ``delete tests`` or ``points test_conv2d 1000``; see `CHANGES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from autograder.assignments.course import Course
from autograder.trials.implementations import solved

ID = "01-convolution"
FUNCTIONS = ("conv1d", "cross_correlate2d", "conv2d", "filter_image")
TESTS = tuple(f"test_{name}" for name in FUNCTIONS)
BLOCK = re.compile(r"^```python (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Expected:
    """What the report on an attack must say; any one of ``verdicts``."""

    score: float
    verdicts: tuple[str, ...]


@dataclass(frozen=True)
class Attack:
    """One file of the corpus."""

    name: str
    does: str
    outcome: str
    expected: Mapping[str, Expected]  # by the notebook that the attack starts from
    says: str  # a word that the report must contain
    system: bool  # whether it is aimed at the system, where it matters who grades
    stock: bool  # whether it means anything to a grader without our protocol
    changes: tuple[str, ...]
    blocks: tuple[tuple[str, str], ...]  # place and code


def load_attacks() -> list[Attack]:
    """Return the corpus, by name."""
    return [_load(path) for path in sorted(Path(__file__).parent.glob("*.md"))]


def _load(path: Path) -> Attack:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    settings = yaml.safe_load(head)
    return Attack(
        name=path.stem,
        does=settings.pop("does"),
        outcome=settings.pop("outcome"),
        says=settings.pop("says", ""),
        system=settings.pop("system", False),
        stock=settings.pop("stock", True),
        changes=tuple(settings.pop("change", ())),
        blocks=tuple(BLOCK.findall(body)),
        expected={base: _expected(**values) for base, values in settings.items()},
    )


def _expected(score: float, verdict: str | list[str]) -> Expected:
    return Expected(score, (verdict,) if isinstance(verdict, str) else tuple(verdict))


def build(course: Course, attack: Attack, base: str, names: Mapping[str, str]) -> NotebookNode:
    """Return the notebook of ``attack`` made from ``base``; ``$NAME`` in its code is filled in."""
    if base == "solved":
        notebook = solved(course, ID)
    else:
        notebook = nbformat.read(course.release(ID), as_version=4)
    for place, code in attack.blocks:
        _put(notebook, place, Template(code).safe_substitute(names))
    for sentence in attack.changes:
        verb, where, *words = sentence.split()
        for cell in _cells(notebook, where):
            CHANGES[verb](notebook, cell, *words)
    return notebook


def _put(notebook: NotebookNode, place: str, code: str) -> None:
    if place in ("start", "end"):
        cells = notebook.cells
        cells.insert(0 if place == "start" else len(cells), new_code_cell(code))
        return
    for number, cell in enumerate(_cells(notebook, place)):
        cell.source = code if not number else "# written above"


def _cells(notebook: NotebookNode, where: str) -> list[NotebookNode]:
    wanted = {"tests": TESTS, "functions": FUNCTIONS}.get(where, (where,))
    return [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") in wanted]


def _delete(notebook: NotebookNode, cell: NotebookNode) -> None:
    notebook.cells.remove(cell)


def _duplicate(notebook: NotebookNode, cell: NotebookNode, source: str) -> None:
    copy = nbformat.from_dict(cell)
    copy.update(id=f"{cell.id}-again", source=source)
    notebook.cells.append(copy)


def _to_top(notebook: NotebookNode, cell: NotebookNode) -> None:
    notebook.cells.remove(cell)
    notebook.cells.insert(0, cell)


def _rename(notebook: NotebookNode, cell: NotebookNode, grade_id: str) -> None:
    cell.metadata.nbgrader.grade_id = grade_id


def _points(notebook: NotebookNode, cell: NotebookNode, points: str) -> None:
    cell.metadata.nbgrader.points = float(points)


def _flag(notebook: NotebookNode, cell: NotebookNode, name: str, value: str) -> None:
    cell.metadata.nbgrader[name] = value == "on"


def _tag(notebook: NotebookNode, cell: NotebookNode, tag: str) -> None:
    cell.metadata.tags = [tag]


def _type(notebook: NotebookNode, cell: NotebookNode, cell_type: str) -> None:
    cell.cell_type = cell_type
    for name in ("outputs", "execution_count"):
        cell.pop(name, None)


def _output(notebook: NotebookNode, cell: NotebookNode, text: str) -> None:
    cell.outputs = [new_output("execute_result", {"text/plain": text}, execution_count=1)]


def _kernel(notebook: NotebookNode, cell: NotebookNode, name: str) -> None:
    notebook.metadata.kernelspec = {"name": name, "display_name": name, "language": name}


CHANGES: dict[str, Callable[..., Any]] = {
    "delete": _delete,
    "duplicate": _duplicate,
    "to_top": _to_top,
    "rename": _rename,
    "points": _points,
    "flag": _flag,
    "tag": _tag,
    "type": _type,
    "output": _output,
    "kernel": _kernel,
}

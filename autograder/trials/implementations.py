"""The library of named implementations in `tests/mutants/<id>/`: wrong ones and other right ones.

A file holds a docstring that says what is different, and functions in the place of the
solution's. A wrong one also says what it must cost: ``LOSES``, points per test cell, and
``HINT``, the misconception that its feedback must name.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.assignments.course import Course

SETTINGS = ("LOSES", "HINT")


@dataclass(frozen=True)
class Implementation:
    """One file of the library; ``code`` is the functions alone, as a student would hand them in."""

    name: str
    about: str
    code: str
    functions: tuple[str, ...]
    loses: Mapping[str, float]
    hint: str


def load_implementations(course: Course, assignment: str, kind: str) -> list[Implementation]:
    """Return the implementations of ``kind`` (``"wrong"`` or ``"right"``), by name."""
    folder = course.root / "tests" / "mutants" / assignment / kind
    return [_load(path) for path in sorted(folder.glob("*.py"))]


def solved(course: Course, assignment: str) -> NotebookNode:
    """Return the release with every editable cell filled in from the solution."""
    notebook: NotebookNode = nbformat.read(course.release(assignment), as_version=4)
    solution = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in course.read_solution(assignment).cells
        if "nbgrader" in cell.metadata
    }
    for cell in notebook.cells:
        rules = cell.metadata.get("nbgrader")
        if rules and rules.solution:
            cell.source = solution[rules.grade_id]
    return notebook


def with_implementation(notebook: NotebookNode, implementation: Implementation) -> NotebookNode:
    """Return a copy of ``notebook`` in which ``implementation`` stands for its functions.

    Its code goes into the cell of the first function that it replaces; the cells of the others
    are emptied.
    """
    changed: NotebookNode = nbformat.from_dict(notebook)
    code = implementation.code
    for cell in changed.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in implementation.functions:
            cell.source, code = code, "# written above, with the first function"
    return changed


def _load(path: Path) -> Implementation:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    kept = [node for node in tree.body if not _is_setting(node)]
    values = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in SETTINGS
    }
    return Implementation(
        name=path.stem,
        about=(ast.get_docstring(tree) or "").strip(),
        code="\n\n".join(ast.get_source_segment(text, node) or "" for node in kept),
        functions=tuple(node.name for node in kept if isinstance(node, ast.FunctionDef)),
        loses=values.get("LOSES", {}),
        hint=values.get("HINT", ""),
    )


def _is_setting(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)  # the docstring
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return isinstance(target, ast.Name) and target.id in SETTINGS

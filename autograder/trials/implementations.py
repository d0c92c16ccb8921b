"""The library of an assignment: wrong implementations with a name, and other right ones.

The wrong ones are edits of the solution, in `wrong/<function>.toml` of the assignment's folder;
`edits` says how they are written. A right one is a file `right/<name>.py`: a docstring that says
what is different, and one or more of the functions. Where the assignment takes files beside the
notebook, those of the solution lie in `files/`; every implementation is handed in with them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.assignments.assignment import Assignment, load_assignment
from autograder.assignments.course import Course
from autograder.assignments.marks import mark_of
from autograder.trials.edits import LibraryError, read_edits


@dataclass(frozen=True)
class Implementation:
    """One of the library; ``code`` is what a student would have in the cells of ``functions``."""

    name: str
    about: str
    code: str
    functions: tuple[str, ...]
    loses: Mapping[str, float] = field(default_factory=dict)
    hint: str = ""


def load_implementations(course: Course, assignment: str, kind: str) -> list[Implementation]:
    """Return the implementations of ``kind`` (``"wrong"`` or ``"right"``), by name.

    Raises:
        ValueError: the assignment, or a file of its library, cannot be used.
    """
    loaded = load_assignment(course, assignment)
    cells = _cells(course, assignment)
    bases = {check.function: cells.get(check.function, "") for check in loaded.checks}
    folder = course.folder_of(assignment) / kind
    found = list(_wrong(loaded, folder, bases) if kind == "wrong" else _right(folder, bases))
    return sorted(found, key=lambda implementation: implementation.name)


def _cells(course: Course, assignment: str) -> dict[str, str]:
    """Return the texts of the cells that nbgrader knows in the solution, by grade id."""
    return {mark_of(cell): cell.source for cell in course.read_solution(assignment).cells}


def _wrong(
    assignment: Assignment, folder: Path, bases: Mapping[str, str]
) -> Iterator[Implementation]:
    for path in sorted(folder.glob("*.toml")):
        function = path.stem
        if not bases.get(function):
            raise LibraryError(
                f"{path}: there is no cell {function} with checks: name the file after one of "
                f"{', '.join(bases)}"
            )
        for edit in read_edits(assignment, path, bases[function]):
            yield Implementation(
                edit.name, edit.about, edit.code, (function,), edit.loses, edit.hint
            )


def _right(folder: Path, bases: Mapping[str, str]) -> Iterator[Implementation]:
    for path in sorted(folder.glob("*.py")):
        code = path.read_text(encoding="utf-8")
        try:
            tree = ast.parse(code)
        except SyntaxError as error:
            raise LibraryError(f"{path} does not parse: {error}: correct it") from None
        functions = tuple(name for name in bases if name in _defined(tree))
        if not functions:
            raise LibraryError(f"{path} defines none of {', '.join(bases)}: write one of them")
        yield Implementation(path.stem, (ast.get_docstring(tree) or "").strip(), code, functions)


def _defined(tree: ast.Module) -> set[str]:
    """Return the names that a module gives to functions, classes and values."""
    found = {getattr(node, "name", "") for node in tree.body}
    targets = [node.targets for node in tree.body if isinstance(node, ast.Assign)]
    return found | {t.id for one in targets for t in one if isinstance(t, ast.Name)}


def solved(course: Course, assignment: str) -> NotebookNode:
    """Return the release with every editable cell filled in from the solution."""
    notebook: NotebookNode = nbformat.read(course.release(assignment), as_version=4)
    solution = _cells(course, assignment)
    for cell in notebook.cells:
        rules = cell.metadata.get("nbgrader")
        if rules and rules.solution:
            cell.source = solution[rules.grade_id]
    return notebook


def files_of(course: Course, assignment: str) -> dict[str, bytes]:
    """Return the files that the solution is handed in with, by name.

    Raises:
        ValueError: one that the assignment needs is not there.
    """
    folder = course.folder_of(assignment) / "files"
    taken = load_assignment(course, assignment).files
    for file in taken:
        if file.required and not (folder / file.name).is_file():
            raise LibraryError(f"{folder / file.name} is missing: put there {file.purpose}")
    names = [file.name for file in taken if (folder / file.name).is_file()]
    return {name: (folder / name).read_bytes() for name in names}


def with_implementation(notebook: NotebookNode, implementation: Implementation) -> NotebookNode:
    """Return a copy of ``notebook`` in which ``implementation`` stands for its functions.

    Its code goes into the cell of the first function that it replaces; the cells of the others
    are emptied.
    """
    changed: NotebookNode = nbformat.from_dict(notebook)
    code = implementation.code
    for cell in changed.cells:
        if mark_of(cell) in implementation.functions:
            cell.source, code = code, "# written above, with the first function"
    return changed

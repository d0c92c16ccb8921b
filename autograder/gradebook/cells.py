"""The cells of an assignment in the gradebook: how they differ from the release, made alike.

nbgrader refuses to change the cells of an assignment that somebody has handed in. Here they are
changed in place, so that what a person gave stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    SolutionCell,
    SourceCell,
    TaskCell,
)

from autograder.assignments.assignment import Assignment, ReleasedCell
from autograder.assignments.marks import same_text

KINDS = {"grade": GradeCell, "solution": SolutionCell, "task": TaskCell}


@dataclass(frozen=True)
class Known:
    """What the gradebook knows of one cell; ``rules`` as nbgrader writes them in a notebook."""

    cell_type: str
    source: str
    rules: dict[str, Any]


def known_cells(gradebook: Gradebook, assignment: str) -> dict[str, Known] | None:
    """Return the cells by grade id, or None where the gradebook does not know ``assignment``."""
    try:
        notebook = gradebook.find_notebook(assignment, assignment)
    except MissingEntry:
        return None
    cells = {cell.name: Known(*_plain(cell)) for cell in notebook.source_cells}
    for cell in notebook._base_cells:
        known = cells.setdefault(cell.name, Known("code", "", {"grade_id": cell.name}))
        known.rules.update({kind: True for kind, of in KINDS.items() if isinstance(cell, of)})
        if hasattr(cell, "max_score"):
            known.rules["points"] = cell.max_score
    return cells


def changes(known: Mapping[str, Known], assignment: Assignment) -> list[str]:
    """Return a line for each cell that another one takes the place of, or other points."""
    wanted = {cell.grade_id: cell for cell in assignment.cells}
    moved = renamed(known, assignment)
    lines = [f"{old} is called {new}" for old, new in moved.items()]
    for name in known.keys() - wanted.keys() - moved.keys():
        lines.append(f"{name} is gone{_worth(known[name].rules)}")
    for name in wanted.keys() - known.keys() - set(moved.values()):
        lines.append(f"{name} is new{_worth(wanted[name].rules)}")
    for name in wanted:
        before = known.get(name) or next((known[o] for o, n in moved.items() if n == name), None)
        if before is None:
            continue
        if _kind(before.rules) != _kind(wanted[name].rules):
            lines.append(f"{name} is another kind of cell")
        old, new = _points(before.rules), _points(wanted[name].rules)
        if old != new:
            lines.append(f"{name} is worth {new:g} points, not {old:g}")
    return sorted(lines)


def enter_cells(gradebook: Gradebook, assignment: Assignment) -> None:
    """Make the gradebook's cells those of ``assignment``; grades and comments of others stay.

    Of a cell that is gone they are removed; those of one that is new wait to be given. Does not
    commit.
    """
    notebook = gradebook.find_notebook(assignment.id, assignment.id)
    known = known_cells(gradebook, assignment.id) or {}
    wanted = {cell.grade_id: cell for cell in assignment.cells}
    for old, new in renamed(known, assignment).items():
        for cell in (*notebook._base_cells, *notebook.source_cells):
            if cell.name == old:
                cell.name = new
    gradebook.db.flush()
    for kind, of in KINDS.items():
        names = {name for name, cell in wanted.items() if cell.rules.get(kind)}
        _enter_kind(gradebook, notebook, of, {name: wanted[name] for name in names})
    _enter_sources(gradebook, notebook, wanted)
    gradebook.db.flush()


def _enter_kind(
    gradebook: Gradebook, notebook: Any, of: type[BaseCell], wanted: dict[str, ReleasedCell]
) -> None:
    held = {cell.name: cell for cell in notebook._base_cells if isinstance(cell, of)}
    for name in held.keys() - wanted.keys():
        for given in (*(held[name].grades or ()), *(held[name].comments or ())):
            gradebook.db.delete(given)
        gradebook.db.delete(held[name])
    for name, released in wanted.items():
        cell = held.get(name)
        if cell is None:
            cell = _new_cell(gradebook, notebook, of, released)
        if of is not SolutionCell:
            cell.max_score, cell.cell_type = released.points, released.cell_type


def _new_cell(
    gradebook: Gradebook, notebook: Any, of: type[BaseCell], released: ReleasedCell
) -> Any:
    graded = {"max_score": released.points, "cell_type": released.cell_type}
    cell = of(name=released.grade_id, notebook=notebook, **({} if of is SolutionCell else graded))
    gradebook.db.add(cell)
    gradebook.db.flush()
    for submission in notebook.submissions:
        if of is not SolutionCell:
            gradebook.db.add(Grade(cell_id=cell.id, notebook=submission))
        if of is not GradeCell:
            gradebook.db.add(Comment(cell_id=cell.id, notebook=submission))
    return cell


def _enter_sources(gradebook: Gradebook, notebook: Any, wanted: dict[str, ReleasedCell]) -> None:
    held = {cell.name: cell for cell in notebook.source_cells}
    for name in held.keys() - wanted.keys():
        gradebook.db.delete(held[name])
    for name, released in wanted.items():
        cell = held.get(name) or SourceCell(name=name, notebook=notebook)
        gradebook.db.add(cell)
        cell.cell_type, cell.source = released.cell_type, released.source
        cell.locked, cell.checksum = released.locked, released.rules.get("checksum")


def _plain(cell: Any) -> tuple[str, str, dict[str, Any]]:
    rules = {"grade_id": cell.name, "locked": bool(cell.locked), "grade": False, "solution": False}
    return cell.cell_type, cell.source or "", rules


def renamed(known: Mapping[str, Known], assignment: Assignment) -> dict[str, str]:
    """Return the new names of cells that are gone and came again as they were."""
    wanted = {cell.grade_id: cell for cell in assignment.cells}
    found: dict[str, str] = {}
    for old in known.keys() - wanted.keys():
        alike = [
            name
            for name in wanted.keys() - known.keys() - set(found.values())
            if known[old].cell_type == wanted[name].cell_type
            and _kind(known[old].rules) == _kind(wanted[name].rules)
            and same_text(known[old].source, wanted[name].source)
        ]
        if len(alike) > 1:  # all questions for a person are handed out with the same text
            alike = [n for n in alike if _points(wanted[n].rules) == _points(known[old].rules)]
        if len(alike) == 1:
            found[old] = alike[0]
    return found


def _kind(rules: Mapping[str, Any]) -> list[bool]:
    return [bool(rules.get(kind)) for kind in KINDS]


def _points(rules: Mapping[str, Any]) -> float:
    return float(rules.get("points", 0.0)) if rules.get("grade") or rules.get("task") else 0.0


def _worth(rules: Mapping[str, Any]) -> str:
    points = _points(rules)
    return f", with {points:g} points" if points else ""

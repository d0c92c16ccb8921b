"""Every release of an assignment that was handed out, remembered by a digest of each cell.

A submission carries the rules of the release it was made from. Whoever hands in an earlier one has
changed nothing. The file belongs to the course: keep it with the text in ``solutions/``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat

from autograder.assignments.course import Course

Release = Mapping[str, str]  # a digest by grade id
LENGTH = 16  # characters of a digest


def earlier_releases(course: Course, assignment: str) -> tuple[Release, ...]:
    """Return all releases that were remembered, the oldest first.

    Raises:
        ValueError: the file that holds them is damaged.
    """
    path = _path(course, assignment)
    try:
        releases = json.loads(path.read_text(encoding="utf-8"))["releases"]
        return tuple({str(key): str(value) for key, value in one.items()} for one in releases)
    except FileNotFoundError:
        return ()
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is damaged ({error!r}): take it from the course again") from error


def remember_release(course: Course, assignment: str, release: Release) -> None:
    """Add ``release`` to those that were handed out, if it is not one of them."""
    known = earlier_releases(course, assignment)
    if not release or release in known:
        return
    path = _path(course, assignment)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"releases": [*known, release]}, indent=1) + "\n", encoding="utf-8")


def release_in(notebook: Path) -> Release:
    """Return the release that a student notebook is; of a file that is not there, none."""
    if not notebook.is_file():
        return {}
    cells = nbformat.read(notebook, as_version=4).cells
    rules = ((cell, cell.metadata.get("nbgrader")) for cell in cells)
    return {
        rule["grade_id"]: cell_digest(cell.cell_type, cell.source, rule)
        for cell, rule in rules
        if rule
    }


def cell_digest(cell_type: str, source: str, rules: Mapping[str, Any]) -> str:
    """Return what tells a cell as it was handed out from any other: what students must leave alone.

    That is its kind, its points, its lock, and the text of a locked cell, but for blanks at the
    ends of lines.

    Example:
        >>> rules = {"grade": True, "solution": True, "locked": False, "points": 3}
        >>> cell_digest("code", "a", rules) == cell_digest("code", "b", rules)
        True
        >>> cell_digest("code", "a", rules) == cell_digest("code", "a", rules | {"points": 4})
        False
    """
    grade, solution = bool(rules.get("grade")), bool(rules.get("solution"))
    locked = not solution and (grade or bool(rules.get("locked")))
    lines = [line.rstrip() for line in source.rstrip().splitlines()] if locked else []
    points = _number(rules.get("points")) if grade else None
    text = json.dumps([cell_type, grade, solution, bool(rules.get("locked")), points, lines])
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:LENGTH]


def release_of(cells: Iterable[tuple[str, str, Mapping[str, Any]]]) -> Release:
    """Return the release that cells are: kind, text and rules of each."""
    return {
        str(rules["grade_id"]): cell_digest(kind, source, rules) for kind, source, rules in cells
    }


def _number(points: Any) -> Any:
    """Return 3 and 3.0 as one number; JSON has both."""
    try:
        return float(points)
    except (OverflowError, TypeError, ValueError):  # students may write there what they want
        return str(points)[:LENGTH]


def _path(course: Course, assignment: str) -> Path:
    return course.root / "solutions" / "releases" / f"{assignment}.json"

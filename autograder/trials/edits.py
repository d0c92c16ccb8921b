"""Wrong implementations as edits: what a misconception changes in the solution, and what it costs.

A file ``wrong/<function>.toml`` holds a table for each of them:

    [kernel_not_flipped]
    about = "The kernel slides over the signal as it stands."
    old = "number * w"
    new = "number * w[::-1]"
    loses = 3
    hint = "kernel-not-flipped"

``old`` stands exactly once in the solution's cell of the function; both may be lists, for a
mistake in several places. Where the idea differs, ``code`` gives the whole cell instead.
``loses`` is points of the function's own test cell, or a table of points by test cell.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignments.assignment import TEST_PREFIX, Assignment
from autograder.checks import kept
from autograder.grading.scan.telling import NOT_ALLOWED

KEYS = ("about", "old", "new", "code", "loses", "hint")
GIVEN = (kept.NAME, NOT_ALLOWED.name)  # hints of the grader itself, for any assignment
NEEDED = ("about", "loses", "hint")


class LibraryError(ValueError):
    """Something in the library of an assignment cannot be used; the message says where."""


@dataclass(frozen=True)
class Edit:
    """One table of a file: the changed cell, and what the checks must make of it."""

    name: str
    about: str
    code: str
    loses: Mapping[str, float]
    hint: str


def read_edits(assignment: Assignment, path: Path, base: str) -> Iterator[Edit]:
    """Yield the edits in the file at ``path``, applied to ``base``.

    Args:
        assignment: whose test cells and hints the edits name.
        path: a TOML file that has the name of a graded function.
        base: the solution's cell of that function.

    Raises:
        LibraryError: the file is no TOML, or an edit breaks a rule.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # not UTF-8, no TOML, a name twice
        raise LibraryError(f"{path}: {error}: correct the file") from error
    for name, table in tables.items():
        try:
            yield _edit(assignment, path.stem, name, table, base)
        except LibraryError as error:
            raise LibraryError(f"{path}: [{name}] {error}") from None


def _edit(assignment: Assignment, function: str, name: str, table: Any, base: str) -> Edit:
    if not isinstance(table, dict):
        raise LibraryError("must be a table: put it in square brackets, its keys below")
    for key in table:
        if key not in KEYS:
            raise LibraryError(f"{key} is no key: use {', '.join(KEYS)}")
    for key in NEEDED:
        if not table.get(key):
            raise LibraryError(f"{key} is missing: say it")
    known = [*sorted(assignment.hints), *GIVEN]
    if table["hint"] not in known:
        raise LibraryError(f"hint (={table['hint']!r}) must be one of {', '.join(known)}")
    code = _changed(base, table)
    loses = _points(assignment, TEST_PREFIX + function, table["loses"])
    return Edit(f"{function}_{name}", str(table["about"]), code, loses, table["hint"])


def _changed(base: str, table: Mapping[str, Any]) -> str:
    """Return the cell that the student has in place of ``base``."""
    if "code" in table:
        if "old" in table or "new" in table:
            raise LibraryError("has code beside old or new: keep the one or the other")
        code = str(table["code"])
    else:
        code = base
        for old, new in zip(*_pairs(table), strict=True):
            code = _replaced(code, old, new)
    if _meaning(code) == _meaning(base):
        raise LibraryError("changes nothing that Python sees: make new another program than old")
    return code


def _pairs(table: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    sides = [table.get(key) for key in ("old", "new")]
    old, new = ([side] if isinstance(side, str) else side for side in sides)
    for key, side in (("old", old), ("new", new)):
        if not isinstance(side, list) or not all(isinstance(text, str) for text in side):
            raise LibraryError(f"{key} (={side!r}) must be text, or a list of texts")
    assert isinstance(old, list)
    assert isinstance(new, list)
    if len(old) != len(new) or not old:
        raise LibraryError(f"has {len(old)} old and {len(new)} new texts: each old needs its new")
    return old, new


def _replaced(code: str, old: str, new: str) -> str:
    times = code.count(old) if old else 0
    if times == 1:
        return code.replace(old, new)
    fix = "copy it from there" if not times else "add what stands around the one you mean"
    raise LibraryError(
        f"old (={old!r}) must stand once in the solution's cell, not {times} times: {fix}"
    )


def _meaning(code: str) -> str:
    try:
        return ast.dump(ast.parse(code))
    except (SyntaxError, ValueError) as error:
        raise LibraryError(f"does not parse: {error}: correct it in\n{code}") from None


def _points(assignment: Assignment, own: str, loses: Any) -> dict[str, float]:
    """Return the points lost by test cell, each more than 0 and no more than the cell is worth."""
    worth = {cell.grade_id: cell.points for cell in assignment.tests}
    by_cell = loses if isinstance(loses, dict) else {own: loses}
    for cell, points in by_cell.items():
        if cell not in worth:
            raise LibraryError(f"test cell (={cell!r}) must be one of {', '.join(worth)}")
        number = isinstance(points, int | float) and not isinstance(points, bool)
        if not number or not 0 < points <= worth[cell]:
            raise LibraryError(
                f"loses (={points!r}) must be a number above 0 and at most {worth[cell]:g}, "
                f"the points of {cell}"
            )
    return {cell: float(points) for cell, points in by_cell.items()}

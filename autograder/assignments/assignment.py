"""An assignment as the grader knows it: the released cells and the trusted checks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.assignments.course import Course
from autograder.assignments.modules import modules_of
from autograder.assignments.releases import Release, earlier_releases
from autograder.checks import Budget, Check, Forbidden, Hint, Section
from autograder.checks.files import HandedIn, require_fitting
from autograder.jail.libraries import FLAVOURS

TEST_PREFIX = "test_"


@dataclass(frozen=True)
class ReleasedCell:
    """A cell that nbgrader knows, as students received it."""

    grade_id: str
    cell_type: str
    source: str
    rules: dict[str, Any]

    @property
    def locked(self) -> bool:
        """Whether students may run the cell but not edit it; as in nbgrader, tests always are."""
        return not self.rules["solution"] and bool(self.rules["grade"] or self.rules["locked"])

    @property
    def points(self) -> float:
        """What the cell is worth, 0 where it is not graded."""
        return float(self.rules.get("points", 0.0))

    @property
    def is_test(self) -> bool:
        """Whether the grader, not a person, gives the points."""
        return bool(self.rules["grade"] and not self.rules["solution"])


@dataclass(frozen=True)
class Assignment:
    """What `autograder.grading.grade.grade` needs to know; small, and picklable for a cluster."""

    id: str
    cells: tuple[ReleasedCell, ...]
    texts: tuple[str, ...] = ()  # of the released cells that nbgrader does not know
    earlier: tuple[Release, ...] = ()  # what was handed out before; the present one may be there
    files: tuple[HandedIn, ...] = ()  # that are handed in beside the notebook; mostly none
    own_checks: str | None = None  # text of the checks, where its course brings its own

    @property
    def tests(self) -> tuple[ReleasedCell, ...]:
        """The test cells, in order."""
        return tuple(cell for cell in self.cells if cell.is_test)

    @property
    def handed_out(self) -> dict[str, str]:
        """The code that students may run but not edit, by cell, without the tests."""
        locked = (c for c in self.cells if c.cell_type == "code" and c.locked and not c.is_test)
        return {cell.grade_id: cell.source for cell in locked}

    @property
    def by_hand(self) -> float:
        """Points that a person gives."""
        return sum(cell.points for cell in self.cells if not cell.is_test)

    @property
    def flavour(self) -> str:
        """Which packages a student's kernel may import: a key of `libraries.FLAVOURS`."""
        return str(getattr(self.module, "FLAVOUR", ""))

    @property
    def module(self) -> ModuleType:
        """The module of the trusted checks."""
        return modules_of(self.id, self.own_checks)["checks"]

    @property
    def checks(self) -> list[Check]:
        """The trusted checks, in the order of their module."""
        known = vars(self.module)
        stay = bool(known.get("ARGUMENTS_STAY", False))
        found = [value for value in known.values() if isinstance(value, Check)]
        return [
            one if one.arguments_stay is not None else replace(one, arguments_stay=stay)
            for one in found
        ]

    @property
    def budget(self) -> Budget:
        """What a submission may use: ``BUDGET`` of the checks, or what is usual."""
        found = getattr(self.module, "BUDGET", Budget())
        if not isinstance(found, Budget):
            raise TypeError(f"{self.id}: BUDGET (={found!r}) must be a Budget: Budget(check=20.0)")
        return found

    @property
    def forbidden(self) -> list[Forbidden]:
        """What the functions may not use."""
        return [v for v in vars(self.module).values() if isinstance(v, Forbidden)]

    @property
    def hints(self) -> dict[str, Hint]:
        """The misconceptions that the modules of the assignment name, by their own name."""
        modules = modules_of(self.id, self.own_checks).values()
        found = [value for module in modules for value in vars(module).values()]
        return {hint.name: hint for hint in found if isinstance(hint, Hint)}

    def section(self, function: str, hint: str) -> Section | None:
        """Return where the book mends the misconception ``hint``, or else teaches ``function``."""
        known = self.hints.get(hint)
        sections: dict[str, Section] = getattr(self.module, "SECTIONS", {})
        return (known.section if known else None) or sections.get(function)


def load_assignment(course: Course, assignment: str) -> Assignment:
    """Return ``assignment`` as its release and its trusted checks define it.

    Raises:
        ValueError: there is no such assignment, it was not released, it has no checks, they do
            not say their flavour, or the points of a function's are not those of its test cell,
            or its files do not fit.
    """
    course.solution(assignment)
    own_checks = course.own_checks(assignment)
    path = course.release(assignment)
    if not path.is_file():
        raise ValueError(f"{assignment} has no {path}: run convbook release {assignment}")
    cells = nbformat.read(path, as_version=4).cells
    known = tuple(_released(cell) for cell in cells if "nbgrader" in cell.metadata)
    texts = tuple(cell.source for cell in cells if "nbgrader" not in cell.metadata)
    earlier = earlier_releases(course, assignment)
    files = tuple(getattr(modules_of(assignment, own_checks)["checks"], "FILES", ()))
    require_fitting(files)
    loaded = Assignment(assignment, known, texts, earlier, files, own_checks)
    _require_flavour(loaded)
    _require_same_points(loaded)
    return loaded


def _released(cell: NotebookNode) -> ReleasedCell:
    rules = dict(cell.metadata.nbgrader)
    return ReleasedCell(rules["grade_id"], cell.cell_type, cell.source, rules)


def _require_flavour(assignment: Assignment) -> None:
    if assignment.flavour not in FLAVOURS:
        raise ValueError(
            f"{assignment.id}: FLAVOUR (={assignment.flavour!r}) must be one of "
            f"{', '.join(FLAVOURS)}: say in the checks which packages the notebook may import"
        )


def _require_same_points(assignment: Assignment) -> None:
    promised = {cell.grade_id: cell.points for cell in assignment.tests}
    given: dict[str, float] = {}
    for check in assignment.checks:
        cell = TEST_PREFIX + check.function
        given[cell] = given.get(cell, 0.0) + check.points
    if promised != given:
        raise ValueError(
            f"{assignment.id}: the test cells promise {promised} but the trusted checks give "
            f"{given}: make them equal"
        )

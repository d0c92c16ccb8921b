"""The power of the checks, measured: wrong implementations must fail, right ones must not.

A wrong implementation that earns full points is a survivor: the checks are blind to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from nbformat import NotebookNode

from autograder.assignments.assignment import TEST_PREFIX, Assignment, load_assignment
from autograder.assignments.course import Course
from autograder.grading.grade import look_through
from autograder.grading.judging import judge
from autograder.grading.report import Result, Verdict
from autograder.grading.scan.findings import Scan
from autograder.grading.scan.telling import tell
from autograder.grading.session import Session
from autograder.trials.implementations import (
    Implementation,
    files_of,
    load_implementations,
    solved,
    with_implementation,
)

KINDS = ("wrong", "right")


@dataclass(frozen=True)
class Trial:
    """One implementation against all checks with the inputs of one seed."""

    seed: int
    results: tuple[Result, ...]

    @property
    def lost(self) -> dict[str, float]:
        """Points lost, by test cell; cells that lost nothing are left out."""
        lost: dict[str, float] = {}
        for result in self.results:
            if result.verdict is not Verdict.PASSED:
                cell = TEST_PREFIX + result.function
                lost[cell] = lost.get(cell, 0.0) + abs(result.points)
        return lost

    @property
    def hints(self) -> list[str]:
        """The misconceptions that the feedback names, in order."""
        return list(dict.fromkeys(result.hint for result in self.results if result.hint))


@dataclass(frozen=True)
class Tried:
    """All that was seen of one implementation; ``kind`` is one of `KINDS`."""

    implementation: Implementation
    kind: str
    trials: tuple[Trial, ...]

    @property
    def problems(self) -> list[str]:
        """Return a sentence for whatever is not as intended; empty if all is well."""
        return [f"{text} (seed {', '.join(map(str, s))})" for text, s in self._found().items()]

    @property
    def bad_seeds(self) -> set[int]:
        """The seeds that showed a problem."""
        return {seed for seeds in self._found().values() for seed in seeds}

    def _found(self) -> dict[str, list[int]]:
        find = _survival if self.kind == "wrong" else _injustice
        found: dict[str, list[int]] = {}
        for trial in self.trials:
            for problem in find(self.implementation, trial):
                found.setdefault(problem, []).append(trial.seed)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        intended = {"loses": dict(self.implementation.loses), "hint": self.implementation.hint}
        trials = [
            {
                "seed": t.seed,
                "lost": t.lost,
                "hints": t.hints,
                "results": list(map(asdict, t.results)),
            }
            for t in self.trials
        ]
        known = {"name": self.implementation.name, "kind": self.kind, "intended": intended}
        return {**known, "problems": self.problems, "trials": trials}


def try_library(
    course: Course,
    assignment_id: str,
    seeds: Iterable[int],
    start: Callable[[int], object] = lambda total: None,
    done: Callable[[Tried], object] = lambda tried: None,
) -> list[Tried]:
    """Run every implementation of the library in the jail against the trusted checks.

    Args:
        course: where the assignment and its library are.
        assignment_id: such as ``"01-convolution"``.
        seeds: a trial for each; they make the random inputs.
        start: called once with the number of implementations.
        done: called after each of them.

    Raises:
        ValueError: there is no such assignment, or no implementation of it.
        autograder.jail.bubblewrap.JailUnavailable: this machine cannot lock code in.
    """
    assignment = load_assignment(course, assignment_id)
    library = [
        (kind, item) for kind in KINDS for item in load_implementations(course, assignment_id, kind)
    ]
    if not library:
        raise ValueError(
            f"{assignment_id} has no implementations to try: put some into "
            f"{course.folder_of(assignment_id)}/wrong and …/right"
        )
    start(len(library))
    notebook, chosen = solved(course, assignment_id), tuple(seeds)
    files = files_of(course, assignment_id)
    tried = []
    for kind, item in library:
        trials = _try(assignment, with_implementation(notebook, item), files, chosen)
        tried.append(Tried(item, kind, trials))
        done(tried[-1])
    return tried


def _try(
    assignment: Assignment,
    notebook: NotebookNode,
    files: Mapping[str, bytes],
    seeds: tuple[int, ...],
) -> tuple[Trial, ...]:
    budget = replace(assignment.budget, submission=math.inf)  # it answers for many seeds
    cells = _cells(assignment, notebook)
    absent = {file.name: "the library has none" for file in assignment.files}
    session = Session(
        assignment.flavour,
        cells,
        budget,
        handed_out=assignment.handed_out,
        files=files,
        absent={name: why for name, why in absent.items() if name not in files},
    )
    try:
        session.run_all()
        found = look_through(assignment, session.cells)
        return tuple(_trial(assignment, session, seed, found) for seed in seeds)
    finally:
        session.close()


def _trial(assignment: Assignment, session: Session, seed: int, found: Scan) -> Trial:
    results = tuple(judge(check, session, seed) for check in assignment.checks)
    taken, _ = tell(found, results, session.cells, str)
    return Trial(seed, results + taken)


def _cells(assignment: Assignment, notebook: NotebookNode) -> dict[str, str]:
    """Return the functions and what stands before the first of them; no plot is drawn."""
    source = {
        c.metadata.nbgrader.grade_id: c.source for c in notebook.cells if "nbgrader" in c.metadata
    }
    cells: dict[str, str] = {}
    before = True
    for cell in assignment.cells:
        before = before and cell.locked
        if cell.cell_type == "code" and not cell.is_test and (before or not cell.locked):
            cells[cell.grade_id] = source[cell.grade_id]
    return cells


def _survival(implementation: Implementation, trial: Trial) -> list[str]:
    """Say where a wrong implementation is not caught as intended."""
    if not trial.lost:
        return ["survives: every check passes"]
    found = []
    if trial.lost != dict(implementation.loses):
        intended = _points(implementation.loses)
        found.append(f"loses {_points(trial.lost)}; intended is {intended}")
    if implementation.hint not in trial.hints:
        named = ", ".join(trial.hints) or "no misconception"
        found.append(f"its feedback names {named}; intended is {implementation.hint}")
    return found


def _injustice(_: Implementation, trial: Trial) -> list[str]:
    return [f"is right, but loses {_points(trial.lost)}"] if trial.lost else []


def _points(lost: Any) -> str:
    return ", ".join(f"{points:g} in {cell}" for cell, points in lost.items()) or "nothing"

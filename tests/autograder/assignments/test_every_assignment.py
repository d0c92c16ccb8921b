"""What holds for every assignment there is: its points, its library, its hints, its inputs."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.assignments import catalogue
from autograder.assignments.assignment import TEST_PREFIX, Assignment, load_assignment
from autograder.assignments.course import Course
from autograder.assignments.marks import mark_of
from autograder.checks import Hint
from autograder.jail.libraries import FLAVOURS
from autograder.trials.edits import GIVEN
from autograder.trials.implementations import (
    Implementation,
    load_implementations,
    solved,
    with_implementation,
)
from autograder.trials.mutation import try_library
from tests.autograder.in_process import Student, judged

COURSE = Course.find(Path(__file__))
IDS = COURSE.assignments()
SEEDS = range(3)  # fifty of them are make prove
FEWEST = {"wrong": 5, "right": 2}  # of each function
POINTS_COLUMN = re.compile(r"^\|.*\| *(\d+(?:\.\d+)?) *\|$", re.MULTILINE)

load = functools.cache(functools.partial(load_assignment, COURSE))
library = functools.cache(functools.partial(load_implementations, COURSE))
solution = functools.cache(functools.partial(solved, COURSE))


def functions(assignment: Assignment) -> dict[str, float]:
    """The graded functions and the points of each."""
    return {test.grade_id.removeprefix(TEST_PREFIX): test.points for test in assignment.tests}


def student(id: str, implementation: Implementation | None = None) -> Student:
    """Run the cells of the functions, and what stands before the first of them but plots."""
    notebook = solution(id)
    names = {check.function for check in load(id).checks}
    if implementation:
        notebook = with_implementation(notebook, implementation)
    namespace: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and (mark_of(cell) in names or not names & set(namespace)):
            exec(compile(cell.source, mark_of(cell), "exec"), namespace)
    return Student(namespace)


def each_of(kind: str) -> list[Any]:
    """What needs no jail to be judged: all but what the grader itself has a hint for."""
    found = [(id, item) for id in IDS for item in library(id, kind) if item.hint not in GIVEN]
    return [pytest.param(id, item, id=f"{id}/{item.name}") for id, item in found]


every_assignment = pytest.mark.parametrize("id", IDS)


@every_assignment
def test_when_points_are_added_up_then_text_notebook_and_checks_agree(id: str) -> None:
    assignment = load(id)
    first = next(cell.source for cell in COURSE.read_solution(id).cells if "points" in cell.source)
    promised = [float(points) for points in POINTS_COLUMN.findall(first)]
    assert sum(promised) == sum(functions(assignment).values()) + assignment.by_hand
    assert sum(check.points for check in assignment.checks) == sum(functions(assignment).values())


@every_assignment
@pytest.mark.parametrize("kind", FEWEST)
def test_when_a_function_is_graded_then_the_library_holds_enough_of_it(id: str, kind: str) -> None:
    for function in functions(load(id)):
        known = [item for item in library(id, kind) if function in item.functions]
        assert len(known) >= FEWEST[kind], (function, kind)


@every_assignment
@pytest.mark.parametrize("seed", SEEDS)
def test_when_the_solution_is_checked_then_nothing_is_lost(id: str, seed: int) -> None:
    assert judged(load(id), student(id), seed) == ({}, set())


@every_assignment
def test_when_the_release_is_checked_then_everything_is_lost(id: str) -> None:
    names = {check.function for check in load(id).checks}
    unsolved = {
        mark_of(cell): cell.source
        for cell in nbformat.read(COURSE.release(id), as_version=4).cells
        if mark_of(cell) in names
    }
    untouched = Implementation("untouched", "", "\n\n".join(unsolved.values()), tuple(unsolved))
    lost, _ = judged(load(id), student(id, untouched), seed=0)
    assert lost == {TEST_PREFIX + name: points for name, points in functions(load(id)).items()}


@pytest.mark.parametrize(("id", "right"), each_of("right"))
def test_when_a_right_answer_is_written_differently_then_nothing_is_lost(
    id: str, right: Implementation
) -> None:
    for seed in SEEDS:
        assert judged(load(id), student(id, right), seed) == ({}, set())


@pytest.mark.parametrize(("id", "wrong"), each_of("wrong"))
def test_when_an_answer_is_wrong_then_it_loses_its_points_and_is_told_why(
    id: str, wrong: Implementation
) -> None:
    for seed in SEEDS:
        lost, hints = judged(load(id), student(id, wrong), seed)
        assert lost == wrong.loses
        assert wrong.hint in hints


@every_assignment
def test_when_a_hint_exists_then_a_wrong_answer_gets_it(id: str) -> None:
    assert {item.hint for item in library(id, "wrong")} - set(GIVEN) == set(load(id).hints)


def test_when_a_hint_is_in_the_catalogue_then_an_assignment_names_it_as_it_is_there() -> None:
    known = {value.name: value for value in vars(catalogue).values() if isinstance(value, Hint)}
    named = [hint for id in IDS for hint in load(id).hints.values()]
    assert set(known) <= {hint.name for hint in named}
    assert [hint for hint in named if known.get(hint.name, hint) != hint] == []


@every_assignment
@pytest.mark.parametrize("seed", SEEDS)
def test_when_a_function_is_graded_then_its_checks_send_every_kind_of_input(
    id: str, seed: int
) -> None:
    assert not_sent(load(id), student(id), seed) == []


def not_sent(assignment: Assignment, solved: Student, seed: int) -> list[str]:
    """Return in words each kind of input that the assignment states and its checks never send."""
    stated = getattr(assignment.module, "INPUTS", {})
    missing = [f"INPUTS states nothing for {name}" for name in functions(assignment)
               if not stated.get(name)]  # fmt: skip
    recorder = Student(solved._namespace)
    judged(assignment, recorder, seed)
    for function, inputs in stated.items():
        calls = [values for name, values in recorder.calls if name == function]
        for arguments, kinds in inputs.items():
            sent = [[values[name] for name in arguments] for values in calls]
            missing += [
                f"{function}: no call with {', '.join(arguments)} of the kind {kind!r}"
                for kind, holds in kinds.items()
                if not any(holds(*values) for values in sent)
            ]
    return missing


@every_assignment
def test_when_a_visible_test_runs_then_the_solution_passes_it(id: str) -> None:
    tests = [cell.source for cell in load(id).tests]
    namespace = dict(student(id)._namespace)
    for source in tests:
        exec(source, namespace)


@every_assignment
def test_when_the_text_is_read_then_it_hides_no_test_and_imports_what_the_jail_has(
    id: str,
) -> None:
    cells = [cell.source for cell in COURSE.read_solution(id).cells if cell.cell_type == "code"]
    assert not [source for source in cells if "HIDDEN TESTS" in source]
    nodes = [node for source in cells for node in ast.walk(ast.parse(source))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    names -= {"convbook.visible_tests"}  # the one part of the course that the jail has
    assert {name.split(".")[0] for name in names} <= set(FLAVOURS[load(id).flavour])


@pytest.mark.jail
@every_assignment
def test_when_the_library_is_tried_in_the_jail_then_everything_is_as_intended(id: str) -> None:
    tried = try_library(COURSE, id, [11])
    assert {item.implementation.name: item.problems for item in tried if item.problems} == {}
    assert len(tried) == len(library(id, "wrong")) + len(library(id, "right"))


def test_when_the_checks_send_too_little_then_the_missing_kind_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assignment = load(IDS[0])
    name, *_ = functions(assignment)
    never: dict[str, Callable[..., bool]] = {"of nine dimensions": lambda x: x.ndim == 9}
    argument = next(iter(assignment.module.INPUTS[name]))[:1]
    monkeypatch.setattr(assignment.module, "INPUTS", {name: {argument: never}})
    said = not_sent(assignment, student(IDS[0]), 0)
    assert f"{name}: no call with {argument[0]} of the kind 'of nine dimensions'" in said
    assert sum("INPUTS states nothing" in line for line in said) == len(functions(assignment)) - 1

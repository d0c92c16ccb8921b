"""The trusted checks of assignment 01 against right, wrong and empty solutions, in process."""

import copy
import functools
import re
from collections import defaultdict
from pathlib import Path

import jupytext
import numpy as np
import pytest

from autograder.assignments.a01_convolution import checks, misconceptions
from autograder.checks import Check, Hint, Mismatch, StudentError

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "solutions/01-convolution.md"
MUTANTS = ROOT / "tests/mutants/01-convolution"
CHECKS = [value for value in vars(checks).values() if isinstance(value, Check)]
WRONG = sorted((MUTANTS / "wrong").glob("*.py"))
RIGHT = sorted((MUTANTS / "right").glob("*.py"))


class InProcess:
    """A student whose functions run here: arguments are copied, exceptions come back as text."""

    def __init__(self, functions):
        self._functions = functions

    def __getattr__(self, name):
        return Function(self._functions[name])


class Function:
    """Stands for `autograder.grading.remote.Remote`."""

    def __init__(self, function):
        self._function = function

    def each(self, cases, **kwargs):
        return (self(*args, **kwargs) for args in cases)

    def __call__(self, *args, **kwargs):
        args, kwargs = copy.deepcopy((args, kwargs))
        try:
            return self._function(*args, **kwargs)
        except Exception as error:
            raise StudentError(
                [kind.__name__ for kind in type(error).__mro__], str(error)
            ) from None


@functools.cache
def cells():
    """Return source and nbgrader metadata of each cell that nbgrader knows, by its grade id."""
    known = (cell for cell in jupytext.read(SOURCE).cells if "nbgrader" in cell.metadata)
    return {
        cell.metadata.nbgrader.grade_id: (cell.source, cell.metadata.nbgrader) for cell in known
    }


def namespace(path=None, stubs=False):
    """Return the reference functions, or stubs, with those of the file at ``path`` on top."""
    functions = {"np": np}
    for source, nbgrader in cells().values():
        if nbgrader.solution and not nbgrader.grade:
            if stubs:
                body = r"### BEGIN SOLUTION.*### END SOLUTION"
                source = re.sub(body, "raise NotImplementedError()", source, flags=re.DOTALL)
            exec(source, functions)
    if path:
        exec(compile(path.read_text(), path, "exec"), functions)
    return functions


def lost(functions, seed):
    """Return the points lost in each test cell and the names of the hints given."""
    points, hints = defaultdict(float), set()
    for each in CHECKS:
        try:
            each.run(InProcess(functions), np.random.default_rng(seed))
        except (Mismatch, StudentError) as problem:
            points[f"test_{each.function}"] += each.points
            hint = getattr(problem, "hint", None)
            hints |= {hint.name} if hint else set()
    return dict(points), hints


@pytest.mark.parametrize("seed", range(20))
def test_when_the_reference_is_checked_then_nothing_is_lost(seed):
    assert lost(namespace(), seed) == ({}, set())


def test_when_the_notebook_is_unsolved_then_everything_is_lost():
    points, _ = lost(namespace(stubs=True), seed=0)
    assert points == {
        "test_conv1d": 5,
        "test_cross_correlate2d": 3,
        "test_conv2d": 3,
        "test_filter_image": 6,
    }


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_when_a_right_solution_is_written_differently_then_nothing_is_lost(path):
    for seed in range(10):
        assert lost(namespace(path), seed) == ({}, set())


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_when_a_solution_is_wrong_then_it_loses_its_points_and_is_told_why(path):
    functions = namespace(path)
    for seed in range(10):
        points, hints = lost(functions, seed)
        assert points == functions["LOSES"]
        assert functions["HINT"] in hints


def test_when_a_function_is_graded_then_five_wrong_solutions_are_known():
    for function in {each.function for each in CHECKS}:
        assert sum(path.stem.startswith(f"{function}_") for path in WRONG) >= 5


def test_when_a_hint_exists_then_a_wrong_solution_gets_it():
    known = {value.name for value in vars(misconceptions).values() if isinstance(value, Hint)}
    assert {namespace(path)["HINT"] for path in WRONG} == known


def test_when_points_are_added_up_then_they_are_those_of_the_test_cells():
    total = defaultdict(float)
    for each in CHECKS:
        total[f"test_{each.function}"] += each.points
    graded = {name: nbgrader.points for name, (_, nbgrader) in cells().items() if nbgrader.grade}
    assert sum(graded.values()) == 20
    assert graded.pop("explain_flip") == 3
    assert graded == total


def test_when_a_visible_test_runs_then_the_reference_passes_it():
    functions = namespace()
    setup = cells()["setup"][0].splitlines()
    exec("\n".join(line for line in setup if "matplotlib" not in line), functions)
    for name, (source, _) in cells().items():
        if name.startswith("test_"):
            exec(source, functions)


def test_when_the_source_is_read_then_neither_hidden_tests_nor_other_libraries_are_in_it():
    text = SOURCE.read_text()
    imported = set(re.findall(r"^\s*(?:import|from) (\w+)", text, flags=re.MULTILINE))
    assert imported == {"numpy", "matplotlib"}
    assert "HIDDEN TESTS" not in text

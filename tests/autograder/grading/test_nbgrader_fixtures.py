"""The notebooks that nbgrader tests itself with, graded here: a known outcome each, and no hang.

nbgrader's own asserts stay in their cells, where they earn nothing; trusted checks of the same
facts stand beside them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import nbformat
import nbgrader
import pytest
from numpy.random import Generator

from autograder.assignments.assignment import Assignment, ReleasedCell
from autograder.assignments.handed_in import Submission
from autograder.checks import Check, Student, check, expect_equal, expect_error
from autograder.grading.grade import grade
from autograder.grading.report import Verdict
from tests.autograder.conftest import SHORT

pytestmark = pytest.mark.jail

FILES = Path(nbgrader.__file__).parent / "tests" / "apps" / "files"


@check("bar", points=1)
def a_is_one(student: Student, rng: Generator) -> None:
    """a is 1"""
    expect_equal(student.a.fetch(), 1)


@check("correct_squares", points=1)
def squares_up_to_n(student: Student, rng: Generator) -> None:
    """squares returns the squares of 1 to n"""
    sizes = [1, 2, 10, int(rng.integers(11, 20))]
    for n, got in zip(sizes, student.squares.each([(n,) for n in sizes]), strict=True):
        expect_equal(got, [i * i for i in range(1, n + 1)])


@check("squares_invalid_input", points=1)
def squares_of_nothing(student: Student, rng: Generator) -> None:
    """squares raises a ValueError where n is less than 1"""
    for n in (0, -4):
        expect_error(lambda n=n: student.squares(n), "ValueError")


@check("correct_sum_of_squares", points=1)
def sum_up_to_n(student: Student, rng: Generator) -> None:
    """sum_of_squares returns the sum of the squares of 1 to n"""
    sizes = [1, 2, 10, int(rng.integers(11, 20))]
    for n, got in zip(sizes, student.sum_of_squares.each([(n,) for n in sizes]), strict=True):
        expect_equal(got, sum(i * i for i in range(1, n + 1)))


@check("test_simple", points=1)
def three_variables(student: Student, rng: Generator) -> None:
    """a is 5, b is "hello" and c is a list"""
    expect_equal(student.a.fetch(), 5)
    expect_equal(student.b.fetch(), "hello")
    expect_equal(student.c.fetch(), [1, 2, "test"])


@check("correct_squares", points=1)
def foo_is_true(student: Student, rng: Generator) -> None:
    """foo returns True"""
    expect_equal(student.foo(), True)


SUBMITTED = ("submitted-unchanged", a_is_one)
SQUARES = ("test", squares_up_to_n, squares_of_nothing, sum_up_to_n)
AUTOTEST = ("autotest-simple-unchanged", three_variables)
FOO = ("timeout", foo_is_true)
FREE = ("infinite-loop",)  # neither a graded cell nor a check
# Cells with the tests of another release become plain cells, and raise.
RAISES = {Verdict.TAMPERED, Verdict.ERROR}
# What each file is an answer to, its score, and what its notices say.
OUTCOMES = {
    "submitted-unchanged": (SUBMITTED, 0, set()),
    "submitted-changed": (SUBMITTED, 1, set()),
    "submitted-cheat-attempt": (SUBMITTED, 0, set()),
    "submitted-cheat-attempt-alternative": (SUBMITTED, 0, set()),
    "submitted-grade-cell-changed": (SUBMITTED, 0, {Verdict.TAMPERED}),
    "submitted-locked-cell-changed": (SUBMITTED, 0, {Verdict.TAMPERED}),
    "test": (SQUARES, 3, set()),
    "test-with-output": (SQUARES, 3, set()),
    "test-hidden-tests": (SQUARES, 1, {Verdict.TAMPERED}),  # its answers are hard-coded
    "test-no-metadata": (SQUARES, 3, set()),
    "test-no-metadata-autotest": (SQUARES, 3, {Verdict.TAMPERED}),
    "test-v0": (SQUARES, 3, {Verdict.TAMPERED}),
    "test-v0-invalid": (SQUARES, 3, {Verdict.TAMPERED}),
    "test-v1": (SQUARES, 3, set()),
    "test-v2": (SQUARES, 3, set()),
    "validation-zero-points": (SQUARES, 0, {Verdict.TAMPERED}),
    "autotest-simple": (AUTOTEST, 1, {Verdict.TAMPERED}),  # the text before it was released
    "autotest-simple-changed": (AUTOTEST, 1, set()),
    "autotest-simple-unchanged": (AUTOTEST, 0, set()),
    "autotest-hashed": (AUTOTEST, 1, {Verdict.TAMPERED}),
    "autotest-hashed-changed": (AUTOTEST, 1, {Verdict.TAMPERED}),
    "autotest-hashed-unchanged": (AUTOTEST, 0, RAISES),
    "autotest-hidden": (AUTOTEST, 1, {Verdict.TAMPERED}),
    "autotest-hidden-changed-right": (AUTOTEST, 1, {Verdict.TAMPERED}),
    "autotest-hidden-changed-wrong": (AUTOTEST, 0, {Verdict.TAMPERED}),
    "autotest-hidden-unchanged": (AUTOTEST, 0, RAISES),
    "autotest-multi": (AUTOTEST, 1, {Verdict.TAMPERED}),
    "autotest-multi-changed": (AUTOTEST, 1, RAISES),
    "autotest-multi-unchanged": (AUTOTEST, 0, RAISES),
    "timeout": (FOO, 0, set()),
    "infinite-loop": (FREE, 0, {Verdict.TIMED_OUT}),
    "infinite-loop-with-output": (FREE, 0, {Verdict.TIMED_OUT}),
    "open_relative_file": (FREE, 0, {Verdict.TAMPERED, Verdict.ERROR}),  # no such file inside
    "side-effects": (FREE, 0, set()),
    "too-new": (FREE, 0, {Verdict.TAMPERED}),
    "validating-environment-variable": (FREE, 0, {Verdict.TAMPERED}),
}


@dataclass(frozen=True)
class Fixture(Assignment):
    """A released notebook of nbgrader's tests with checks of ours."""

    trusted: tuple[Check, ...] = ()

    @property
    def module(self) -> ModuleType:
        made = ModuleType("fixture")
        vars(made).update({check.name: check for check in self.trusted}, FLAVOUR="numpy")
        return made


def _load(release: str, *checks: Check) -> Fixture:
    cells = nbformat.read(FILES / f"{release}.ipynb", as_version=4).cells
    rules = [(cell, cell.metadata.get("nbgrader")) for cell in cells]
    released = [ReleasedCell(r.grade_id, c.cell_type, c.source, dict(r)) for c, r in rules if r]
    return Fixture(release, tuple(released), trusted=checks)


@pytest.mark.parametrize("path", sorted(FILES.glob("*.ipynb")), ids=lambda path: path.stem)
def test_when_a_fixture_of_nbgrader_is_graded_then_it_ends_as_documented(path: Path) -> None:
    family, score, said = OUTCOMES[path.stem]
    start = time.monotonic()
    report = grade(_load(*family), Submission(path.read_bytes()), seed=1, budget=SHORT)
    assert time.monotonic() - start < SHORT.submission
    assert report.score == score
    assert {notice.verdict for notice in report.notices} == said
    if path.stem == "timeout":
        assert report.results[0].verdict is Verdict.TIMED_OUT


def test_when_nbgrader_has_its_fixtures_then_none_is_forgotten() -> None:
    assert {path.stem for path in FILES.glob("*.ipynb")} == set(OUTCOMES)

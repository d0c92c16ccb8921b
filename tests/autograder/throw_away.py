"""A course elsewhere with one small assignment of its own: a function, a class, six edits."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.assignments.course import MARKER, Course
from autograder.gradebook.release import release

ID = "42-throw-away"
FRONT = """\
---
kernelspec: {name: python3, display_name: Python 3, language: python}
---
"""
CELL = """
```{{code-cell}}
:nbgrader: {{"grade": {grade}, "solution": {solution}, "locked": {locked}, "grade_id": "{id}",\
 "points": {points}, "schema_version": 3, "task": false}}
{source}
```
"""
PLACES = """\
def places(n, kernel_size, stride=1):
    ### BEGIN SOLUTION
    if kernel_size > n:
        raise ValueError(f"kernel_size (={kernel_size}) must be at most n (={n})")
    return (n - kernel_size) // stride + 1
    ### END SOLUTION"""
STACK = """\
import math
from dataclasses import dataclass

START = 1


@dataclass
class Stack:
    strides: tuple = ()

    def jump(self):
        ### BEGIN SOLUTION
        return math.prod(self.strides, start=START)
        ### END SOLUTION"""
CHECKS = '''\
"""How often a kernel fits, and how far apart two neurons look."""

from dataclasses import dataclass

from autograder.assignments.catalogue import OFF_BY_ONE
from autograder.checks import Budget, Hint, check, expect_equal
from autograder.checks.inputs import STEPS

FLAVOUR = "numpy"
BUDGET = Budget(cell=3, check=2, submission=30)
INPUTS = {"places": {("stride",): STEPS}, "Stack": {("strides",): {"any": bool}}}
ADDED = Hint("strides-added", "You added the strides. Two halvings are a quarter: they multiply.")
CEILED = Hint("ceil-for-floor", "You rounded up. A window that does not fit whole does not count.")


@check("places", points=2)
def places_are_counted(student, rng):
    """places follows floor((n - k) / s) + 1"""
    for stride in (1, 3):
        n = int(rng.integers(6, 9)) * stride + 2
        right = (n - 3) // stride + 1
        hints = {OFF_BY_ONE: right - 1, CEILED: -(-(n - 3) // stride) + 1}
        expect_equal(student.places(n, 3, stride=stride), right, hints)


@check("Stack", points=1)
def jumps_multiply(student, rng):
    """Stack multiplies its strides"""
    strides = tuple(int(s) for s in rng.integers(3, 9, 3))
    right = strides[0] * strides[1] * strides[2]
    expect_equal(student.Stack.create(strides).jump(), right, {ADDED: sum(strides)})


@dataclass
class Unused:
    """Annotations of a dataclass are looked up in its module."""

    size: "int"
'''
PLACES_WRONG = """\
[off_by_one]
about = "The first place is forgotten."
old = "// stride + 1"
new = "// stride"
loses = 2
hint = "off-by-one"

[ceil_for_floor]
about = "The quotient is rounded up."
old = "(n - kernel_size) // stride + 1"
new = "-(-(n - kernel_size) // stride) + 1"
loses = 2
hint = "ceil-for-floor"

[another_idea]
about = "Places are counted one by one, but the last is left out."
code = '''
def places(n, kernel_size, stride=1):
    return len(range(0, n - kernel_size + 1, stride)) - 1
'''
loses = {test_places = 2}
hint = "off-by-one"
"""
STACK_WRONG = """\
[strides_added]
about = "Strides are added."
old = "math.prod(self.strides, start=START)"
new = "sum(self.strides)"
loses = 1
hint = "strides-added"

[strides_added_from_one]
about = "Strides are added, and the constant is another."
old = ["START = 1", "math.prod(self.strides, start=START)"]
new = ["START = 0", "sum(self.strides, start=START)"]
loses = 1
hint = "strides-added"

[method_renamed_by_a_decorator]
about = "The decorator is another, the sum as well."
old = ["@dataclass\\n", "math.prod(self.strides, start=START)"]
new = ["@dataclass(frozen=True)\\n", "sum(self.strides)"]
loses = 1
hint = "strides-added"
"""
RIGHT = '''\
"""Counted with a range; a class without a decorator."""


def places(n, kernel_size, stride=1):
    return len(range(0, n - kernel_size + 1, stride))


class Stack:
    def __init__(self, strides=()):
        self.strides = strides

    def jump(self):
        product = 1
        for stride in self.strides:
            product *= stride
        return product
'''
FILES = {
    "checks.py": CHECKS,
    "wrong/places.toml": PLACES_WRONG,
    "wrong/Stack.toml": STACK_WRONG,
    "right/counted.py": RIGHT,
}


def throw_away(root: Path, marker: Path) -> Course:
    """Write the course into ``root``, with nbgrader's configuration ``marker``, and release it."""
    folder = root / "solutions" / ID
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (root / "solutions" / f"{ID}.md").write_text(_text(), encoding="utf-8")
    shutil.copy(marker, root / MARKER)
    course = Course(root, folder=str(root / "grading"))
    release(course, ID)
    return course


def copy_of(course: Course, root: Path) -> Course:
    """Copy a course with all that was released, so that a test may change it."""
    shutil.copytree(course.root, root, dirs_exist_ok=True)
    return Course(root, folder=str(root / "grading"))


def _text() -> str:
    tested = (
        ("places", PLACES, 2, "assert places(5, 3) == 3"),
        ("Stack", STACK, 1, "assert Stack((2, 2)).jump() == 4"),
    )
    cells = ["\n# Assignment 42\n"]
    for name, source, points, test in tested:
        cells += [
            _cell(name, source, solution="true"),
            _cell(f"test_{name}", test, grade="true", locked="true", points=points),
        ]
    return FRONT + "".join(cells)


def _cell(
    id: str, source: str, grade: str = "false", solution: str = "false", locked: str = "false",
    points: int = 0,
) -> str:  # fmt: skip
    return CELL.format(
        id=id, source=source, grade=grade, solution=solution, locked=locked, points=points
    )

"""A student whose code runs in this process: what a check can do from afar, without a jail.

Only for code of the course itself: solutions and the library of implementations.
"""

from __future__ import annotations

import copy
import inspect
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from autograder.assignments.assignment import Assignment
from autograder.checks import Mismatch, Rng, StudentError

Call = tuple[str, Mapping[str, Any]]  # what was called, and its arguments by name


class There:
    """Something of the student's; stands for `autograder.grading.remote.Remote`."""

    def __init__(self, thing: Any, name: str, note: Callable[[Call], object]):
        self._thing, self._name, self._note = thing, name, note

    def __getattr__(self, name: str) -> There:
        return There(getattr(self._thing, name), f"{self._name}.{name}", self._note)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return copy.deepcopy(self._run(args, kwargs))

    def each(self, cases: Iterable[tuple[Any, ...]], /, **kwargs: Any) -> Iterator[Any]:
        return (self(*args, **kwargs) for args in cases)

    def timed(self, *args: Any, **kwargs: Any) -> tuple[Any, float]:
        start = time.perf_counter()
        return self(*args, **kwargs), time.perf_counter() - start

    def create(self, *args: Any, **kwargs: Any) -> There:
        return There(self._run(args, kwargs), self._name, self._note)

    def fetch(self) -> Any:
        return copy.deepcopy(self._thing)

    def _run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        args, kwargs = tuple(map(_inside, args)), {k: _inside(v) for k, v in kwargs.items()}
        bound = inspect.signature(self._thing).bind(*args, **kwargs)
        bound.apply_defaults()
        self._note((self._name, copy.deepcopy(bound.arguments)))
        try:
            return self._thing(*args, **kwargs)
        except Exception as error:
            kinds = [kind.__name__ for kind in type(error).__mro__]
            raise StudentError(kinds, str(error)) from None


class Student:
    """A namespace whose names are the student's; ``calls`` is what the checks have sent."""

    def __init__(self, namespace: Mapping[str, Any]):
        self._namespace = namespace
        self.calls: list[Call] = []

    @property
    def handed_out(self) -> Student:
        return Student(self._namespace)

    def __getattr__(self, name: str) -> There:
        return There(self._namespace[name], name, self.calls.append)


def judged(
    assignment: Assignment, student: Student, seed: int
) -> tuple[dict[str, float], set[str]]:
    """Return the points lost in each test cell, and the names of the hints given."""
    points: dict[str, float] = {}
    hints = set()
    for check in assignment.checks:
        try:
            check.run(student, np.random.default_rng(seed))
        except (Mismatch, StudentError) as problem:
            cell = f"test_{check.function}"
            points[cell] = points.get(cell, 0.0) + check.points
            hint = getattr(problem, "hint", None)
            hints |= {hint.name} if hint else set()
    return points, hints


def _inside(value: Any) -> Any:
    """Return an argument as it is where the student's code runs."""
    if isinstance(value, There):
        return value._thing
    if isinstance(value, Rng):
        return eval(repr(value), {"np": np})
    return copy.deepcopy(value)

"""What a check is: a decorated function, the student it asks, and what it raises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeVar

from numpy.random import Generator

from autograder.checks.book import Section

P = ParamSpec("P")
T = TypeVar("T")


class Student(Protocol):
    """The student's names; `autograder.grading.remote.Remote` says what can be done with one."""

    def __getattr__(self, name: str) -> Any:
        """Return what the student calls ``name``: a function to call, a class to create from."""

    def file(self, name: str) -> bytes:
        """Return a file of the assignment's ``FILES``, byte for byte as it was handed in."""


@dataclass(frozen=True)
class Hint:
    """A named misconception, the sentence that helps, and where the book says more, if it does."""

    name: str
    text: str
    section: Section | None = None


@dataclass(frozen=True)
class Check:
    """One trusted check: worth ``points`` of the test cell of function ``function``.

    ``arguments_stay`` tells whether a call may change its arguments; None is what the module of
    the checks says.
    """

    function: str
    name: str
    sentence: str
    points: float
    run: Callable[[Student, Generator], None]
    arguments_stay: bool | None = None


class Mismatch(Exception):
    """What came back is not what must hold."""

    def __init__(
        self, reason: str, *, expected: str = "", actual: str = "", hint: Hint | None = None
    ):
        """Keep the payload of the feedback: the reason, both values in words, the hint."""
        super().__init__(reason)
        self.reason = reason
        self.expected = expected
        self.actual = actual
        self.hint = hint


class StudentError(Exception):
    """The student's function raised an exception; it came back as text.

    ``kinds`` names its class and the classes above it, so a subclass of ValueError is one.
    """

    def __init__(self, kinds: Sequence[str], message: str, where: str = ""):
        """Keep the class names, the message and the student's own line, all plain strings."""
        self.kinds = tuple(kinds) or ("Exception",)
        self.kind = self.kinds[0]
        super().__init__(f"{self.kind}: {message}" if message else self.kind)
        self.message = message
        self.where = where


def check(
    function: str, points: float, arguments_stay: bool | None = None
) -> Callable[[Callable[[Student, Generator], None]], Check]:
    """Declare a check of ``function`` worth ``points``; its docstring is what the student reads.

    Args:
        function: what is tested.
        points: what the check is worth.
        arguments_stay: whether it fails where a call changes what it is given; if None, as
            ``ARGUMENTS_STAY`` in the module of the checks says, and no if that says nothing.
    """

    def declare(run: Callable[[Student, Generator], None]) -> Check:
        if not run.__doc__:
            raise ValueError(f"check {run.__name__} needs a docstring: the student reads it")
        return Check(function, run.__name__, run.__doc__.strip(), points, run, arguments_stay)

    return declare


def when_asked(wrong: Callable[P, T]) -> Callable[P, Callable[[], T]]:
    """Let ``wrong`` compute what misconceptions return only where a result is wrong."""
    return lambda *args, **kwargs: partial(wrong, *args, **kwargs)

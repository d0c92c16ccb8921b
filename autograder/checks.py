"""What a trusted check is made of: the decorator, the comparisons, the mismatch they raise.

A check is a function of two arguments. Its docstring is the sentence the student reads, its
body calls the student's functions and compares what comes back:

    @check("conv2d", points=3)
    def non_square(student, rng):
        \"\"\"conv2d works on images that are not square\"\"\"
        image, kernel = rng.normal(size=(5, 7)), rng.normal(size=(3, 2))
        expect_close(student.conv2d(image, kernel), convolve2d(image, kernel),
                     hints={KERNEL_NOT_FLIPPED: correlate2d(image, kernel)})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike


class Student(Protocol):
    """The functions a student wrote, called by name; values come back as plain data."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a callable that runs the student's function ``name``."""


@dataclass(frozen=True)
class Hint:
    """A named misconception and the sentence that helps the student who has it."""

    name: str
    text: str


@dataclass(frozen=True)
class Check:
    """One trusted check: worth ``points`` of the test cell of function ``function``."""

    function: str
    name: str
    sentence: str
    points: float
    run: Callable[[Student, Generator], None]


class Mismatch(Exception):
    """What came back is not what must hold."""

    def __init__(self, reason: str, *, expected: str = "", actual: str = "", hint: Hint | None = None):
        """Keep the payload of the feedback: the reason, both values in words, the hint."""
        super().__init__(reason)
        self.reason = reason
        self.expected = expected
        self.actual = actual
        self.hint = hint


class StudentError(Exception):
    """The student's function raised an exception of class ``kind``; it came back as text."""

    def __init__(self, kind: str, message: str):
        """Keep the class name and the message, both plain strings."""
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind = kind
        self.message = message


def check(
    function: str, points: float
) -> Callable[[Callable[[Student, Generator], None]], Check]:
    """Declare a check of ``function`` worth ``points``; its docstring is what the student reads."""

    def declare(run: Callable[[Student, Generator], None]) -> Check:
        if not run.__doc__:
            raise ValueError(f"check {run.__name__} needs a docstring: the student reads it")
        return Check(function, run.__name__, run.__doc__.strip(), points, run)

    return declare


def expect_close(
    actual: object,
    expected: ArrayLike,
    hints: Mapping[Hint, ArrayLike] | None = None,
    tolerance: float = 1e-8,
) -> None:
    """Raise `Mismatch` unless ``actual`` is an array of the shape and values of ``expected``.

    Args:
        actual: what the student's function returned.
        expected: the right values; a number expects a number or an array of shape ``()``.
        hints: what each misconception would have returned; the first that fits is named.
        tolerance: largest allowed ``|actual − expected|``, relative to ``max(1, max|expected|)``.
    """
    want = np.asarray(expected)
    if not isinstance(actual, np.ndarray | np.generic) and (
        want.ndim or not isinstance(actual, int | float)
    ):
        raise Mismatch(
            f"it returned {_kind(actual)}", expected=_kind(want), actual=describe(actual)
        )
    got = np.asarray(actual)
    if _same(got, want, tolerance):
        return
    hint = next((h for h, wrong in (hints or {}).items() if _same(got, np.asarray(wrong), tolerance)), None)
    if got.shape != want.shape:
        reason = f"the shape is {got.shape}, it must be {want.shape}"
    elif not np.issubdtype(got.dtype, np.number):
        reason = f"the values have dtype {got.dtype}, they must be numbers"
    else:
        reason = "the values differ"
    raise Mismatch(reason, expected=describe(want), actual=describe(got), hint=hint)


def expect_equal(actual: object, expected: object, hints: Mapping[Hint, object] | None = None) -> None:
    """Raise `Mismatch` unless ``actual`` has the type and value of ``expected`` (plain data)."""
    if type(actual) is type(expected) and actual == expected:
        return
    hint = next((h for h, wrong in (hints or {}).items() if actual == wrong), None)
    raise Mismatch(
        "the value differs", expected=describe(expected), actual=describe(actual), hint=hint
    )


def expect_error(call: Callable[[], object], kind: str, hint: Hint | None = None) -> None:
    """Raise `Mismatch` unless ``call()`` makes the student's function raise ``kind``."""
    try:
        value = call()
    except StudentError as error:
        if error.kind == kind:
            return
        raise Mismatch(
            f"it raised {error.kind}", expected=f"a {kind}", actual=str(error), hint=hint
        ) from None
    raise Mismatch(
        "it raised no error", expected=f"a {kind}", actual=describe(value), hint=hint
    )


def describe(value: object, limit: int = 400) -> str:
    """Return ``value`` as short text for the feedback: shape, dtype and values of an array."""
    if isinstance(value, np.ndarray):
        head = f"array of shape {value.shape}, {value.dtype}"
        text = head if not value.ndim else f"{head}\n{np.array2string(value, precision=4, threshold=64, edgeitems=3)}"
    else:
        text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _same(got: np.ndarray[Any, Any], want: np.ndarray[Any, Any], tolerance: float) -> bool:
    if got.shape != want.shape or not np.issubdtype(got.dtype, np.number):
        return False
    scale = max(1.0, float(np.max(np.abs(want), initial=0.0)))
    return bool(np.allclose(got, want, rtol=0.0, atol=tolerance * scale))


def _kind(value: object) -> str:
    return "an array" if isinstance(value, np.ndarray) else f"a value of type {type(value).__name__}"

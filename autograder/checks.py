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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeVar

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from autograder.inside.protocol import is_tensor

DIGITS = (4, 6, 8, 10, 13, 17)  # shown of a value; the first where that tells two apart
# What a call with an argument of a wrong value runs into where nobody checks the argument.
UNCHECKED = ("KeyError", "IndexError", "UnboundLocalError")

P = ParamSpec("P")
T = TypeVar("T")


class Student(Protocol):
    """The student's names; `autograder.remote.Remote` says what can be done with one."""

    def __getattr__(self, name: str) -> Any:
        """Return what the student calls ``name``: a function to call, a class to create from."""


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


def check(function: str, points: float) -> Callable[[Callable[[Student, Generator], None]], Check]:
    """Declare a check of ``function`` worth ``points``; its docstring is what the student reads."""

    def declare(run: Callable[[Student, Generator], None]) -> Check:
        if not run.__doc__:
            raise ValueError(f"check {run.__name__} needs a docstring: the student reads it")
        return Check(function, run.__name__, run.__doc__.strip(), points, run)

    return declare


def when_asked(wrong: Callable[P, T]) -> Callable[P, Callable[[], T]]:
    """Let ``wrong`` compute what misconceptions return only where a result is wrong."""
    return lambda *args, **kwargs: partial(wrong, *args, **kwargs)


def expect_close(
    actual: object,
    expected: ArrayLike,
    hints: Mapping[Hint, ArrayLike] | Callable[[], Mapping[Hint, ArrayLike]] | None = None,
    tolerance: float = 1e-8,
) -> None:
    """Raise `Mismatch` unless ``actual`` holds real numbers of the shape and values expected.

    Any integer or floating dtype will do; NaN, bool and complex values never match.

    Args:
        actual: what the student's function returned.
        expected: the right values; a number expects a number or an array of shape ``()``, a
            tensor expects a tensor.
        hints: what each misconception would have returned, or a function that says so and is
            called only where ``actual`` is wrong; the first that fits is named.
        tolerance: largest allowed ``|actual − expected|``, relative to ``max(1, max|expected|)``.
    """
    want = np.asarray(expected)
    fits: tuple[type, ...] = (np.ndarray, np.generic)
    wanted = "an array"
    if is_tensor(expected):
        fits, wanted = (type(expected),), "a tensor"
    elif not want.ndim:
        fits, wanted = (*fits, int, float), "a number"
    if not isinstance(actual, fits):
        reason = f"it returned {_kind(actual)}, it must return {wanted}"
        raise Mismatch(reason, expected=describe(expected), actual=describe(actual))
    got = np.asarray(actual)
    reason = _difference(got, want, tolerance)
    if reason:
        known = (hints() if callable(hints) else hints) or {}
        hint = next((h for h, x in known.items() if _same(got, np.asarray(x), tolerance)), None)
        shown = (expected, actual) if is_tensor(expected) else (want, got)
        digits = _telling_digits(want, got)
        texts = [describe(value, digits=digits) for value in shown]
        raise Mismatch(reason, expected=texts[0], actual=texts[1], hint=hint)


def expect_equal(
    actual: object, expected: object, hints: Mapping[Hint, object] | None = None
) -> None:
    """Raise `Mismatch` unless ``actual`` has the type and value of ``expected`` (plain data)."""
    if _equal(actual, expected):
        return
    hint = next((h for h, wrong in (hints or {}).items() if _equal(actual, wrong)), None)
    if type(actual) is type(expected):
        reason = "the value differs"
    else:
        reason = f"it returned {_kind(actual)}, it must return {_kind(expected)}"
    raise Mismatch(reason, expected=describe(expected), actual=describe(actual), hint=hint)


def expect_error(
    call: Callable[[], object], kind: str, hint: Hint | None = None, mentions: str = ""
) -> None:
    """Raise `Mismatch` unless ``call()`` makes the student's function raise ``kind``.

    The message of the error must also contain ``mentions``. The misconception ``hint`` is that
    the argument is not checked: an error that has another cause does not name it.
    """
    wanted = f"a {kind}" + (f" whose message contains {mentions!r}" if mentions else "")
    try:
        value = call()
    except StudentError as error:
        if kind in error.kinds and mentions in error.message:
            return
        if "NotImplementedError" in error.kinds:
            raise  # not written yet: no misconception to name
        missing = f" without {mentions!r} in its message" if kind in error.kinds else ""
        reason = f"it raised {error.kind}{missing}"
        named = hint if missing or error.kind in UNCHECKED else None
        raise Mismatch(reason, expected=wanted, actual=str(error), hint=named) from None
    raise Mismatch("it raised no error", expected=wanted, actual=describe(value), hint=hint)


def describe(value: object, limit: int = 800, digits: int = DIGITS[0]) -> str:
    """Return ``value`` as short text for the feedback: shape, dtype and values of an array.

    Args:
        value: anything that crosses from a notebook.
        limit: the most characters of the text.
        digits: of a value of an array, behind the point.

    Example:
        >>> print(describe(np.array([1 / 3], dtype=np.float32), digits=8))
        array of shape (1,), float32
        [0.33333334]
    """
    try:
        text = _text(value, digits)
    except ValueError:  # Python refuses to print integers of more than 4,300 digits
        text = f"{_kind(value)}, too long to print"
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _text(value: object, digits: int) -> str:
    if not isinstance(value, np.ndarray | np.generic) and not is_tensor(value):
        return repr(value)
    array = np.asarray(value)
    if not array.ndim:
        plain = array.dtype in (np.dtype(type(array.item())), np.dtype(object))
        return repr(array.item()) + ("" if plain else f", {array.dtype}")
    kind = "array" if array is value else "tensor"
    return f"{kind} of shape {array.shape}, {array.dtype}\n{_values(array, digits)}"


def _values(array: NDArray[Any], digits: int) -> str:
    return np.array2string(array, precision=digits, threshold=64, edgeitems=3)


def _telling_digits(want: NDArray[Any], got: NDArray[Any]) -> int:
    """Return with how many digits the two are seen to differ."""
    if not want.ndim:
        return DIGITS[0]  # a number is shown whole
    for digits in DIGITS:
        if _values(want, digits) != _values(got, digits):
            return digits
    return DIGITS[0]


def _difference(got: NDArray[Any], want: NDArray[Any], tolerance: float) -> str:
    """Return in words how ``got`` differs from ``want``; empty where it does not."""
    if got.shape != want.shape:
        return f"the shape is {got.shape}, it must be {want.shape}"
    if got.dtype.kind not in "iuf":
        return f"the values have dtype {got.dtype}, they must be real numbers"
    if not np.all(np.isfinite(got)):
        return "some values are NaN or infinite"
    wrong = ~_close(got, want, tolerance)
    if not wrong.any():
        return ""
    if not want.ndim:
        return "the value differs"
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    return f"{wrong.sum()} of {wrong.size} values differ, the first at index {first}"


def _same(got: NDArray[Any], want: NDArray[Any], tolerance: float) -> bool:
    return not _difference(got, want, tolerance)


def _close(got: NDArray[Any], want: NDArray[Any], tolerance: float) -> NDArray[np.bool_]:
    scale = max(1.0, float(np.max(np.abs(want), initial=0.0)))
    return np.asarray(np.isclose(got, want, rtol=0.0, atol=tolerance * scale))


def _equal(actual: object, expected: object) -> bool:
    """Compare type and value, also of arrays inside lists, tuples and dictionaries."""
    if type(actual) is not type(expected):
        return False
    if isinstance(actual, np.ndarray) or is_tensor(actual):
        return bool(np.array_equal(np.asarray(actual), np.asarray(expected)))
    if isinstance(actual, list | tuple) and isinstance(expected, list | tuple):
        return len(actual) == len(expected) and all(map(_equal, actual, expected))
    if isinstance(actual, dict) and isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(
            _equal(value, expected[key]) for key, value in actual.items()
        )
    return bool(actual == expected)


def _kind(value: object) -> str:
    if value is None:
        return "None"
    if is_tensor(value):
        return "a tensor"
    if isinstance(value, np.ndarray):
        return "an array"
    return f"a value of type {type(value).__name__}"

"""The comparisons of a check: each passes, or raises a `Mismatch` that explains itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.checks.checking import Hint, Mismatch, StudentError
from autograder.checks.describing import describe, kind_of, telling_digits
from autograder.jail.inside.protocol import is_tensor

# What a call with an argument of a wrong value runs into where nobody checks the argument.
UNCHECKED = ("KeyError", "IndexError", "UnboundLocalError")


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
        reason = f"it returned {kind_of(actual)}, it must return {wanted}"
        raise Mismatch(reason, expected=describe(expected), actual=describe(actual))
    got = np.asarray(actual)
    reason = _difference(got, want, tolerance)
    if reason:
        known = (hints() if callable(hints) else hints) or {}
        hint = next((h for h, x in known.items() if _same(got, np.asarray(x), tolerance)), None)
        right = want if is_tensor(expected) else _as_promised(want)
        shown = (expected, actual) if is_tensor(expected) else (right, got)
        digits = telling_digits(right, got)
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
        reason = f"it returned {kind_of(actual)}, it must return {kind_of(expected)}"
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


def _difference(got: NDArray[Any], want: NDArray[Any], tolerance: float) -> str:
    """Return in words how ``got`` differs from ``want``; empty where it does not."""
    if got.shape != want.shape:
        return f"the shape is {got.shape}, it must be {want.shape}"
    if got.dtype.kind not in "iuf":
        wanted = _as_promised(want).dtype if want.ndim else "real numbers"
        return f"the values have dtype {got.dtype}, they must be {wanted}"
    if not np.all(np.isfinite(got)):
        return "some values are NaN or infinite"
    wrong = ~_close(got, want, tolerance)
    if not wrong.any():
        return ""
    if not want.ndim:
        return "the value differs"
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    return f"{wrong.sum()} of {wrong.size} values differ, the first at index {first}"


def _as_promised(want: NDArray[Any]) -> NDArray[Any]:
    """Return an array of integers as float64, which docstrings promise; any real kind passes."""
    return want.astype(np.float64) if want.ndim and want.dtype.kind in "iu" else want


def _same(got: NDArray[Any], want: NDArray[Any], tolerance: float) -> bool:
    return not _difference(got, want, tolerance)


def _close(got: NDArray[Any], want: NDArray[Any], tolerance: float) -> NDArray[np.bool_]:
    scale = max(1.0, float(np.max(np.abs(want), initial=0.0)))
    with np.errstate(over="ignore", invalid="ignore"):
        apart = np.abs(np.subtract(got, want, dtype=np.float64))  # bytes would wrap around
    return np.asarray((apart <= tolerance * scale) & np.isfinite(want))


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

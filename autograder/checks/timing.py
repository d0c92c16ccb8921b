"""How a check asks for speed: by a ratio, against the notebook as it was handed out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from autograder.checks.checking import Hint, Mismatch
from autograder.checks.comparing import expect_close


def expect_faster(
    call: Any,
    than: Any,
    cases: Iterable[tuple[Any, ...]],
    times: float,
    hint: Hint | None = None,
) -> None:
    """Raise `Mismatch` unless ``call`` is right and, in one try, so many times as fast as ``than``.

    The fastest call counts, and the slowest of what it is compared with: a machine that is busy
    for a moment costs nobody a point. Both are timed out here, from the question to the answer,
    and some milliseconds of that are the way: let ``than`` take a good part of a second.

    Args:
        call: the student's function.
        than: what does the same slowly, from ``student.handed_out``; what it returns is right.
        cases: the arguments of each try. Draw them anew for each, or a function that remembers
            what it returned last time is fast.
        times: the ratio.
        hint: the misconception of those who are too slow.
    """
    fastest, slowest = math.inf, 0.0
    for case in cases:
        value, seconds = call.timed(*case)
        right, slow_seconds = than.timed(*case)
        expect_close(value, right)
        fastest, slowest = min(fastest, seconds), max(slowest, slow_seconds)
        if slowest >= times * fastest:
            return
    raise Mismatch(
        f"it is {slowest / fastest:.1f} times as fast as {than!r}, it must be {times:g} times",
        expected=f"at most {slowest / times:.3f} s",
        actual=f"{fastest:.3f} s, the fastest of all tries",
        hint=hint,
    )

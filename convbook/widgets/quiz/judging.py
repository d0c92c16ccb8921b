"""What an answer is worth, by the same rules as judging.js, and how its text is read."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Verdict = Literal["empty", "unreadable", "wrong", "right"]

_GAP = re.compile(r"([0-9])[ \t\u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?")


class Judged(NamedTuple):
    """A judged number: the verdict, how the text was read, and the position of the slip met."""

    verdict: Verdict
    value: float | None
    slip: int | None


def judge_choice(chosen: Iterable[int], right: Sequence[bool]) -> Verdict:
    """Return what a choice is worth: right means all right options and no other.

    Args:
        chosen: positions of the chosen options.
        right: whether each option is right.

    >>> judge_choice([0, 2], [True, False, True])
    'right'
    """
    taken = set(chosen)
    if not taken:
        return "empty"
    return "right" if taken == {i for i, is_right in enumerate(right) if is_right} else "wrong"


def judge_number(
    typed: str, answer: float, tolerance: float = 0.0, slips: Sequence[float] = ()
) -> Judged:
    """Return what a typed number is worth.

    Args:
        typed: what the reader typed, any of the forms that `read_number` takes.
        answer: the right value.
        tolerance: how far from it is still right.
        slips: values that usual mistakes lead to.

    >>> judge_number("−3,5", -3.5)
    Judged(verdict='right', value=-3.5, slip=None)
    >>> judge_number("81", 9, slips=[81])
    Judged(verdict='wrong', value=81.0, slip=0)
    """
    if not typed.strip():
        return Judged("empty", None, None)
    values = read_number(typed)
    if not values:
        return Judged("unreadable", None, None)
    for value in values:
        if is_close(value, answer, tolerance):
            return Judged("right", value, None)
    for value in values:
        nearest = min(range(len(slips)), key=lambda i: abs(slips[i] - value), default=None)
        if nearest is not None and is_close(value, slips[nearest], tolerance):
            return Judged("wrong", value, nearest)
    return Judged("wrong", values[0], None)


def read_number(text: str) -> list[float]:
    """Return the numbers that ``text`` can mean, the likelier first; none if it is no number.

    A comma groups thousands as in ``93,322`` or marks decimals as in ``3,5``; where it could do
    both, both are returned. A minus sign may be a hyphen or a dash.

    >>> read_number("93,322"), read_number("−0,5"), read_number("nine")
    ([93322.0, 93.322], [-0.5], [])
    """
    plain = _GAP.sub(r"\1", re.sub("[−–]", "-", text.strip()))
    plain = re.sub(r"^([+-])[ \t]+", r"\1", plain)
    forms = [plain.replace(",", "")] if _GROUPED.fullmatch(plain) else []
    decimal = plain.replace(",", ".")
    if _NUMBER.fullmatch(decimal):
        forms.append(decimal)
    return [value for value in map(float, forms) if math.isfinite(value)]


def is_close(value: float, target: float, tolerance: float) -> bool:
    """Return whether ``value`` lies within ``tolerance`` of ``target``, rounding forgiven.

    >>> is_close(0.3, 0.1, 0.2)
    True
    """
    return abs(value - target) <= tolerance + 1e-9 * max(abs(target), tolerance)

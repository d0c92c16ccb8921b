"""Faults of ours, and how they are put into words: what went wrong, and where in the code."""

from __future__ import annotations

import traceback
from pathlib import Path

from autograder.harmless.text import shown

PACKAGE = Path(__file__).parents[1]
LONGEST = 500  # characters of what an exception says


class GraderFault(RuntimeError):
    """The grader itself failed; the submission keeps its place in the queue."""


class BrokenCheck(GraderFault):
    """A check failed where it should have judged; it will do so for others, too."""


def describe_fault(error: BaseException) -> str:
    """Return one line about ``error`` that ends with the place in this package it came through.

    Example:
        >>> describe_fault(ValueError("x must be positive"))
        'ValueError: x must be positive'
    """
    said = shown(" ".join(str(error).split()), LONGEST)
    text = type(error).__name__ + (f": {said}" if said else "")
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(PACKAGE)
    ]
    if not ours:
        return text
    place = Path(ours[-1].filename).relative_to(PACKAGE.parent)
    return f"{text} ({place}:{ours[-1].lineno})"

"""Faults of ours, and how they are put into words: what went wrong, and where in the code."""

from __future__ import annotations

import traceback
from pathlib import Path

from autograder.assignments.course import CHECKS
from autograder.harmless.text import shown

PACKAGE = Path(__file__).parents[1]
LONGEST = 500  # characters of what an exception says


class GraderFault(RuntimeError):
    """The grader itself failed; the submission keeps its place in the queue."""


class BrokenCheck(GraderFault):
    """A check failed where it should have judged; it will do so for others, too."""


def describe_fault(error: BaseException) -> str:
    """Return one line about ``error`` that ends with the place it came through.

    That is the last one in this package, or in the checks that a course elsewhere brings.

    Example:
        >>> describe_fault(ValueError("x must be positive"))
        'ValueError: x must be positive'
    """
    said = shown(" ".join(str(error).split()), LONGEST)
    text = type(error).__name__ + (f": {said}" if said else "")
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if file.is_relative_to(PACKAGE):
            return f"{text} ({file.relative_to(PACKAGE.parent)}:{frame.lineno})"
        if file.match(f"solutions/*/{CHECKS}"):
            return f"{text} ({file}:{frame.lineno})"
    return text

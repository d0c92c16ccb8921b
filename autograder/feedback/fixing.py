"""What a student mends first: one line a function, in words, and where the book explains it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from autograder.assignments.assignment import Assignment
from autograder.grading.report import Report, Result, Verdict

SHORT = 300  # characters of what went wrong
UNWRITTEN = "it raised NotImplementedError"  # so begins the reason of a function nobody wrote
NOT_WRITTEN = "It is not written yet."


def to_fix(assignment: Assignment, results: Sequence[Result]) -> dict[str, Any]:
    """Return what is said of one function, as plain data; nothing where all of it passed.

    Of several misconceptions the one that costs most is named.
    """
    failed = [result for result in results if result.verdict is not Verdict.PASSED]
    if not failed:
        return {}
    first = max(failed, key=lambda result: (bool(result.hint), _cost(failed)[result.hint]))
    section = assignment.section(first.function, first.hint)
    return {
        "function": first.function,
        "points": sum(result.points for result in results if result.is_check)
        - sum(result.score for result in results),
        "text": in_words(first),
        "hint": first.hint,
        "section": {"path": section.path, "title": section.title} if section else {},
    }


def is_untouched(report: Report) -> bool:
    """Tell whether the functions still are as they were handed out, and nothing else is odd."""
    return not report.notices and all(map(is_unwritten, report.results))


def is_unwritten(result: Result) -> bool:
    """Tell whether the function still is as it was handed out."""
    return result.verdict is Verdict.NOT_RUN and result.reason.startswith(UNWRITTEN)


def in_words(result: Result) -> str:
    """Return in a sentence or two what was wrong."""
    if result.hint_text:
        return result.hint_text
    if is_unwritten(result):
        return NOT_WRITTEN
    reason = " ".join(result.reason.split())
    reason = reason if len(reason) <= SHORT else f"{reason[:SHORT]}…"
    return f"Not so yet: {result.sentence}. What came back: {reason}" if reason else result.sentence


def _cost(failed: Sequence[Result]) -> Counter[str]:
    """Return the points that each misconception costs."""
    costs: Counter[str] = Counter()
    for result in failed:
        costs[result.hint] += abs(result.points)  # type: ignore[assignment]
    return costs

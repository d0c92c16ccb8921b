"""Reports on an assignment that does not exist, made in memory."""

from __future__ import annotations

from dataclasses import replace

from autograder.assignment import Assignment, ReleasedCell
from autograder.report import Notice, Report, Result, Verdict

FLIP = {"hint": "not-flipped", "hint_text": "Read the kernel backwards."}
PASSED = (
    Result("f", "first", "f adds", 2.0, Verdict.PASSED),
    Result("f", "second", "f subtracts", 1.0, Verdict.PASSED),
    Result("g", "third", "g <multiplies>", 2.0, Verdict.PASSED),
)


def made_up_assignment() -> Assignment:
    """Two functions of 3 and 2 points, and a question of 3 points for a person."""
    return Assignment(
        "07-made-up", (_cell("test_f", 3.0), _cell("test_g", 2.0), _cell("why", 3.0, solution=True))
    )


def report(
    *changes: tuple[int, Verdict], hint: bool = False, notices: tuple[Notice, ...] = ()
) -> Report:
    """A report in which the checks with these numbers came out otherwise than passed."""
    results = list(PASSED)
    for number, verdict in changes:
        told = FLIP if hint else {}
        results[number] = replace(results[number], verdict=verdict, reason="as it was", **told)
    return Report("07-made-up", 1, tuple(results), notices)


def _cell(grade_id: str, points: float, solution: bool = False) -> ReleasedCell:
    rules = {"locked": not solution, "points": points, "grade": True, "solution": solution}
    return ReleasedCell(grade_id, "markdown" if solution else "code", "", rules)

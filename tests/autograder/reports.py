"""Reports that were made in memory, without grading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from autograder.assignments.assignment import Assignment, ReleasedCell
from autograder.grading.executors import Executor, Outcome, Task
from autograder.grading.report import Notice, Report, Result, Verdict

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


def all_passed(assignment: Assignment, lost: int = 0) -> Report:
    """A report on a real assignment in which all checks passed but for the first ``lost``."""
    results = [
        Result(
            c.function, c.name, c.sentence, c.points, Verdict.WRONG if n < lost else Verdict.PASSED
        )
        for n, c in enumerate(assignment.checks)
    ]
    return Report(assignment.id, 1, tuple(results))


def reporting(report: Report) -> Executor:
    """An executor that grades nothing and says of everybody what ``report`` says."""

    def run(assignment: Assignment, tasks: Iterable[Task]) -> Iterator[Outcome]:
        return (Outcome(task, report) for task in tasks)

    return run

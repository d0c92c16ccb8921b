"""What a class did in one assignment, from the reports of its submissions."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from autograder.assignments.assignment import Assignment
from autograder.gradebook.roll import Difference, names
from autograder.grading.report import Report, Verdict

BARS = 20  # of a distribution, at most
GRAVE = (Verdict.TAMPERED, Verdict.DIED, Verdict.OUT_OF_MEMORY, Verdict.TIMED_OUT)
LOOKED_AT = (*GRAVE, Verdict.LOOK)
UNREADABLE = "unreadable"
NO_FILE = "no file"
SAME_BYTES = "the same bytes"
NOBODY: Mapping[tuple[str, ...], Sequence[str]] = MappingProxyType({})
ORDER = (*map(str, GRAVE), UNREADABLE, NO_FILE, str(Verdict.LOOK))


@dataclass(frozen=True)
class CheckRate:
    """How many passed one check."""

    function: str
    name: str
    sentence: str
    points: float
    passed: int
    submissions: int

    @property
    def rate(self) -> float:
        """Share of the submissions that passed, from 0 to 1."""
        return self.passed / self.submissions


@dataclass(frozen=True)
class Misconception:
    """A hint that feedback named, and the students who read it."""

    name: str
    text: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """A reason for a person to look at one submission; never a proof of anything."""

    student: str
    why: str
    detail: str


@dataclass(frozen=True)
class Bar:
    """How many scores lie from ``low`` to ``high``; ``high`` itself belongs to the next bar."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Summary:
    """All that `autograder report` shows; scores are the points that the checks gave."""

    assignment: str
    points: float
    by_hand: float
    scores: dict[str, float]
    verdicts: dict[str, int]
    distribution: tuple[Bar, ...]
    checks: tuple[CheckRate, ...]
    misconceptions: tuple[Misconception, ...]
    looks: tuple[Look, ...]
    waiting: dict[str, tuple[str, ...]]

    @property
    def mean(self) -> float:
        """The mean score."""
        return statistics.fmean(self.scores.values())

    @property
    def median(self) -> float:
        """The median score."""
        return statistics.median(self.scores.values())

    @property
    def full(self) -> int:
        """How many earned all points of the checks."""
        return sum(score == self.points for score in self.scores.values())

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self) | {"mean": self.mean, "median": self.median, "full": self.full}


def summarise(
    assignment: Assignment,
    reports: Mapping[str, Report],
    waiting: Mapping[str, Sequence[str]] | None = None,
    differences: Sequence[Difference] = (),
    alike: Mapping[tuple[str, ...], Sequence[str]] = NOBODY,
) -> Summary:
    """Return what a class did.

    Args:
        assignment: what was graded.
        reports: at least one, by student.
        waiting: students whose answer a person has still to grade, by grade cell.
        differences: what the disk and the gradebook say differently.
        alike: groups of students whose files have the same bytes, and which files these are.
    """
    scores = {student: report.score for student, report in reports.items()}
    points = sum(test.points for test in assignment.tests)
    verdicts = Counter(str(report.verdict) for report in reports.values())
    looks = [look for student, report in reports.items() for look in _looks(student, report)]
    looks.sort(key=lambda look: (ORDER.index(look.why), look.student))
    return Summary(
        assignment=assignment.id,
        points=points,
        by_hand=assignment.by_hand,
        scores=scores,
        verdicts=dict(verdicts.most_common()),
        distribution=distribution(list(scores.values()), points),
        checks=_rates(list(reports.values())),
        misconceptions=_misconceptions(reports),
        looks=(
            *(Look(one.student, one.why, one.text) for one in differences),
            *looks,
            *(_look_alike(group, files) for group, files in alike.items()),
        ),
        waiting={cell: tuple(students) for cell, students in (waiting or {}).items()},
    )


def _look_alike(group: tuple[str, ...], files: Sequence[str]) -> Look:
    return Look(group[0], SAME_BYTES, f"also {names(group[1:])}: {', '.join(files)}")


def distribution(scores: Sequence[float], points: float) -> tuple[Bar, ...]:
    """Return how many ``scores`` lie in each of at most `BARS` equal steps from 0 to ``points``.

    The last bar holds the full scores alone.
    """
    width = max(1, math.ceil(points / BARS))
    steps = math.ceil(points / width)
    counts = Counter(steps if score >= points else int(score // width) for score in scores)
    ends = [(n * width, min((n + 1) * width, points)) for n in range(steps)]
    return tuple(
        Bar(low, high, counts[n]) for n, (low, high) in enumerate([*ends, (points, points)])
    )


def _rates(reports: Sequence[Report]) -> tuple[CheckRate, ...]:
    seen: dict[tuple[str, str], list[Any]] = {}
    for report in reports:
        for result in filter(lambda result: result.is_check, report.results):
            seen.setdefault((result.function, result.name), []).append(result)
    return tuple(
        CheckRate(
            function,
            name,
            results[0].sentence,
            results[0].points,
            sum(result.verdict is Verdict.PASSED for result in results),
            len(results),
        )
        for (function, name), results in seen.items()
    )


def _misconceptions(reports: Mapping[str, Report]) -> tuple[Misconception, ...]:
    """Return the hints by how many students got them; one student counts once for each."""
    students: dict[tuple[str, str], dict[str, None]] = {}
    for student, report in reports.items():
        for result in report.results:
            if result.hint:
                students.setdefault((result.hint, result.hint_text), {})[student] = None
    found = [Misconception(name, text, tuple(who)) for (name, text), who in students.items()]
    return tuple(sorted(found, key=lambda m: (-len(m.students), m.name)))


def _looks(student: str, report: Report) -> list[Look]:
    """Say what a person should see of one submission: a line for each grave verdict."""
    missing = {file.name for file in report.files if not file.digest}
    details: dict[str, list[str]] = {}
    for notice in report.notices:
        if notice.verdict in LOOKED_AT:
            text = f"{notice.cell}: {notice.text}" if notice.cell else notice.text
            details.setdefault(str(notice.verdict), []).append(text)
        elif notice.verdict is Verdict.NOT_RUN and not notice.cell:
            details.setdefault(UNREADABLE, []).append(notice.text)
        elif notice.cell in missing:
            details.setdefault(NO_FILE, []).append(notice.text)
    for result in report.results:
        if result.verdict in LOOKED_AT:
            text = f"{result.function}, {result.name}: {result.reason}"
            details.setdefault(str(result.verdict), []).append(text)
    return [Look(student, why, _first(texts)) for why, texts in details.items()]


def _first(texts: list[str]) -> str:
    more = f" (+{len(texts) - 1} more)" if len(texts) > 1 else ""
    return " ".join(texts[0].split())[:160] + more

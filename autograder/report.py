"""The outcome of grading one submission, as plain data that crosses machines as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What came of one check; only `PASSED` earns points."""

    PASSED = "passed"
    WRONG = "wrong"
    ERROR = "error"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    DIED = "died"
    TAMPERED = "tampered"
    NOT_RUN = "not run"


# When several happened in one submission, the first of these names it.
SEVERITY = (
    Verdict.TAMPERED,
    Verdict.DIED,
    Verdict.OUT_OF_MEMORY,
    Verdict.TIMED_OUT,
    Verdict.ERROR,
    Verdict.WRONG,
    Verdict.NOT_RUN,
    Verdict.PASSED,
)


@dataclass(frozen=True)
class Result:
    """The verdict on one check and what the student is told about it."""

    function: str
    name: str
    sentence: str
    points: float
    verdict: Verdict
    asked: str = ""
    reason: str = ""
    expected: str = ""
    actual: str = ""
    hint: str = ""
    hint_text: str = ""

    @property
    def score(self) -> float:
        """Points earned: all or none."""
        return self.points if self.verdict is Verdict.PASSED else 0.0


@dataclass(frozen=True)
class Notice:
    """Something about the notebook itself that the instructor may want to look at."""

    verdict: Verdict
    cell: str
    text: str


@dataclass(frozen=True)
class Report:
    """Everything that came of one submission.

    ``outputs`` holds the outputs of the student's own cells by the key that
    `autograder.submission.cell_keys` gives them.
    """

    assignment: str
    seed: int
    results: tuple[Result, ...]
    notices: tuple[Notice, ...] = ()
    outputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The one word for the table: the gravest thing that happened."""
        seen = {result.verdict for result in self.results}
        seen |= {notice.verdict for notice in self.notices}
        return next((verdict for verdict in SEVERITY if verdict in seen), Verdict.NOT_RUN)

    @property
    def points(self) -> float:
        """Points that the checks could give."""
        return sum(result.points for result in self.results)

    @property
    def score(self) -> float:
        """Points that the checks gave."""
        return sum(result.score for result in self.results)

    def of(self, function: str) -> list[Result]:
        """Return the results of the checks of ``function``."""
        return [result for result in self.results if result.function == function]

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Report:
        """Return the report that `to_dict` wrote."""
        results = tuple(
            Result(**{**result, "verdict": Verdict(result["verdict"])})
            for result in data["results"]
        )
        notices = tuple(
            Notice(Verdict(notice["verdict"]), notice["cell"], notice["text"])
            for notice in data["notices"]
        )
        return cls(data["assignment"], data["seed"], results, notices, data["outputs"])

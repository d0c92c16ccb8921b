"""The outcome of grading one submission, as plain data that crosses machines as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from autograder.assignments.course import Course
from autograder.harmless.limits import NOTICES, SAID, cut
from autograder.harmless.outputs import kept_outputs
from autograder.harmless.text import plain
from autograder.intake.originals import read_original, write_whole


class Verdict(StrEnum):
    """What came of one check; only `PASSED` earns points.

    `LOOK` is no outcome: something for a person to look at, with the right to think nothing of it.
    """

    PASSED = "passed"
    WRONG = "wrong"
    LOOK = "worth a look"
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
    Verdict.LOOK,
    Verdict.NOT_RUN,
    Verdict.PASSED,
)


class _Plain:
    """Something said about a submission: short texts that hold nothing that a terminal obeys."""

    def __post_init__(self) -> None:
        """Clean every text, wherever it came from."""
        for name, value in vars(self).items():
            if type(value) is str:
                object.__setattr__(self, name, cut(plain(cut(value, SAID)), SAID))


@dataclass(frozen=True)
class Result(_Plain):
    """The verdict on one check and what the student is told about it.

    One that takes points away, whatever the checks gave, has ``points`` below 0.
    """

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
    def is_check(self) -> bool:
        """Whether it can earn points."""
        return self.points >= 0

    @property
    def score(self) -> float:
        """Points earned: all or none; or taken away."""
        return self.points if self.verdict is Verdict.PASSED or not self.is_check else 0.0


@dataclass(frozen=True)
class Notice(_Plain):
    """Something about the notebook itself that the instructor may want to look at."""

    verdict: Verdict
    cell: str
    text: str


@dataclass(frozen=True)
class Report:
    """Everything that came of one submission.

    ``outputs`` holds the outputs of the student's own cells by the key that
    `autograder.grading.submission.cell_keys` gives them.
    """

    assignment: str
    seed: int
    results: tuple[Result, ...]
    notices: tuple[Notice, ...] = ()
    outputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep what can be shown, whoever made the report."""
        object.__setattr__(self, "notices", _few(self.notices))
        object.__setattr__(self, "outputs", kept_outputs(self.outputs))

    @property
    def verdict(self) -> Verdict:
        """The one word for the table: the gravest thing that happened."""
        seen = {result.verdict for result in self.results}
        seen |= {notice.verdict for notice in self.notices}
        return next((verdict for verdict in SEVERITY if verdict in seen), Verdict.NOT_RUN)

    @property
    def points(self) -> float:
        """Points that the checks could give."""
        return sum(result.points for result in self.results if result.is_check)

    @property
    def score(self) -> float:
        """Points that the checks gave."""
        return sum(result.score for result in self.results)

    def of(self, function: str) -> list[Result]:
        """Return the results of the checks of ``function``."""
        return [result for result in self.results if result.function == function]

    def brief(self) -> Report:
        """Return what the table of a run needs: a thousand whole reports would fill the memory."""
        results = (replace(r, asked="", expected="", actual="") for r in self.results)
        return replace(self, results=tuple(results), outputs={})

    def storable(self) -> Report:
        """Return the report with every character that no file can hold replaced."""
        text = json.dumps(self.to_dict(), ensure_ascii=False)
        return Report.from_dict(json.loads(text.encode("utf-8", "replace")))

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


def _few(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Return the first notices, and of the others how many there are of each verdict."""
    if len(notices) <= NOTICES + len(Verdict):
        return notices
    more = Counter(notice.verdict for notice in notices[NOTICES:])
    rest = (Notice(verdict, "other cells", f"{n:,} notices more") for verdict, n in more.items())
    return (*notices[:NOTICES], *rest)


def report_path(course: Course, assignment: str, student: str) -> Path:
    """Return where the report on one student's submission is kept."""
    return course.grading / "reports" / assignment / f"{student}.json"


def keep_report(
    path: Path,
    student: str,
    report: Report,
    digest: str,
    timestamp: datetime | None = None,
    original: str = "",
) -> None:
    """Write ``report`` in one step, so that it is there as a whole or not at all.

    Args:
        path: from `report_path`.
        student: the student's id.
        report: what came of the submission.
        digest: SHA-256 of the submitted file, to know the same file again.
        timestamp: when it was handed in.
        original: under which digest the file is kept, if not under ``digest``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = report.to_dict() | {"student": student, "digest": digest}
    kept["original"] = original or digest
    kept["timestamp"] = timestamp.isoformat() if timestamp else None
    write_whole(path, json.dumps(kept, indent=1).encode())


def read_kept(path: Path) -> dict[str, Any]:
    """Return what `keep_report` wrote; a damaged or missing file holds nothing."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def recorded_original(course: Course, assignment: str, student: str) -> bytes | None:
    """Return the file that the recorded report is on, byte for byte, or None where it is lost."""
    kept = read_kept(report_path(course, assignment, student))
    of = kept.get("original", kept.get("digest"))
    return read_original(course, assignment, student, str(of))


def handed_in_alike(
    course: Course, assignment: str, students: Iterable[str]
) -> list[tuple[str, ...]]:
    """Return the groups among ``students`` whose recorded files have the same bytes."""
    groups: dict[str, list[str]] = {}
    for student in sorted(students):
        kept = read_kept(report_path(course, assignment, student))
        if of := kept.get("original") or kept.get("digest"):
            groups.setdefault(str(of), []).append(student)
    return [tuple(group) for group in groups.values() if len(group) > 1]

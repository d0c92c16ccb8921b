"""The outcome of grading one submission, as plain data that crosses machines as JSON."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from autograder.harmless.limits import NOTICES, SAID, cut
from autograder.harmless.outputs import kept_outputs
from autograder.harmless.text import plain

SHOWN_DIGEST = 8  # characters that tell two files apart for a person


class Verdict(StrEnum):
    """What came of one check; only `PASSED` earns points.

    `LOOK` is no outcome: something for a person to look at, with the right to think nothing of it.
    """

    PASSED = "passed"
    WRONG = "wrong"
    ERROR = "error"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    DIED = "died"
    TAMPERED = "tampered"
    LOOK = "worth a look"
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
class FileRead(_Plain):
    """A file that the assignment takes: what was read of it, or in ``note`` why nothing was.

    ``digest`` is its SHA-256, and empty where there is none.
    """

    name: str
    size: int = 0
    digest: str = ""
    note: str = ""

    def __str__(self) -> str:
        """Return one line for tables.

        Example:
            >>> print(FileRead("model.safetensors", 1_234_567, "3f2a91c07d"), FileRead("a.csv"))
            model.safetensors 1.2 MB 3f2a91c0 a.csv missing
        """
        if not self.digest:
            return f"{self.name} missing"
        return f"{self.name} {_size(self.size)} {self.digest[:SHOWN_DIGEST]}"


@dataclass(frozen=True)
class Report:
    """Everything that came of one submission.

    ``outputs`` holds the outputs of the student's own cells by the key that
    `autograder.grading.submission.cell_keys` gives them, ``files`` what was read beside it.
    """

    assignment: str
    seed: int
    results: tuple[Result, ...]
    notices: tuple[Notice, ...] = ()
    outputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: tuple[FileRead, ...] = ()

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
        files = tuple(FileRead(**file) for file in data.get("files", ()))
        return cls(data["assignment"], data["seed"], results, notices, data["outputs"], files)


def _size(count: int) -> str:
    return f"{count / 10**6:.1f} MB" if count >= 10**5 else f"{count:,} bytes"


def _few(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Return the first notices, and of the others how many there are of each verdict."""
    if len(notices) <= NOTICES + len(Verdict):
        return notices
    more = Counter(notice.verdict for notice in notices[NOTICES:])
    rest = (Notice(verdict, "other cells", f"{n:,} notices more") for verdict, n in more.items())
    return (*notices[:NOTICES], *rest)

"""The files that count beside a student's notebook: by name, of its attempt, within bounds."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignments.assignment import Assignment
from autograder.assignments.handed_in import Submission
from autograder.checks.files import HandedIn
from autograder.harmless.text import shown
from autograder.intake.archives import Item, Line, Refused, list_folder
from autograder.intake.candidates import Candidate, Handed, natural
from autograder.intake.filenames import Fit, fit, likely_files
from autograder.intake.layouts import Place
from autograder.intake.originals import digest

NAMES = 5  # of other files that are told
LONGEST = 300  # characters of what is said about one file
Note = Callable[[Line], None]


@dataclass(frozen=True)
class Beside:
    """What came of one file that an assignment takes.

    ``note`` says what is odd, or why there is none; the student may read it. ``item`` is what
    came, and ``digest`` that of its bytes, empty where they cannot be used.
    """

    wanted: HandedIn
    note: str = ""
    item: Item | None = None
    where: Place | None = None
    digest: str = ""

    def read(self) -> bytes:
        """Return the file, which could be read when it was chosen.

        Raises:
            Refused: it cannot be read any more, or not within its bounds.
        """
        assert self.item is not None
        return _read(self.item, self.wanted)


def choose_files(
    student: str, handed: Handed, best: Candidate, assignment: Assignment, note: Note
) -> tuple[Beside, ...]:
    """Return what counts beside the notebook ``best``; ``note`` what an instructor should see."""
    attempt = _Attempt(student, handed, best, assignment, note)
    return tuple(map(attempt.choose, assignment.files))


def submission_in(folder: Path, assignment: Assignment) -> Submission:
    """Return what lies in a folder of ``submitted``, where nbgrader's own programs look.

    Raises:
        OSError: it holds no notebook that can be read.
    """
    handed = Handed()
    name = f"{assignment.id}.ipynb"
    for item in list_folder(folder).items if assignment.files else ():
        below = replace(item, parts=(assignment.id, *item.parts))
        handed.others.append(Candidate(below, Place("plain", below.parts)))
    notebook = (folder / name).read_bytes()
    lies = (assignment.id, name)
    best = Candidate(Item(lies, lambda: io.BytesIO(notebook)), Place("plain", lies))
    found = choose_files("", handed, best, assignment, lambda line: None)
    return as_submission(notebook, found)


def as_submission(notebook: bytes, found: Sequence[Beside]) -> Submission:
    """Return ``notebook`` and the files that were found.

    Raises:
        Refused: one cannot be read any more.
    """
    files = {one.wanted.name: one.read() for one in found if one.digest}
    return Submission(notebook, files, {one.wanted.name: one.note for one in found if one.note})


class _Attempt:
    """The files of a student, as seen from the notebook that counts."""

    def __init__(
        self, student: str, handed: Handed, best: Candidate, assignment: Assignment, note: Note
    ):
        self.student, self.handed, self.note = student, handed, note
        self.best, self.assignment = best, assignment
        self._again = [one for one in handed.notebooks if _is_again(one, best)]
        self._rivals = [
            one.item.parts
            for one in handed.notebooks
            if one.sight.worth and one.sight.digest != best.sight.digest
        ]
        looked_at = (one.item.parts for one in handed.notebooks if one.sight.of_other)
        mine = (parts for parts in handed.other_work if parts[0] == best.item.parts[0])
        self._other_work = [*mine, *looked_at]

    def choose(self, wanted: HandedIn) -> Beside:
        """Return what counts for ``wanted``."""
        likely = likely_files(wanted, self.handed.others, self.assignment.files)
        own = sorted(filter(self._holds, likely), key=lambda one: self._rank(one, wanted))
        if not own:
            return self._none(wanted, likely)
        chosen = own[-1]
        try:
            of = digest(_read(chosen.item, wanted))
        except Refused as error:
            self.note(Line(chosen.item.shown, error.rule, error.advice, self.student))
            return Beside(wanted, _why_not(wanted, error), chosen.item, chosen.where)
        return Beside(wanted, self._odd(wanted, own), chosen.item, chosen.where, of)

    def _none(self, wanted: HandedIn, likely: Sequence[Candidate]) -> Beside:
        why = _why_none(wanted, likely, self.handed.others)
        if wanted.required or likely:
            rule, _, advice = why.rpartition(": ")
            self.note(Line(self.best.item.shown, rule, advice, self.student))
        return Beside(wanted, why)

    def _odd(self, wanted: HandedIn, own: Sequence[Candidate]) -> str:
        """Return what the student should know about the file that counts, the last of ``own``."""
        *others, chosen = own
        name, said = shown(chosen.name), []
        loose = chosen.item.parts == (chosen.name,)  # then it is called like the student
        if fit(chosen.name, wanted) < Fit.EXACT and not loose:
            said.append(f"it was handed in as {name!r}; it counts as {wanted.name!r}")
        if self._nearer(chosen):
            said.append("it lies beside another notebook than the one that counts")
        if others:
            said.append(f"{len(own)} files came for it; the last, {name!r}, counts")
            rest = ", ".join(dict.fromkeys(one.item.shown for one in others))
            rule = f"{self.student} handed in {len(own)} files for {wanted.name}; this one counts"
            advice = f"left where they are: {rest[:LONGEST]}"
            self.note(Line(chosen.item.shown, rule, advice, self.student))
        return "; ".join(said)

    def _holds(self, one: Candidate) -> bool:
        """Tell whether a file came with the notebook that counts, as far as that can be told."""
        theirs, ours = one.item.parts, self.best.item.parts
        if self.best.where.platform == "exchange" and theirs[0] != ours[0]:
            return False
        if one.where.late != self.best.where.late:  # Canvas marks all files of an attempt, or none
            return False
        apart = _uploads_apart(one, self.best)
        if any(_uploads_apart(one, other) < apart for other in self._again):
            return False
        if ours[1:-1][:1] == (self.assignment.id,) and theirs[:2] != ours[:2]:
            return False  # it lies in the folder of another assignment, or of none
        if any(_shared(theirs, other) > _shared(theirs, ours) for other in self._other_work):
            return False
        below = theirs[: len(ours) - 1] == ours[:-1]
        return below or not self._nearer(one)

    def _nearer(self, one: Candidate) -> bool:
        """Tell whether another notebook of the assignment lies nearer to a file."""
        near = _shared(one.item.parts, self.best.item.parts)
        return any(_shared(one.item.parts, rival) > near for rival in self._rivals)

    def _rank(
        self, one: Candidate, wanted: HandedIn
    ) -> tuple[bool, Fit, int, list[tuple[int, str]]]:
        """Return what is greatest for the one that counts."""
        near = _shared(one.item.parts, self.best.item.parts)
        path = natural("/".join(one.item.parts))
        return not self._nearer(one), fit(one.name, wanted), near, path


def _read(item: Item, wanted: HandedIn) -> bytes:
    data = item.head(wanted.most + 1)
    if refusal := wanted.refusal(data):
        rule, _, advice = refusal.rpartition(": ")
        raise Refused(rule, advice)
    return data


def _why_not(wanted: HandedIn, error: Refused) -> str:
    rule = shown(error.rule, LONGEST)
    if not rule.startswith(wanted.name):
        rule = f"{wanted.name} cannot be used, {rule}"
    return f"{rule}: {error.advice}"


def _why_none(wanted: HandedIn, likely: Sequence[Candidate], others: Sequence[Candidate]) -> str:
    if likely:
        found = shown("/".join(likely[-1].item.parts))
        return (
            f"{wanted.name} came with another attempt than the notebook that counts ({found}): "
            "hand in both together"
        )
    if any(wanted.name in one.item.parts[:-1] for one in others):
        return f"{wanted.name} is a folder: hand in the file itself"
    names = list(dict.fromkeys(shown(one.name, 40) for one in others))[:NAMES]
    came = f", but {', '.join(names)} came" if names else ""
    rule, _, advice = wanted.missing.rpartition(": ")
    return f"{rule}{came}: {advice}"


def _is_again(one: Candidate, best: Candidate) -> bool:
    """Tell whether Canvas shows that ``best`` was handed in again: one name, twice."""
    flat = len(one.item.parts) == len(best.item.parts) == 1
    return flat and best.where.platform == "canvas" and one.name == best.name and one is not best


def _uploads_apart(one: Candidate, notebook: Candidate) -> int:
    """Return how many uploads to Canvas lie between two; those of one attempt are close."""
    if one.where.platform != "canvas" or len(one.item.parts) > 1:
        return 0  # nothing is known of it
    first, second = (int(x.where.before.split("_")[-2]) for x in (one, notebook))
    return abs(first - second)


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how many folders two paths have in common."""
    pairs = zip(one[:-1], other[:-1], strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)) - 1)

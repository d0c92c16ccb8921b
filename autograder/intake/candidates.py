"""Which of a student's notebooks counts, and when it was handed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from autograder.assignments.assignment import Assignment
from autograder.harmless.text import shown
from autograder.intake.archives import Item, Line, Refused
from autograder.intake.clock import moment
from autograder.intake.layouts import Place
from autograder.intake.notebookfile import MAX_FILE, MB
from autograder.intake.recognise import Sight, Worth, is_notebook, look

MAX_LOOKED_AT = 20  # notebooks of one student, and as many archives
MAX_READ = 2 * MAX_FILE  # bytes of one student's notebooks
CLOCK_BYTES = 200  # more than any timestamp.txt holds
CANVAS_AGAIN = re.compile(r"-[0-9]+(?=\.[^.]+\Z)")  # what Canvas adds to a second submission
BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass
class Candidate:
    """One notebook of a student, and what is known of it."""

    item: Item
    where: Place
    sight: Sight = field(default_factory=lambda: Sight(Worth.NOTHING))
    timestamp: datetime | None = None

    @property
    def name(self) -> str:
        """The name of the file, without what a platform put before it, or added."""
        name = self.where.path[-1]
        return CANVAS_AGAIN.sub("", name) if self.where.platform == "canvas" else name

    def rank(self, exact: str) -> tuple[Worth, datetime, bool, list[tuple[int, str]]]:
        """Return what is greatest for the one that counts."""
        time = self.timestamp or BEGINNING
        return self.sight.worth, time, self.name == exact, natural("/".join(self.item.parts))

    def notices(self, exact: str) -> tuple[str, ...]:
        """Return what is odd about the file, in sentences that the student may read."""
        found = list(self.sight.notices)
        if self.name != exact and self.item.parts != (self.where.path[-1],):
            found.insert(0, f"it was handed in as {shown(self.name)!r}; it counts as {exact!r}")
        if self.where.late:
            found.append("Canvas marks it as late")
        return tuple(found)


@dataclass
class Handed:
    """All that one student handed in.

    ``other_work`` are the paths of notebooks of other assignments.
    """

    notebooks: list[Candidate] = field(default_factory=list)
    others: list[Candidate] = field(default_factory=list)
    other_work: list[tuple[str, ...]] = field(default_factory=list)
    archives: int = 0

    def add(self, item: Item, where: Place) -> None:
        """Put a file to the notebooks, if it is one by its name or by what is in it."""
        if item.parts[-1].lower().endswith(".ipynb") or is_notebook(item):
            self.notebooks.append(Candidate(item, where))
        else:
            self.others.append(Candidate(item, where))


def choose(
    student: str, handed: Handed, assignment: Assignment, note: Callable[[Line], None]
) -> Candidate | None:
    """Return the notebook of ``student`` that counts, if there is one; ``note`` what does not.

    One with work in the cells of the assignment counts before an untouched one, and that before
    one that only has its name; of several, the latest counts, then the one with the exact name,
    then the last by name.
    """
    exact = f"{assignment.id}.ipynb"
    candidates = _looked_at(student, handed.notebooks, assignment, note)
    usable = [one for one in candidates if one.sight.worth > Worth.NOTHING]
    for one in candidates:
        if one.sight.reason and (not usable or not one.sight.digest):
            note(Line(one.item.shown, *one.sight.reason, student))
    if not usable:
        if not candidates and handed.others:
            names = ", ".join(sorted(shown(one.item.parts[-1], 40) for one in handed.others)[:5])
            rule = f"{student} handed in no notebook but {names}"
            advice = "ask for the .ipynb file, or take it out if it is no submission"
            note(Line(handed.others[0].item.shown, rule, advice, student))
        return None
    # The last of equal ones, as an archive that holds a name twice means it.
    best = max(reversed(usable), key=lambda one: one.rank(exact))
    if len(usable) > 1:
        note(_line_of_several(student, best, usable, exact))
    return best


def read_clock(where: Place, clock: Item | None, note: Callable[[Line], None]) -> datetime | None:
    """Return when a submission was handed in: by its folder's name and by ``timestamp.txt``.

    Where the two differ the later one holds, since students can write both; a line says so.
    """
    times: list[datetime] = []
    try:
        if clock:
            times.append(moment(clock.read(CLOCK_BYTES).decode("utf-8", "replace")))
        if where.timestamp:
            times.append(moment(where.timestamp))
    except (Refused, ValueError) as error:
        file = clock.shown if clock else shown(where.folder)
        note(Line(file, f"the time is not known ({error})", "it does not count as late"))
    if clock and len(set(times)) > 1:
        rule = "timestamp.txt and the name of its folder give different times"
        note(Line(clock.shown, rule, "the later one holds; look at when it was handed in"))
    return max(times, default=None)


def _looked_at(
    student: str, found: list[Candidate], assignment: Assignment, note: Callable[[Line], None]
) -> list[Candidate]:
    if len(found) > MAX_LOOKED_AT:
        rule = f"{student} handed in {len(found)} notebooks; {MAX_LOOKED_AT} are looked at"
        note(Line(found[0].item.shown, rule, "have one handed in", student))
    spent, looked = 0, found[-MAX_LOOKED_AT:]
    for candidate in looked:
        if spent > MAX_READ:
            rule = f"the notebooks of {student} hold more than {MAX_READ // MB} MB"
            candidate.sight.reason = (rule, "have one handed in")
            continue
        candidate.sight = look(candidate.item, candidate.name, assignment)
        spent += candidate.sight.size
    return looked


def _line_of_several(student: str, best: Candidate, usable: list[Candidate], exact: str) -> Line:
    others = [one for one in usable if one is not best]
    if best.sight.worth > Worth.UNTOUCHED and _all_untouched(others):
        why = "the one with work in it"
    elif all(one.sight.worth < best.sight.worth for one in others):
        why = "the one with the assignment's cells"
    elif best.timestamp and any(one.timestamp != best.timestamp for one in others):
        why = "the latest"
    else:
        why = "the last by name" if best.name != exact else "the last with the exact name"
    names = ", ".join(dict.fromkeys(one.item.shown for one in others))
    rule = f"{student} handed in {len(usable)} notebooks; this one counts, {why}"
    return Line(best.item.shown, rule, f"left where they are: {names}", student)


def _all_untouched(candidates: list[Candidate]) -> bool:
    return all(one.sight.worth is Worth.UNTOUCHED for one in candidates)


def natural(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts ``(10)`` behind ``(9)``.

    Example:
        >>> sorted(["a (10)", "a (9)"], key=natural)
        ['a (9)', 'a (10)']
    """
    pieces = re.split(r"([0-9]+)", name)
    return [(int(piece[:18]), "") if piece.isdecimal() else (0, piece) for piece in pieces]

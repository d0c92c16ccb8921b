"""Finding what came in: one notebook per student, in a folder or a zip of submissions.

One bad file never stops the others: it gets a line that names it, the rule and what to do.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from autograder.assignments.assignment import Assignment
from autograder.harmless.text import shown
from autograder.intake.archives import Item, Line, Listing, Refused, list_folder
from autograder.intake.beside import Beside, choose_files
from autograder.intake.candidates import MAX_LOOKED_AT, Candidate, Handed, choose, read_clock
from autograder.intake.collected import Collected, IntakeError, Received, Refusal
from autograder.intake.filenames import whose
from autograder.intake.layouts import Place, feedback_name, place, rooted
from autograder.intake.owners import Owner, believed, owner_of
from autograder.intake.recognise import is_notebook, named_first
from autograder.intake.tars import ENDINGS, is_tar, list_tar
from autograder.intake.zips import list_nested, list_zip
from autograder.rosters.roster import Roster
from autograder.rosters.rosterfile import RosterError

CLOCK = "timestamp.txt"  # where nbgrader keeps when something was handed in

__all__ = ["Collected", "IntakeError", "Line", "Received", "Refusal", "collect"]


def collect(source: Path, assignment: Assignment, roster: Path | None = None) -> Collected:
    """Return the submissions of ``assignment`` in ``source``, one per student, by id.

    Understands ``STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb`` (nbgrader's ``submitted/``),
    ``STUDENT/ASSIGNMENT.ipynb``, ``STUDENT.ipynb``, and what Moodle, Canvas and the nbgrader
    exchange give out (see `autograder.intake.layouts`), each as a folder or a zip. A zip or a tar
    archive that a student handed in is looked into. Of several notebooks of one student the
    latest counts, else the last by name; the files that the assignment takes beside it must have
    come with that one. Nothing in ``source`` is changed.

    Args:
        source: a folder or a zip file.
        assignment: its grade ids tell a renamed notebook from another one.
        roster: a table for `autograder.rosters.roster.Roster`; without it the number in a name of
            Moodle or Canvas is the student's id.

    Raises:
        IntakeError: ``source`` or ``roster`` cannot be read, or holds no submission at all.

    Example::

        collected = collect(Path("moodle.zip"), assignment, Path("roster.csv"))
        for item in collected.received:
            grade(assignment, item.read(), seed)
    """
    listing = _listed(source)
    try:
        known = Roster.read(roster) if roster else None
    except RosterError as error:
        raise IntakeError(str(error)) from error
    intake = _Intake(assignment, known, listing.lines)
    for item in rooted(listing.items, assignment.id, source.stem):
        intake.file(item)
    received = intake.choose_all()
    if not received and not intake.lines:
        raise IntakeError(
            f"{source} holds no submission of {assignment.id}: expected STUDENT/NOTEBOOK.ipynb, "
            f"STUDENT/{assignment.id}/NOTEBOOK.ipynb, STUDENT.ipynb, or a download of Moodle, "
            "Canvas or the nbgrader exchange"
        )
    notes = known.notes if roster and known else ()
    lines = [*(Line(str(roster), *note) for note in notes), *intake.lines]
    lines += _lines_of_source(source, listing, intake)
    people = known.people if known else ()
    return Collected(received, tuple(lines), tuple(intake.refused.values()), people)


def _listed(source: Path) -> Listing:
    if source.is_dir():
        return list_folder(source)
    if is_tar(source.name):
        raise IntakeError(f"{source} is a tar archive: unpack it, and give the folder or a zip")
    if not source.is_file():
        raise IntakeError(f"{source} is not a folder or a zip: give what holds the submissions")
    try:
        return list_zip(source)
    except Refused as error:
        raise IntakeError(f"{source} is not a folder or a zip: {error}") from error


def _lines_of_source(source: Path, listing: Listing, intake: _Intake) -> list[Line]:
    found = []
    if listing.left_behind:
        left = "hidden files, caches, environments, __MACOSX and .ipynb_checkpoints"
        rule = f"{left} ({listing.left_behind} in all)"
        found.append(Line(source.name, rule, "left alone"))
    if intake.numbered:
        rule = "the numbers in the names are the students' ids"
        found.append(Line(source.name, rule, "give a roster to have your own ids"))
    return found


class _Intake:
    """Sorts files by student, then chooses one of each."""

    def __init__(self, assignment: Assignment, roster: Roster | None, lines: list[Line]):
        self.assignment, self.roster, self.lines = assignment, roster, lines
        self._why: dict[str, Line] = {}  # the first line about a student
        self._said = {str(line): number for number, line in enumerate(lines)}
        self.numbered = False
        self._owned: dict[str, list[tuple[Owner, Item]]] = defaultdict(list)
        self._clocks: dict[str, Item] = {}
        self.refused: dict[str, Refusal] = {}
        self._flat = False  # whether files lie side by side, named after students
        self._loose: list[tuple[Item, Place]] = []
        self._other_work: list[tuple[str, ...]] = []

    def file(self, item: Item) -> None:
        """Put a file to its student; a line says whose cannot be told."""
        where = place(item.parts)
        if self._is_other_work(where):
            self._other_work.append(item.parts)
            return
        if where.path[-1] == CLOCK and self._is_clocked(where):
            self._clocks[where.folder] = item
            return
        loose = len(item.parts) == 1 and where.platform == "plain"
        if loose and not _may_be_handed_in(item):
            self._loose.append((item, where))
            return
        self._flat |= loose
        self._own(item, where, loose)

    def _own(self, item: Item, where: Place, loose: bool) -> None:
        try:
            if loose and named_first(item.parts[-1], self.assignment):
                raise Refused("its name does not say whose it is", "call it STUDENT.ipynb")
            if loose and (name := whose(item.parts[-1], self.assignment.files)):
                where = replace(where, number=name)
            owner = owner_of(where, self.roster)
        except Refused as error:
            self._refuse(item, where, error)
            return
        self.numbered |= where.platform in ("moodle", "canvas") and not self.roster
        self._owned[owner.student].append((owner, item))

    def choose_all(self) -> tuple[Received, ...]:
        """Return what counts of each student, by id."""
        if self._flat:  # where notebooks lie side by side, so may other things that students sent
            for item, where in self._loose:
                self._own(item, where, loose=True)
        chosen: dict[str, tuple[Candidate, tuple[Beside, ...]]] = {}
        for student, owned in sorted(self._owned.items()):
            handed = Handed(other_work=self._other_work)
            mine = self._of_one_person(student, owned)
            if not mine:
                continue  # each was refused by its own name
            for owner, item in mine:
                self._hand_in(handed, student, item, owner.where)
            for one in handed.notebooks:
                one.timestamp = self._time(one.where)
            if best := choose(student, handed, self.assignment, self._note):
                beside = choose_files(student, handed, best, self.assignment, self._note)
                chosen[student] = (best, beside)
            else:
                self.refused[student] = Refusal(student, self._why_nothing(student, handed))
        self._name_twins(chosen)
        return tuple(self._received(student, *what) for student, what in chosen.items())

    def _received(self, student: str, best: Candidate, beside: tuple[Beside, ...]) -> Received:
        exact = f"{self.assignment.id}.ipynb"
        notices, where = best.notices(exact), best.where
        notices += tuple(
            f"{one.wanted.name}: {one.note}" for one in beside if one.item and one.note
        )
        page = feedback_name(where, best.item.parts[0], self.assignment.id)
        times = [best.timestamp, *(self._time(one.where) for one in beside if one.where)]
        time = max(filter(None, times), default=None)  # what came last decides what is late
        load, platform = best.item.read, where.platform
        return Received(student, exact, time, notices, load, platform, where.number, page, beside)

    def _time(self, where: Place) -> datetime | None:
        clock = self._clocks.get(where.folder) if self._is_clocked(where) else None
        return read_clock(where, clock, self._note)

    def _why_nothing(self, student: str, handed: Handed) -> Line:
        """Return the line that says why nothing of ``student`` is graded."""
        said = self._why.get(student)
        if said is None:
            files = [*handed.notebooks, *handed.others]
            shown_file = files[0].item.shown if files else student
            said = Line(shown_file, f"{student} handed in no notebook", "ask for it", student)
            self._note(said)
        return said

    def _of_one_person(
        self, student: str, owned: list[tuple[Owner, Item]]
    ) -> list[tuple[Owner, Item]]:
        """Return what is of ``student``; of others who say so too, nothing is taken."""
        sure = believed([owner for owner, _ in owned])
        for owner, item in owned:
            if owner not in sure:
                platform = owner.where.platform
                rule = f"several of {platform} are {student} by their names"
                advice = "it waits: give a roster that has name and number of each"
                self._refuse(item, owner.where, Refused(rule, advice))
        return [(owner, item) for owner, item in owned if owner in sure]

    def _hand_in(self, handed: Handed, student: str, item: Item, where: Place) -> None:
        if _is_archive(item):
            self._unpack(handed, student, item, where)
        else:
            handed.add(item, where)

    def _unpack(self, handed: Handed, student: str, outer: Item, where: Place) -> None:
        """Look into a student's archive, but into no archive in it."""
        handed.archives += 1
        try:
            if handed.archives > MAX_LOOKED_AT:
                raise Refused(f"{student} handed in more than {MAX_LOOKED_AT} archives")
            listing = list_tar(outer) if is_tar(outer.parts[-1]) else list_nested(outer)
        except Refused as error:
            self._note(Line(outer.shown, error.rule, error.advice, student))
            return
        for line in listing.lines:
            self._note(replace(line, student=student))
        for item in listing.items:
            inside = replace(where, path=item.parts[-1:])
            if _is_archive(item):
                tar = is_tar(item.parts[-1]) or is_tar(outer.parts[-1])
                rule = "it is an archive in an archive" if tar else "it is a zip in a zip in a zip"
                self._note(Line(item.shown, rule, "have the notebook itself handed in", student))
            else:
                handed.add(item, inside)

    def _is_other_work(self, where: Place) -> bool:
        """Tell whether the layout itself says that a file belongs to another assignment."""
        folder, name = where.path[0], where.path[-1]
        if where.platform == "exchange":
            return where.assignment != self.assignment.id
        nested = where.platform == "plain" and len(where.path) == 2 and name == f"{folder}.ipynb"
        return nested and folder != self.assignment.id

    def _is_clocked(self, where: Place) -> bool:
        """Tell whether nbgrader, not a student, put a timestamp.txt beside a file."""
        in_step = where.platform == "plain" and len(where.path) == 2
        return where.platform == "exchange" or (in_step and where.path[0] == self.assignment.id)

    def _refuse(self, item: Item, where: Place, error: Refused) -> None:
        key = item.parts[0] if where.others else f"{where.folder}{where.name}"
        if key not in self.refused:
            line = Line(item.shown, error.rule, error.advice)
            self._note(line)
            self.refused[key] = Refusal(shown(item.parts[0]), line)

    def _name_twins(self, chosen: dict[str, tuple[Candidate, tuple[Beside, ...]]]) -> None:
        """Say who handed in the same file; that changes no points."""
        groups: dict[str, list[tuple[str, Item]]] = defaultdict(list)
        for student, (best, beside) in chosen.items():
            groups[best.sight.digest].append((student, best.item))
            for one in beside:
                if one.item and one.digest:
                    groups[one.digest].append((student, one.item))
        for group in groups.values():
            if len(group) > 1:
                (first, item), *_ = group
                rule = f"{', '.join(student for student, _ in group)} handed in the same bytes"
                self._note(Line(item.shown, rule, "look at it", first))

    def _note(self, line: Line) -> None:
        """Keep ``line``; where the same was said already, remember whose it is."""
        text = str(line)
        if line.student:
            self._why.setdefault(line.student, line)
        if text not in self._said:
            self._said[text] = len(self.lines)
            self.lines.append(line)
        elif line.student:
            self.lines[self._said[text]] = line


def _is_archive(item: Item) -> bool:
    return item.parts[-1].lower().endswith((".zip", *ENDINGS))


def _may_be_handed_in(item: Item) -> bool:
    named = item.parts[-1].lower().endswith(".ipynb")
    return named or _is_archive(item) or is_notebook(item)

"""Whose file it is, and what speaks for that: the platform's number, a name, or the roster."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from autograder.harmless.text import shown
from autograder.intake.archives import Refused
from autograder.intake.layouts import Place
from autograder.rosters.names import ID_RULE, LOGIN_RULE, STUDENT_ID, login, squashed
from autograder.rosters.roster import Roster


class Evidence(IntEnum):
    """How sure it is whose a file is; a name, a student may have chosen."""

    READING = 1  # one of several readings of a name, for which the roster speaks
    NAME = 2
    NUMBER = 3  # what the platform wrote, or a folder of the instructor
    BOTH = 4


@dataclass(frozen=True)
class Owner:
    """Whose file it is, how its name was read, and what speaks for that."""

    student: str
    where: Place
    evidence: Evidence

    @property
    def source(self) -> tuple[str, str, str, Evidence]:
        """What the files of one person share on a platform."""
        where = self.where
        number = unicodedata.normalize("NFC", where.number)
        return where.platform, number, squashed(where.name), self.evidence


def owner_of(where: Place, roster: Roster | None) -> Owner:
    """Return whose file it is: from the roster, else the number or the name in the file's name.

    Raises:
        Refused: it cannot be told, or is no id.
    """
    where = _settled(where, roster)
    whole = where.platform in ("plain", "exchange")  # its name is the id, if it can be one
    usual = STUDENT_ID.fullmatch(where.number)
    own = where.number if usual else login(where.number) if where.platform == "exchange" else ""
    if roster and not (where.platform == "exchange" and usual):
        where, found = _in_roster(where, roster)
        if len(found) == 1:
            return Owner(found[0], where, _evidence(where, roster, found))
        if found or not whole:
            whom = shown(" ".join(filter(None, (where.name, where.number))))
            rule = f"the roster has {len(found)} students for {whom!r}; it must have exactly one"
            raise Refused(rule, _mend(where))
    if not own:
        rule = LOGIN_RULE if where.platform == "exchange" else ID_RULE
        raise Refused(
            f"student id (={shown(where.number, 64)!r}) {rule}",
            "give a roster with a row that has it as name, and an id",
        )
    return Owner(own, where, Evidence.NUMBER)


def _in_roster(where: Place, roster: Roster) -> tuple[Place, list[str]]:
    """Return the ids that the roster has for a file; ``unsure`` if its name had to be read."""
    if where.platform in ("plain", "exchange"):
        return where, roster.find("plain", where.name or where.number, where.number)
    if found := roster.find(where.platform, where.name, where.number):
        return where, found
    # Moodle writes the group before the name, with a - that both may hold.
    pieces = where.name.split("-") if where.platform == "moodle" else []
    ends = ("-".join(pieces[start:]) for start in range(1, len(pieces)))
    return replace(where, unsure=True), sorted(
        {i for e in ends for i in roster.find("moodle", e, "")}
    )


def _mend(where: Place) -> str:
    if where.platform in ("plain", "exchange"):
        return "give it a row in the roster with this name and its id, and no other row"
    return f"put {where.number or 'the name'} into its column {where.platform}"


def _evidence(where: Place, roster: Roster, found: list[str]) -> Evidence:
    if where.unsure:
        return Evidence.READING
    if roster.find(where.platform, "", where.number) != found:
        return Evidence.NAME
    named = roster.find(where.platform, where.name, "")
    return Evidence.BOTH if named == found else Evidence.NUMBER


def _settled(where: Place, roster: Roster | None) -> Place:
    """Return the one reading of a name that the roster speaks for, where there are several."""
    if not where.others:
        return where
    known = []
    for reading in (where, *where.others):
        named = roster.find(reading.platform, reading.name, "") if roster else []
        numbered = roster.find(reading.platform, "", reading.number) if roster else []
        if whom := {*named, *numbered}:
            known.append((reading, whom))
    if len(known) == 1 and len(known[0][1]) == 1:
        return replace(known[0][0], unsure=True)
    numbers = " or ".join(
        shown(reading.number or reading.name, 40) for reading in (where, *where.others)
    )
    raise Refused(
        f"its name can be that of {numbers}",
        "it waits: give a roster that knows just one of them, or rename it",
    )


def believed(owners: Sequence[Owner]) -> set[Owner]:
    """Return the owners of files of one student that are that student.

    Where several people of a platform give the same name or number, it is the one for whom most
    speaks; where that is more than one, it is nobody.
    """
    sources = {owner.source: owner.evidence for owner in owners}
    best: dict[str, Evidence] = {}
    for (platform, *_), evidence in sources.items():
        best[platform] = max(evidence, best.get(platform, evidence))
    top = Counter(platform for (platform, *_), e in sources.items() if e == best[platform])
    only_readings = max(sources.values()) == Evidence.READING
    return {
        owner
        for owner in owners
        if owner.evidence == best[owner.where.platform]
        and top[owner.where.platform] == 1
        and (only_readings or owner.evidence > Evidence.READING)
    }

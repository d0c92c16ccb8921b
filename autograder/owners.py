"""Whose file it is, and what speaks for that: the platform's number, a name, or the roster."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from autograder.archives import Refused
from autograder.harmless import shown
from autograder.layouts import Place
from autograder.roster import Roster, squashed

STUDENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


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
        return where.platform, where.number, squashed(where.name), self.evidence


def owner_of(where: Place, roster: Roster | None) -> Owner:
    """Return whose file it is: from the roster, else the number or the name in the file's name.

    Raises:
        Refused: it cannot be told, or is no id.
    """
    where = _settled(where, roster)
    if roster and where.platform != "exchange":
        name = where.name or where.number if where.platform == "plain" else where.name
        found = roster.find(where.platform, name, where.number)
        if len(found) == 1:
            return Owner(_require_id(found[0]), where, _evidence(where, roster, found))
        if found or where.platform != "plain":
            whom = shown(" ".join(filter(None, (where.name, where.number))))
            rule = f"the roster has {len(found)} students for {whom!r}; it must have exactly one"
            raise Refused(
                rule, f"put {where.number or 'the name'} into its column {where.platform}"
            )
    return Owner(_require_id(where.number), where, Evidence.NUMBER)


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


def _require_id(student: str) -> str:
    if STUDENT_ID.fullmatch(student):
        return student
    raise Refused(
        f"student id (={shown(student, 64)!r}) must start with a letter or digit and use only "
        "letters, digits and . _ @ - (at most 64)",
        "rename it, or give the name a row in the roster",
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

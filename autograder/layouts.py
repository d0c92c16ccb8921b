"""Whose file it is: the ways in which platforms name what students hand in.

Moodle, "Download all submissions", with and without folders::

    Full Name_1234567_assignsubmission_file_/01-convolution.ipynb
    Full Name_1234567_assignsubmission_file_01-convolution.ipynb

Canvas, "Download submissions"; ``LATE`` in late ones, no name where grading is anonymous::

    lastfirst_12345_678910_01-convolution.ipynb
    lastfirst_LATE_12345_678910_01-convolution-1.ipynb

The nbgrader exchange: ``inbound/STUDENT+ASSIGNMENT+TIMESTAMP+RANDOM/01-convolution.ipynb``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from autograder.archives import Item, Refused
from autograder.harmless import shown
from autograder.roster import Roster

STUDENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
# What Moodle adds to a name: at the end of a folder's, before the file's in a file's.
MOODLE = re.compile(r"(?:(?<=_)|\A)(?:(?P<number>[0-9]{1,19})_)?assignsubmission_[a-z]+(?:_|\Z)")
CANVAS = re.compile(
    r"(?:(?<=_)|\A)(?P<late>LATE_)?(?P<number>[1-9][0-9]{0,18}|anon_[^_]{1,16})_[1-9][0-9]{0,18}_"
)
NO_CANVAS_NAME = re.compile(r"_[0-9]+_")  # Canvas writes -12- for _12_ in a name
EXCHANGE = re.compile(r"(?P<id>[^+]+)\+(?P<assignment>[^+]+)\+(?P<timestamp>[^+]+)(?:\+[^+]*)?")
TIMESTAMP = re.compile(
    r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?([+-]\d\d:?\d\d|[\w/+-]*)"
)
STEPS = ("inbound", "submitted")  # the folders of nbgrader that hold submissions


@dataclass(frozen=True)
class Place:
    """Where a file stands: on which platform, of whom, and its path within the submission."""

    platform: str
    path: tuple[str, ...]
    number: str = ""
    name: str = ""
    assignment: str = ""
    timestamp: str = ""
    late: bool = False
    others: tuple[Place, ...] = ()  # what else its name can mean
    unsure: bool = False  # which of several readings is right, only the roster says

    @property
    def folder(self) -> str:
        """What the parts of one submission share."""
        return f"{self.platform}/{self.number or self.name}/{self.timestamp}"


@dataclass(frozen=True)
class Owner:
    """Whose file it is, how its name was read, and whether more than a name says so.

    A name, a student may have chosen; the number of a platform or a folder's name not.
    """

    student: str
    where: Place
    certain: bool

    @property
    def source(self) -> tuple[str, str, bool]:
        """What the files of one person share on a platform."""
        return self.where.platform, self.where.number or self.where.name, self.where.unsure


def place(parts: tuple[str, ...]) -> Place:
    """Return the place of the file at ``parts`` below the root of a source.

    Only the first part decides: what is below it, a student may have named. A student can also
    choose the own name and that of a file so that both can be read in several ways: then the
    place has ``others``.

    Example:
        >>> place(("lastfirst_LATE_12_34_01-convolution.ipynb",)).number
        '12'
        >>> [other.number for other in place(("a_5_7_9_x.ipynb",)).others]
        ['7']
    """
    first, rest = parts[0], parts[1:]
    if rest and (match := EXCHANGE.fullmatch(first)):
        _, assignment, timestamp = match.group("id", "assignment", "timestamp")
        return Place("exchange", rest, match["id"], "", assignment, timestamp)
    found = _moodle_folder(first, rest) if rest else [*_moodle_files(first), *_canvas(first)]
    readings = list({reading.number: reading for reading in reversed(found)}.values())[::-1]
    if readings:
        return replace(readings[0], others=tuple(readings[1:]))
    return Place("plain", rest or (first,), first if rest else first.rpartition(".")[0] or first)


def _moodle_folder(first: str, rest: tuple[str, ...]) -> list[Place]:
    marks = [mark for mark in MOODLE.finditer(first) if mark.end() == len(first)]
    return [Place("moodle", rest, mark["number"] or "", _before(first, mark)) for mark in marks]


def _moodle_files(first: str) -> list[Place]:
    marks = list(MOODLE.finditer(first))
    numbered = [mark for mark in marks if mark["number"]]
    return [
        Place("moodle", (first[mark.end() :] or first,), mark["number"] or "", _before(first, mark))
        for mark in numbered or marks[-1:]
    ]


def _canvas(first: str) -> list[Place]:
    """Return the readings that Canvas can have written: ids start with no 0, names hold no _12_."""
    found, start = [], 0
    while match := CANVAS.search(first, start):
        start = match.start() + 1
        name, file = _before(first, match), first[match.end() :]
        nobody = match["number"].startswith("anon_")
        if file and not (nobody and name) and not NO_CANVAS_NAME.search(name):
            late = bool(match["late"])
            found.append(Place("canvas", (file,), match["number"], name, late=late))
    return found


def _before(text: str, mark: re.Match[str]) -> str:
    return text[: mark.start()].removesuffix("_")


def rooted(items: Iterable[Item], assignment: str, stem: str) -> list[Item]:
    """Return ``items`` with the folders taken off that wrap all submissions.

    Args:
        items: the files of a source.
        assignment: a folder of this name below another marks the other as a student's.
        stem: of the source's own name; a zip often holds one folder that is called the same.
    """
    found = list(items)
    for _ in range(4):
        wrapper = _wrapper(found, assignment, stem)
        if not wrapper:
            break
        inside = [item for item in found if len(item.parts) > 1 and item.parts[0] == wrapper]
        found = [replace(item, parts=item.parts[1:]) for item in inside]
    return found


def _wrapper(items: list[Item], assignment: str, stem: str) -> str:
    tops = {item.parts[0] for item in items}
    for step in STEPS:
        if any(item.parts[0] == step and len(item.parts) > 2 for item in items):
            return step
    top = tops.pop() if len(tops) == 1 else ""
    below = {item.parts[1] for item in items if len(item.parts) > 1}
    folders = {item.parts[1] for item in items if len(item.parts) > 2}
    if below & set(STEPS):
        return top
    if not top or not below or place((top, "x")).platform != "plain" or assignment in below:
        return ""
    platforms = {place((name, "x") if name in folders else (name,)).platform for name in below}
    return top if top in (stem, assignment) or len(folders) > 1 or platforms != {"plain"} else ""


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
            certain = roster.find(where.platform, "", where.number) == found and not where.unsure
            return Owner(_require_id(found[0]), where, certain)
        if found or where.platform != "plain":
            whom = shown(" ".join(filter(None, (where.name, where.number))))
            rule = f"the roster has {len(found)} students for {whom!r}; it must have exactly one"
            raise Refused(
                rule, f"put {where.number or 'the name'} into its column {where.platform}"
            )
    return Owner(_require_id(where.number), where, certain=True)


def _settled(where: Place, roster: Roster | None) -> Place:
    """Return the one reading of a name that the roster speaks for, where there are several.

    Its name and its number must be of one student, since both may be made up.
    """
    if not where.others:
        return where
    known = []
    for reading in (where, *where.others):
        named = roster.find(reading.platform, reading.name, "") if roster else []
        numbered = roster.find(reading.platform, "", reading.number) if roster else []
        if named or numbered:
            known.append((reading, named, numbered))
    if len(known) == 1:
        (reading, named, numbered) = known[0]
        if len(named) == 1 and numbered in ([], named):
            return replace(reading, unsure=True)
    numbers = " or ".join(
        reading.number or shown(reading.name, 40) for reading in (where, *where.others)
    )
    raise Refused(
        f"its name can be that of {numbers}",
        "it waits: give a roster that knows just one of them by name and number, or rename it",
    )


def _require_id(student: str) -> str:
    if STUDENT_ID.fullmatch(student):
        return student
    raise Refused(
        f"student id (={shown(student, 64)!r}) must start with a letter or digit and use only "
        "letters, digits and . _ @ - (at most 64)",
        "rename it, or give the name a row in the roster",
    )


def moment(text: str) -> datetime:
    """Return the time in ``text``, as nbgrader writes it, in UTC.

    Raises:
        ValueError: it is no time.

    Example:
        >>> moment("2026-03-01 12:00:00.5 UTC").isoformat()
        '2026-03-01T12:00:00.500000+00:00'
    """
    match = TIMESTAMP.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{shown(text, 40)!r} must look like 2026-03-01 12:00:00 UTC")
    written, zone = match.groups()
    try:
        if zone[:1] in ("+", "-"):
            return datetime.fromisoformat(written + zone).astimezone(UTC)
        return datetime.fromisoformat(written).replace(tzinfo=_zone(zone)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{written!r} is out of range") from error


def _zone(name: str) -> tzinfo:
    """Return the time zone ``name``; an unknown one is taken for UTC, as nbgrader does."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return UTC

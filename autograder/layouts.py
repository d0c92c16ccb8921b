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

from autograder.archives import Item, Refused, shown
from autograder.roster import Roster

STUDENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
MOODLE = re.compile(
    r"(?:(?P<name>.*?)_)??(?:(?P<number>\d{1,19})_)?assignsubmission_[a-z]+(?:_(?P<file>.*))?"
)
CANVAS = re.compile(
    r"(?:(?P<name>.+?)_)??(?:(?P<late>LATE)_)?(?P<number>\d{1,19}|anon_[^_]{1,16})"
    r"_\d{1,19}_(?P<file>.+)"
)
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

    @property
    def folder(self) -> str:
        """What the parts of one submission share."""
        return f"{self.platform}/{self.number or self.name}/{self.timestamp}"


def place(parts: tuple[str, ...]) -> Place:
    """Return the place of the file at ``parts`` below the root of a source.

    Only the first part decides: what is below it, a student may have named.

    Example:
        >>> place(("lastfirst_LATE_12_34_01-convolution.ipynb",)).number
        '12'
    """
    first, rest = parts[0], parts[1:]
    if match := MOODLE.fullmatch(first):
        path = rest or (match["file"] or first,)
        return Place("moodle", path, match["number"] or "", match["name"] or "")
    if rest and (match := EXCHANGE.fullmatch(first)):
        _, assignment, timestamp = match.group("id", "assignment", "timestamp")
        return Place("exchange", rest, match["id"], "", assignment, timestamp)
    if not rest and (match := CANVAS.fullmatch(first)):
        late = bool(match["late"])
        return Place("canvas", (match["file"],), match["number"], match["name"] or "", late=late)
    return Place("plain", rest or (first,), first if rest else first.rpartition(".")[0] or first)


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


def student_of(where: Place, roster: Roster | None) -> str:
    """Return the student's id: from the roster, else the number or the name in the file's name.

    Raises:
        Refused: it cannot be told, or is no id.
    """
    if roster and where.platform != "exchange":
        name = where.name or where.number if where.platform == "plain" else where.name
        found = roster.find(where.platform, name, where.number)
        if len(found) == 1:
            return _require_id(found[0])
        if found or where.platform != "plain":
            whom = shown(" ".join(filter(None, (where.name, where.number))))
            rule = f"the roster has {len(found)} students for {whom!r}; it must have exactly one"
            raise Refused(
                rule, f"put {where.number or 'the name'} into its column {where.platform}"
            )
    return _require_id(where.number)


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

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

from autograder.intake.archives import Item

# What Moodle adds to a name: at the end of a folder's, before the file's in a file's.
MOODLE = re.compile(
    r"(?:(?<=_)|\A)(?:(?P<number>[1-9][0-9]{0,18})_)?assignsubmission_[a-z]+(?:_|\Z)"
)
CANVAS = re.compile(
    r"(?:(?<=_)|\A)(?P<late>LATE_)?(?P<number>[1-9][0-9]{0,18}|anon_[A-Za-z0-9]{1,16})_[1-9][0-9]{0,18}_"
)
NO_CANVAS_NAME = re.compile(r"_[0-9]+_")  # Canvas writes -12- for _12_ in a name
EXCHANGE = (  # an id may hold a +, and so may the zone of a time
    re.compile(
        r"(?P<id>.+)\+(?P<assignment>[^+]+)"
        r"\+(?P<timestamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[^+]*(?:\+[0-9]{2}:?[0-9]{2})?)(?:\+[^+]*)?"
    ),
    re.compile(r"(?P<id>[^+]+)\+(?P<assignment>[^+]+)\+(?P<timestamp>[^+]+)(?:\+[^+]*)?"),
)
ENDING = re.compile(r"\.(ipynb|tar)(\.[^.]*)?\Z|\.[^.]*\Z", re.IGNORECASE)  # also .ipynb.txt
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
    before: str = ""  # what the platform wrote before the student's own path
    others: tuple[Place, ...] = ()  # what else its name can mean
    unsure: bool = False  # which of several readings is right, only the roster says

    @property
    def folder(self) -> str:
        """What the parts of one submission share."""
        return f"{self.platform}/{self.number or self.name}/{self.timestamp}"


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
    found = _moodle_folder(first, rest) if rest else [*_moodle_files(first), *_canvas(first)]
    readings = list({reading.number: reading for reading in reversed(found)}.values())[::-1]
    if readings:
        return replace(readings[0], others=tuple(readings[1:]))
    exchange = filter(None, (form.fullmatch(first) for form in EXCHANGE))
    if rest and (match := next(exchange, None)):  # after Moodle's, whose names may hold a +
        student, assignment, timestamp = match.group("id", "assignment", "timestamp")
        return Place("exchange", rest, student, "", assignment, timestamp)
    return Place("plain", rest or (first,), first if rest else ENDING.sub("", first) or first)


def _moodle_folder(first: str, rest: tuple[str, ...]) -> list[Place]:
    marks = [mark for mark in MOODLE.finditer(first) if mark.end() == len(first)]
    return [
        Place("moodle", rest, mark["number"] or "", _before(first, mark), before=f"{first}/")
        for mark in marks
    ]


def _moodle_files(first: str) -> list[Place]:
    marks = list(MOODLE.finditer(first))
    numbered = [mark for mark in marks if mark["number"]]
    return [
        Place(
            "moodle",
            (first[mark.end() :] or first,),
            mark["number"] or "",
            _before(first, mark),
            before=first[: mark.end()],
        )
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
            given = first[: match.end()]
            found.append(Place("canvas", (file,), match["number"], name, late=late, before=given))
    return found


def _before(text: str, mark: re.Match[str]) -> str:
    return text[: mark.start()].removesuffix("_")


def feedback_name(where: Place, first: str, assignment: str) -> str:
    """Return the name of a feedback page by which the platform knows whose it is.

    Moodle goes by what it wrote before a file, Canvas by the two numbers in the file's name.
    """
    if where.platform == "canvas":
        return f"{first}.html"
    return f"{where.before}{assignment}.html" if where.platform == "moodle" else ""


def rooted(items: Iterable[Item], assignment: str, stem: str) -> list[Item]:
    """Return ``items`` with the folders taken off that wrap all submissions.

    Args:
        items: the files of a source.
        assignment: a folder of this name below another marks the other as a student's.
        stem: of the source's own name; a zip often holds one folder that is called the same.
    """
    found = [_as_written(item) for item in items]
    for _ in range(4):
        wrapper = _wrapper(found, assignment, stem)
        if not wrapper:
            break
        inside = [item for item in found if len(item.parts) > 1 and item.parts[0] == wrapper]
        found = [replace(item, parts=item.parts[1:]) for item in inside]
    return found


def _as_written(item: Item) -> Item:
    """Undo that a backslash was taken for a / where a platform gave another owner's name whole."""
    if not item.written:
        return item
    parts = tuple(item.written.split("/"))
    whole, split = place(parts), place(item.parts)
    same = (whole.number, bool(whole.others)) == (split.number, bool(split.others))
    return item if whole.platform == "plain" or same else replace(item, parts=parts)


def _wrapper(items: list[Item], assignment: str, stem: str) -> str:
    tops = {item.parts[0] for item in items}
    for step in STEPS:
        if any(item.parts[0] == step and len(item.parts) > 2 for item in items):
            return step
    top = tops.pop() if len(tops) == 1 else ""
    below = {item.parts[1] for item in items if len(item.parts) > 1}
    folders = {item.parts[1] for item in items if len(item.parts) > 2}
    if not top or not below or place((top, "x")).platform != "plain":
        return ""
    if below & set(STEPS):
        return top
    if assignment in below:
        return ""
    platforms = {place((name, "x") if name in folders else (name,)).platform for name in below}
    return top if top in (stem, assignment) or len(folders) > 1 or platforms != {"plain"} else ""

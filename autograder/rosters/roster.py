"""The class list: which student a name or a number of a learning platform belongs to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.rosters.names import split_name, squashed
from autograder.rosters.rosterfile import read_rows

NUMBER = re.compile(r"[0-9]+|anon_.*")  # of a platform: never found by a name that looks like it


@dataclass(frozen=True)
class Person:
    """What the gradebook keeps of a student, as far as it is known.

    Example:
        >>> Person.of({"id": "student-01", "name": "Last, First"}).last_name
        'Last'
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    canvas: str = ""  # Canvas' number

    @classmethod
    def of(cls, row: dict[str, str]) -> Person:
        """Return the person in a row of the class list."""
        first, last = split_name(row.get("name", ""))
        canvas = row.get("canvas", "")
        return cls(
            row["id"],
            row.get("first_name") or first,
            row.get("last_name") or last,
            row.get("email", ""),
            canvas if canvas.isdecimal() else "",
        )


class Roster:
    """A class list; `find` looks up ids.

    The file is a CSV with the columns of `autograder.rosters.rosterfile.COLUMNS`; all but ``id``
    may be left out or empty. ``moodle`` and ``canvas`` hold what stands in the names of the
    platform's files: the number, or the name as it is written there. ``notes`` say what of it
    was guessed.

    Example:
        >>> roster = Roster([{"id": "student-01", "name": "First Last", "canvas": "314"}])
        >>> roster.find("canvas", "lastfirst", ""), roster.find("canvas", "", "314")
        (['student-01'], ['student-01'])
    """

    def __init__(self, rows: list[dict[str, str]], notes: Sequence[tuple[str, str]] = ()):
        """Index the rows by everything they may be found by."""
        self.people = tuple(map(Person.of, rows))
        self.notes = tuple(notes)
        self._ids: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for row in rows:
            for key in _keys(row):
                self._ids[key].add(row["id"])

    def find(self, platform: str, name: str, number: str) -> list[str]:
        """Return the ids of the students that a file of ``platform`` may be from.

        The number counts before the name.
        """
        exact = self._ids.get((platform, "number", number), set()) if number else set()
        return sorted(exact or self._ids.get((platform, "name", squashed(name)), set()))

    @classmethod
    def read(cls, path: Path) -> Roster:
        """Read the file at ``path``.

        Raises:
            autograder.rosters.rosterfile.RosterError: it cannot be read, or a line in it is wrong.
        """
        return cls(*read_rows(path))


def _keys(row: dict[str, str]) -> set[tuple[str, str, str]]:
    """Return what a row is found by: platform, number or name, and that itself."""
    words = re.split(r"[\s,]+", row.get("name", "").strip())
    turned = {squashed("".join(words[n:] + words[:n])) for n in range(len(words))}
    keys = {
        (platform, "name", name) for platform in ("moodle", "canvas", "plain") for name in turned
    }
    for platform in ("moodle", "canvas"):
        given = row.get(platform, "")
        number = NUMBER.fullmatch(given)
        keys.add((platform, "number", given) if number else (platform, "name", squashed(given)))
    return {key for key in keys if key[2]} | {("plain", "number", row["id"])}

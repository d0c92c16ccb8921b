"""The class list: which student a name or a number of a learning platform belongs to."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

COLUMNS = ("id", "name", "moodle", "canvas")
NUMBER = re.compile(r"[0-9]+|anon_.*")  # of a platform: never found by a name that looks like it


class RosterError(ValueError):
    """The class list cannot be used; the message says which line and why."""


class Roster:
    """A class list; `find` looks up ids.

    The file is a CSV with the columns ``id``, ``name``, ``moodle`` and ``canvas``; the last
    three may be left out or empty. ``moodle`` and ``canvas`` hold what stands in the names of
    the platform's files: the number, or the name as it is written there.

    Example:
        >>> roster = Roster([{"id": "student-01", "name": "First Last", "canvas": "314"}])
        >>> roster.find("canvas", "lastfirst", ""), roster.find("canvas", "", "314")
        (['student-01'], ['student-01'])
    """

    def __init__(self, rows: list[dict[str, str]]):
        """Index the rows by everything they may be found by."""
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
        """Read the CSV file at ``path``, with commas or semicolons.

        Raises:
            RosterError: it cannot be read, or lacks the column ``id`` or an id.
        """
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeError) as error:
            raise RosterError(f"roster {path} cannot be read as UTF-8 ({error})") from error
        header = lines[0] if lines else ""
        table = csv.DictReader(lines, delimiter=";" if header.count(";") else ",")
        if "id" not in (table.fieldnames or []):
            raise RosterError(
                f"roster {path} must start with a line that names its columns: {','.join(COLUMNS)}"
            )
        rows = [{key: (row.get(key) or "").strip() for key in COLUMNS} for row in table]
        for number, row in enumerate(rows, start=2):
            if not row["id"]:
                raise RosterError(
                    f"roster {path}, line {number}: id is empty: give the student's id"
                )
        return cls(rows)


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


def squashed(name: str) -> str:
    """Return the letters and digits of ``name`` in lower case, as platforms write names."""
    return "".join(c for c in unicodedata.normalize("NFC", name).casefold() if c.isalnum())

"""The class list as an office writes it: headings, blank rows, doubles, names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from autograder.harmless.text import shown
from autograder.rosters.csvfile import Row, Table, TableError, read_table, stripped
from autograder.rosters.names import LOGIN_RULE, login, squashed

COLUMNS = ("id", "name", "first_name", "last_name", "email", "moodle", "canvas")
HEADINGS = {squashed(column): column for column in COLUMNS}
OTHERWISE = {  # what else stands above a column
    "studentid": "id",
    "fullname": "name",
    "givenname": "first_name",
    "surname": "last_name",
    "familyname": "last_name",
    "emailaddress": "email",
    **{f"{p}{what}": p for p in ("moodle", "canvas") for what in ("id", "number", "no")},
}
SHORTEST_SLIP = 4  # letters: id is too short to be guessed
CLOSE = 0.75  # of its letters are in place: moodel, canvs
SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
DECIMAL = re.compile(r"([0-9]+)\.0")  # what some programs make of a number
UNIQUE = ("moodle", "canvas")


class RosterError(ValueError):
    """The class list cannot be used; the message says which line and why."""


def read_rows(path: Path) -> tuple[list[dict[str, str]], list[tuple[str, str]]]:
    """Return a row per student by column, and rule and advice of what had to be guessed.

    Raises:
        RosterError: it cannot be read, or lacks the column ``id``, or a row is wrong.
    """
    try:
        table = read_table(path, {*HEADINGS, *OTHERWISE})
        columns, notes = _columns(table.header)
        rows = [(row.line, _row(stripped(row), columns, table.header)) for row in table.rows]
        _require_single(rows)
    except TableError as error:
        raise RosterError(f"roster {path}: {error}") from error
    return [row for _, row in rows], notes + _notes(table)


def _notes(table: Table) -> list[tuple[str, str]]:
    if not table.guessed:
        return []
    rule = f"it is not in UTF-8; it is read as {table.guessed}"
    return [(rule, "save it as CSV in UTF-8 if a name looks wrong")]


def _columns(header: list[str]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Return where each column stands, and a note where a heading was a slip."""
    keys = [squashed(heading) for heading in header]
    found: dict[str, int] = {}
    for place, key in enumerate(keys):
        if (column := HEADINGS.get(key)) in found:
            raise TableError(f"two columns are called {column!r}: rename one")
        if column:
            found[column] = place
    for place, key in enumerate(keys):
        if key in OTHERWISE:
            found.setdefault(OTHERWISE[key], place)
    notes = []
    for place, key in enumerate(keys):
        if place not in found.values() and (column := _meant(key, found)):
            found[column] = place
            rule = f"its column {shown(header[place], 40)!r} is read as {column!r}"
            notes.append((rule, "correct the heading, or rename the column if it is another one"))
    if "id" not in found:
        raise TableError(
            "it must start with a line that names its columns: id,name,moodle,canvas and others; "
            f"id is needed, and its first line is {shown(', '.join(header))!r}"
        )
    return found, notes


def _meant(key: str, found: dict[str, int]) -> str:
    """Return the column that a heading with a slip stands for, if it is close to one."""
    if len(key) < SHORTEST_SLIP or key in OTHERWISE:
        return ""
    free = [known for known, column in HEADINGS.items() if column not in found]
    close = get_close_matches(key, free, 1, CLOSE)
    return HEADINGS[close[0]] if close else ""


def _row(row: Row, columns: dict[str, int], header: list[str]) -> dict[str, str]:
    if any(row.cells[len(header) :]):
        raise TableError(
            f"line {row.line} has {len(row.cells)} cells, more than the {len(header)} columns: "
            "put a name with a comma in it in quotes"
        )
    cells = row.cells + [""] * len(header)
    made = {column: cells[columns[column]] if column in columns else "" for column in COLUMNS}
    for column in ("id", *UNIQUE):
        made[column] = DECIMAL.sub(r"\1", made[column])
        if SHORTENED.fullmatch(made[column]):
            raise TableError(
                f"line {row.line}: {column} (={made[column]!r}) was shortened by a spreadsheet: "
                "make it a column of text, and put the number in again"
            )
    if not made["id"]:
        raise TableError(f"line {row.line}: id is empty: give the student's id")
    if not (student := login(made["id"])):
        raise TableError(
            f"line {row.line}: id (={shown(made['id'], 64)!r}) {LOGIN_RULE}: change it"
        )
    made["name"] = made["name"] or f"{made['first_name']} {made['last_name']}".strip()
    return made | {"id": student}


def _require_single(rows: Iterable[tuple[int, dict[str, str]]]) -> None:
    """Require that an id stands for one person and a number of a platform for one id."""
    seen: dict[tuple[str, str], tuple[int, dict[str, str]]] = {}
    for line, row in rows:
        numbers = ((column, row[column]) for column in UNIQUE if row[column].isdecimal())
        keys = [("id", row["id"].casefold()), *numbers]
        for column, value in keys:
            before, other = seen.setdefault((column, value), (line, row))
            same = other["id"] == row["id"]
            if column == "id":
                same &= len({squashed(one["name"]) for one in (row, other)} - {""}) < 2
            if not same:
                raise TableError(
                    f"lines {before} and {line} give the same {column} (={shown(value, 64)!r}) to "
                    f"{_who(other)} and {_who(row)}: each student needs one of their own"
                )


def _who(row: dict[str, str]) -> str:
    return shown(f"{row['id']} {row['name']}".strip(), 64)

"""Moodle's offline grading worksheet of one assignment, with the grades filled in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.gradebook.grades import Grade
from autograder.rosters.csvfile import TableError, read_table
from autograder.rosters.names import squashed

NEEDED = ("Identifier", "Grade")
# What Moodle may show of a participant, and what that is in the gradebook.
KEYS = {"Username": "student", "ID number": "lms_id", "Email address": "email"}
MAXIMUM = ("Maximum Grade", "Maximum grade")  # older and newer versions
LOCKED = "Grade can be changed"
NUMBER = re.compile(r"([0-9]+)\s*\Z")  # at the end of an identifier: Participant 4101


def filled_worksheet(
    path: Path, points: Sequence[tuple[Grade, str]], participants: Mapping[str, str]
) -> list[list[str]]:
    """Return the rows of the worksheet at ``path`` with ``points`` in its Grade column.

    A student is found by the number in the identifier, else by username, ID number or e-mail
    address. All other cells stay as they are, and so do the rows of participants who have no
    grade here or a locked one in Moodle.

    Args:
        path: the worksheet, as Moodle hands it out.
        points: a grade and the text of its points, empty for no grade.
        participants: Moodle's numbers by student, where they are known.

    Raises:
        ValueError: this is no worksheet, another maximum is set in Moodle, or a student with
            points is not in it.
    """
    rows = _read(path)
    header = rows[0]
    column = header.index("Grade")
    waiting = {grade.student: text for grade, text in points if text}
    known = _Students(header, [grade for grade, _ in points], participants)
    for row in rows[1:]:
        grade = known.find(header, row)
        if grade is None or grade.student not in waiting:
            continue
        _require_same_maximum(path, header, row, grade)
        text = waiting.pop(grade.student)
        if _cell(header, row, LOCKED).casefold() != "no":
            row[column] = text
    if lost := [g.student for g, _ in points if g.raw is not None and g.student in waiting]:
        raise ValueError(
            f"{path} has no row for {', '.join(lost)}{_hidden(header)}: the number of a "
            "participant must be the one in the download that was graded, or a username, ID "
            "number or e-mail address the student's id, lms_user_id or email in the gradebook"
        )
    return rows


def _read(path: Path) -> list[list[str]]:
    if not path.is_file():
        raise ValueError(f"{path} is not a file: download the grading worksheet from Moodle")
    try:
        table = read_table(path, set(map(squashed, (*NEEDED, *KEYS))))
    except TableError as error:
        raise ValueError(f"{path}: {error}") from error
    header = table.header
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise ValueError(
            f"{path} has no column {' and no column '.join(missing)}, only "
            f"{', '.join(header) or 'nothing'}: download the worksheet with Moodle in English"
        )
    return [header, *(row.cells + [""] * (len(header) - len(row.cells)) for row in table.rows)]


def _hidden(header: list[str]) -> str:
    shown = not set(KEYS).isdisjoint(header)
    return "" if shown else f" and shows none of {', '.join(KEYS)}"


def _cell(header: list[str], row: list[str], name: str) -> str:
    return row[header.index(name)].strip() if name in header else ""


class _Students:
    """Who a row of the worksheet is: only somebody of whom there is just one."""

    def __init__(self, header: list[str], grades: Sequence[Grade], participants: Mapping[str, str]):
        # Where neither is known, the ids may be the numbers, as without a class list.
        shown = not set(KEYS).isdisjoint(header)
        self._found: dict[tuple[str, str], list[Grade]] = defaultdict(list)
        for grade in grades:
            number = participants.get(grade.student, "" if participants or shown else grade.student)
            self._found["number", number].append(grade)
            keys = {name: str(getattr(grade, attribute)) for name, attribute in KEYS.items()}
            for name, key in keys.items():
                self._found[name, key].append(grade)
            for key in set(keys.values()):
                self._found["as it is", key].append(grade)
            for key in {key.casefold() for key in keys.values()}:
                self._found["any case", key].append(grade)

    def find(self, header: list[str], row: list[str]) -> Grade | None:
        """Return the grade of the student in ``row``."""
        number = NUMBER.search(_cell(header, row, "Identifier"))
        asked = [("number", number[1])] if number else []
        for name in KEYS:
            if shown := _cell(header, row, name):
                asked += [(name, shown), ("as it is", shown), ("any case", shown.casefold())]
        matches = (self._found.get(key, []) for key in asked)
        return next((found[0] for found in matches if len(found) == 1), None)


def _require_same_maximum(path: Path, header: list[str], row: list[str], grade: Grade) -> None:
    text = next((_cell(header, row, name) for name in MAXIMUM if name in header), "")
    try:
        there = float(text.replace(",", "."))
    except ValueError:
        return  # a scale, or no such column
    if there != grade.maximum:
        raise ValueError(
            f"{path}: the maximum grade is {text} in Moodle but {grade.maximum:g} in the "
            "gradebook: change it in Moodle's assignment and download the worksheet again"
        )

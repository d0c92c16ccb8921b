"""Moodle's offline grading worksheet of one assignment, with the grades filled in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from autograder.grades import Grade

NEEDED = ("Identifier", "Grade")
KEYS = ("Username", "ID number", "Email address")  # what Moodle may show of a participant
MAXIMUM = ("Maximum Grade", "Maximum grade")  # older and newer versions
LOCKED = "Grade can be changed"


def filled_worksheet(path: Path, points: Sequence[tuple[Grade, str]]) -> list[list[str]]:
    """Return the rows of the worksheet at ``path`` with ``points`` in its Grade column.

    A student is found by username, ID number or e-mail address. All other cells stay as they
    are, and so do the rows of participants who have no grade here or a locked one in Moodle.

    Args:
        path: the worksheet, as Moodle hands it out.
        points: a grade and the text of its points, empty for no grade.

    Raises:
        ValueError: this is no worksheet, another maximum is set in Moodle, or a student with
            points is not in it.
    """
    rows = _read(path)
    header = rows[0]
    column = header.index("Grade")
    waiting = {grade.student: text for grade, text in points if text}
    by_key = {key.casefold(): grade for grade, _ in points for key in _keys(grade)}
    for row in rows[1:]:
        grade = _find(header, row, by_key)
        if grade is None or grade.student not in waiting:
            continue
        _require_same_maximum(path, header, row, grade)
        text = waiting.pop(grade.student)
        if _cell(header, row, LOCKED).casefold() != "no":
            row[column] = text
    if waiting:
        raise ValueError(
            f"{path} has no row for {', '.join(waiting)}: a username, ID number or e-mail address "
            "there must be the student's id, lms_user_id or email in the gradebook"
        )
    return rows


def _read(path: Path) -> list[list[str]]:
    if not path.is_file():
        raise ValueError(f"{path} is not a file: download the grading worksheet from Moodle")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path} is not a CSV file in UTF-8 ({error})") from error
    header = rows[0] if rows else []
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise ValueError(
            f"{path} has no column {' and no column '.join(missing)}, only "
            f"{', '.join(header) or 'nothing'}: download the worksheet with Moodle in English"
        )
    if not set(KEYS) & set(header):
        raise ValueError(f"{path} shows none of {', '.join(KEYS)}: let Moodle show one of them")
    return [row + [""] * (len(header) - len(row)) for row in rows]


def _keys(grade: Grade) -> list[str]:
    return [key for key in (grade.student, grade.lms_id, grade.email) if key]


def _cell(header: list[str], row: list[str], name: str) -> str:
    return row[header.index(name)].strip() if name in header else ""


def _find(header: list[str], row: list[str], by_key: dict[str, Grade]) -> Grade | None:
    shown = (_cell(header, row, name).casefold() for name in KEYS)
    return next((by_key[key] for key in shown if key in by_key), None)


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

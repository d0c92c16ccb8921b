"""Grades for a spreadsheet, Canvas, Moodle or a program of yours, as nbgrader export plugins.

Each also works in plain nbgrader:
`nbgrader export --exporter=autograder.exports.exporters.CanvasExporter`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Dict, Unicode

from autograder.exports.worksheet import filled_worksheet
from autograder.gradebook.grades import Grade, read_grades

Row = Sequence[object]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a cell begins with that is computed


class GradesExporter(ExportPlugin):  # type: ignore[misc]
    """What all exports share: which grades, what a missing submission counts, where to write."""

    missing_as_zero = Bool(
        False, help="0 points for a missing submission; else its cell is empty"
    ).tag(config=True)
    file_name = "grades.csv"

    def export(self, gradebook: Gradebook) -> None:
        """Write the grades to the file `to`, or to `file_name` where none is named.

        Raises:
            ValueError: the gradebook does not hold what is asked for, or there is no such folder.
        """
        target = Path(self.to or self.file_name)
        if not target.parent.is_dir():
            raise ValueError(f"{target}: there is no folder {target.parent}: make it first")
        text = self.text(self.grades(gradebook))
        target.write_text(text, encoding="utf-8", newline="")

    def grades(self, gradebook: Gradebook) -> list[Grade]:
        """Return the grades that the options of the export select."""
        return read_grades(gradebook, list(map(str, self.assignment)), list(map(str, self.student)))

    def text(self, grades: list[Grade]) -> str:
        """Return the content of the file."""
        raise NotImplementedError

    def points(self, grade: Grade) -> float | None:
        """Return the points to export; None leaves the cell empty."""
        return 0.0 if grade.score is None and self.missing_as_zero else grade.score


class CsvExporter(GradesExporter):
    """One line per student and assignment, with nbgrader's own columns."""

    def text(self, grades: list[Grade]) -> str:
        """Return a line per grade; `to_grade` is 1 where an answer waits to be graded by hand."""
        return _csv([CSV_COLUMNS, *map(self._row, grades)])

    def _row(self, grade: Grade) -> Row:
        there = grade.raw is not None
        return (
            grade.assignment,
            grade.due,
            grade.submitted,
            *_only_text((grade.student, grade.last_name, grade.first_name, grade.email)),
            _number(grade.raw),
            _number(grade.penalty) if there else "",
            _number(self.points(grade)),
            _number(grade.maximum),
            int(grade.waiting) if there else "",
        )


CSV_COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "to_grade",
)


class JsonExporter(GradesExporter):
    """A list of objects, one per student and assignment."""

    file_name = "grades.json"

    def text(self, grades: list[Grade]) -> str:
        """Return JSON; the score of a missing submission is null."""
        return json.dumps([self._object(grade) for grade in grades], indent=1) + "\n"

    def _object(self, grade: Grade) -> dict[str, Any]:
        return {
            "assignment": grade.assignment,
            "student": grade.student,
            "last_name": grade.last_name,
            "first_name": grade.first_name,
            "email": grade.email,
            "lms_user_id": grade.lms_id,
            "submitted": grade.raw is not None,
            "raw_score": grade.raw,
            "late_penalty": grade.penalty,
            "score": self.points(grade),
            "max_score": grade.maximum,
            "waiting_for_hand_grading": grade.waiting,
        }


class _Columns(GradesExporter):
    """One line per student, one column per assignment."""

    columns = Dict(
        help="the heading of an assignment's column in the learning platform, by assignment"
    ).tag(config=True)

    def heading(self, assignment: str) -> str:
        """Return the heading of the column of ``assignment``."""
        return str(self.columns.get(assignment, assignment))

    def table(self, grades: list[Grade]) -> tuple[dict[str, float], dict[str, list[Grade]]]:
        """Return the maximum by assignment, and the grades by student in the same order."""
        students: dict[str, list[Grade]] = {}
        for grade in grades:
            students.setdefault(grade.student, []).append(grade)
        return {grade.assignment: grade.maximum for grade in grades}, students

    def cells(self, row: Iterable[Grade]) -> list[str]:
        """Return the points of a student, in order."""
        return [_number(self.points(grade)) for grade in row]


class CanvasExporter(_Columns):
    """A file for Grades, Import in Canvas.

    Canvas finds a student by its own ID, then by SIS User ID, then by SIS Login ID. ``ID`` is
    nbgrader's ``lms_user_id`` where it is a number; ``SIS Login ID`` is the student id, unless
    that is Canvas' number itself. A column that is headed like an assignment in Canvas, best
    ``Name (id)``, fills that assignment.
    """

    file_name = "canvas.csv"

    def text(self, grades: list[Grade]) -> str:
        """Return the heading, the points possible, and a line per student."""
        maxima, students = self.table(grades)
        headings = [self.heading(assignment) for assignment in maxima]
        return _csv(
            [
                ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", *headings),
                ("    Points Possible", "", "", "", "", *map(_number, maxima.values())),
                *((*self._person(row[0]), *self.cells(row)) for row in students.values()),
            ]
        )

    @staticmethod
    def _person(grade: Grade) -> Row:
        own = grade.lms_id if grade.lms_id.isdigit() else ""
        login = "" if grade.student == own else grade.student
        return _only_text((grade.name, own, "" if own else grade.lms_id, login, ""))


class MoodleExporter(_Columns):
    """A file for Grades, Import, CSV file in Moodle; or a grading worksheet filled in.

    The import asks by which column a student is found: ``Username`` holds the student id,
    ``ID number`` nbgrader's ``lms_user_id``. The other way is the offline grading worksheet that
    Moodle hands out for one assignment: its ``Grade`` column is filled in.
    """

    worksheet = Unicode(help="the grading worksheet downloaded from Moodle").tag(config=True)
    participants = Dict(help="the numbers that Moodle gave participants, by student").tag(
        config=True
    )
    file_name = "moodle.csv"

    def text(self, grades: list[Grade]) -> str:
        """Return a heading and a line per student, or the worksheet with its grades."""
        maxima, students = self.table(grades)
        if self.worksheet:
            source = Path(self.worksheet)
            if len(maxima) != 1:
                raise ValueError(f"{source} is of one assignment, not of {len(maxima)}: name it")
            points = [(grade, _number(self.points(grade))) for grade in grades]
            return _csv(filled_worksheet(source, points, self.participants))
        headings = [f"Assignment: {self.heading(assignment)} (Real)" for assignment in maxima]
        people = ("Username", "ID number", "Email address", "Last name", "First name")
        rows = ((*self._person(row[0]), *self.cells(row)) for row in students.values())
        return _csv([(*people, *headings), *rows])

    @staticmethod
    def _person(grade: Grade) -> Row:
        person = (grade.student, grade.lms_id, grade.email, grade.last_name, grade.first_name)
        return _only_text(person)


EXPORTERS: dict[str, type[GradesExporter]] = {
    "csv": CsvExporter,
    "canvas": CanvasExporter,
    "moodle": MoodleExporter,
    "json": JsonExporter,
}


def _number(value: float | None) -> str:
    return "" if value is None else f"{round(value, 4):g}"


def _only_text(cells: Row) -> Row:
    """Return what people are called such that no spreadsheet takes it for a formula."""
    return tuple(f"'{cell}" if str(cell).startswith(FORMULA) else cell for cell in cells)


def _csv(rows: Iterable[Row]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()

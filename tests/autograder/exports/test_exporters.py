"""Exports of a small gradebook: late, by hand, missing; each in the columns its reader wants."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.exports.exporters import CanvasExporter, CsvExporter, JsonExporter, MoodleExporter
from autograder.exports.worksheet import filled_worksheet
from autograder.gradebook.grades import Grade
from autograder.gradebook.release import prepare_nbgrader

LOGIN = ("SIS User ID", "SIS Login ID")
NAMES = ("Last name", "First name")
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 11,"One, Student",one@example.org,Submitted,,20.00,Yes,-,-,
Participant 12,Student Two,STUDENT-02,Submitted,,20.00,Yes,-,-,kept
Participant 13,Student Three,three@example.org,No submission,,20.00,Yes,-,-,
Participant 99,Someone Else,else@example.org,Submitted,7.00,20.00,Yes,-,-,
"""


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gradebook]:
    """Three students, two assignments: full marks by hand, a late one, nothing handed in."""
    prepare_nbgrader()
    folder = tmp_path_factory.mktemp("gradebook")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        for name in ("01-first", "02-second"):
            book.add_assignment(name)
            book.add_notebook(name, name)
            book.add_grade_cell("test_f", name, name, max_score=17, cell_type="code")
            book.add_grade_cell("explain", name, name, max_score=3, cell_type="markdown")
        one = {"last_name": "One", "first_name": "Student", "email": "one@example.org"}
        book.add_student("student-01", lms_user_id="4711", **one)
        book.add_student("student-02")
        book.add_student("student-03", email="three@example.org")
        _hand_in(book, "student-01", auto=17, by_hand=2.5)
        _hand_in(book, "student-02", auto=10, by_hand=None, penalty=4)
        yield book


def _hand_in(
    book: Gradebook, student: str, auto: float, by_hand: float | None, penalty: float = 0
) -> None:
    name = "01-first"
    submission = book.add_submission(name, student)
    submission.notebooks[0].late_submission_penalty = penalty
    test = book.find_grade("test_f", name, name, student)
    test.auto_score, test.needs_manual_grade = auto, False
    written = book.find_grade("explain", name, name, student)
    written.manual_score, written.needs_manual_grade = by_hand, by_hand is None
    book.db.commit()


def _rows(exporter: Any, gradebook: Gradebook, target: Path) -> list[list[str]]:
    exporter.to = str(target)
    exporter.export(gradebook)
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_when_exported_for_canvas_then_the_columns_and_points_possible_are_canvas_own(
    gradebook: Gradebook, tmp_path: Path
) -> None:
    exporter = CanvasExporter(columns={"01-first": "First steps (815)"})
    assert _rows(exporter, gradebook, tmp_path / "c.csv") == [
        ["Student", "ID", *LOGIN, "Section", "First steps (815)", "02-second"],
        ["    Points Possible", "", "", "", "", "20", "20"],
        ["One, Student", "4711", "", "student-01", "", "19.5", ""],
        ["student-02", "", "", "student-02", "", "6", ""],
        ["student-03", "", "", "student-03", "", "", ""],
    ]


def test_when_exported_for_moodle_then_a_student_can_be_found_in_three_ways(
    gradebook: Gradebook, tmp_path: Path
) -> None:
    exporter = MoodleExporter(assignment=["01-first"])
    assert _rows(exporter, gradebook, tmp_path / "m.csv") == [
        ["Username", "ID number", "Email address", *NAMES, "Assignment: 01-first (Real)"],
        ["student-01", "4711", "one@example.org", "One", "Student", "19.5"],
        ["student-02", "", "", "", "", "6"],
        ["student-03", "", "three@example.org", "", "", ""],
    ]


def test_when_a_moodle_worksheet_is_given_then_only_its_grades_change(
    gradebook: Gradebook, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("\ufeff" + WORKSHEET, encoding="utf-8")
    exporter = MoodleExporter(assignment=["01-first"], worksheet=str(sheet))
    rows = _rows(exporter, gradebook, tmp_path / "m.csv")
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        before = list(csv.reader(file))
    assert [row[4] for row in rows] == ["Grade", "19.5", "6", "", "7.00"]
    assert [row[:4] + row[5:] for row in rows] == [row[:4] + row[5:] for row in before]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column Identifier and no column Grade, only nothing"),
        ("Identifier,Note\n", "no column Grade, only Identifier, Note"),
        ("Identifier,Full name,Grade\n", "none of Username, ID number, Email address"),
        (WORKSHEET.replace("20.00", "100.00"), "the maximum grade is 100.00 in Moodle but 20"),
        (WORKSHEET.replace("one@", "eins@"), "has no row for student-01"),
    ],
)
def test_when_a_worksheet_does_not_fit_then_the_error_says_why(
    text: str, said: str, gradebook: Gradebook, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(text, encoding="utf-8")
    exporter = MoodleExporter(assignment=["01-first"], worksheet=str(sheet))
    with pytest.raises(ValueError, match=said):
        exporter.export(gradebook)


def test_when_moodle_has_locked_a_grade_then_it_stays(gradebook: Gradebook, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(WORKSHEET.replace("20.00,Yes", "20.00,No", 1), encoding="utf-8")
    exporter = MoodleExporter(assignment=["01-first"], worksheet=str(sheet))
    assert _rows(exporter, gradebook, tmp_path / "m.csv")[1][4] == ""


def test_when_exported_as_csv_then_penalty_and_open_questions_are_shown(
    gradebook: Gradebook, tmp_path: Path
) -> None:
    rows = _rows(CsvExporter(assignment=["01-first"]), gradebook, tmp_path / "g.csv")
    header, one, two, three = rows
    assert header[7:] == ["raw_score", "late_submission_penalty", "score", "max_score", "to_grade"]
    assert one[7:] == ["19.5", "0", "19.5", "20", "0"]
    assert two[7:] == ["10", "4", "6", "20", "1"]
    assert three[7:] == ["", "", "", "20", ""]


def test_when_missing_counts_as_zero_then_the_cells_are_zero(
    gradebook: Gradebook, tmp_path: Path
) -> None:
    exporter = CanvasExporter(missing_as_zero=True)
    assert _rows(exporter, gradebook, tmp_path / "c.csv")[4][5:] == ["0", "0"]


def test_when_exported_as_json_then_a_missing_score_is_null(
    gradebook: Gradebook, tmp_path: Path
) -> None:
    exporter = JsonExporter(to=str(tmp_path / "g.json"), student=["student-03"])
    exporter.export(gradebook)
    first, second = json.loads((tmp_path / "g.json").read_text())
    assert (first["assignment"], second["assignment"]) == ("01-first", "02-second")
    assert first["score"] is None
    assert not first["submitted"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"assignment": ["99-none"]}, "assignment .='99-none'. is not in the gradebook"),
        ({"student": ["nobody"]}, "student .='nobody'. is not in the gradebook, which holds stud"),
        ({"to": "/nowhere/grades.csv"}, "there is no folder /nowhere"),
    ],
)
def test_when_an_export_asks_for_what_is_not_there_then_the_error_names_it(
    options: dict[str, Any], said: str, gradebook: Gradebook
) -> None:
    with pytest.raises(ValueError, match=said):
        CsvExporter(**options).export(gradebook)


@pytest.mark.parametrize("exporter", [CanvasExporter, CsvExporter, MoodleExporter])
def test_when_somebody_is_called_like_a_formula_then_a_spreadsheet_reads_text(
    exporter: Any, tmp_path: Path
) -> None:
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.add_assignment("01-first")
        for number, name in enumerate(["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1"]):
            book.add_student(f"student-{number:02}", last_name=name, first_name=name, email=name)
        rows = _rows(exporter(), book, tmp_path / "grades.csv")
    cells = [cell for row in rows[1:] for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any("'=cmd" in cell for cell in cells)


def test_when_ids_differ_by_case_or_are_numbers_then_a_row_goes_to_the_one_it_names(
    tmp_path: Path,
) -> None:
    points = {"ann": 1.0, "Ann": 2.0, "11": 3.0, "bob": 4.0}
    grades = [
        Grade(
            "01-first",
            student,
            "",
            "",
            "",
            "11" if student == "bob" else "",
            20,
            raw=points[student],
        )
        for student in points
    ]
    sheet = tmp_path / "sheet.csv"
    rows = [("11", "ann"), ("12", "Ann"), ("13", "11"), ("14", "BOB")]
    text = "".join(f"Participant {number},{name},\n" for number, name in rows)
    sheet.write_text(f"Identifier,Username,Grade\n{text}")
    participants = {"ann": "11"}
    texts = [(grade, f"{grade.raw:g}") for grade in grades]
    filled = filled_worksheet(sheet, texts, participants)
    assert [row[2] for row in filled[1:]] == ["1", "2", "3", "4"]

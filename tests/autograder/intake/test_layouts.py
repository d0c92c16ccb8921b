"""Every way in which platforms name files is understood, with a roster and without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignments.assignment import Assignment
from autograder.intake.collect import IntakeError, collect
from tests.autograder.downloads import GOOD, NB, notebook, said, students, unpacked, zipped

LAYOUTS = {
    "student/assignment": ("student-{}/01-convolution/01-convolution.ipynb", "student-{}"),
    "student": ("student-{}/01-convolution.ipynb", "student-{}"),
    "flat": ("student-{}.ipynb", "student-{}"),
    "deep": ("student-{}/week/one/01-convolution.ipynb", "student-{}"),
    "submitted": ("submitted/student-{}/01-convolution/01-convolution.ipynb", "student-{}"),
    "wrapped": ("class/student-{}/01-convolution.ipynb", "student-{}"),
    "exchange": (
        "inbound/student-{}+01-convolution+2026-03-01 12:00:00.0 UTC+ab_-1/01-convolution.ipynb",
        "student-{}",
    ),
    "exchange root": (
        "course/inbound/student-{}+01-convolution+2026-03-01 12:00:00 UTC/01-convolution.ipynb",
        "student-{}",
    ),
    "moodle": ("First Last_12{}_assignsubmission_file_/01-convolution.ipynb", "12{}"),
    "moodle, deep": ("First Last_12{}_assignsubmission_file_/a/b/01-convolution.ipynb", "12{}"),
    "moodle, old": ("First Last_12{}_assignsubmission_file_01-convolution.ipynb", "12{}"),
    "moodle, blind": ("Participant_12{}_assignsubmission_file/01-convolution.ipynb", "12{}"),
    "moodle, wrapped": ("all/First_12{}_assignsubmission_file_/01-convolution.ipynb", "12{}"),
    "canvas": ("lastfirst_12{}_678910_01-convolution.ipynb", "12{}"),
    "canvas, late": ("lastfirst_LATE_12{}_678910_01-convolution.ipynb", "12{}"),
    "canvas, again": ("lastfirst_12{}_678910_01-convolution-2.ipynb", "12{}"),
    "canvas, blind": ("anon_ab{}_678910_01-convolution.ipynb", "anon_ab{}"),
    "canvas, wrapped": ("submissions/lastfirst_12{}_678910_01-convolution.ipynb", "12{}"),
}


@pytest.mark.parametrize("form", ["zip", "folder"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_when_a_layout_is_known_then_every_student_is_found(
    layout: str, form: str, assignment: Assignment, tmp_path: Path
) -> None:
    path, student = LAYOUTS[layout]
    files = [(path.format(number), notebook("conv1d", number)) for number in ("07", "08", "09")]
    make, name = (zipped, "class.zip") if form == "zip" else (unpacked, "class")
    collected = collect(make(tmp_path / name, files), assignment)
    assert students(collected) == [student.format(number) for number in ("07", "08", "09")]
    assert [item.read() for item in collected.received] == [data for _, data in files]
    assert {item.name for item in collected.received} == {NB}


def test_when_a_name_of_canvas_says_late_then_a_notice_does(
    assignment: Assignment, tmp_path: Path
) -> None:
    files = [(f"a_LATE_1_2_{NB}", GOOD), (f"b_2_3_{NB}", notebook("conv1d"))]
    first, second = collect(zipped(tmp_path / "x.zip", files), assignment).received
    assert (first.notices, second.notices) == (("Canvas marks it as late",), ())


ROSTER = (
    "id,name,moodle,canvas\nstudent-01,First Last,,\nstudent-02,,Zwei,22\nstudent-03,,1234567,\n"
)


@pytest.mark.parametrize(
    ("name", "student"),
    [
        (f"FIRST  last_5_assignsubmission_file_/{NB}", "student-01"),
        (f"Zwei_5_assignsubmission_file_/{NB}", "student-02"),
        (f"Anybody_1234567_assignsubmission_file_/{NB}", "student-03"),
        (f"lastfirst_5_6_{NB}", "student-01"),
        (f"lastfirst_22_6_{NB}", "student-02"),
        (f"First Last/{NB}", "student-01"),
        (f"student-03/{NB}", "student-03"),
        (f"student-99/{NB}", "student-99"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";"])
def test_when_there_is_a_roster_then_it_gives_the_id(
    name: str, student: str, separator: str, assignment: Assignment, tmp_path: Path
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("\ufeff" + ROSTER.replace(",", separator), encoding="utf-8")
    source = zipped(tmp_path / "x.zip", [(name, GOOD)])
    assert students(collect(source, assignment, roster)) == [student]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must start with a line that names its columns: id,name,moodle,canvas"),
        ("name\nFirst\n", "must start with a line"),
        ("id,name\nstudent-01,\n,Last\n", "line 3: id is empty"),
    ],
)
def test_when_a_roster_is_broken_then_the_error_says_where(
    text: str, message: str, assignment: Assignment, tmp_path: Path
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(text, encoding="utf-8")
    with pytest.raises(IntakeError, match=message):
        collect(zipped(tmp_path / "x.zip", [(f"student-01/{NB}", GOOD)]), assignment, roster)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("Twin One", "Twin One"), "has 2 students for 'Twin One 5'"),
        (("Other", "Another"), "has 0 students for 'Twin One 5'"),
    ],
)
def test_when_the_roster_does_not_tell_who_then_the_file_is_set_aside(
    names: tuple[str, str], message: str, assignment: Assignment, tmp_path: Path
) -> None:
    roster = tmp_path / "roster.csv"
    rows = "".join(f"student-{n},{name}\n" for n, name in enumerate(names))
    roster.write_text(f"id,name\n{rows}", encoding="utf-8")
    source = zipped(tmp_path / "x.zip", [(f"Twin One_5_assignsubmission_file_/{NB}", GOOD)])
    assert message in said(collect(source, assignment, roster))

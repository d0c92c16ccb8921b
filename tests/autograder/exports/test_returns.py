"""What is kept of a platform's names, and the zip of feedback pages made from it."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.exports.exporters import CanvasExporter
from autograder.exports.returns import pack_feedback, participants, remember
from autograder.gradebook.enrolment import enrol
from autograder.gradebook.grades import read_grades
from autograder.intake.collect import Collected, collect
from tests.autograder.downloads import GOOD, ID, NB, nested, unpacked, zipped

PAGE = f"{ID}.html"


@pytest.fixture
def grading(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty grading folder."""
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path / "grading"))
    return tmp_path / "grading"


def _packed(course: Course, grading: Path, collected: Collected, target: Path) -> list[str]:
    """Return the names in a zip of made-up pages, which hold the ids."""
    remember(course, ID, collected.received)
    who = [item.student for item in collected.received]
    for student in who:
        unpacked(grading / "feedback" / student / ID, [(PAGE, student.encode())])
    names = pack_feedback(course, ID, who, target)
    with zipfile.ZipFile(target) as archive:
        assert [archive.read(name).decode() for name in archive.namelist()] == who
        return names


FORMS = {
    f"adamsann_12_34_{NB}": f"adamsann_12_34_{NB}.html",
    f"adamsann_LATE_12_34_{NB}": f"adamsann_LATE_12_34_{NB}.html",
    "adamsann_12_34_work.zip": "adamsann_12_34_work.zip.html",
    f"anon_ab12_34_{NB}": f"anon_ab12_34_{NB}.html",
    f"Ann Adams_12_assignsubmission_file_/{NB}": f"Ann Adams_12_assignsubmission_file_/{PAGE}",
    "Müller Zoë_12_assignsubmission_file_/work.zip": (
        f"Müller Zoë_12_assignsubmission_file_/{PAGE}"
    ),
    f"Participant_12_assignsubmission_file/a/{NB}": f"Participant_12_assignsubmission_file/{PAGE}",
    f"Ann Adams_12_assignsubmission_file_{NB}": f"Ann Adams_12_assignsubmission_file_{PAGE}",
    "Ann Adams_12_assignsubmission_file_a.zip": f"Ann Adams_12_assignsubmission_file_{PAGE}",
    f"12/{NB}": f"12/{PAGE}",
}


@pytest.mark.parametrize("name", FORMS)
def test_when_a_file_came_in_any_form_then_its_page_goes_back_in_that_form(
    name: str, course: Course, grading: Path, assignment: Assignment, tmp_path: Path
) -> None:
    data = nested([(f"deep/{NB}", GOOD)]) if name.endswith(".zip") else GOOD
    collected = collect(zipped(tmp_path / "in.zip", [(name, data)]), assignment)
    assert _packed(course, grading, collected, tmp_path / "out.zip") == [FORMS[name]]


def test_when_a_name_cannot_be_written_then_the_number_in_it_still_can(
    course: Course, grading: Path, assignment: Assignment, tmp_path: Path
) -> None:
    folder = os.fsdecode(b"M\xfcller_12_assignsubmission_file_")
    collected = collect(unpacked(tmp_path / "in", [(f"{folder}/{NB}", GOOD)]), assignment)
    names = _packed(course, grading, collected, tmp_path / "out.zip")
    assert names == [f"M?ller_12_assignsubmission_file_/{PAGE}"]


def test_when_a_run_brings_some_again_then_the_names_of_the_others_are_kept(
    course: Course, grading: Path, assignment: Assignment, tmp_path: Path
) -> None:
    for number, file in enumerate(("a_1_5_x.ipynb", "b_2_6_x.ipynb", "a_1_7_x.ipynb", f"2/{NB}")):
        source = zipped(tmp_path / f"{number}.zip", [(file, GOOD)])
        remember(course, ID, collect(source, assignment).received)
    for student in "12":
        unpacked(grading / "feedback" / student / ID, [(PAGE, b"")])
    names = pack_feedback(course, ID, ["1", "2"], tmp_path / "out.zip")
    assert names == ["a_1_7_x.ipynb.html", "b_2_6_x.ipynb.html"]
    assert participants(course, ID) == {}


def test_when_what_was_kept_is_damaged_then_the_error_says_what_to_do(
    course: Course, grading: Path, tmp_path: Path
) -> None:
    unpacked(grading / "returns", [(f"{ID}.json", b"{")])
    with pytest.raises(ValueError, match=r"is damaged .*: remove it and grade with --resume"):
        participants(course, ID)


def test_when_there_is_no_page_or_no_folder_then_nothing_is_left_half_written(
    course: Course, grading: Path, tmp_path: Path
) -> None:
    for target in (tmp_path / "out.zip", tmp_path / "nowhere" / "out.zip"):
        with pytest.raises(ValueError, match="cannot be written"):
            pack_feedback(course, ID, ["nobody"], target)
    assert list(tmp_path.rglob("*.zip*")) == []


def test_when_canvas_was_read_without_a_roster_then_its_numbers_are_in_its_column(
    course: Course, grading: Path, assignment: Assignment, tmp_path: Path
) -> None:
    files = [(f"adamsann_12_34_{NB}", GOOD), (f"anon_ab12_35_{NB}", GOOD)]
    enrol(course, collect(zipped(tmp_path / "x.zip", files), assignment))
    with Gradebook(f"sqlite:///{grading / 'gradebook.db'}") as gradebook:
        gradebook.add_assignment(ID)
        text = CanvasExporter().text(read_grades(gradebook))
    assert text.splitlines()[2:] == ["12,12,,,,"]


def test_when_a_person_entered_more_then_the_roster_takes_nothing_away(
    course: Course, grading: Path, assignment: Assignment, tmp_path: Path
) -> None:
    (tmp_path / "roster.csv").write_text("id,name\nann,Ann Adams\nann,\n")
    source = zipped(tmp_path / "x.zip", [(f"adamsann_12_34_{NB}", GOOD)])
    collected = collect(source, assignment, tmp_path / "roster.csv")
    grading.mkdir()
    with Gradebook(f"sqlite:///{grading / 'gradebook.db'}") as gradebook:
        gradebook.add_student("ann", email="ann@example.org", first_name="A")
    for _ in range(2):
        enrol(course, collected)
    with Gradebook(f"sqlite:///{grading / 'gradebook.db'}") as gradebook:
        ann = gradebook.find_student("ann")
        known = (ann.first_name, ann.last_name, ann.email, ann.lms_user_id)
    assert known == ("Ann", "Adams", "ann@example.org", "12")

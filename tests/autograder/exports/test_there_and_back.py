"""From a platform's download to what it reads again: points and feedback, by its own numbers."""

from __future__ import annotations

import csv
import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.assignments.course import Course
from autograder.cli import app
from autograder.trials.implementations import solved
from tests.autograder.downloads import ID, NB, zipped

pytestmark = pytest.mark.jail

CANVAS = {  # by Canvas' number: the name of the file, in which the next number is the file's
    "12345": f"adamsann_12345_678910_{NB}",
    "12346": f"brownbob_LATE_12346_678911_{NB.replace('.ipynb', '-2.ipynb')}",
}
CANVAS_ROSTER = (
    "ID,Name,E-mail,Canvas ID\n"
    "ann,Ann Adams,ann@example.org,12345\nbob,Bob Brown,,\ncyd,Cyd Clark,,12347\n"
)
MOODLE = {
    "5101": f"Lab group 2-Ann Adams_5101_assignsubmission_file_/{NB}",
    "5102": f"Lab group 2-Bob Brown_5102_assignsubmission_file_/work/{NB}",
}
MOODLE_ROSTER = "id;name\nann;Ann Adams\nbob;Brown, Bob\ncyd;Cyd Clark\n"
BLIND = """\
Identifier,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),Feedback comments
Participant 5103,No submission,,20.00,Yes,-,
Participant 5102,Submitted for grading,,20.00,Yes,-,
Participant 5101,Submitted for grading,,20.00,Yes,-,"kept
here"
"""
OPEN = re.sub(r"^(Participant [0-9]+|Identifier),", r"\1,Username,", BLIND, flags=re.MULTILINE)


def _run(folder: Path, *words: str, code: int = 0) -> str:
    environment = {"CONVBOOK_GRADING": str(folder / "grading"), "COLUMNS": "200"}
    done = CliRunner().invoke(app, words, env=environment)
    assert done.exit_code == code, done.output
    return done.stdout


def _graded(course: Course, folder: Path, files: dict[str, str], roster: str) -> Path:
    """Grade a download in which everybody solved everything, in a grading folder of its own."""
    data = nbformat.writes(solved(course, ID))
    made = [(name, f"{data}{' ' * n}".encode()) for n, name in enumerate(files.values())]
    (folder / "roster.csv").write_text(roster)
    source = zipped(folder / "download.zip", made)
    words = ("--submissions", str(source), "--roster", str(folder / "roster.csv"))
    _run(folder, "grade", ID, *words, "--workers", "1")
    return folder


@pytest.fixture(scope="module")
def canvas(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grading folder with what came from Canvas, graded."""
    return _graded(course, tmp_path_factory.mktemp("canvas"), CANVAS, CANVAS_ROSTER)


@pytest.fixture(scope="module")
def moodle(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grading folder with what came from Moodle, graded."""
    return _graded(course, tmp_path_factory.mktemp("moodle"), MOODLE, MOODLE_ROSTER)


def _canvas_reads(name: str) -> tuple[str, str]:
    """Return student and file as Canvas does: the first pieces of a name that are numbers."""
    pieces = [piece for piece in Path(name).name.split("_") if piece != "LATE"]
    user, attachment = [piece for piece in pieces if piece.isdigit()][:2]
    assert not pieces[-1].startswith("link")
    return user, attachment


def _moodle_reads(path: str) -> tuple[str, str, str]:
    """Return participant, plugin and file as Moodle does: of the first part with four pieces."""
    parts = path.split("/")
    while parts:
        pieces = parts.pop(0).split("_", 4)
        if len(pieces) >= 4 and pieces[1].isdigit():
            rest = "/".join([*pieces[4:], *parts])
            return pieces[1], f"{pieces[2]}_{pieces[3]}", rest.lstrip("/")
    raise AssertionError(path)


def _pages(target: Path) -> dict[str, str]:
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_when_canvas_imports_the_export_then_it_finds_everybody_by_its_own_number(
    canvas: Path,
) -> None:
    rows = list(
        csv.DictReader(_run(canvas, "export", ID, "--to", "-", "--format", "canvas").splitlines())
    )
    assert [[row[c] for c in ("Student", "ID", "SIS Login ID", ID)] for row in rows[1:]] == [
        ["Adams, Ann", "12345", "ann", "17"],
        ["Brown, Bob", "12346", "bob", "17"],
        ["Clark, Cyd", "12347", "cyd", ""],
    ]


def test_when_feedback_is_packed_for_canvas_then_it_knows_whose_each_page_is(canvas: Path) -> None:
    _run(canvas, "feedback", ID, "--zip", str(canvas / "feedback.zip"))
    pages = _pages(canvas / "feedback.zip")
    assert {_canvas_reads(name)[0] for name in pages} == set(CANVAS)
    assert [_canvas_reads(name) for name in pages] == list(map(_canvas_reads, CANVAS.values()))
    assert all(name.endswith(".html") and "<html" in page for name, page in pages.items())
    assert all(name.removesuffix(".html") in CANVAS.values() for name in pages)
    _run(canvas, "feedback", ID, "--student", "bob", "--zip", str(canvas / "feedback.zip"))
    assert list(_pages(canvas / "feedback.zip")) == [f"{CANVAS['12346']}.html"]


def test_when_the_roster_is_read_then_the_gradebook_knows_names_and_numbers(canvas: Path) -> None:
    with Gradebook(f"sqlite:///{canvas / 'grading' / 'gradebook.db'}") as gradebook:
        ann, bob, cyd = (gradebook.find_student(student) for student in ("ann", "bob", "cyd"))
        assert (ann.first_name, ann.last_name, ann.email) == ("Ann", "Adams", "ann@example.org")
        assert (bob.first_name, bob.lms_user_id, bob.email) == ("Bob", "12346", None)
        assert (cyd.last_name, cyd.lms_user_id, cyd.submissions) == ("Clark", "12347", [])


def test_when_moodle_gives_a_worksheet_then_the_numbers_of_participants_fill_it(
    moodle: Path,
) -> None:
    for name, text in (("blind", BLIND), ("open", OPEN), ("late", BLIND.replace(",", ";"))):
        sheet, target = moodle / f"{name}.csv", moodle / f"{name}-filled.csv"
        sheet.write_text("\ufeff" + text, encoding="utf-8")
        words = ("--format", "moodle", "--worksheet", str(sheet), "--to", str(target))
        _run(moodle, "export", ID, *words, "--missing-as-zero")
        with target.open(encoding="utf-8", newline="") as file:
            rows = {row["Identifier"]: row for row in csv.DictReader(file)}
        assert {who: row["Grade"] for who, row in rows.items()} == {
            "Participant 5101": "17",
            "Participant 5102": "17",
            "Participant 5103": "",
        }
        assert rows["Participant 5101"]["Feedback comments"].replace("\r", "") == "kept\nhere"


def test_when_feedback_is_packed_for_moodle_then_it_knows_whose_each_page_is(moodle: Path) -> None:
    _run(moodle, "feedback", ID, "--zip", str(moodle / "feedback.zip"))
    pages = _pages(moodle / "feedback.zip")
    assert [_moodle_reads(name) for name in pages] == [
        (number, "assignsubmission_file", f"{ID}.html") for number in MOODLE
    ]
    assert list(pages) == [f"{name.split('/')[0]}/{ID}.html" for name in MOODLE.values()]
    words = ("feedback", ID, "--zip", "/nowhere/f.zip")
    assert "/nowhere/f.zip cannot be written" in _run(moodle, *words, code=2)


NOBODY = "Nobody Known_{}_assignsubmission_file_/" + NB


def test_when_nobody_of_those_who_handed_in_is_graded_then_the_run_fails_and_says_why(
    moodle: Path, tmp_path: Path
) -> None:
    source = zipped(tmp_path / "x.zip", [(NOBODY.format(n), b"") for n in (71, 72)])
    words = ("--submissions", str(source), "--roster", str(moodle / "roster.csv"))
    said = _run(moodle, "grade", ID, *words, "--workers", "1", code=1)
    assert "2 handed in = 0 graded + 0 our fault + 2 refused" in said
    assert "nobody was graded: the first of the refused is Nobody Known_71_" in said
    assert "put 71 into its column moodle" in said.split("nobody was graded")[1]

"""The commands that read what was graded, and plain nbgrader beside them, on two submissions."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser
from typer.testing import CliRunner

from autograder.assignments.assignment import load_assignment
from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.cli import app
from autograder.gradebook.recording import Recorder
from autograder.grading.report import Report, Result, Verdict
from autograder.trials.implementations import solved
from tests.browser.visiting import visit
from tests.serving import served

ID = "01-convolution"


@pytest.fixture(scope="module")
def grading(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A grading folder with one perfect student and one who fails a check, with a comment."""
    folder = tmp_path_factory.mktemp("grading")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONVBOOK_GRADING", str(folder))
        patch.setenv("COLUMNS", "200")
        patch.chdir(course.root)
        assignment = load_assignment(course, ID)
        recorder = Recorder(course, assignment)
        data = Submission(nbformat.writes(solved(course, ID)).encode())
        checks = assignment.checks
        right = tuple(
            Result(c.function, c.name, c.sentence, c.points, Verdict.PASSED) for c in checks
        )
        told = {"hint": "not-flipped", "hint_text": "Read it backwards."}
        wrong = (replace(right[0], verdict=Verdict.WRONG, reason="differs", **told), *right[1:])
        recorder.record("student-01", data, Report(ID, 1, right))
        recorder.record("student-02", data, Report(ID, 2, wrong))
        yield folder


def _run(*words: str) -> str:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.stdout


def _page(grading: Path, student: str) -> Path:
    return grading / "feedback" / student / ID / f"{ID}.html"


def test_when_a_report_is_asked_for_then_text_json_and_page_agree(
    grading: Path, tmp_path: Path
) -> None:
    text = _run("report", ID)
    assert "not-flipped" in text
    data = json.loads(_run("report", ID, "--json", "-"))
    assert data["scores"] == {"student-01": 17.0, "student-02": 16.0}
    assert data["waiting"] == {"explain_flip": ["student-01", "student-02"]}
    _run("report", ID, "--html", str(tmp_path / "r.html"), "--json", str(tmp_path / "r.json"))
    assert json.loads((tmp_path / "r.json").read_text()) == data
    assert "Read it backwards." in (tmp_path / "r.html").read_text()


def test_when_exported_for_canvas_then_nbgrader_writes_the_same_file(
    course: Course, grading: Path, tmp_path: Path
) -> None:
    text = _run("export", ID, "--to", "-", "--format", "canvas", "--column", f"{ID}=First (7)")
    rows = list(csv.reader(text.splitlines()))
    assert [row[-1] for row in rows] == ["First (7)", "20", "17", "16"]
    target = tmp_path / "plain.csv"
    words = (
        "export",
        "--exporter=autograder.exports.exporters.CanvasExporter",
        "--to",
        str(target),
    )
    _nbgrader(course, *words)
    _run("export", "--all", "--to", str(tmp_path / "own.csv"), "--format", "canvas")
    assert target.read_text() == (tmp_path / "own.csv").read_text()


def test_when_answers_wait_then_export_says_so_and_keeps_the_file_clean(grading: Path) -> None:
    done = CliRunner().invoke(app, ["export", ID, "--to", "-", "--format", "json"])
    assert [grade["score"] for grade in json.loads(done.stdout)] == [17.0, 16.0]
    assert "2 submissions hold answers that are still to be graded by hand" in done.stderr


@pytest.mark.browser
def test_when_feedback_is_made_again_then_nbgrader_makes_the_same_silent_page(
    course: Course, grading: Path, browser: Browser
) -> None:
    recorded = _page(grading, "student-02").read_text()
    _page(grading, "student-02").unlink()
    _run("feedback", ID, "--student", "student-02")
    assert _page(grading, "student-02").read_text() == recorded
    _page(grading, "student-02").unlink()
    _nbgrader(course, "generate_feedback", ID, "--force", "--student", "student-02")
    assert _page(grading, "student-02").read_text() == recorded
    with (
        served(grading) as address,
        visit(browser, f"{address}/feedback/student-02/{ID}/{ID}.html") as (page, faults),
    ):
        for place in (".fixes li", ".cvb-hint"):
            assert page.locator(place).get_by_text("Read it backwards.").count() == 1
        assert "student-01" not in (page.text_content("body") or "")
    assert [fault for fault in faults if "favicon" not in fault] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report", "99-none"), "must be one of 01-convolution"),
        (("report", ID, "--html", "/nowhere/r.html"), "there is no folder /nowhere"),
        (("feedback", ID, "--student", "nobody"), "student (='nobody') has no graded submission"),
        (("export", "--to", "-"), "name one assignment, or say --all"),
        (("export", ID, "--all", "--to", "-"), "name one assignment, or say --all"),
        (("export", "99-none", "--to", "-"), "must be one of 01-convolution"),
        (("export", ID, "--to", "/nowhere/g.csv"), "there is no folder /nowhere"),
        (("export", ID, "--to", "-", "--column", "x=y"), "--column is for canvas and moodle"),
        (("export", ID, "--to", "-", "--worksheet", "w.csv"), "say --format moodle"),
        (
            ("export", ID, "--to", "-", "--format", "canvas", "--column", "no heading"),
            "--column (='no heading') must read ASSIGNMENT=HEADING",
        ),
        (
            ("export", ID, "--to", "-", "--format", "moodle", "--worksheet", "/nowhere.csv"),
            "download the grading worksheet from Moodle",
        ),
    ],
)
@pytest.mark.usefixtures("grading")
def test_when_the_input_is_bad_then_one_clear_error_is_shown(
    words: tuple[str, ...], said: str
) -> None:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2
    assert said in done.stdout
    assert "Traceback" not in done.output


def _nbgrader(course: Course, *words: str) -> None:
    program = Path(sys.executable).with_name("nbgrader")
    done = subprocess.run(
        [program, *words], cwd=course.root, env=os.environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr

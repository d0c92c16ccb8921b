"""The sample class end to end: the grader, plain nbgrader and formgrader on one gradebook."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Browser

from autograder.assignments.course import Course
from autograder.trials.implementations import load_implementations
from autograder.trials.sample_class import sample_class
from tests.browser.lab import running_lab

pytestmark = pytest.mark.jail

ID = "01-convolution"
SOME = "student-?[0124]"  # right and wrong ones, a crash and a cheat


@pytest.fixture(scope="module")
def grading(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The grading folder of a sample class that the grader has graded."""
    folder = tmp_path_factory.mktemp("class")
    done = _command(course, folder, "autograder", "demo", ID, "--seed", "5")
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "terminal.txt").write_text(done.stdout, encoding="utf-8")
    return folder


def _command(course: Course, grading: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the environment from the course's root, as a person would."""
    program = Path(sys.executable).with_name(words[0])
    environment = {**os.environ, "CONVBOOK_GRADING": str(grading), "COLUMNS": "100"}
    return subprocess.run(
        [program, *words[1:]],
        cwd=course.root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _scores(grading: Path) -> dict[str, dict[str, float | None]]:
    """Return the auto scores in the gradebook, by student and cell."""
    with Gradebook(f"sqlite:///{grading / 'gradebook.db'}") as gradebook:
        return {
            student.id: {
                grade.name: grade.auto_score
                for notebook in gradebook.find_submission(ID, student.id).notebooks
                for grade in notebook.grades
            }
            for student in gradebook.students
        }


def test_when_the_class_is_graded_then_each_student_has_the_intended_points(
    course: Course, grading: Path
) -> None:
    scores = _scores(grading)
    full = {"test_conv1d": 5, "test_cross_correlate2d": 3, "test_conv2d": 3, "test_filter_image": 6}
    wrong = {item.name: item for item in load_implementations(course, ID, "wrong")}
    for student, (what, _) in sample_class(course, ID).items():
        if what in wrong:
            expected = {cell: full[cell] - wrong[what].loses.get(cell, 0) for cell in full}
        else:
            expected = dict.fromkeys(full, 0) if what in ("cheat", "untouched") else full
        assert {cell: scores[student][cell] for cell in full} == expected, (student, what)


def test_when_a_wrong_answer_is_graded_then_its_feedback_names_the_misconception(
    course: Course, grading: Path
) -> None:
    wrong = {item.name: item for item in load_implementations(course, ID, "wrong")}
    named = {
        s: wrong[what].hint for s, (what, _) in sample_class(course, ID).items() if what in wrong
    }
    assert len(named) >= 5
    for student, hint in named.items():
        page = (grading / "feedback" / student / ID / f"{ID}.html").read_text(encoding="utf-8")
        assert f"({hint})" in page


def test_when_the_class_is_graded_then_the_table_shows_every_verdict(grading: Path) -> None:
    text = (grading / "terminal.txt").read_text(encoding="utf-8")
    for verdict in ("passed", "wrong", "timed out", "died", "out of memory", "tampered", "not run"):
        assert verdict in text
    assert "seed 5" in text


def test_when_a_run_is_repeated_with_its_seed_then_the_reports_are_the_same(
    course: Course, grading: Path, tmp_path: Path
) -> None:
    for student in ("student-01", "student-05"):
        (tmp_path / "in" / student).mkdir(parents=True)
        source = grading / "incoming" / student / f"{ID}.ipynb"
        (tmp_path / "in" / student / f"{ID}.ipynb").write_bytes(source.read_bytes())
    words = ("grade", ID, "--submissions", str(tmp_path / "in"), "--seed", "5")
    assert _command(course, tmp_path / "grading", "autograder", *words).returncode == 0
    for student in ("student-01", "student-05"):
        name = Path("reports") / ID / f"{student}.json"
        first, second = (
            json.loads((root / name).read_text()) for root in (grading, tmp_path / "grading")
        )
        assert first["results"] == second["results"]


def test_when_plain_nbgrader_runs_then_scores_are_the_same_and_every_command_works(
    course: Course, grading: Path, tmp_path: Path
) -> None:
    before = _scores(grading)
    commands = (
        ("generate_assignment", ID, "--force"),
        ("autograde", ID, "--force", "--student", SOME),
        ("generate_feedback", ID, "--force", "--student", SOME),
        ("export", "--to", str(tmp_path / "grades.csv")),
    )
    for words in commands:
        done = _command(course, grading, "nbgrader", *words)
        assert done.returncode == 0, done.stderr[-3000:]
    assert _scores(grading) == before
    with (tmp_path / "grades.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["student_id"] for row in rows) == sorted(before)
    for row in rows:
        assert float(row["score"]) == sum(filter(None, before[row["student_id"]].values()))


def test_when_a_feedback_page_is_read_then_it_does_not_tell_how_inputs_were_drawn(
    course: Course, grading: Path
) -> None:
    pages = list(grading.glob(f"feedback/*/{ID}/{ID}.html"))
    assert len(pages) == len(sample_class(course, ID))
    for page in pages:
        assert "seed" not in page.read_text(encoding="utf-8")


@pytest.mark.browser
def test_when_formgrader_is_opened_then_it_shows_the_scores(
    course: Course, grading: Path, tmp_path: Path, browser: Browser
) -> None:
    scores = _scores(grading)
    lab = running_lab(tmp_path, grading.parent, course.root, CONVBOOK_GRADING=str(grading))
    with lab as address:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}/formgrader/gradebook/{ID}/{ID}")
        page.wait_for_selector("text=Submission #1")
        shown = page.locator("tbody tr").all_inner_texts()
        page.close()
    sums = sorted(f"{sum(filter(None, cells.values())):g}" for cells in scores.values())
    assert sorted(re.search(r"([\d.]+) / 20", row)[1] for row in shown) == sums


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("grade", "99-nothing", "--submissions", "."), "must be one of 01-convolution"),
        (("grade", ID, "--submissions", "/nowhere"), "is not a folder"),
        (("demo", "99-nothing"), "must be one of 01-convolution"),
    ],
)
def test_when_the_input_is_bad_then_one_clear_error_is_shown(
    words: tuple[str, ...], said: str, course: Course, tmp_path: Path
) -> None:
    done = _command(course, tmp_path, "autograder", *words)
    assert done.returncode == 2
    assert said in done.stdout
    assert "Traceback" not in done.stdout + done.stderr

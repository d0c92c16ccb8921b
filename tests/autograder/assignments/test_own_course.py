"""A course elsewhere brings an assignment of its own: every program works on it as on ours."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.assignments.assignment import load_assignment
from autograder.assignments.course import MARKER, Course
from autograder.assignments.handed_in import Submission
from autograder.cli import app
from autograder.grading import executors
from autograder.grading.executors import Task
from autograder.trials.implementations import solved
from tests.autograder.throw_away import CHECKS, ID, copy_of

PLACE = f"solutions/{ID}"


@pytest.fixture
def own(elsewhere: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    made = copy_of(elsewhere, tmp_path)
    monkeypatch.chdir(made.root)
    monkeypatch.setenv("CONVBOOK_GRADING", str(made.grading))
    return made


def say(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words), env={"COLUMNS": "200"})
    return done.exit_code, " ".join(done.stdout.split())


def test_when_a_course_brings_checks_then_they_count_and_travel_as_text(own: Course) -> None:
    assignment = load_assignment(own, ID)
    assert [check.function for check in assignment.checks] == ["places", "Stack"]
    assert assignment.budget.cell == 3
    assert set(assignment.hints) == {"off-by-one", "ceil-for-floor", "strides-added"}
    elsewhere = "import pickle, sys; print(*pickle.load(sys.stdin.buffer).hints)"
    done = subprocess.run(
        [sys.executable, "-c", elsewhere], cwd="/", input=pickle.dumps(assignment),
        capture_output=True, check=True,
    )  # fmt: skip
    assert set(done.stdout.decode().split()) == set(assignment.hints)


@pytest.mark.jail
def test_when_the_library_is_tried_then_edits_of_a_class_and_whole_cells_are_caught(
    own: Course,
) -> None:
    code, said = say("mutate", ID, "--seeds", "3")
    assert code == 0, said
    assert "7 of 7 as intended" in said


@pytest.mark.jail
def test_when_it_is_demonstrated_graded_and_autograded_then_all_give_the_same_points(
    own: Course,
) -> None:
    code, said = say("demo", ID, "--seed", "1")
    assert code == 0, said
    before = scores(own)
    assert before["student-01"] == before["student-02"] == 3.0  # the solution, another right one
    assert {before[f"student-{number:02}"] for number in range(3, 8)} == {1.0, 2.0}  # wrong ones
    for student in sorted(before)[3:]:
        shutil.rmtree(own.grading / "incoming" / student)
    folder = str(own.grading / "incoming")
    assert say("grade", ID, "--submissions", folder, "--workers", "1")[0] == 0
    assert scores(own) == before
    program = Path(sys.executable).with_name("nbgrader")
    words = ("autograde", ID, "--force", "--student", "student-03")
    done = subprocess.run(
        [program, *words],
        cwd=own.root, env=dict(os.environ), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert scores(own) == before


def scores(own: Course) -> dict[str, float]:
    with Gradebook(f"sqlite:///{own.grading / 'gradebook.db'}") as gradebook:
        found = gradebook.assignment_submissions(ID)
        return {one.student.id: one.score for one in found}


@pytest.mark.jail
def test_when_a_notebook_looks_for_the_key_then_no_file_of_it_is_there(own: Course) -> None:
    look = f"import os\nassert not os.path.exists({str(own.root)!r})"
    notebook = solved(own, ID)
    notebook.cells.append(nbformat.v4.new_code_cell(look))
    task = Task("student-01", Submission(nbformat.writes(notebook).encode()), 1)
    (outcome,) = executors.here(load_assignment(own, ID), [task])
    assert outcome.report
    assert outcome.report.notices == ()
    assert outcome.report.score == 3.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "FLAVOUR (='') must be one of numpy, torch"),
        ('FLAVOUR = "rust"', "FLAVOUR (='rust') must be one of numpy, torch"),
        ('FLAVOUR = "numpy"', "make them equal"),
        ("FLAVOUR =", f"{PLACE}/checks.py is no module: SyntaxError"),
        ("import nothing_of_that_name", f"{PLACE}/checks.py is no module: ModuleNotFoundError"),
        (None, f"{PLACE}/checks.py: write the checks there"),
    ],
)
def test_when_the_checks_cannot_be_used_then_the_error_says_where_and_why(
    text: str | None, said: str, course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (MARKER, "notebooks"):
        (tmp_path / name).symlink_to(course.root / name)
    id = course.assignments()[0]
    folder = tmp_path / "solutions" / id
    folder.mkdir(parents=True)
    (tmp_path / "solutions" / f"{id}.md").symlink_to(course.solution(id))
    if text is not None:
        (folder / "checks.py").write_text(text)
    with pytest.raises(ValueError, match=re.escape(said.replace(ID, id))):
        load_assignment(Course(tmp_path), id)


def test_when_nobody_has_checks_then_the_error_names_both_places(
    course: Course, tmp_path: Path
) -> None:
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "77-none.md").write_text("")
    said = r"a77_none/checks.py: write the checks there, or .* solutions/77-none/checks.py"
    with pytest.raises(ValueError, match=said):
        load_assignment(Course(tmp_path), "77-none")


def test_when_checks_change_then_they_are_read_again(own: Course) -> None:
    path = own.root / PLACE / "checks.py"
    try:
        path.write_text(CHECKS.replace("places follows", "places obeys"), encoding="utf-8")
        assert "obeys" in load_assignment(own, ID).checks[0].sentence
    finally:
        path.write_text(CHECKS, encoding="utf-8")
    assert "follows" in load_assignment(own, ID).checks[0].sentence

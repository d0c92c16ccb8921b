"""An assignment changed after it was graded: all are graded again, nobody is accused."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from typer.testing import CliRunner

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.assignments.releases import (
    earlier_releases,
    release_in,
    release_of,
    remember_release,
)
from autograder.cli import app
from autograder.gradebook.cells import changes, enter_cells, known_cells
from autograder.gradebook.regrade import read_class
from autograder.gradebook.roll import call_roll
from autograder.grading.submission import restore
from tests.autograder.recorded import ID, _recorded, gradebook_of, grading  # noqa: F401

# ruff: noqa: F811
pytestmark = pytest.mark.jail

QUESTION = """\
+++ {"nbgrader": {"grade": true, "grade_id": "why_padding", "locked": false, "points": 2, \
"schema_version": 3, "solution": true, "task": false}}

So that borders count.
"""


@pytest.fixture
def changed(course: Course, tmp_path: Path) -> Course:
    """A copy of the course, to be changed."""
    root = tmp_path / "course"
    for name in ("autograder", "convbook", "notebooks", "solutions"):
        shutil.copytree(course.root / name, root / name)
    shutil.copy(course.root / "nbgrader_config.py", root)
    return Course(root)


def _change(course: Course, file: str, before: str, after: str) -> None:
    path = course.root / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def _worth_more(course: Course) -> None:
    """Give filter_image 8 points in place of 6."""
    head = "grade_id: test_filter_image\n  locked: true\n  points: "
    _change(course, f"solutions/{ID}.md", f"{head}6", f"{head}8")
    trusted = "autograder/assignments/a01_convolution/checks.py"
    _change(course, trusted, '@check("filter_image", points=1)', '@check("filter_image", points=3)')


def _run(course: Course, program: str, *words: str, terminal: str = "") -> tuple[int, str]:
    """Run a command in a copy of the course; ``terminal`` is what a person types there."""
    environment = {**os.environ, "PYTHONPATH": str(course.root), "COLUMNS": "150"}
    keyboard, there = pty.openpty() if terminal else (-1, subprocess.DEVNULL)
    if terminal:
        os.write(keyboard, f"{terminal}\n".encode())
    done = subprocess.run(
        [sys.executable, "-c", f"from {program}.cli import app; app()", *words],
        cwd=course.root, env=environment, capture_output=True, text=True, check=False,
        stdin=there, timeout=120,
    )  # fmt: skip
    if terminal:
        os.close(keyboard)
        os.close(there)
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    return done.returncode, " ".join(said.split())


def _give_by_hand(grading: Path) -> None:
    """2.5 points and a comment for words; 1 point in place of the checks, and half one more."""
    with gradebook_of(grading) as gradebook:
        words = gradebook.find_grade("explain_flip", ID, ID, "student-01")
        words.manual_score, words.needs_manual_grade = 2.5, False
        comment = gradebook.find_comment("explain_flip", ID, ID, "student-01")
        comment.manual_comment = "well said"
        other = gradebook.find_grade("test_conv2d", ID, ID, "student-03")
        other.manual_score, other.extra_credit, other.needs_manual_grade = 1.0, 0.5, False
        gradebook.db.commit()


def _scores(grading: Path) -> dict[str, tuple[float, float]]:
    with gradebook_of(grading) as gradebook:
        return {
            one.student_id: (one.score, one.max_score)
            for one in gradebook.assignment_submissions(ID)
        }


def test_when_points_are_changed_then_all_are_graded_again_and_what_a_person_gave_stays(
    changed: Course, grading: Path
) -> None:
    _give_by_hand(grading)
    before = _scores(grading)
    assert before["student-01"] == (19.5, 20)
    _worth_more(changed)
    assert _run(changed, "convbook", "release", ID)[0] == 0
    assert _scores(grading) == before  # nothing is half new

    (grading / "in").mkdir()
    (grading / "in" / "student-09.ipynb").write_text("no notebook")
    code, said = _run(changed, "autograder", "grade", ID, "--submissions", str(grading / "in"))
    assert code == 2
    assert "(test_filter_image is worth 8 points, not 6): run autograder regrade" in said

    assert (
        "changed after it was graded: test_filter_image is worth 8"
        in _run(changed, "autograder", "report", ID)[1]
    )
    database = (grading / "gradebook.db").read_bytes()
    code, said = _run(changed, "autograder", "regrade", ID, "--workers", "1")
    assert code == 3
    assert "the maximum: 20 → 22" in said
    assert "student-01 │ 19.5 → 21.5 │ +2" in said
    assert "nothing was written: say the same with --yes" in said
    assert (grading / "gradebook.db").read_bytes() == database

    code, said = _run(changed, "autograder", "regrade", ID, "--workers", "1", "--yes")
    assert (code, "3 of 3 are graded again" in said) == (0, True), said
    assert _scores(grading) == {
        "student-01": (21.5, 22),
        "student-02": (19, 22),
        "student-03": (19 - 3 + 1.5, 22),
    }
    _require_calm(changed, grading)
    with gradebook_of(grading) as gradebook:
        words = gradebook.find_grade("explain_flip", ID, ID, "student-01")
        assert (words.manual_score, words.needs_manual_grade) == (2.5, False)
        comment = gradebook.find_comment("explain_flip", ID, ID, "student-01")
        assert comment.manual_comment == "well said"


def _require_calm(changed: Course, grading: Path) -> None:
    """Require that report and export agree, that nobody is accused and nothing differs."""
    code, _ = _run(changed, "autograder", "report", ID, "--json", str(grading / "r.json"))
    assert code == 0
    report = json.loads((grading / "r.json").read_text())
    assert report["looks"] == []
    assert set(report["verdicts"]) == {"passed"}
    done = CliRunner().invoke(app, ["export", ID, "--to", "-"])
    assert done.exit_code == 0
    rows = list(csv.DictReader(done.stdout.splitlines()))
    exported = {row["student_id"]: float(row["raw_score"]) for row in rows}
    assert exported == {student: points for student, (points, _) in _scores(grading).items()}
    with gradebook_of(grading) as gradebook:
        assert call_roll(changed, ID, gradebook).differences == ()
    done = CliRunner().invoke(app, ["feedback", ID])
    assert (done.exit_code, done.stderr) == (0, "")


def test_when_cells_are_added_removed_and_renamed_then_the_person_at_the_terminal_decides(
    changed: Course, grading: Path
) -> None:
    _give_by_hand(grading)
    text = f"solutions/{ID}.md"
    _change(changed, text, '"grade_id": "explain_flip",', '"grade_id": "in_your_words",')
    _change(changed, text, "grade_id: look_1d\n", "grade_id: \n")
    source = (changed.root / text).read_text(encoding="utf-8")
    source = re.sub(r"---\nnbgrader:\n  grade: false\n  grade_id: \n(.*\n)*?---\n", "", source)
    (changed.root / text).write_text(f"{source}\n{QUESTION}", encoding="utf-8")
    assert _run(changed, "convbook", "release", ID)[0] == 0
    code, said = _run(changed, "autograder", "regrade", ID, "--workers", "1", terminal="y")
    assert code == 0, said
    for line in (
        "explain_flip is called in_your_words",
        "look_1d is gone",
        "why_padding is new, with 2 points",
        "the maximum: 20 → 22",
        "student-02 │ 16 → 17 │ +1",
        "1 change, 2 keep their points",
    ):
        assert line in said
    assert _scores(grading) == {
        "student-01": (19.5, 22),
        "student-02": (17, 22),
        "student-03": (17 - 3 + 1.5, 22),
    }
    with gradebook_of(grading) as gradebook:
        kept = gradebook.find_grade("in_your_words", ID, ID, "student-01")
        assert (kept.manual_score, kept.needs_manual_grade) == (2.5, False)
        assert gradebook.find_comment("in_your_words", ID, ID, "student-01").manual_comment
        notebook = gradebook.find_notebook(ID, ID)
        names = {cell.name for cell in notebook.source_cells}
        assert {"in_your_words", "why_padding"} <= names
        assert names.isdisjoint({"explain_flip", "look_1d"})
    _require_calm(changed, grading)


def test_when_a_kept_file_is_gone_then_its_grade_stays_and_the_line_says_so(
    course: Course, grading: Path
) -> None:
    shutil.rmtree(grading / "originals" / "student-02")
    code, said = _run(course, "autograder", "regrade", ID, "--workers", "1", "--yes")
    assert code == 1
    assert "not student-02: the file that was handed in is not kept any more" in said
    assert _scores(grading)["student-02"] == (16, 20)


def test_when_nothing_was_graded_then_there_is_nothing_to_grade_again(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path / "empty"))
    code, said = _run(course, "autograder", "regrade", ID, "--yes")
    assert code == 2
    assert f"holds no submission of {ID}: run autograder grade" in said


def _released(assignment: Assignment) -> tuple[dict[str, str], ...]:
    cells = ((cell.cell_type, cell.source, cell.rules) for cell in assignment.cells)
    return (dict(release_of(cells)),)


def _worth(assignment: Assignment, grade_id: str, points: float) -> Assignment:
    cells = tuple(
        replace(cell, rules=cell.rules | {"points": points}) if cell.grade_id == grade_id else cell
        for cell in assignment.cells
    )
    return replace(assignment, cells=cells)


@given(points=st.floats(0, 100) | st.integers(0, 100), forged=st.integers(101, 200))
def test_when_the_course_changed_the_points_then_only_other_points_are_the_student_s(
    points: float, forged: int, assignment: Assignment
) -> None:
    old = _worth(assignment, "test_conv1d", points)
    today = replace(assignment, earlier=_released(old) + _released(assignment))
    assert restore(today, _notebook(old)) == ()
    assert restore(today, _notebook(assignment)) == ()
    (notice,) = restore(today, _notebook(_worth(assignment, "test_conv1d", forged)))
    assert "its points or its lock were changed" in notice.text


@given(data=st.data())
def test_when_the_course_had_other_cells_then_an_earlier_release_is_no_tampering(
    data: st.DataObject, assignment: Assignment
) -> None:
    ids = [cell.grade_id for cell in assignment.cells]
    dropped = data.draw(st.sets(st.sampled_from(ids)))
    kept = tuple(cell for cell in assignment.cells if cell.grade_id not in dropped)
    old = replace(assignment, cells=kept)
    for before, now in ((old, assignment), (assignment, old)):
        today = replace(now, earlier=_released(before) + _released(now))
        assert restore(today, _notebook(before)) == ()
    (victim, *_) = [i for i in ids if i not in dropped] or [""]
    if victim:
        less = replace(assignment, cells=tuple(c for c in kept if c.grade_id != victim))
        today = replace(assignment, earlier=_released(old) + _released(assignment))
        assert victim in {notice.cell for notice in restore(today, _notebook(less))}


def _notebook(assignment: Assignment) -> NotebookNode:
    """Return the notebook that students get of ``assignment``, each cell under another text."""
    cells = [
        {
            "cell_type": cell.cell_type,
            "source": cell.source if cell.locked else "# mine",
            "metadata": {"nbgrader": dict(cell.rules)},
        }
        for cell in assignment.cells
    ]
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata={}, cells=cells)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_when_cells_are_entered_then_the_gradebook_has_exactly_those(
    data: st.DataObject,
    assignment: Assignment,
    _recorded: Path,  # noqa: PT019
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    ids = [cell.grade_id for cell in assignment.cells]
    kept = data.draw(st.sets(st.sampled_from(ids), min_size=1))
    graded = [cell.grade_id for cell in assignment.cells if cell.rules["grade"]]
    points = data.draw(st.dictionaries(st.sampled_from(graded), st.integers(0, 9)))
    wanted = replace(assignment, cells=tuple(c for c in assignment.cells if c.grade_id in kept))
    for grade_id, worth in points.items():
        wanted = _worth(wanted, grade_id, worth)
    folder = tmp_path_factory.mktemp("book")
    shutil.copy(_recorded / "gradebook.db", folder)
    with gradebook_of(folder) as gradebook:
        enter_cells(gradebook, wanted)
        gradebook.db.commit()
        known = known_cells(gradebook, ID)
        assert known is not None
        assert changes(known, wanted) == []
        total = sum(cell.points for cell in wanted.cells if cell.rules["grade"])
        assert gradebook.find_assignment(ID).max_score == total
        for one in gradebook.assignment_submissions(ID):
            names = {grade.name for notebook in one.notebooks for grade in notebook.grades}
            assert names == {c.grade_id for c in wanted.cells if c.rules["grade"]}


def test_when_grading_again_was_stopped_in_the_middle_then_the_rest_is_told(
    course: Course, assignment: Assignment, grading: Path
) -> None:
    with gradebook_of(grading) as gradebook:
        enter_cells(gradebook, _worth(assignment, "test_conv1d", 9))
        gradebook.db.commit()
        roll = call_roll(course, ID, gradebook)
    (line,) = roll.lines()
    assert line.startswith("student-01, student-02, student-03: was graded by other checks")
    assert "run autograder regrade" in line


def test_when_a_release_was_graded_then_the_gradebook_knows_it_as_students_got_it(
    course: Course, grading: Path
) -> None:
    assert read_class(course, ID).release == release_in(course.release(ID))
    assert earlier_releases(course, ID)[-1] == release_in(course.release(ID))


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"releases": [1]}', '{"releases": 3}'])
def test_when_the_remembered_releases_are_damaged_then_the_line_says_what_to_do(
    damage: str, tmp_path: Path
) -> None:
    (tmp_path / "solutions").mkdir()
    course = Course(tmp_path)
    for one in ({"a": "1"}, {"a": "2"}, {"a": "1"}):
        remember_release(course, ID, one)
    assert earlier_releases(course, ID) == ({"a": "1"}, {"a": "2"})
    (tmp_path / "solutions" / "releases" / f"{ID}.json").write_text(damage)
    with pytest.raises(ValueError, match=r"is damaged .* take it from the course again"):
        earlier_releases(course, ID)

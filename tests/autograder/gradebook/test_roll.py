"""One truth about who is in the class, whatever was removed, renamed, added or deleted by hand."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from typer.testing import CliRunner, Result

from autograder.assignments.course import Course
from autograder.cli import app
from autograder.gradebook.roll import call_roll
from tests.autograder.recorded import ID, _recorded, gradebook_of, grading, page_of  # noqa: F401

# ruff: noqa: F811


def _run(*words: str) -> Result:
    done = CliRunner().invoke(app, words)
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done


def _reported() -> tuple[set[str], set[tuple[str, str]]]:
    """Return who counts in the report, and who has which difference."""
    done = _run("report", ID, "--json", "-")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    return set(data["scores"]), {(look["student"], look["why"]) for look in data["looks"]}


def _exported() -> tuple[set[str], str]:
    done = _run("export", ID, "--to", "-", "--format", "json")
    assert done.exit_code == 0, done.output
    return {one["student"] for one in json.loads(done.stdout) if one["submitted"]}, done.stderr


def test_when_nothing_was_touched_then_there_is_no_difference(
    course: Course, grading: Path
) -> None:
    with gradebook_of(grading) as gradebook:
        roll = call_roll(course, ID, gradebook)
    assert roll.differences == ()
    assert roll.points == {"student-01": 17.0, "student-02": 16.0, "student-03": 17.0}


def test_when_a_student_is_removed_from_the_gradebook_then_all_commands_say_so_alike(
    grading: Path,
) -> None:
    with gradebook_of(grading) as gradebook:
        gradebook.remove_student("student-02")
    page = page_of(grading, "student-02").read_bytes()
    assert _reported() == ({"student-01", "student-03"}, {("student-02", "not in gradebook")})
    exported, said = _exported()
    assert exported == {"student-01", "student-03"}
    line = "student-02: has a report and a graded notebook and a feedback page on disk and is not"
    assert line in said
    made = _run("feedback", ID)
    assert line in made.stderr
    assert "2 feedback pages are in" in made.stdout
    assert page_of(grading, "student-02").read_bytes() == page
    alone = _run("feedback", ID, "--student", "student-02")
    assert alone.exit_code == 2
    assert "student (='student-02') has no graded submission" in alone.stdout
    assert page_of(grading, "student-02").read_bytes() == page


def test_when_the_assignment_is_removed_from_the_gradebook_then_no_page_goes_and_all_say_so(
    grading: Path,
) -> None:
    with gradebook_of(grading) as gradebook:
        gradebook.remove_assignment(ID)
    line = f"student-01, student-02, student-03: has a report and .* does not know {ID}"
    for words in (("report", ID), ("feedback", ID), ("export", ID, "--to", "-")):
        done = _run(*words)
        assert done.exit_code == 2
        assert len(done.stderr.splitlines()) == 1
        assert re.search(line, done.stderr)
    assert all(page_of(grading, f"student-{n:02}").is_file() for n in (1, 2, 3))


def test_when_a_student_is_renamed_in_the_gradebook_then_both_names_are_told(
    grading: Path,
) -> None:
    with gradebook_of(grading) as gradebook:
        for statement in (
            "INSERT INTO student (id) VALUES ('student-2b')",
            "UPDATE submitted_assignment SET student_id='student-2b' WHERE student_id='student-02'",
            "DELETE FROM student WHERE id='student-02'",
        ):
            gradebook.db.execute(text(statement))
        gradebook.db.commit()
    counted, looks = _reported()
    assert counted == {"student-01", "student-03"}
    assert looks == {("student-02", "not in gradebook"), ("student-2b", "not on disk")}
    exported, said = _exported()
    assert exported == {"student-01", "student-2b", "student-03"}
    assert said.count("a renamed student's files want the new name") == 2
    assert _run("feedback", ID).exit_code == 0
    assert page_of(grading, "student-02").is_file()


def test_when_somebody_is_added_who_handed_in_nothing_then_that_is_no_difference(
    grading: Path,
) -> None:
    with gradebook_of(grading) as gradebook:
        gradebook.add_student("student-09")
    assert _reported()[1] == set()
    assert _exported()[1].count("student-09") == 0


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (f"reports/{ID}/student-02.json", "no report on disk: grade it again"),
        ("autograded/student-02", "no graded notebook on disk: grade it again"),
        ("feedback/student-02", f"no feedback page on disk: run autograder feedback {ID}"),
    ],
)
def test_when_something_is_deleted_by_hand_then_the_line_says_what_mends_it(
    gone: str, said: str, grading: Path
) -> None:
    path = grading / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert ("student-02", "not on disk") in _reported()[1]
    exported, told = _exported()
    assert len(exported) == 3
    assert f"student-02: has points in the gradebook, and {said}" in told
    assert _run("feedback", ID).exit_code == 0
    assert page_of(grading, "student-02").is_file()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("not JSON", "student-02.json is not a report: grade it again"),
        ("[]", "student-02.json is not a report: grade it again"),
        (None, "the report says 17 points of the checks, the gradebook 16: grade it again"),
    ],
)
def test_when_a_report_is_damaged_or_of_other_points_then_the_others_are_reported(
    written: str | None, said: str, grading: Path
) -> None:
    folder = grading / "reports" / ID
    (folder / "student-02.json").write_text(written or (folder / "student-01.json").read_text())
    counted, looks = _reported()
    assert {"student-01", "student-03"} <= counted
    assert ("student-02", "not alike") in looks
    assert looks <= {("student-02", "not alike"), ("student-01", "the same bytes")}
    assert said in _exported()[1]


def test_when_a_submission_was_taken_in_and_not_graded_then_it_is_named(grading: Path) -> None:
    (grading / "submitted" / "student-09" / ID).mkdir(parents=True)
    assert _reported()[1] == {("student-09", "not graded")}
    assert "student-09: submitted, but not graded" in _exported()[1]


def test_when_one_page_cannot_be_drawn_then_it_stays_and_the_others_are_made(
    grading: Path,
) -> None:
    before = page_of(grading, "student-02").read_bytes()
    (grading / "autograded" / "student-02" / ID / f"{ID}.ipynb").chmod(0o644)
    (grading / "autograded" / "student-02" / ID / f"{ID}.ipynb").write_text("cut off {")
    page_of(grading, "student-01").write_text("old")
    done = _run("feedback", ID)
    assert done.exit_code == 1
    assert "the page of student-02 stays as it was" in done.stderr
    assert page_of(grading, "student-02").read_bytes() == before
    assert page_of(grading, "student-01").read_text() != "old"
    assert not list(grading.glob("feedback/*/*/.*"))


STEPS = ("reports", "autograded", "feedback", "gradebook")


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(gone=st.sets(st.tuples(st.integers(1, 3), st.sampled_from(STEPS))))
def test_when_anything_is_gone_then_exactly_those_students_differ(
    gone: set[tuple[int, str]],
    course: Course,
    grading: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("class") / "grading"
    shutil.copytree(grading, folder)
    with pytest.MonkeyPatch.context() as patch, gradebook_of(folder) as gradebook:
        patch.setenv("CONVBOOK_GRADING", str(folder))
        for number, step in gone:
            student = f"student-{number:02}"
            if step == "gradebook":
                gradebook.remove_student(student)
            elif step == "reports":
                (folder / "reports" / ID / f"{student}.json").unlink()
            else:
                shutil.rmtree(folder / step / student)
        roll = call_roll(course, ID, gradebook)
    assert {one.student for one in roll.differences} == {f"student-{n:02}" for n, _ in gone}
    removed = {f"student-{n:02}" for n, step in gone if step == "gradebook"}
    assert removed.isdisjoint(roll.reports.keys() | roll.with_notebook)

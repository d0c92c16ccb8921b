"""Recording is one step: where there is no room, gradebook, files and table say the same."""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.gradebook.recording import RecordingError
from autograder.intake.collect import Received
from autograder.run import grade_all
from tests.autograder.reports import all_passed, reporting
from tests.autograder.stopping import (
    ID,
    NEW,
    OLD,
    PROPERTY,
    Record,
    handed_in,
    in_child,
    new_student,
    require_nothing_left,
    require_one_of,
    said_of,
)

ROOM = 6 * 2**20  # bytes of the file system that is filled


@pytest.fixture
def small_disk(_known: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file system of its own with a gradebook, to be filled."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a file system to fill")
    shutil.copytree(_known, folder / "grading")
    monkeypatch.setenv("CONVBOOK_GRADING", str(folder / "grading"))
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.jail
@PROPERTY
@given(free=st.integers(0, 400_000), earlier=st.booleans())
def test_when_the_disk_is_full_then_all_places_say_the_same_and_the_next_run_records(
    free: int,
    earlier: bool,
    course: Course,
    assignment: Assignment,
    record: Record,
    small_disk: Path,
) -> None:
    student, filler = new_student(), small_disk / "filler"
    url = f"sqlite:///{small_disk / 'grading' / 'gradebook.db'}"
    before = OLD if earlier else None
    if before:
        record(student, before)
    left = shutil.disk_usage(small_disk).free
    filler.write_bytes(bytes(max(0, left - free)))
    table = _run(course, assignment, student)
    filler.unlink()
    said = said_of(course, student, url)
    assert said["gradebook"] == (before if table is None else table)
    require_one_of(said, before, NEW)
    assert _run(course, assignment, student, resume=True) == NEW
    require_one_of(said_of(course, student, url), NEW)
    require_nothing_left(course.grading)
    shutil.rmtree(course.grading / "originals")  # room for the next example


def _run(
    course: Course, assignment: Assignment, student: str, resume: bool = False
) -> float | None:
    """Return the points in the table; None is our fault."""
    received = Received(student, f"{ID}.ipynb", None, (), lambda: handed_in(course, NEW))
    executor = reporting(all_passed(assignment))
    (graded,) = grade_all(course, ID, [received], 1, executor, resume=resume)
    return graded.report.score if graded.report else None


@PROPERTY
@given(limit=st.integers(0, 600_000), earlier=st.booleans())
def test_when_no_file_may_grow_longer_then_all_places_say_the_same(
    limit: int, earlier: bool, course: Course, record: Record, url: str
) -> None:
    student = new_student()
    before = OLD if earlier else None
    if before:
        record(student, before)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        record(student, NEW)

    failed = in_child(limited)
    require_one_of(said_of(course, student, url), before if failed else NEW)
    record(student, NEW)
    require_one_of(said_of(course, student, url), NEW)
    require_nothing_left(course.grading)


@pytest.mark.parametrize(
    "place", ["autograded/{}/{}/{}.ipynb", "feedback/{}/{}/{}.html", "reports/{1}/{0}.json"]
)
@pytest.mark.parametrize("before", [None, OLD])
def test_when_a_folder_stands_where_a_file_belongs_then_nothing_is_recorded_until_it_is_gone(
    place: str, before: float | None, course: Course, record: Record, grading: Path, url: str
) -> None:
    student = "student-01"
    if before:
        record(student, before)
    aside = grading / "aside"
    target = grading / place.format(student, ID, ID)
    target.parent.mkdir(parents=True, exist_ok=True)
    if before:
        target.rename(aside)
    (target / "something").mkdir(parents=True)
    with pytest.raises(RecordingError, match=r"is a folder, but a file belongs there: move it"):
        record(student, NEW)
    shutil.rmtree(target)
    if before:
        aside.rename(target)
    require_one_of(said_of(course, student, url), before)
    record(student, NEW)
    require_one_of(said_of(course, student, url), NEW)


def test_when_a_first_recording_fails_then_no_folder_says_that_there_was_one(
    course: Course, record: Record, grading: Path, url: str
) -> None:
    (grading / "feedback").write_text("a file where a folder belongs")
    with pytest.raises(RecordingError):
        record("student-01", NEW)
    assert not (grading / "autograded").exists()
    assert not list((grading / "reports").rglob("*.j*"))


@pytest.mark.jail
def test_when_the_gradebook_does_not_know_a_recorded_student_then_resume_grades_again(
    course: Course, assignment: Assignment, grading: Path, url: str
) -> None:
    assert _run(course, assignment, "student-01") == NEW
    with Gradebook(url) as gradebook:
        gradebook.remove_student("student-01")
    assert _run(course, assignment, "student-01", resume=True) == NEW
    require_one_of(said_of(course, "student-01", url), NEW)

"""A process that records is killed or interrupted at any step: the next command makes up for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from autograder.assignments.course import Course
from autograder.cli import app
from autograder.gradebook.recording import complete_recordings
from tests.autograder.postgres import Server
from tests.autograder.stopping import (
    ID,
    NEW,
    OLD,
    PROPERTY,
    Record,
    new_student,
    require_nothing_left,
    require_one_of,
    said_of,
    steps_of,
    stopped_at,
)

COUNTED: dict[tuple[bool, str], int] = {}  # steps, by whether there was an earlier recording


def _stop_and_go_on(
    back: int, how: str, earlier: bool, course: Course, record: Record, url: str
) -> None:
    """Record; be stopped so many steps before the end; look, complete, look, record again."""
    student, before = new_student(), OLD if earlier else None
    if before:
        record(student, before)
    steps = _steps(earlier, record, url)
    stopped = stopped_at(max(1, steps - back), how, lambda: record(student, NEW))
    assert stopped
    journal = course.grading / "reports" / ID / f"{student}.journal"
    if not journal.exists():  # then nothing is to be completed
        require_one_of(said_of(course, student, url), before, NEW)
    assert complete_recordings(course, ID) == []  # as each command does first
    require_one_of(said_of(course, student, url), before, NEW)
    record(student, NEW)
    require_one_of(said_of(course, student, url), NEW)
    require_nothing_left(course.grading)


def _steps(earlier: bool, record: Record, url: str) -> int:
    """Return how many steps a recording takes; they are the same for all but the first student."""
    if (earlier, url) not in COUNTED:
        record(new_student(), OLD)
        student = new_student()
        if earlier:
            record(student, OLD)
        COUNTED[earlier, url] = steps_of(lambda: record(student, NEW))
    return COUNTED[earlier, url]


@PROPERTY
@given(
    back=st.integers(0, 15) | st.integers(16, 150),  # the commit is among the last ones
    how=st.sampled_from(["killed", "interrupted"]),
    earlier=st.booleans(),
)
def test_when_recording_is_stopped_at_any_step_then_all_places_say_the_same(
    back: int, how: str, earlier: bool, course: Course, record: Record, url: str
) -> None:
    _stop_and_go_on(back, how, earlier, course, record, url)


def test_when_a_run_was_killed_after_the_commit_then_commands_first_end_what_it_had_begun(
    course: Course, record: Record, grading: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course.root)
    url = f"sqlite:///{grading / 'gradebook.db'}"
    steps = _steps(True, record, url)
    for command in ("report", "export", "feedback"):
        student = new_student()
        record(student, OLD)
        stopped_at(steps - 2, "killed", lambda name=student: record(name, NEW))
        said = said_of(course, student, url)
        assert (said["gradebook"], said["report"]) == (NEW, OLD)
        words = [command, ID] if command != "export" else [command, ID, "--to", "-"]
        assert CliRunner().invoke(app, words).exit_code == 0
        require_one_of(said_of(course, student, url), NEW)


def test_when_what_was_begun_cannot_be_ended_then_commands_say_why_and_what_to_do(
    course: Course, record: Record, grading: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course.root)
    url = f"sqlite:///{grading / 'gradebook.db'}"
    steps, student = _steps(False, record, url), new_student()
    stopped_at(steps - 2, "killed", lambda: record(student, NEW))
    page = grading / "feedback" / student / ID / f"{ID}.html"
    page.mkdir(parents=True)
    done = CliRunner().invoke(app, ["report", ID])
    assert done.exit_code == 2
    assert "is a folder, but a file belongs there: move it away" in " ".join(done.output.split())
    page.rmdir()
    assert CliRunner().invoke(app, ["report", ID]).exit_code == 0
    require_one_of(said_of(course, student, url), NEW)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    with TemporaryDirectory() as folder, Server(Path(folder)) as server:
        yield server


@pytest.mark.usefixtures("grading")
def test_when_recording_in_postgresql_is_stopped_then_all_places_say_the_same(
    course: Course, record: Record, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVBOOK_DB", postgres.url)
    record("student-00", OLD)
    for back in (0, 3, 4, 5, 60):
        how = "killed" if back % 2 else "interrupted"
        _stop_and_go_on(back, how, back < 60, course, record, postgres.url)

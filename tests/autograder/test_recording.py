"""Recording is one step: whatever stops it, gradebook, files and table say the same."""

from __future__ import annotations

import itertools
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.assignment import Assignment
from autograder.intake import Received
from autograder.originals import digest
from autograder.recording import Recorder, RecordingError, complete_recordings
from autograder.run import grade_all
from convbook.course import Course
from tests.autograder.postgres import Server
from tests.autograder.reports import all_passed, reporting
from tests.autograder.stopping import ID, Points, in_child, said_of, steps_of, stopped_at

OLD, NEW = 12.0, 17.0  # points of two submissions, of which the first loses 5 checks
ROOM = 6 * 2**20  # bytes of the file system that is filled
NUMBERS = itertools.count(1)
COUNTED: dict[tuple[bool, str], int] = {}  # steps, by whether there was an earlier recording
PROPERTY = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Record = Callable[[str, float], object]


@pytest.fixture
def url(grading: Path) -> str:
    return f"sqlite:///{grading / 'gradebook.db'}"


@pytest.fixture
def record(course: Course, assignment: Assignment) -> Record:
    """Record a submission of so many points."""

    def run(student: str, points: float) -> Path:
        data = _handed_in(course, points)
        report = all_passed(assignment, lost=0 if points == NEW else 5)
        with closing(Recorder(course, assignment)) as recorder:
            return recorder.record(student, data, report, digest(data))

    return run


def _handed_in(course: Course, points: float) -> bytes:
    return course.release(ID).read_bytes() + b"\n" * int(points)


def _new_student() -> str:
    return f"student-{next(NUMBERS):03}"


def _require_one_of(points: Points, *allowed: float | None) -> float | None:
    assert len(set(points.values())) == 1, points
    assert points["gradebook"] in allowed, points
    return points["gradebook"]


def _require_nothing_left(grading: Path) -> None:
    left = [p for p in grading.rglob("*") if p.name.endswith((".part", ".journal"))]
    assert left == []


def _stop_and_go_on(
    back: int, how: str, earlier: bool, course: Course, record: Record, url: str
) -> None:
    """Record; be stopped so many steps before the end; look, complete, look, record again."""
    student, before = _new_student(), OLD if earlier else None
    if before:
        record(student, before)
    steps = _steps(earlier, record, url)
    stopped = stopped_at(max(1, steps - back), how, lambda: record(student, NEW))
    assert stopped
    journal = course.grading / "reports" / ID / f"{student}.journal"
    if not journal.exists():  # then nothing is to be completed
        _require_one_of(said_of(course, student, url), before, NEW)
    assert complete_recordings(course, ID) == []  # as each command does first
    _require_one_of(said_of(course, student, url), before, NEW)
    record(student, NEW)
    _require_one_of(said_of(course, student, url), NEW)
    _require_nothing_left(course.grading)


def _steps(earlier: bool, record: Record, url: str) -> int:
    """Return how many steps a recording takes; they are the same for all but the first student."""
    if (earlier, url) not in COUNTED:
        record(_new_student(), OLD)
        student = _new_student()
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
    for back in (0, 2, 4, 5, 6, 7, 60):
        how = "killed" if back % 2 else "interrupted"
        _stop_and_go_on(back, how, back < 60, course, record, postgres.url)


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
    student, filler = _new_student(), small_disk / "filler"
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
    _require_one_of(said, before, NEW)
    assert _run(course, assignment, student, resume=True) == NEW
    _require_one_of(said_of(course, student, url), NEW)
    _require_nothing_left(course.grading)
    shutil.rmtree(course.grading / "originals")  # room for the next example


def _run(
    course: Course, assignment: Assignment, student: str, resume: bool = False
) -> float | None:
    """Return the points in the table; None is our fault."""
    received = Received(student, f"{ID}.ipynb", None, (), lambda: _handed_in(course, NEW))
    executor = reporting(all_passed(assignment))
    (graded,) = grade_all(course, ID, [received], 1, executor, resume=resume)
    return graded.report.score if graded.report else None


@PROPERTY
@given(limit=st.integers(0, 600_000), earlier=st.booleans())
def test_when_no_file_may_grow_longer_then_all_places_say_the_same(
    limit: int, earlier: bool, course: Course, record: Record, url: str
) -> None:
    student = _new_student()
    before = OLD if earlier else None
    if before:
        record(student, before)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        record(student, NEW)

    failed = in_child(limited)
    _require_one_of(said_of(course, student, url), before if failed else NEW)
    record(student, NEW)
    _require_one_of(said_of(course, student, url), NEW)
    _require_nothing_left(course.grading)


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
    _require_one_of(said_of(course, student, url), before)
    record(student, NEW)
    _require_one_of(said_of(course, student, url), NEW)


def test_when_a_first_recording_fails_then_no_folder_says_that_there_was_one(
    course: Course, record: Record, grading: Path, url: str
) -> None:
    (grading / "feedback").write_text("a file where a folder belongs")
    with pytest.raises(RecordingError):
        record("student-01", NEW)
    assert not (grading / "autograded").exists()
    assert not list((grading / "reports").rglob("*.j*"))

"""A run gives the same scores however it is run, stopped, killed and resumed."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from typer.testing import CliRunner

from autograder.assignments.assignment import load_assignment
from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.cli import app
from autograder.grading import executors
from autograder.grading.executors import Executor, Task
from tests.autograder.postgres import Server
from tests.autograder.running import (
    Scores,
    begin_there,
    environment_of,
    grade_there,
    scores_in,
    wait_for,
    words_to_grade,
)
from tests.autograder.throw_away import ID
from tests.autograder.workers import workers_of

pytestmark = pytest.mark.jail


def test_when_there_are_four_workers_then_the_scores_are_the_same(
    small: Course, submissions: Path, expected: Scores, tmp_path: Path
) -> None:
    assert grade_there(small, tmp_path, submissions, "--workers", "4").returncode == 0
    assert scores_in(f"sqlite:///{tmp_path / 'gradebook.db'}") == expected


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT])
def test_when_a_run_is_stopped_then_resume_keeps_what_is_done_and_finishes(
    stop: signal.Signals, small: Course, submissions: Path, expected: Scores, tmp_path: Path
) -> None:
    reports = tmp_path / "reports" / ID
    run = begin_there(small, tmp_path, submissions, "--workers", "2")
    wait_for(lambda: len(list(reports.glob("*.json"))) >= 2)
    run.send_signal(stop)
    said, _ = run.communicate(timeout=60)
    if stop == signal.SIGINT:
        assert run.returncode == 130
        assert "--resume --seed 11" in said
    before = {path: path.stat().st_mtime_ns for path in reports.glob("*.json")}
    assert 2 <= len(before) < len(expected)
    assert grade_there(small, tmp_path, submissions, "--resume").returncode == 0
    assert scores_in(f"sqlite:///{tmp_path / 'gradebook.db'}") == expected
    assert all(path.stat().st_mtime_ns == then for path, then in before.items())


def test_when_a_worker_is_killed_then_its_submission_is_graded_again(
    small: Course, submissions: Path, expected: Scores, tmp_path: Path
) -> None:
    run = subprocess.Popen(
        words_to_grade(submissions, "--workers", "2"),
        cwd=small.root,
        env=environment_of(tmp_path),
        stdout=subprocess.DEVNULL,
    )
    wait_for(lambda: len(list((tmp_path / "reports" / ID).glob("*.json"))) >= 2)
    workers_of(psutil.Process(run.pid))[0].kill()
    assert run.wait(timeout=120) == 0
    assert scores_in(f"sqlite:///{tmp_path / 'gradebook.db'}") == expected


def test_when_a_run_is_over_then_the_scores_are_the_same_and_no_process_of_it_is_left(
    small: Course, submissions: Path, expected: Scores, tmp_path: Path
) -> None:
    run = subprocess.Popen(
        words_to_grade(submissions, "--workers", "2"),
        cwd=small.root,
        env=environment_of(tmp_path),
        stdout=subprocess.DEVNULL,
    )
    seen: dict[psutil.Process, str] = {}
    while run.poll() is None:
        for process in psutil.Process(run.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                seen[process] = process.name()
        time.sleep(0.05)
    assert run.returncode == 0
    assert list(seen.values()).count("bwrap") >= 2  # so kernels of both workers are among them
    _, alive = psutil.wait_procs(seen, timeout=5)
    assert alive == []
    assert scores_in(f"sqlite:///{tmp_path / 'gradebook.db'}") == expected


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    # Not one of pytest's folders: another run of pytest closes those to all but its own user.
    with TemporaryDirectory() as folder, Server(Path(folder)) as server:
        yield server


def test_when_the_gradebook_is_in_postgresql_and_restarts_then_the_scores_are_the_same(
    postgres: Server, small: Course, submissions: Path, expected: Scores, tmp_path: Path
) -> None:
    run = begin_there(small, tmp_path, submissions, "--db", postgres.url)
    wait_for(lambda: len(list((tmp_path / "reports" / ID).glob("*.json"))) >= 3)
    postgres.restart()
    said, _ = run.communicate(timeout=180)
    assert run.returncode == 0, said
    assert scores_in(postgres.url) == expected
    assert not (tmp_path / "gradebook.db").exists()


def test_when_no_scheduler_answers_then_the_error_says_so(
    small: Course, submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "CONNECT_SECONDS", 1)
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path))
    monkeypatch.chdir(small.root)
    words = ["grade", ID, "--submissions", str(submissions), "--dask", "tcp://127.0.0.1:9"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9 within 1 s" in done.output
    assert isinstance(done.exception, SystemExit)


def test_when_a_report_is_written_then_it_says_which_file_it_is_of(
    small: Course, submissions: Path
) -> None:
    assignment = load_assignment(small, ID)
    data = (submissions / "student-00.ipynb").read_bytes()
    executor: Executor = executors.here
    (outcome,) = executor(assignment, [Task("student-00", Submission(data), 3)])
    assert outcome.report is not None
    assert json.loads(json.dumps(outcome.report.to_dict()))["seed"] == 3

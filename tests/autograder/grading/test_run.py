"""A run gives the same scores however it is run, stopped, killed and resumed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import nbformat
import psutil
import pytest
from distributed import LocalCluster
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.cli import app
from autograder.grading import executors
from autograder.grading.executors import Executor, Task
from autograder.trials.sample_class import sample_class
from tests.autograder.postgres import Server
from tests.autograder.workers import workers_of

pytestmark = pytest.mark.jail

ID = "01-convolution"
SLOW = ("infinite loop", "greed")
SEED = "11"
Scores = dict[str, list[float]]


@pytest.fixture(scope="module")
def submissions(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About a dozen submissions of different fates, none of them slow."""
    folder = tmp_path_factory.mktemp("submissions")
    chosen = [book for what, book in sample_class(course, ID).values() if what not in SLOW]
    assert 10 <= len(chosen) <= 14
    for number, notebook in enumerate(chosen):
        nbformat.write(notebook, folder / f"student-{number:02}.ipynb")
    return folder


@pytest.fixture(scope="module")
def expected(course: Course, submissions: Path, tmp_path_factory: pytest.TempPathFactory) -> Scores:
    """The scores of a run with one worker."""
    grading = tmp_path_factory.mktemp("one")
    done = _grade(course, grading, submissions, "--workers", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    return _scores(f"sqlite:///{grading / 'gradebook.db'}")


def _words(submissions: Path, *more: str) -> list[str]:
    program = str(Path(sys.executable).with_name("autograder"))
    return [program, "grade", ID, "--submissions", str(submissions), "--seed", SEED, *more]


def _environment(grading: Path) -> dict[str, str]:
    return {**os.environ, "CONVBOOK_GRADING": str(grading), "COLUMNS": "100"}


def _grade(
    course: Course, grading: Path, submissions: Path, *more: str
) -> subprocess.CompletedProcess[str]:
    words, environment = _words(submissions, *more), _environment(grading)
    return subprocess.run(
        words, cwd=course.root, env=environment, capture_output=True, text=True, check=False
    )


def _scores(url: str) -> Scores:
    with Gradebook(url) as gradebook:
        return {
            student.id: [
                grade.auto_score
                for notebook in gradebook.find_submission(ID, student.id).notebooks
                for grade in sorted(notebook.grades, key=lambda grade: grade.name)
            ]
            for student in gradebook.students
        }


@pytest.mark.parametrize("workers", ["2", "4"])
def test_when_there_are_more_workers_then_the_scores_are_the_same(
    workers: str, course: Course, submissions: Path, expected: Scores, tmp_path: Path
) -> None:
    assert _grade(course, tmp_path, submissions, "--workers", workers).returncode == 0
    assert _scores(f"sqlite:///{tmp_path / 'gradebook.db'}") == expected


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT])
def test_when_a_run_is_stopped_then_resume_keeps_what_is_done_and_finishes(
    stop: signal.Signals, course: Course, submissions: Path, expected: Scores, tmp_path: Path
) -> None:
    reports = tmp_path / "reports" / ID
    run = subprocess.Popen(
        _words(submissions, "--workers", "2"),
        cwd=course.root,
        env=_environment(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # not so behind a "&"
    )
    _wait(lambda: len(list(reports.glob("*.json"))) >= 4)
    run.send_signal(stop)
    said, _ = run.communicate(timeout=60)
    if stop == signal.SIGINT:
        assert run.returncode == 130
        assert "--resume --seed 11" in said
    before = {path: path.stat().st_mtime_ns for path in reports.glob("*.json")}
    assert 4 <= len(before) < len(expected)
    assert _grade(course, tmp_path, submissions, "--resume").returncode == 0
    assert _scores(f"sqlite:///{tmp_path / 'gradebook.db'}") == expected
    assert all(path.stat().st_mtime_ns == then for path, then in before.items())


def test_when_a_worker_is_killed_then_its_submission_is_graded_again(
    course: Course, submissions: Path, expected: Scores, tmp_path: Path
) -> None:
    run = subprocess.Popen(
        _words(submissions, "--workers", "2"),
        cwd=course.root,
        env=_environment(tmp_path),
        stdout=subprocess.DEVNULL,
    )
    _wait(lambda: len(list((tmp_path / "reports" / ID).glob("*.json"))) >= 2)
    workers_of(psutil.Process(run.pid))[0].kill()
    assert run.wait(timeout=120) == 0
    assert _scores(f"sqlite:///{tmp_path / 'gradebook.db'}") == expected


def test_when_a_run_is_over_then_no_process_of_it_is_left(
    course: Course, submissions: Path, tmp_path: Path
) -> None:
    run = subprocess.Popen(
        _words(submissions, "--workers", "2"),
        cwd=course.root,
        env=_environment(tmp_path),
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


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    # Not one of pytest's folders: another run of pytest closes those to all but its own user.
    with TemporaryDirectory() as folder, Server(Path(folder)) as server:
        yield server


def test_when_the_gradebook_is_in_postgresql_and_restarts_then_the_scores_are_the_same(
    postgres: Server, course: Course, submissions: Path, expected: Scores, tmp_path: Path
) -> None:
    run = subprocess.Popen(
        _words(submissions, "--db", postgres.url),
        cwd=course.root,
        env=_environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    _wait(lambda: len(list((tmp_path / "reports" / ID).glob("*.json"))) >= 3)
    postgres.restart()
    said, _ = run.communicate(timeout=180)
    assert run.returncode == 0, said
    assert _scores(postgres.url) == expected
    assert not (tmp_path / "gradebook.db").exists()


@pytest.mark.alone
def test_when_a_dask_worker_is_killed_then_the_scores_are_the_same(
    course: Course, submissions: Path, expected: Scores, tmp_path: Path
) -> None:
    # Dask's nannies set OMP_NUM_THREADS and more in this process: put back at the end.
    with (
        patch.dict(os.environ),
        LocalCluster(2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster,
    ):
        run = subprocess.Popen(
            _words(submissions, "--dask", cluster.scheduler_address),
            cwd=course.root,
            env=_environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        _wait(lambda: len(list((tmp_path / "reports" / ID).glob("*.json"))) >= 3)
        os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
        said, _ = run.communicate(timeout=180)
    assert run.returncode == 0, said
    assert _scores(f"sqlite:///{tmp_path / 'gradebook.db'}") == expected


def test_when_no_scheduler_answers_then_the_error_says_so(
    course: Course, submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "CONNECT_SECONDS", 1)
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path))
    monkeypatch.chdir(course.root)
    words = ["grade", ID, "--submissions", str(submissions), "--dask", "tcp://127.0.0.1:9"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9 within 1 s" in done.output
    assert isinstance(done.exception, SystemExit)


def test_when_a_report_is_written_then_it_says_which_file_it_is_of(
    course: Course, assignment: Assignment, submissions: Path
) -> None:
    data = (submissions / "student-00.ipynb").read_bytes()
    executor: Executor = executors.here
    (outcome,) = executor(assignment, [Task("student-00", Submission(data), 3)])
    assert outcome.report is not None
    assert json.loads(json.dumps(outcome.report.to_dict()))["seed"] == 3


def _wait(condition, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)

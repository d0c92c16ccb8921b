"""Whatever fails on our side, a run goes on, and everybody who handed in is accounted for."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
import psutil
import pytest
from distributed import LocalCluster
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.balance import Balance
from autograder.grading import executors
from autograder.grading.executors import ATTEMPTS, Executor, Outcome, Task
from autograder.intake.collect import Collected, Received
from autograder.run import Graded, grade_all
from tests.autograder.workers import workers_of

pytestmark = pytest.mark.jail

ID = "01-convolution"
SEED = 5


class Deadly(bytes):
    """A file that ends every process that receives it, but for the one that made it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return eval, (f"(os := __import__('os')).getpid() == {os.getpid()} or os._exit(1)",)


def _answer_by_half(data: bytes, maker: int) -> bytes:
    """Have this process, if it is not ``maker``, die in the middle of the next thing it says."""
    if os.getpid() != maker:

        def say_half(line: Connection, said: bytes) -> None:
            os.write(line.fileno(), said[: len(said) // 2])
            os._exit(1)

        Connection._send = say_half  # type: ignore[attr-defined]
    return data


class HalfAnswered(bytes):
    """A file whose worker dies in the middle of its answer."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _answer_by_half, (bytes(self), os.getpid())


@pytest.fixture(autouse=True)
def grading(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A gradebook of its own."""
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def honest(_solved: NotebookNode) -> bytes:
    return nbformat.writes(_solved).encode()


def _class(*files: bytes | Callable[[], bytes]) -> list[Received]:
    """Return submissions of student-01, student-02 …; a function is called to read the file."""
    return [
        _received(f"student-{number:02}", file if callable(file) else lambda data=file: data)
        for number, file in enumerate(files, start=1)
    ]


def _received(student: str, load: Callable[[], bytes], when: datetime | None = None) -> Received:
    return Received(student, f"{ID}.ipynb", when, (), load)


def _fates(graded: Iterable[Graded]) -> dict[str, str | float]:
    """Return points by student, or a word where it is our fault."""
    return {one.student: one.report.score if one.report else "our fault" for one in graded}


def _require_balance(received: list[Received], graded: list[Graded]) -> Balance:
    balance = Balance.of(Collected(tuple(received), (), ()), graded)
    assert balance.missing == ()
    ours = sum(map(len, balance.faults.values()))
    assert balance.handed_in == len(received) == balance.graded + ours
    return balance


@pytest.mark.parametrize("workers", [1, 2])
def test_when_submissions_kill_their_workers_then_only_they_are_our_fault(
    workers: int, course: Course, honest: bytes
) -> None:
    deadly = Deadly(honest)
    received = _class(honest, deadly, honest, deadly, deadly, honest, honest)
    graded = grade_all(course, ID, received, SEED, executors.processes(workers))
    fates = _fates(graded)
    assert [fates[f"student-{n:02}"] for n in (1, 3, 6, 7)] == [17] * 4
    assert [fates[f"student-{n:02}"] for n in (2, 4, 5)] == ["our fault"] * 3
    balance = _require_balance(received, graded)
    ((fault, students),) = balance.faults.items()
    assert f"lost {ATTEMPTS} times" in fault
    assert students == ("student-02", "student-04", "student-05")


def test_when_a_worker_dies_in_the_middle_of_its_answer_then_the_run_goes_on(
    course: Course, honest: bytes
) -> None:
    received = _class(honest, HalfAnswered(honest), honest)
    graded = grade_all(course, ID, received, SEED, executors.processes(1))
    assert list(_fates(graded).values()) == [17, "our fault", 17]
    (fault,) = _require_balance(received, graded).faults
    assert fault == "its worker was lost 3 times: it ended without an answer"


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_when_workers_are_killed_at_random_moments_then_nobody_is_lost(
    seed: int, course: Course, honest: bytes
) -> None:
    received = _class(*[honest] * 6)
    moments = random.Random(seed)
    over = threading.Event()

    def kill() -> None:
        while not over.wait(moments.uniform(0.05, 1.0)):
            with suppress(psutil.Error, IndexError):
                moments.choice(workers_of(psutil.Process())).kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        graded = grade_all(course, ID, received, SEED, executors.processes(2))
    finally:
        over.set()
        killer.join()
    _require_balance(received, graded)
    assert set(_fates(graded).values()) <= {17, "our fault"}


def test_when_a_file_cannot_be_read_then_the_others_are_graded(
    course: Course, honest: bytes
) -> None:
    def broken() -> bytes:
        raise RecursionError("deep\n\x1b[31mdown")

    received = _class(honest, broken, honest)
    graded = grade_all(course, ID, received, SEED, executors.here)
    assert list(_fates(graded).values()) == [17, "our fault", 17]
    (fault,) = _require_balance(received, graded).faults
    assert fault.startswith("RecursionError: deep")
    assert "(autograder/intake/collected.py:" in fault
    assert "\x1b" not in fault


def test_when_one_cannot_be_recorded_then_the_others_are(
    course: Course, honest: bytes, grading: Path
) -> None:
    (grading / "autograded").mkdir()
    (grading / "autograded" / "student-02").write_text("a file where a folder belongs")
    received = _class(honest, honest, honest)
    graded = grade_all(course, ID, received, SEED, executors.processes(2))
    assert list(_fates(graded).values()) == [17, "our fault", 17]
    (fault,) = _require_balance(received, graded).faults
    assert "student-02" in fault
    assert "(autograder/gradebook/transaction.py:" in fault
    again = grade_all(course, ID, received, SEED, executors.here, resume=True)
    assert list(_fates(again).values()) == [17, "our fault", 17]
    (grading / "autograded" / "student-02").unlink()
    again = grade_all(course, ID, received, SEED, executors.here, resume=True)
    assert list(_fates(again).values()) == [17, 17, 17]


def _with_broken_check(course: Course, root: Path) -> Course:
    """Return a copy of the course in which one check of conv2d fails by itself."""
    for name in ("autograder", "convbook", "notebooks", "solutions"):
        shutil.copytree(course.root / name, root / name)
    shutil.copy(course.root / "nbgrader_config.py", root)
    path = root / "autograder" / "assignments" / "a01_convolution" / "checks.py"
    head = '@check("conv2d", '
    first, rest = path.read_text().split(head, 1)
    signature, body = rest.split('"""\n', 1)
    path.write_text(f'{first}{head}{signature}"""\n    rng.integers(0)\n{body}')
    return Course(root)


def test_when_a_check_is_broken_then_it_is_told_once_for_all_and_the_run_goes_on(
    course: Course, honest: bytes, grading: Path, tmp_path: Path
) -> None:
    broken = _with_broken_check(course, tmp_path / "course")
    (tmp_path / "in").mkdir()
    for number in (1, 2, 3):
        (tmp_path / "in" / f"student-{number:02}.ipynb").write_bytes(honest)
    (tmp_path / "in" / "student-04.ipynb").write_text("no notebook")
    program = [sys.executable, "-m", "autograder", "grade", ID]
    done = subprocess.run(
        [*program, "--submissions", str(tmp_path / "in"), "--seed", "3", "--workers", "2"],
        cwd=broken.root, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(broken.root), "CONVBOOK_GRADING": str(grading)},
    )  # fmt: skip
    said = " ".join(done.stdout.split())
    assert done.returncode == 1, done.stdout + done.stderr
    assert said.count("is broken: ValueError") == 1
    assert "our fault, student-01, student-02, student-03: check conv2d/" in said
    assert "(autograder/assignments/a01_convolution/checks.py:" in said
    assert "4 handed in = 0 graded + 3 our fault + 1 refused" in said
    assert "refused, as said above: student-04" in said
    assert "--resume --seed 3" in said


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b'{"digest": 1}', b"\xff\xfe", b"null"])
def test_when_an_earlier_report_is_damaged_then_it_is_made_again(
    damage: bytes, course: Course, honest: bytes, grading: Path
) -> None:
    path = grading / "reports" / ID / "student-01.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(damage)
    graded = grade_all(course, ID, _class(honest), SEED, executors.here, resume=True)
    assert _fates(graded) == {"student-01": 17}


def _gives_up(after: int) -> Executor:
    def run(assignment: Assignment, tasks: Iterable[Task]) -> Iterator[Outcome]:
        for number, outcome in enumerate(executors.here(assignment, tasks)):
            if number == after:
                raise ConnectionError("the cluster is gone")
            yield outcome

    return run


@pytest.mark.parametrize("after", [0, 2])
def test_when_an_executor_breaks_then_the_rest_is_our_fault_by_name(
    after: int, course: Course, honest: bytes
) -> None:
    received = _class(*[honest] * 4)
    graded = grade_all(course, ID, received, SEED, _gives_up(after))
    assert list(_fates(graded).values()).count(17) == after
    (fault,) = _require_balance(received, graded).faults
    assert "the cluster is gone" in fault


def test_when_an_executor_forgets_some_then_they_are_our_fault_by_name(
    course: Course, honest: bytes
) -> None:
    received = _class(honest, honest)
    graded = grade_all(course, ID, received, SEED, lambda assignment, tasks: iter(()))
    assert set(_fates(graded).values()) == {"our fault"}
    _require_balance(received, graded)


@pytest.mark.alone
def test_when_submissions_kill_workers_on_dask_then_only_they_are_our_fault(
    course: Course, honest: bytes
) -> None:
    received = _class(honest, Deadly(honest), honest, honest)
    with (
        patch.dict(os.environ),
        LocalCluster(2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster,
    ):
        executor = executors.dask(cluster.scheduler_address)
        graded = grade_all(course, ID, received, SEED, executor)
    assert list(_fates(graded).values()) == [17, "our fault", 17, 17]
    _require_balance(received, graded)


@pytest.mark.alone
def test_when_the_dask_scheduler_ends_in_the_middle_then_the_rest_is_our_fault_by_name(
    course: Course, honest: bytes
) -> None:
    received = _class(*[honest] * 8)
    with (
        patch.dict(os.environ),
        LocalCluster(1, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster,
    ):
        executor = executors.dask(cluster.scheduler_address)
        began = time.monotonic()

        def done(graded: Graded) -> None:
            if graded.report:
                cluster.sync(cluster.scheduler.close)

        graded = grade_all(course, ID, received, SEED, executor, done=done)
    assert time.monotonic() - began < 60
    assert 1 <= list(_fates(graded).values()).count(17) < 8
    _require_balance(received, graded)

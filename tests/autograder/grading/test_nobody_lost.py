"""Whatever fails on our side, a run goes on, and everybody who handed in is accounted for."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.grading import executors
from autograder.grading.executors import ATTEMPTS, Executor, Outcome, Task
from autograder.run import grade_all
from tests.autograder.accounts import FULL, Deadly, class_of, fates, require_balance
from tests.autograder.throw_away import ID, copy_of
from tests.autograder.workers import workers_of

pytestmark = pytest.mark.jail

SEED = 5


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


@pytest.mark.parametrize("workers", [1, 2])
def test_when_submissions_kill_their_workers_then_only_they_are_our_fault(
    workers: int, small: Course, honest: bytes
) -> None:
    deadly = Deadly(honest)
    received = class_of(honest, deadly, honest, deadly, deadly, honest, honest)
    graded = grade_all(small, ID, received, SEED, executors.processes(workers))
    by_student = fates(graded)
    assert [by_student[f"student-{n:02}"] for n in (1, 3, 6, 7)] == [FULL] * 4
    assert [by_student[f"student-{n:02}"] for n in (2, 4, 5)] == ["our fault"] * 3
    balance = require_balance(received, graded)
    ((fault, students),) = balance.faults.items()
    assert f"lost {ATTEMPTS} times" in fault
    assert students == ("student-02", "student-04", "student-05")


def test_when_a_worker_dies_in_the_middle_of_its_answer_then_the_run_goes_on(
    small: Course, honest: bytes
) -> None:
    received = class_of(honest, HalfAnswered(honest), honest)
    graded = grade_all(small, ID, received, SEED, executors.processes(1))
    assert list(fates(graded).values()) == [FULL, "our fault", FULL]
    (fault,) = require_balance(received, graded).faults
    assert fault == "its worker was lost 3 times: it ended without an answer"


@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_when_workers_are_killed_at_random_moments_then_nobody_is_lost(
    seed: int, small: Course, honest: bytes
) -> None:
    received = class_of(*[honest] * 6)
    moments = random.Random(seed)
    over = threading.Event()

    def kill() -> None:
        while not over.wait(moments.uniform(0.05, 1.0)):
            with suppress(psutil.Error, IndexError):
                moments.choice(workers_of(psutil.Process())).kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        graded = grade_all(small, ID, received, SEED, executors.processes(2))
    finally:
        over.set()
        killer.join()
    require_balance(received, graded)
    assert set(fates(graded).values()) <= {FULL, "our fault"}


def test_when_a_file_cannot_be_read_then_the_others_are_graded(
    small: Course, honest: bytes
) -> None:
    def broken() -> bytes:
        raise RecursionError("deep\n\x1b[31mdown")

    received = class_of(honest, broken, honest)
    graded = grade_all(small, ID, received, SEED, executors.here)
    assert list(fates(graded).values()) == [FULL, "our fault", FULL]
    (fault,) = require_balance(received, graded).faults
    assert fault.startswith("RecursionError: deep")
    assert "(autograder/intake/collected.py:" in fault
    assert "\x1b" not in fault


def test_when_one_cannot_be_recorded_then_the_others_are(
    small: Course, honest: bytes, grading: Path
) -> None:
    (grading / "autograded").mkdir()
    (grading / "autograded" / "student-02").write_text("a file where a folder belongs")
    received = class_of(honest, honest, honest)
    graded = grade_all(small, ID, received, SEED, executors.processes(2))
    assert list(fates(graded).values()) == [FULL, "our fault", FULL]
    (fault,) = require_balance(received, graded).faults
    assert "student-02" in fault
    assert "(autograder/gradebook/transaction.py:" in fault
    again = grade_all(small, ID, received, SEED, executors.here, resume=True)
    assert list(fates(again).values()) == [FULL, "our fault", FULL]
    (grading / "autograded" / "student-02").unlink()
    again = grade_all(small, ID, received, SEED, executors.here, resume=True)
    assert list(fates(again).values()) == [FULL, FULL, FULL]


def _with_broken_check(course: Course, root: Path) -> Course:
    """Return a copy of the course in which one check fails by itself."""
    broken = Course(copy_of(course, root).root)
    path = broken.root / "solutions" / ID / "checks.py"
    first = "    for stride in (1, 3):\n"
    path.write_text(path.read_text().replace(first, f"    rng.integers(0)\n{first}", 1))
    return broken


def test_when_a_check_is_broken_then_it_is_told_once_for_all_and_the_run_goes_on(
    small: Course, honest: bytes, grading: Path, tmp_path: Path
) -> None:
    broken = _with_broken_check(small, tmp_path / "course")
    (tmp_path / "in").mkdir()
    for number in (1, 2, 3):
        (tmp_path / "in" / f"student-{number:02}.ipynb").write_bytes(honest)
    (tmp_path / "in" / "student-04.ipynb").write_text("no notebook")
    program = [sys.executable, "-m", "autograder", "grade", ID]
    done = subprocess.run(
        [*program, "--submissions", str(tmp_path / "in"), "--seed", "3", "--workers", "2"],
        cwd=broken.root, capture_output=True, text=True, check=False,
        env={**os.environ, "CONVBOOK_GRADING": str(grading)},
    )  # fmt: skip
    said = " ".join(done.stdout.split())
    assert done.returncode == 1, done.stdout + done.stderr
    assert said.count("is broken: ValueError") == 1
    assert "our fault, student-01, student-02, student-03: check places/" in said
    assert f"(solutions/{ID}/checks.py:" in said
    assert "4 handed in = 0 graded + 3 our fault + 1 refused" in said
    assert "refused, as said above: student-04" in said
    assert "--resume --seed 3" in said


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b'{"digest": 1}', b"\xff\xfe", b"null"])
def test_when_an_earlier_report_is_damaged_then_it_is_made_again(
    damage: bytes, small: Course, honest: bytes, grading: Path
) -> None:
    path = grading / "reports" / ID / "student-01.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(damage)
    graded = grade_all(small, ID, class_of(honest), SEED, executors.here, resume=True)
    assert fates(graded) == {"student-01": FULL}


def _gives_up(after: int) -> Executor:
    def run(assignment: Assignment, tasks: Iterable[Task]) -> Iterator[Outcome]:
        for number, outcome in enumerate(executors.here(assignment, tasks)):
            if number == after:
                raise ConnectionError("the cluster is gone")
            yield outcome

    return run


@pytest.mark.parametrize("after", [0, 2])
def test_when_an_executor_breaks_then_the_rest_is_our_fault_by_name(
    after: int, small: Course, honest: bytes
) -> None:
    received = class_of(*[honest] * 4)
    graded = grade_all(small, ID, received, SEED, _gives_up(after))
    assert list(fates(graded).values()).count(FULL) == after
    (fault,) = require_balance(received, graded).faults
    assert "the cluster is gone" in fault


def test_when_an_executor_forgets_some_then_they_are_our_fault_by_name(
    small: Course, honest: bytes
) -> None:
    received = class_of(honest, honest)
    graded = grade_all(small, ID, received, SEED, lambda assignment, tasks: iter(()))
    assert set(fates(graded).values()) == {"our fault"}
    require_balance(received, graded)

"""How long a call takes, measured where student code has no clock to turn back."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from autograder.checks import Budget, Mismatch, Student, check, expect_faster
from autograder.grading.faults import BrokenCheck, GraderFault
from autograder.grading.judging import judge
from autograder.grading.remote import Remote
from autograder.grading.report import Verdict
from autograder.grading.session import Session

pytestmark = [pytest.mark.jail, pytest.mark.alone]

SETUP = "import numpy as np"
LOOP = """
def loop(x):
    out = np.zeros(x.shape)
    for i in range(len(x)):
        out[i] = x[i] * 2
    return out

def stuck(x):
    while True:
        pass

def broken(x):
    return mine(x)
"""
STUDENT = """
import threading, time

def fast(x):
    return 2.0 * x

def slow(x):
    return loop(x)

def wrong(x):
    return 3.0 * x

def sleeps(x):
    time.sleep(0.3)
    return 2.0 * x

def works_on(x):
    threading.Thread(target=time.sleep, args=(0.3,)).start()
    return 2.0 * x

seen = {}
def remembers(x):
    key = x.tobytes()
    if key not in seen:
        seen[key] = loop(x)
    return seen[key]

"""
CHEATS = {
    "a loop redefined": "def loop(x):\n    time.sleep(2)\n    return 2.0 * x",
    "a loop of the library slowed down": "right = np.zeros\n"
    "np.zeros = lambda *a: (time.sleep(0.9), right(*a))[1]",
    "a clock that stands": "time.perf_counter = time.monotonic = time.time = lambda: 0.0",
}


def open_session(student: str = STUDENT) -> Session:
    cells = {"setup": SETUP, "loop": LOOP, "student": student}
    session = Session(
        "numpy",
        cells,
        Budget(cell=2.0, submission=300.0),
        handed_out={"setup": SETUP, "loop": LOOP},
    )
    session.run_all()
    return session


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    opened = open_session()
    yield opened
    opened.close()


def student(session: Session) -> Remote:
    return Remote(session, session.now() + 10.0, (), "")


def compare(session: Session, name: str, than: str = "loop", size: int = 500_000) -> None:
    rng = np.random.default_rng(0)
    cases = ((rng.normal(size=size),) for _ in range(3))
    remote = student(session)
    expect_faster(getattr(remote, name), getattr(remote.handed_out, than), cases, times=4)


def test_when_a_call_is_timed_then_its_value_comes_with_the_seconds_that_passed_here(
    session: Session,
) -> None:
    value, seconds = student(session).sleeps.timed(np.ones(2))
    assert value.tolist() == [2, 2]
    assert 0.3 < seconds < 2
    _, seconds = student(session).fast.timed(np.ones(2))
    assert 0 < seconds < 0.3


def test_when_a_function_works_on_in_a_thread_then_its_time_goes_on(session: Session) -> None:
    _, seconds = student(session).works_on.timed(np.ones(2))
    assert seconds > 0.3


def test_when_a_function_is_fast_and_right_then_it_passes_at_the_first_try(
    session: Session,
) -> None:
    compare(session, "fast")


@pytest.mark.parametrize("name", ["slow", "remembers"])
def test_when_a_function_is_slow_then_it_is_told_how_slow(session: Session, name: str) -> None:
    with pytest.raises(Mismatch, match=r"times as fast as loop, it must be 4 times") as caught:
        compare(session, name)
    assert caught.value.expected.startswith("at most 0.")
    assert "the fastest of all tries" in caught.value.actual


def test_when_a_function_is_fast_but_wrong_then_it_is_wrong(session: Session) -> None:
    with pytest.raises(Mismatch, match="500000 of 500000 values differ"):
        compare(session, "wrong")


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
def test_when_a_notebook_meddles_with_the_loop_or_the_clock_then_slow_stays_slow(
    cheat: str,
) -> None:
    session = open_session(f"{STUDENT}\nkept = loop\ndef slow(x): return kept(x)\n{cheat}")
    try:
        with pytest.raises(Mismatch, match="times as fast as loop"):
            compare(session, "slow")
    finally:
        session.close()


def test_when_the_loop_runs_then_threads_of_the_student_stand_still_and_the_clock_does_too() -> (
    None
):
    ticking = """
ticks = [0]
def tick():
    while True:
        ticks[0] += 1
        time.sleep(0.001)
threading.Thread(target=tick, daemon=True).start()
def read():
    return ticks[0]
"""
    session = open_session(STUDENT + ticking)
    try:
        remote = student(session)
        remote.handed_out.loop(np.ones(1))
        before, began, clock = remote.read(), time.monotonic(), session.now()
        remote.handed_out.loop(np.ones(1_500_000))
        passed, waited = time.monotonic() - began, session.now() - clock
        assert remote.read() - before < 100 * passed
        assert waited < passed / 2
    finally:
        session.close()


def test_when_something_was_not_handed_out_then_the_check_is_broken(session: Session) -> None:
    @check("f", points=1)
    def asks_for_more(student: Student, rng) -> None:
        """f is as fast as what is not there"""
        student.handed_out.fast(np.ones(1))

    with pytest.raises(BrokenCheck, match="as handed out: the notebook defines no function fast"):
        judge(asks_for_more, session, 0)


def test_when_what_was_handed_out_fails_then_it_is_our_fault(session: Session) -> None:
    with pytest.raises(RuntimeError, match="as handed out: NameError"):
        student(session).handed_out.broken(np.ones(1))
    original = session.original("stuck")
    original.budget = Budget(check=0.5)
    with pytest.raises(GraderFault, match=r"as handed out: no answer within 0"):
        student(session).handed_out.stuck(np.ones(1))


def test_when_the_kernel_dies_before_a_call_is_timed_then_its_start_does_not_count() -> None:
    session = open_session("import os\ndef die(x):\n    os._exit(1)\ndef f(x):\n    return x\n")

    @check("f", points=1)
    def dies(student: Student, rng) -> None:
        """f dies"""
        student.die(1)

    try:
        assert judge(dies, session, 0).verdict is Verdict.DIED
        _, seconds = student(session).f.timed(1)
        assert seconds < 0.2
    finally:
        session.close()

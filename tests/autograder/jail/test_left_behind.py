"""Nothing of a submission is there, or missing, when the next one begins."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograder.assignments.course import Course
from autograder.grading.report import Report
from autograder.jail.client import Died, KernelClient
from tests.attacks.corpus import build, load_attacks
from tests.autograder.kernels import (
    children,
    first_process,
    of_another_server,
    output_of,
    server,
    told,
)

pytestmark = pytest.mark.jail

LASTING = {
    "changed_device_rights",
    "changed_device_times",
    "held_leases",
    "locked_libraries",
    "lasting_kernel",
    "lasting_marks",
    "hoarded_numbers",
    "told_mounts",
}


@pytest.mark.parametrize("name", sorted(LASTING))
def test_when_an_attack_would_last_then_the_next_student_keeps_all_points(
    name: str, course: Course, right: NotebookNode, graded: Callable[..., Report]
) -> None:
    (attack,) = (attack for attack in load_attacks() if attack.name == name)
    assert graded(right).score == 17
    for base, expected in attack.expected.items():
        assert graded(build(course, attack, base, {})).score == expected.score
        assert graded(right).score == 17


STAY = """
import ctypes, signal, threading, time
print(ctypes.CDLL(None).prctl(1, 0, 0, 0, 0))
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
threading.stack_size(65536)
try:
    for _ in range(400):
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
except RuntimeError:
    pass
"""


@pytest.fixture
def survivor() -> Iterator[KernelClient]:
    """A kernel that does all it can to stay."""
    with KernelClient("numpy") as kernel:
        output_of(kernel, STAY)
        yield kernel


def test_when_a_kernel_is_ended_then_its_process_and_threads_are_gone_at_once(survivor) -> None:
    process = first_process(survivor)
    assert len(os.listdir(f"/proc/{process}/task")) > 100
    survivor.close()
    assert not Path(f"/proc/{process}").exists()


def test_when_a_kernel_ends_itself_then_its_threads_are_gone_before_its_end_is_told(
    survivor,
) -> None:
    process = first_process(survivor)
    with pytest.raises(Died):
        output_of(survivor, "import os; os._exit(0)")
    assert survivor._server.status(survivor._number) == 0
    assert not Path(f"/proc/{process}").exists()


def test_when_the_server_is_killed_then_its_kernels_are_gone_and_the_next_gets_a_new_one(
    survivor,
) -> None:
    process = first_process(survivor)
    os.kill(server(survivor), signal.SIGKILL)
    assert _in_time(lambda: survivor._server.status(survivor._number) is not None)
    assert _in_time(lambda: not Path(f"/proc/{process}").exists())
    with KernelClient("numpy") as kernel:
        assert output_of(kernel, "print(1 + 1)") == "2\n"


def test_when_one_kernel_ends_then_others_of_its_server_live_on() -> None:
    with KernelClient("numpy") as first, KernelClient("numpy") as second:
        output_of(second, "kept = 5")
        os.kill(first_process(first), signal.SIGKILL)
        assert _in_time(lambda: first._server.status(first._number) == -signal.SIGKILL)
        assert output_of(second, "print(kept)") == "5\n"


FREEZER = Path("/sys/fs/cgroup/freezer")


@pytest.mark.skipif(
    os.getuid() != 0 or not (FREEZER / "tasks").exists(),
    reason="only root can freeze a process, and only the first kind of control groups beyond death",
)
def test_when_a_process_cannot_be_ended_then_the_next_student_gets_a_new_jail(survivor) -> None:
    process, jail = first_process(survivor), survivor._server
    group = FREEZER / f"convbook-{os.getpid()}-frozen"
    group.mkdir()
    try:
        (group / "cgroup.procs").write_text(str(process))
        (group / "freezer.state").write_text("FROZEN")
        survivor.close()
        assert not jail.alive
        with KernelClient("numpy") as kernel:
            assert output_of(kernel, "print(1 + 1)") == "2\n"
    finally:
        (group / "freezer.state").write_text("THAWED")
        assert _in_time(lambda: not Path(f"/proc/{process}").exists())
        group.rmdir()


def test_when_a_server_is_closed_then_no_process_of_its_jail_is_left() -> None:
    with of_another_server() as kernel:
        output_of(kernel, STAY)
        process, init = first_process(kernel), children(kernel._server._process.pid)[0]
        kernel._server.close()
        assert _in_time(lambda: not Path(f"/proc/{process}").exists())
        assert _in_time(lambda: not Path(f"/proc/{init}").exists())


# Each takes as much as it gets of something that the system counts, and prints how much that was.
HOARDS = {
    "threads": """
import threading, time
threading.stack_size(65536)
count = 0
try:
    while count < 1000:
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
        count += 1
except RuntimeError:
    pass
print(count)
""",
    "timers": """
import ctypes
libc = ctypes.CDLL(None)
number = ctypes.c_void_p()
count = 0
while count < 100_000 and not libc.timer_create(1, None, ctypes.byref(number)):
    count += 1
print(count)
""",
    "descriptors": """
import os
kept = []
try:
    while len(kept) < 100_000:
        kept.append(os.eventfd(1))
except OSError:
    pass
print(len(kept))
for descriptor in kept[-30:]:
    os.close(descriptor)
""",
    "files": """
import os
count = 0
for folder in ("/tmp", "/dev/shm", "/home/student"):
    try:
        while count < 1_000_000:
            with open(f"{folder}/{count}", "wb") as file:
                count += file.write(bytes(2**20)) >> 20
    except OSError:
        pass
print(count)
""",
    "semaphores": """
import ctypes
libc = ctypes.CDLL(None)
print(sum(libc.semget(0, 1, 0o1600) >= 0 for _ in range(100)))
""",
    "watches": """
import ctypes
libc = ctypes.CDLL(None)
print(sum(libc.inotify_init() >= 0 for _ in range(200)))
""",
}


@pytest.mark.parametrize("name", HOARDS)
def test_when_a_submission_hoards_then_the_next_and_a_parallel_one_get_as_much(name: str) -> None:
    hoard = HOARDS[name]
    with of_another_server() as parallel:
        first = told(parallel, hoard)
        for _ in range(2):
            with KernelClient("numpy") as kernel:
                assert told(kernel, hoard) >= first - 2  # what a kernel itself needs may differ


def _in_time(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        with suppress(InterruptedError):
            time.sleep(0.01)
    return condition()

"""A class in which every attack sits between honest students, and what came of everybody."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil

from autograder.assignments.course import Course
from autograder.balance import Balance
from autograder.checks import Budget
from autograder.grading.executors import Executor
from autograder.grading.report import Verdict
from autograder.intake.collect import Collected, Received
from autograder.run import Graded, grade_all
from autograder.trials.implementations import solved
from tests.attacks.corpus import ID, Attack, build, load_attacks
from tests.attacks.surroundings import Surroundings

SEED = 7
POINTS = 17  # of a solved notebook
BUDGET = Budget(cell=5.0, check=4.0, submission=45.0)
MEBIBYTE = 2**20


@dataclass
class Mixed:
    """What came of a class: who lost points, who won some, what was reached, what it cost."""

    balance: Balance
    honest_hurt: dict[str, str]
    attacks_off: dict[str, str]
    reached: list[str]
    seconds: float
    memory: dict[str, float] = field(default_factory=dict)  # MiB at most, by kind of process


def grade_mixed(
    course: Course,
    folder: Path,
    executor: Executor,
    honest: int,
    attacks: Sequence[Attack] | None = None,
) -> Mixed:
    """Grade ``attacks``, or the whole corpus, among so many honest students.

    Args:
        course: its gradebook is that of the variable ``CONVBOOK_GRADING``.
        folder: empty; the canaries go there.
        executor: from `autograder.grading.executors`.
        honest: how many; they come at equal distances, the first one first and the last one last.
        attacks: those to take.
    """
    surroundings = Surroundings(folder)
    chosen = load_attacks() if attacks is None else attacks
    received = _mixed_class(course, chosen, honest, surroundings)
    began = time.monotonic()
    with _Watch() as watch:
        graded = grade_all(course, ID, received, SEED, executor, budget=BUDGET)
    seconds = time.monotonic() - began
    reached = [*surroundings.touched(), *surroundings.leaked(_all_written(course))]
    surroundings.close()
    balance = Balance.of(Collected(tuple(received), ()), graded)
    by_name = {attack.name: attack for attack in chosen}
    off = {one.student: said for one in graded if (said := _off(one, by_name))}
    hurt = {one.student: said for one in graded if (said := _hurt(one))}
    return Mixed(balance, hurt, off, reached, seconds, watch.most)


def _mixed_class(
    course: Course, attacks: Sequence[Attack], honest: int, surroundings: Surroundings
) -> list[Received]:
    right = nbformat.writes(solved(course, ID)).encode()
    places = {round(n * len(attacks) / max(1, honest - 1)) for n in range(honest)}
    received = []
    for number in range(len(attacks) + 1):
        if number in places:
            received.append(_received(f"honest-{number:03}", right))
        if number < len(attacks):
            attack = attacks[number]
            made = build(course, attack, _base(attack), surroundings.names)
            received.append(_received(attack.name, nbformat.writes(made).encode()))
    return received


def _base(attack: Attack) -> str:
    return next(iter(attack.expected))


def _received(student: str, data: bytes) -> Received:
    return Received(student, f"{ID}.ipynb", None, (), lambda: data)


def _off(one: Graded, attacks: dict[str, Attack]) -> str:
    """Say how an attack came out otherwise than expected."""
    if one.student not in attacks:
        return ""
    expected = attacks[one.student].expected[_base(attacks[one.student])]
    if one.report is None:
        return one.fault
    if one.report.score > expected.score:
        return f"{one.report.score:g} points, {one.report.verdict}"
    return ""


def _hurt(one: Graded) -> str:
    """Say what an honest student lost."""
    if not one.student.startswith("honest-"):
        return ""
    if one.report is None:
        return one.fault
    fine = one.report.score == POINTS and one.report.verdict is Verdict.PASSED
    return "" if fine else f"{one.report.score:g} points, {one.report.verdict}"


def _all_written(course: Course) -> str:
    folder = course.grading / "reports" / ID
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.json"))


class _Watch:
    """Looks at the memory of this process and of all that it started, but for the jails."""

    def __init__(self) -> None:
        self.most: dict[str, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        this = psutil.Process()
        while not self._over.wait(0.2):
            for process in [this, *this.children(recursive=True)]:
                try:
                    words = " ".join(process.cmdline())
                    used = process.memory_info().rss / MEBIBYTE
                except psutil.Error:
                    continue
                kind = "recorder" if process == this else "worker"
                if "bwrap" in words or "/inside/start.py" in words:
                    continue
                self.most[kind] = max(self.most.get(kind, 0.0), used)


def summary(mixed: Mixed) -> str:
    """Return what came of a class as JSON, for a person to read."""
    shown = {
        "balance": mixed.balance.lines(SEED),
        "honest students who lost something": mixed.honest_hurt,
        "attacks that came out otherwise": mixed.attacks_off,
        "reached": mixed.reached,
        "seconds": round(mixed.seconds),
        "MiB at most": {name: round(value) for name, value in mixed.memory.items()},
        "cores": len(os.sched_getaffinity(0)),
    }
    return json.dumps(shown, indent=1)

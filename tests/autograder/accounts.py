"""Who handed in, what became of each, and that nobody is missing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from autograder.balance import Balance
from autograder.intake.collect import Collected, Received
from autograder.run import Graded
from tests.autograder.throw_away import ID

FULL = 3  # points of the small assignment


class Deadly(bytes):
    """A file that ends every process that receives it, but for the one that made it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return eval, (f"(os := __import__('os')).getpid() == {os.getpid()} or os._exit(1)",)


def class_of(*files: bytes | Callable[[], bytes]) -> list[Received]:
    """Return submissions of student-01, student-02 …; a function is called to read the file."""
    return [
        _received(f"student-{number:02}", file if callable(file) else lambda data=file: data)
        for number, file in enumerate(files, start=1)
    ]


def _received(student: str, load: Callable[[], bytes], when: datetime | None = None) -> Received:
    return Received(student, f"{ID}.ipynb", when, (), load)


def fates(graded: Iterable[Graded]) -> dict[str, str | float]:
    """Return points by student, or a word where it is our fault."""
    return {one.student: one.report.score if one.report else "our fault" for one in graded}


def require_balance(received: list[Received], graded: list[Graded]) -> Balance:
    balance = Balance.of(Collected(tuple(received), (), ()), graded)
    assert balance.missing == ()
    ours = sum(map(len, balance.faults.values()))
    assert balance.handed_in == len(received) == balance.graded + ours
    return balance

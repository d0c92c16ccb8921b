"""Grade the corpus and print what came of it as JSON: ``python -m tests.attacks.run WORKERS``.

A program, so that an ordinary user can run the corpus in the same way as root; labels of `jobs`
behind the number choose a few.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from autograder.assignments.assignment import Assignment, load_assignment
from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.checks import Budget
from autograder.grading.faults import GraderFault
from autograder.grading.grade import grade
from tests.attacks.corpus import ID, Attack, build, load_attacks
from tests.attacks.surroundings import Surroundings, inherited_secret

SEED = 7
# An attack that makes every call wait shall not wait long; honest work shall not be cut short.
BUDGETS = {
    "untouched": Budget(cell=3.0, check=2.0, submission=12.0),
    "solved": Budget(cell=3.0, check=3.0, submission=40.0),
}


@dataclass(frozen=True)
class Outcome:
    """What the report on an attack says, and what the attack reached around the jail."""

    score: float
    verdict: str
    checks: dict[str, str]  # verdicts by check
    said: str
    leaked: list[str]
    storable: bool  # as UTF-8
    touched: list[str]
    seconds: float


def outcome(attack: Attack, base: str, folder: Path) -> Outcome:
    """Grade ``attack`` made from ``base``, with canaries in the empty ``folder``."""
    surroundings = Surroundings(folder)
    began = time.monotonic()
    try:
        notebook = build(_course(), attack, base, surroundings.names)
        submission = Submission(nbformat.writes(notebook).encode())
        report = grade(_assignment(), submission, SEED, BUDGETS[base])
        said = [*(n.text for n in report.notices), *(r.reason for r in report.results)]
        stored = json.dumps(report.to_dict(), ensure_ascii=False)
        return Outcome(
            score=report.score,
            verdict=report.verdict.value,
            checks={f"{r.function}/{r.name}": r.verdict.value for r in report.results},
            said="\n".join(said),
            leaked=surroundings.leaked(stored),
            storable=stored == stored.encode(errors="replace").decode(),
            touched=surroundings.touched(),
            seconds=time.monotonic() - began,
        )
    finally:
        surroundings.close()


def jobs() -> dict[str, tuple[Attack, str]]:
    """Return each attack with each notebook it starts from, by the label of the pair."""
    return {
        f"{attack.name}-{base}": (attack, base)
        for attack in load_attacks()
        for base in attack.expected
    }


@cache
def _course() -> Course:
    return Course.find(Path(__file__))


@cache
def _assignment() -> Assignment:
    return load_assignment(_course(), ID)


def _start_jail() -> None:
    """Start this process's kernel server, so that the first attack has all of its short time."""
    inherited_secret()  # before anything is started that could inherit it
    grade(_assignment(), Submission(_course().release(ID).read_bytes()), SEED)


def _in_new_folder(job: tuple[Attack, str]) -> Outcome:
    try:
        with TemporaryDirectory() as folder:
            return outcome(*job, Path(folder))
    except GraderFault as fault:  # what no attack may bring about, and no reason to stop the rest
        return Outcome(0, "fault of the grader", {}, str(fault), [], True, [], 0)


def main(workers: int, labels: list[str]) -> None:
    """Grade the attacks with these labels, or all, and print the outcomes by label."""
    chosen = {label: job for label, job in jobs().items() if not labels or label in labels}
    with ProcessPoolExecutor(workers, initializer=_start_jail) as pool:
        outcomes = pool.map(_in_new_folder, chosen.values())
        by_label = dict(zip(chosen, map(asdict, outcomes), strict=True))
    print(json.dumps(by_label, indent=1))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])

"""The attack corpus against plain nbgrader and against this grader, in one table.

Plain nbgrader runs in a sandbox without network, in which nothing of this machine can be
written to; what an attack wins, reads or breaks in there is what it would win, read or break
on an instructor's computer. What only the sandbox prevents, such as writing into the
libraries, counts as honest there.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the corpus lies with the tests, which are not installed

from autograder.assignments.course import Course  # noqa: E402 -- after the path
from tests.attacks.corpus import Attack, load_attacks  # noqa: E402
from tests.attacks.stock import make_course  # noqa: E402

HANGS_SECONDS = 120
POINTS = 17  # of the solved notebook
WORKERS = (os.cpu_count() or 1) + 1  # most attacks wait for a time limit
GIBIBYTE = 2**30
LIMITS = {resource.RLIMIT_AS: 4 * GIBIBYTE, resource.RLIMIT_NPROC: 512, resource.RLIMIT_CORE: 0}
WON, REACHED, HUNG, CRASHED, UNGRADED, HONEST, NONE = (
    "wins points", "reaches out", "hangs", "ends the grader", "is not graded", "honest",
    "does not apply",
)  # fmt: skip

Outcome = dict[str, Any]


def main() -> None:
    """Run the corpus twice and print the table and the counts."""
    attacks = load_attacks()
    with TemporaryDirectory() as folder:
        make_course(Course(ROOT), Path(folder))
        stock = run_stock(attacks, Path(folder))
    ours = run_ours(attacks)
    show(attacks, stock, ours)


def label(attack: Attack) -> str:
    """Return the label of the run that is compared: on the untouched notebook where there is."""
    return f"{attack.name}-{next(iter(attack.expected))}"


def run_stock(attacks: list[Attack], course: Path) -> dict[str, Outcome]:
    """Return what came of each attack that means something to plain nbgrader."""
    names = [label(attack) for attack in attacks if attack.stock]
    with ThreadPoolExecutor(WORKERS) as pool:
        outcomes = pool.map(lambda name: run_in_sandbox(name, course), names)
        return dict(zip(names, track(outcomes, "plain nbgrader", len(names)), strict=True))


def run_in_sandbox(name: str, course: Path) -> Outcome:
    """Grade one attack with plain nbgrader where it can do no harm."""
    words = [sys.executable, "-W", "ignore", "-m", "tests.attacks.stock", name, str(course)]
    try:
        done = subprocess.run(
            [*sandbox(course), *words],
            capture_output=True, text=True, check=False, timeout=HANGS_SECONDS, preexec_fn=limit,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"failed": HUNG}
    try:
        outcome: Outcome = json.loads(done.stdout)
    except ValueError:
        return {"failed": CRASHED}
    return outcome


def limit() -> None:
    """Bound memory and processes of the sandbox."""
    for number, value in LIMITS.items():
        resource.setrlimit(number, (value, value))


def sandbox(course: Path) -> list[str]:
    """Return the start of a command that runs with a throw-away file system and no network."""
    readable = ["/usr", "/etc", sys.base_prefix, sys.prefix, str(ROOT), str(course)]
    parts = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    for name in ("lib", "lib64", "bin"):
        parts += ["--symlink", f"usr/{name}", f"/{name}"]
    parts += ["--proc", "/proc", "--dev", "/dev", "--size", str(GIBIBYTE), "--tmpfs", "/tmp"]
    for path in readable:
        parts += ["--ro-bind", path, path]
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin"])
    parts += ["--dir", "/tmp/home", "--setenv", "HOME", "/tmp/home", "--setenv", "PATH", path]
    return [*parts, "--chdir", str(ROOT), "--"]


def run_ours(attacks: list[Attack]) -> dict[str, Outcome]:
    """Return what came of each attack in this grader."""
    words = [sys.executable, "-m", "tests.attacks.run", str(WORKERS), *map(label, attacks)]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    outcomes: dict[str, Outcome] = json.loads(done.stdout)
    return outcomes


def word(attack: Attack, outcome: Outcome | None) -> str:
    """Say in a word what came of ``attack``."""
    if outcome is None:
        return NONE
    if "failed" in outcome:
        return str(outcome["failed"])
    if outcome["score"] is None:
        return UNGRADED
    base, expected = next(iter(attack.expected.items()))
    if outcome["score"] > (POINTS if base == "solved" else expected.score):
        return WON
    return REACHED if outcome["leaked"] or outcome["touched"] else HONEST


def show(attacks: list[Attack], stock: dict[str, Outcome], ours: dict[str, Outcome]) -> None:
    """Print a row an attack, then how often each outcome came up."""
    table = Table("attack", "nbgrader", "", "here", "")
    seen: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for attack in attacks:
        row = [attack.name]
        for outcomes, counter in zip((stock, ours), seen, strict=True):
            outcome = outcomes.get(label(attack))
            said = word(attack, outcome)
            counter[said] += 1
            score = outcome.get("score") if outcome else None
            row += ["" if score is None else f"{score:g}", said]
        table.add_row(*row)
    console = Console()
    console.print(table)
    counts = Table("of all attacks", "nbgrader", "here")
    for said in (WON, REACHED, HUNG, CRASHED, UNGRADED, HONEST, NONE):
        counts.add_row(said, *(str(counter[said]) for counter in seen))
    console.print(counts)


if __name__ == "__main__":
    main()

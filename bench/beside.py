"""This grader beside that of an earlier commit: the same class, graded in turn on this machine.

    python bench/beside.py HEAD~20              # 40 submissions, three rounds each

Run it on a machine that does nothing else: CPU seconds are those of the whole machine.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # a helper lies beside, and is not installed

from autograder.assignments.course import Course  # noqa: E402
from bench.grading import copy_course, this_grader, write_class  # noqa: E402 -- after the path


def main() -> None:
    """Measure both in turn and print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("commit", nargs="?", default="HEAD~1", help="the earlier one")
    parser.add_argument("--count", type=int, default=40, help="submissions of a round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, checked_out(options.commit) as before:
        work = Path(folder)
        write_class(Course(ROOT), work / "in", options.count)
        courses = {
            options.commit: copy_course(Course(before), work / "before", "numpy"),
            "this one": copy_course(Course(ROOT), work / "now", "numpy"),
        }
        seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in courses}
        for number in range(options.rounds):
            for name, course in courses.items():
                run = this_grader(course, work / f"grading-{number}-{name}", work / "in")
                seconds[name].append((run.wall / options.count, run.cpu / options.count))
        show(seconds)


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """Give the tree of ``commit`` in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), commit], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def show(seconds: dict[str, list[tuple[float, float]]]) -> None:
    """Print the median of each and how the last compares with the first."""
    table = Table(title="a submission, as released, graded with a feedback page")
    for heading in ("commit", "seconds", "CPU seconds", "CPU, least and most"):
        table.add_column(heading, justify="left" if heading == "commit" else "right")
    medians = []
    for name, rounds in seconds.items():
        walls, cpus = zip(*rounds, strict=True)
        medians.append((statistics.median(walls), statistics.median(cpus)))
        spread = f"{min(cpus):.3f} to {max(cpus):.3f}"
        table.add_row(name, f"{medians[-1][0]:.3f}", f"{medians[-1][1]:.3f}", spread)
    wall, cpu = (now / before for before, now in zip(*medians, strict=True))
    table.add_row("ratio", f"{wall:.2f}", f"{cpu:.2f}", "")
    Console().print(table)


if __name__ == "__main__":
    main()

"""Throughput of grading: the same submissions through stock nbgrader and through this grader.

Run in turn, in one go, on a machine that does nothing else: CPU seconds are those of the whole
machine, since neither grader waits for all the processes that it starts.

    python bench/grading.py                 # 60 submissions, both ways; the scaling
    python bench/grading.py --long 1000     # and a long run with the memory of every process
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # a helper lies with the tests, which are not installed

from autograder.assignments.course import MARKER, Course  # noqa: E402
from autograder.trials.implementations import (  # noqa: E402 -- after the path
    load_implementations,
    solved,
    with_implementation,
)
from tests.autograder.workers import workers_of  # noqa: E402

ID = "01-convolution"
MEBIBYTE = 2**20


VARIANTS = {"as released": "numpy", "importing torch": "torch"}
SETUP = "import numpy as np\n"


@dataclass
class Run:
    """What a command cost: wall-clock and CPU seconds, largest memory of its processes in MiB."""

    wall: float
    cpu: float
    memory: dict[str, float]
    growth: dict[str, float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=60, help="submissions of the comparison")
    parser.add_argument("--long", type=int, default=0, help="submissions of a long run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, flavour in VARIANTS.items():
            work = Path(folder, flavour)
            course = copy_course(Course(ROOT), work / "course", flavour)
            write_class(course, work / "in", options.count)
            compare(course, work, options.count, name)
        work = Path(folder, "numpy")
        course = Course(work / "course")
        scaling(course, work, options.count)
        if options.long:
            long_run(course, work, options.long)


def copy_course(course: Course, root: Path, flavour: str) -> Course:
    """Return a released copy of ``course`` whose notebooks may import what ``flavour`` says."""
    for name in ("autograder", "convbook", "solutions"):
        shutil.copytree(course.root / name, root / name)
    shutil.copy(course.root / MARKER, root)
    if flavour == "torch":
        replace(root / "solutions" / f"{ID}.md", SETUP, f"{SETUP}import torch\n")
        replace(root / "autograder/assignments/a01_convolution/checks.py", '"numpy"', '"torch"')
    release(Course(root), root / "grading")
    return Course(root)


def replace(path: Path, old: str, new: str) -> None:
    """Put ``new`` in the place of ``old``, which is in the file once."""
    text = path.read_text()
    assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new))


def release(course: Course, grading: Path) -> None:
    """Release the assignment into a new gradebook, as an instructor does once."""
    program = Path(sys.executable).with_name("convbook")
    measure([program, "release", ID], course.root, environment(course, grading))


def environment(course: Course, grading: Path) -> dict[str, str]:
    """Return the variables under which the programs of ``course`` run."""
    folder = Path(sys.executable).parent
    return {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(course.root),
        "CONVBOOK_GRADING": str(grading),
    }


def write_class(course: Course, folder: Path, count: int) -> None:
    """Write ``count`` notebooks: the solution and other right and wrong ones, in turn."""
    right = solved(course, ID)
    others = load_implementations(course, ID, "right") + load_implementations(course, ID, "wrong")
    kinds = [right, *(with_implementation(right, item) for item in others)]
    folder.mkdir(parents=True)
    for number in range(count):
        nbformat.write(kinds[number % len(kinds)], folder / f"student-{number:04}.ipynb")


def compare(course: Course, work: Path, count: int, name: str) -> None:
    """Print the throughput of both on the same submissions."""
    stock = stock_nbgrader(course, work / "stock", work / "in")
    ours = this_grader(course, work / "ours", work / "in")
    table = Table(title=f"{count} submissions of {ID}, {name}, graded with feedback pages")
    for heading in ("grader", "seconds", "s / submission", "CPU s / submission", "throughput"):
        table.add_column(heading, justify="right" if heading != "grader" else "left")
    for grader, run in (("stock nbgrader", stock), ("this grader", ours)):
        ratio = f"{stock.wall / run.wall:.1f} x"
        cells = (run.wall, run.wall / count, run.cpu / count)
        table.add_row(grader, *(f"{value:.2f}" for value in cells), ratio)
    Console().print(table)


def scaling(course: Course, work: Path, count: int) -> None:
    """Print throughput by number of workers."""
    table = Table(title="scaling over workers")
    for heading in ("workers", "seconds", "submissions / s", "largest worker MiB"):
        table.add_column(heading, justify="right")
    for workers in (1, 2, 4):
        run = this_grader(course, work / f"scale-{workers}", work / "in", workers)
        largest = max(run.memory.values())
        table.add_row(str(workers), f"{run.wall:.1f}", f"{count / run.wall:.2f}", f"{largest:.0f}")
    Console().print(table)


def long_run(course: Course, work: Path, count: int) -> None:
    """Print the rate of a long run and how the memory of its processes grew in its second half."""
    write_class(course, work / "long-in", count)
    run = this_grader(course, work / "long", work / "long-in")
    print(f"{count} submissions in {run.wall:.0f} s ({count / run.wall:.2f} a second)")
    for name, most in sorted(run.memory.items()):
        print(f"  {name}: at most {most:.0f} MiB, {run.growth[name]:+.1f} MiB in the second half")


def stock_nbgrader(course: Course, folder: Path, submissions: Path) -> Run:
    """Grade with nbgrader's defaults in a course of its own; return what it cost."""
    source = folder / "source" / ID
    source.mkdir(parents=True)
    nbformat.write(course.read_solution(ID), source / f"{ID}.ipynb")
    (folder / "nbgrader_config.py").write_text("c = get_config()\n")
    for path in submissions.glob("*.ipynb"):
        target = folder / "submitted" / path.stem / ID
        target.mkdir(parents=True)
        shutil.copy(path, target / f"{ID}.ipynb")
    program = Path(sys.executable).with_name("nbgrader")
    variables = environment(course, folder)
    measure([program, "generate_assignment", ID], folder, variables)
    graded = measure([program, "autograde", ID], folder, variables)
    feedback = measure([program, "generate_feedback", ID], folder, variables)
    return Run(graded.wall + feedback.wall, graded.cpu + feedback.cpu, graded.memory, {})


def this_grader(course: Course, grading: Path, submissions: Path, workers: int = 0) -> Run:
    """Grade with this grader, as an instructor does; return what it cost."""
    release(course, grading)
    program = Path(sys.executable).with_name("autograder")
    words = [program, "grade", ID, "--submissions", submissions, "--seed", "1"]
    words += ["--workers", str(workers)] if workers else []
    return measure(words, course.root, environment(course, grading))


def measure(words: list[object], folder: Path, variables: dict[str, str]) -> Run:
    """Run a command to its end and return what it cost."""
    before = machine_cpu()
    start = time.monotonic()
    with tempfile.TemporaryFile() as log:  # a pipe that nobody reads would fill up
        process = subprocess.Popen(
            [str(word) for word in words], cwd=folder, env=variables, stdout=log, stderr=log
        )
        samples: list[dict[str, float]] = []
        while process.poll() is None:
            samples.append(memory_of(process.pid))
            time.sleep(0.25)
        wall = time.monotonic() - start
        if process.returncode:
            log.seek(0)
            sys.exit(f"{words[0]} failed:\n{log.read().decode()[-3000:]}")
    cpu = machine_cpu() - before
    names = {name for sample in samples for name in sample}
    most = {name: max(sample.get(name, 0.0) for sample in samples) for name in names}
    middle = samples[len(samples) // 2]
    growth = {name: most[name] - middle.get(name, most[name]) for name in names}
    return Run(wall, cpu, most, growth)


def machine_cpu() -> float:
    """Return the CPU seconds that all processes have used."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq)


def memory_of(pid: int) -> dict[str, float]:
    """Return the resident memory in MiB of the recording process and of each worker."""
    found: dict[str, float] = {}
    try:
        process = psutil.Process(pid)
        found["recorder"] = process.memory_info().rss / MEBIBYTE
        for number, worker in enumerate(workers_of(process), start=1):
            found[f"worker {number}"] = worker.memory_info().rss / MEBIBYTE
    except psutil.NoSuchProcess:
        pass
    return found


if __name__ == "__main__":
    main()

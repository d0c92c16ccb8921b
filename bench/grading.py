"""Throughput of grading: the same submissions through stock nbgrader and through this grader.

Run in turn, in one go, on an otherwise idle machine:

    python bench/grading.py                 # 60 submissions, both ways; the overhead; the scaling
    python bench/grading.py --long 1000     # and a long run with the memory of every process
"""

from __future__ import annotations

import argparse
import os
import resource
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

from autograder.implementations import load_implementations, solved, with_implementation
from autograder.kernel import JailedKernel
from convbook.course import Course

ID = "01-convolution"
MEBIBYTE = 2**20


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
    course = Course.find(Path(__file__))
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        write_class(course, work / "in", options.count)
        compare(course, work, options.count)
        overhead(course, work)
        scaling(course, work, options.count)
        if options.long:
            long_run(course, work, options.long)


def write_class(course: Course, folder: Path, count: int) -> None:
    """Write ``count`` notebooks: the solution and other right and wrong ones, in turn."""
    right = solved(course, ID)
    others = load_implementations(course, ID, "right") + load_implementations(course, ID, "wrong")
    kinds = [right, *(with_implementation(right, item) for item in others)]
    folder.mkdir(parents=True)
    for number in range(count):
        nbformat.write(kinds[number % len(kinds)], folder / f"student-{number:04}.ipynb")


def compare(course: Course, work: Path, count: int) -> None:
    """Print the throughput of both on the same submissions."""
    stock = stock_nbgrader(course, work / "stock", work / "in")
    ours = this_grader(course, work / "ours", work / "in")
    table = Table(title=f"{count} submissions of {ID}, graded with feedback pages")
    for heading in ("grader", "seconds", "s / submission", "CPU s / submission", "throughput"):
        table.add_column(heading, justify="right" if heading != "grader" else "left")
    for name, run in (("stock nbgrader", stock), ("this grader", ours)):
        ratio = f"{stock.wall / run.wall:.1f} x"
        cells = (run.wall, run.wall / count, run.cpu / count)
        table.add_row(name, *(f"{value:.2f}" for value in cells), ratio)
    Console().print(table)


def overhead(course: Course, work: Path) -> None:
    """Print the CPU that grading adds to what the student's own cells use."""
    few, many = 10, 40
    runs = []
    for count in (few, many):
        shutil.rmtree(work / "few", ignore_errors=True)
        write_class(course, work / "few", count)
        runs.append(this_grader(course, work / f"few-{count}", work / "few", workers=1).cpu)
    each = (runs[1] - runs[0]) / (many - few)
    own = student_compute(course)
    print(
        f"CPU per submission {each:.3f} s = the student's own cells {own:.3f} s "
        f"+ overhead {each - own:.3f} s"
    )


def student_compute(course: Course) -> float:
    """Return the CPU seconds that the kernel process spends in the cells of the solution."""
    cells = [cell.source for cell in solved(course, ID).cells if cell.cell_type == "code"]
    JailedKernel("numpy").close()
    with JailedKernel("numpy") as kernel:
        before = kernel_cpu(kernel)
        for source in cells:
            kernel.run(source, 30, lambda message: None)
        return kernel_cpu(kernel) - before


def kernel_cpu(kernel: JailedKernel) -> float:
    """Return the CPU seconds that the process of ``kernel`` has used."""
    texts: list[str] = []
    kernel.run(
        "import time; print(time.process_time())",
        10,
        lambda message: texts.append(message["content"].get("text", "")),
    )
    return float("".join(texts))


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
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    measure([program, "generate_assignment", ID], folder, environment)
    graded = measure([program, "autograde", ID], folder, environment)
    feedback = measure([program, "generate_feedback", ID], folder, environment)
    return Run(graded.wall + feedback.wall, graded.cpu + feedback.cpu, graded.memory, {})


def this_grader(course: Course, grading: Path, submissions: Path, workers: int = 0) -> Run:
    """Grade with this grader, as an instructor does; return what it cost."""
    program = Path(sys.executable).with_name("autograder")
    words = [program, "grade", ID, "--submissions", submissions, "--seed", "1"]
    words += ["--workers", str(workers)] if workers else []
    return measure(words, course.root, {**os.environ, "CONVBOOK_GRADING": str(grading)})


def measure(words: list[object], folder: Path, environment: dict[str, str]) -> Run:
    """Run a command to its end and return what it and all its processes cost."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    process = subprocess.Popen(
        [str(word) for word in words],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    samples: list[dict[str, float]] = []
    while process.poll() is None:
        samples.append(memory_of(process.pid))
        time.sleep(0.25)
    wall = time.monotonic() - start
    if process.returncode:
        assert process.stderr is not None
        sys.exit(f"{words[0]} failed:\n{process.stderr.read().decode()[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    names = {name for sample in samples for name in sample}
    most = {name: max(sample.get(name, 0.0) for sample in samples) for name in names}
    middle = samples[len(samples) // 2]
    growth = {name: most[name] - middle.get(name, most[name]) for name in names}
    return Run(wall, cpu, most, growth)


def memory_of(pid: int) -> dict[str, float]:
    """Return the resident memory in MiB of the recording process and of each worker."""
    found: dict[str, float] = {}
    try:
        process = psutil.Process(pid)
        found["recorder"] = process.memory_info().rss / MEBIBYTE
        for child in process.children():
            if "spawn_main" in " ".join(child.cmdline()):
                found[f"worker {len(found)}"] = child.memory_info().rss / MEBIBYTE
    except psutil.NoSuchProcess:
        pass
    return found


if __name__ == "__main__":
    main()

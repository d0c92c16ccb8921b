"""The command ``autograder regrade``: what would change for whom, a question, then it is done."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder import executors
from autograder.assignment import load_assignment
from autograder.harmless import one_line, plain
from autograder.jail import require_jail
from autograder.recording import complete_recordings
from autograder.regrade import Plan, carry_out, plan_regrade, read_class
from autograder.roll import names
from convbook.course import Course

NOT_DONE = 3  # the exit status where only the table was shown
console = Console()
COLUMNS = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


def regrade_command(
    assignment: Annotated[str, typer.Argument(help="the assignment, such as 01-convolution")],
    yes: Annotated[bool, typer.Option("--yes", help="do it, without a question")] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="worker processes; as many as cores by default")
    ] = None,
    db: Annotated[
        str, typer.Option(help="the gradebook, such as postgresql://USER@HOST/NAME")
    ] = "",
) -> None:
    """Grade everybody again after the assignment was changed; points given by hand stay."""
    if db:
        os.environ["CONVBOOK_DB"] = db
    course = Course.find()
    loaded = load_assignment(course, assignment)
    require_jail()
    for line in complete_recordings(course, assignment):
        _say(line)
    before = read_class(course, assignment)
    with TemporaryDirectory() as folder, Progress(*COLUMNS, console=console, transient=True) as bar:
        task = bar.add_task("grading", total=len(before.entries))
        executor = executors.processes(workers or executors.default_workers())
        plan = plan_regrade(
            course, loaded, before, executor, Path(folder), lambda: bar.advance(task)
        )
        bar.stop()
        _show(assignment, plan)
        if not (yes or _agreed()):
            _say("nothing was written: say the same with --yes to do it")
            raise typer.Exit(NOT_DONE)
        faults = plan.faults | carry_out(course, loaded, before, plan, Path(folder))
    _say(f"{len(before.entries) - len(faults)} of {len(before.entries)} are graded again")
    for student, fault in faults.items():
        _say(f"not {student}: {fault}")
    if faults:
        raise typer.Exit(1)


def _show(assignment: str, plan: Plan) -> None:
    for line in plan.changed:
        _say(f"{assignment}: {line}")
    old, new = plan.maximum
    _say(f"the maximum: {old:g}" + (f" → {new:g}" if old != new else ", as before"))
    moved = plan.moved
    if moved:
        table = Table("student", "points", "", title=f"{assignment}: what changes for whom")
        for move in moved:
            sign = move.after - move.before
            points = f"{move.before:g} → {move.after:g}"
            table.add_row(one_line(move.student), points, f"{sign:+g}")
        console.print(table)
    _say(f"{len(moved)} change, {len(plan.moves) - len(moved)} keep their points")
    for fault in dict.fromkeys(plan.faults.values()):
        _say(f"{names(s for s, said in plan.faults.items() if said == fault)}: {fault}")


def _agreed() -> bool:
    return sys.stdin.isatty() and typer.confirm("Write this to the gradebook?")


def _say(text: str) -> None:
    console.print(escape(plain(text)), highlight=False, soft_wrap=True)

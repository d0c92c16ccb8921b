"""The command ``autograder regrade``: what would change for whom, a question, then it is done."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder.assignments.assignment import load_assignment
from autograder.assignments.course import Course
from autograder.commands.common import AssignmentId, Database, Workers, console, say
from autograder.gradebook.recording import complete_recordings
from autograder.gradebook.regrade import Plan, carry_out, plan_regrade, read_class
from autograder.gradebook.roll import names
from autograder.grading import executors
from autograder.harmless.text import one_line
from autograder.jail.bubblewrap import require_jail

NOT_DONE = 3  # the exit status where only the table was shown
COLUMNS = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


def regrade_command(
    assignment: AssignmentId,
    yes: Annotated[bool, typer.Option("--yes", help="do it, without a question")] = False,
    workers: Workers = None,
    db: Database = "",
) -> None:
    """Grade everybody again after the assignment was changed; points given by hand stay."""
    course = replace(Course.find(), db=db)
    loaded = load_assignment(course, assignment)
    require_jail()
    for line in complete_recordings(course, assignment):
        say(line)
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
            say("nothing was written: say the same with --yes to do it")
            raise typer.Exit(NOT_DONE)
        faults = plan.faults | carry_out(course, loaded, before, plan, Path(folder))
    say(f"{len(before.entries) - len(faults)} of {len(before.entries)} are graded again")
    for student, fault in faults.items():
        say(f"not {student}: {fault}")
    if faults:
        raise typer.Exit(1)


def _show(assignment: str, plan: Plan) -> None:
    for line in plan.changed:
        say(f"{assignment}: {line}")
    old, new = plan.maximum
    say(f"the maximum: {old:g}" + (f" → {new:g}" if old != new else ", as before"))
    moved = plan.moved
    if moved:
        table = Table("student", "points", "", title=f"{assignment}: what changes for whom")
        for move in moved:
            sign = move.after - move.before
            points = f"{move.before:g} → {move.after:g}"
            table.add_row(one_line(move.student), points, f"{sign:+g}")
        console.print(table)
    say(f"{len(moved)} change, {len(plan.moves) - len(moved)} keep their points")
    for fault in dict.fromkeys(plan.faults.values()):
        say(f"{names(s for s, said in plan.faults.items() if said == fault)}: {fault}")


def _agreed() -> bool:
    return sys.stdin.isatty() and typer.confirm("Write this to the gradebook?")

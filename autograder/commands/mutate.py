"""The command ``autograder mutate``: the checks on trial."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.commands.common import AssignmentId, Json, console, open_course, write_json
from autograder.trials.matrix import matrix_table
from autograder.trials.mutation import try_library


def mutate_command(
    assignment: AssignmentId,
    seeds: Annotated[int, typer.Option(min=1, help="how many sets of random inputs")] = 1,
    json_file: Json = "",
) -> None:
    """Try the checks on the named wrong and other right implementations, in the jail."""
    course = open_course(assignment)
    columns = (TextColumn("trying"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("trying")

        def start(total: int) -> None:
            progress.update(task, total=total)

        tried = try_library(
            course, assignment, range(seeds), start, lambda _: progress.advance(task)
        )
    problems = [f"{t.implementation.name} {problem}" for t in tried for problem in t.problems]
    if json_file:
        implementations = [item.to_dict() for item in tried]
        write_json(
            json_file,
            {"assignment": assignment, "problems": problems, "implementations": implementations},
        )
    else:
        console.print(matrix_table(assignment, tried))
        for problem in problems:
            console.print(f"[red]✗[/red] {escape(problem)}", highlight=False, soft_wrap=True)
        good = len(tried) - sum(bool(item.problems) for item in tried)
        inputs = "one set" if seeds == 1 else f"{seeds} sets"
        console.print(f"{good} of {len(tried)} as intended, with {inputs} of random inputs")
    if problems:
        raise typer.Exit(1)

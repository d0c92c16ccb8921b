"""The command ``convbook``: release the assignments."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from convbook.course import Course
from convbook.release import ReleaseError, release

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
console = Console()


@app.callback()
def main() -> None:
    """Look after the course's own files."""


@app.command(name="release")
def release_command(
    assignments: Annotated[
        list[str] | None, typer.Argument(help="such as 01-convolution; all by default")
    ] = None,
) -> None:
    """Write the student notebooks and their zips from the text in solutions/."""
    try:
        course = Course.find()
        for assignment in assignments or course.assignments():
            path = release(course, assignment)
            console.print(f"{path.relative_to(course.root)}  dist/{assignment}.zip")
    except (FileNotFoundError, ReleaseError, ValueError) as error:
        console.print(f"[red]error:[/red] {escape(str(error))}", highlight=False)
        raise typer.Exit(2) from error

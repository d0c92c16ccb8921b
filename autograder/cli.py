"""The command ``autograder``: grade what came in, show the sample class."""

from __future__ import annotations

import logging
from collections.abc import Callable

import typer

from autograder.commands.common import explained
from autograder.commands.export import export_command
from autograder.commands.feedback import feedback_command
from autograder.commands.grade import demo_command, grade_command
from autograder.commands.mutate import mutate_command
from autograder.commands.regrade import regrade_command
from autograder.commands.release import release_command
from autograder.commands.report import report_command
from convbook.cli import print_anything

COMMANDS: dict[str, Callable[..., None]] = {
    "grade": grade_command,
    "demo": demo_command,
    "regrade": regrade_command,
    "report": report_command,
    "feedback": feedback_command,
    "export": export_command,
    "release": release_command,
    "mutate": mutate_command,
}

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@app.callback()
def main() -> None:
    """Grade the assignments of the course."""
    print_anything()
    logging.getLogger("traitlets").setLevel(logging.WARNING)


for name, command in COMMANDS.items():
    app.command(name=name)(explained()(command))

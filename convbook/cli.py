"""The command ``convbook``: release the assignments, look at the data, train a network."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
console = Console()


class Precision(StrEnum):
    """What `convbook.training.fit` computes in."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"


@app.callback()
def main() -> None:
    """Look after the course's own files, and train its networks."""
    print_anything()


@app.command(name="release")
def release_command(
    assignments: Annotated[
        list[str] | None, typer.Argument(help="such as 01-convolution; all by default")
    ] = None,
) -> None:
    """Write the student notebooks and their zips; the grader does it, where it is installed."""
    try:
        (entry,) = entry_points(group="convbook.commands", name="release")
        command = entry.load()
    except (ModuleNotFoundError, ValueError) as error:  # of an installation without the grader
        what = "convbook release is the work of the grader, which is not installed"
        fix = escape("python -m pip install --editable '.[grader]'")
        console.print(f"[red]error:[/red] {what}: {fix}", highlight=False, soft_wrap=True)
        raise typer.Exit(2) from error
    command(assignments)


@app.command(name="data")
def data_command(
    names: Annotated[
        list[str] | None, typer.Argument(help="such as digits; by default all without a download")
    ] = None,
) -> None:
    """Load data sets, downloading what is missing, and say what they are."""
    from convbook import data  # brings PyTorch, which the other commands do without

    with explained():
        for name in names or data.OFFLINE:
            table = Table(show_header=False, box=None, pad_edge=False)
            for fact, text in data.load(name).facts().items():
                table.add_row(fact, escape(text))
            console.print(table, "", highlight=False)


@app.command(name="train")
def train_command(
    model: Annotated[
        str, typer.Option(help="such as lenet-5; a wrong name lists all")
    ] = "small-cnn",
    model_options: Annotated[str, typer.Option(help="such as hidden=256,width=16")] = "",
    data: Annotated[str, typer.Option(help="such as shapes; a wrong name lists all")] = "digits",
    out: Annotated[
        Path | None, typer.Option(help="folder to write into; runs/MODEL-DATA by default")
    ] = None,
    epochs: Annotated[int, typer.Option(help="times through the training images")] = 30,
    batch_size: Annotated[int, typer.Option(help="images for each step")] = 64,
    learning_rate: Annotated[float, typer.Option(help="at the start; falls along a cosine")] = 2e-3,
    weight_decay: Annotated[float, typer.Option(help="how strongly weights shrink")] = 0.01,
    seed: Annotated[int, typer.Option(help="of all that is random")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps")] = "auto",
    precision: Annotated[Precision, typer.Option(help="auto suits the device")] = Precision.AUTO,
    augment: Annotated[str, typer.Option(help="on, off, or such as flip,crop,noise")] = "on",
    patience: Annotated[
        int | None, typer.Option(help="epochs without better validation before the end")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="go on with the run in OUT")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="replace the run in OUT")] = False,
) -> None:
    """Train a network, test it, and write weights, curves and figures."""
    from convbook.training.command import train
    from convbook.training.options import Options

    options = Options(
        model=model,
        model_options=model_options,
        data=data,
        out=out,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        weight_decay=weight_decay,
        seed=seed,
        device=device,
        precision=precision.value,
        augment=augment,
        patience=patience,
        resume=resume,
        overwrite=overwrite,
    )
    with explained():
        train(options, console)


def print_anything() -> None:
    """Let a terminal that lacks a character show ``?`` for it, in an error too."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


@contextmanager
def explained() -> Iterator[None]:
    """Say in one line what was wrong, and exit with 2."""
    try:
        yield
    except (OSError, ValueError) as error:
        console.print(f"[red]error:[/red] {escape(str(error))}", highlight=False)
        raise typer.Exit(2) from error

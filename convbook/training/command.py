"""The command ``convbook train``: a network, a data set, and a folder with what came of it."""

from __future__ import annotations

from math import isfinite
from pathlib import Path

import torch
from rich.console import Console
from rich.markup import escape
from torch import nn

from convbook import data as data_sets
from convbook import models
from convbook.data.dataset import Dataset
from convbook.training.callbacks import (
    Checkpoint,
    CSVLog,
    EarlyStopping,
    Progress,
    TerminateOnNaN,
)
from convbook.training.device import Compute
from convbook.training.evaluate import evaluate
from convbook.training.loop import fit
from convbook.training.options import Options, parse_augment, parse_model_options
from convbook.training.report import FILES, show, summarize, write
from convbook.training.run import Callback, Run
from convbook.training.schedules import LearningRateSchedule

INTERRUPTED = 130  # what a shell reports for a program that Ctrl-C ended


def train(options: Options, console: Console | None = None) -> None:
    """Train, test, and write weights, figures and curves into the folder.

    Ctrl-C ends it with the exit status 130, after a word on what is kept.

    Raises:
        ValueError: an option is out of its range, or the loss is no longer a number.
        FileExistsError: the folder holds a run, and nothing is said about it.
        FileNotFoundError: there is nothing to go on with.
    """
    console = console or Console()
    augment = parse_augment(options.augment)
    compute = Compute.choose(options.device, options.precision)
    check_folder(options)
    data = data_sets.load(options.data)
    model = build(options, data)
    console.print(heading(options, model, data, compute), soft_wrap=True, highlight=False)
    try:
        history = fit(
            model,
            data,
            options.epochs,
            batch_size=options.batch_size,
            learning_rate=options.learning_rate,
            weight_decay=options.weight_decay,
            device=options.device,
            seed=options.seed,
            augment=augment,
            callbacks=callbacks(options),
            precision=options.precision,
            resume_from=options.checkpoint if options.resume else None,
        )
        if not isfinite(history.rows[-1].train_loss):
            raise ValueError(history.stopped)
        tested = evaluate(model, data.test, device=compute.device)
        summary = summarize(options, model, data, history, tested, compute)
        write(options.folder, model, history, summary)
        show(console, options.folder, summary)
    except KeyboardInterrupt:
        console.print(f"\n{interrupted(options)}", soft_wrap=True, highlight=False)
        raise SystemExit(INTERRUPTED) from None


def check_folder(options: Options) -> None:
    """Refuse a folder that holds another run, or none to go on with."""
    folder = options.folder
    there = [name for name in FILES if (folder / name).exists()]
    if options.resume and options.overwrite:
        raise ValueError("resume and overwrite exclude each other: say one of them")
    if options.resume and not options.checkpoint.exists():
        raise FileNotFoundError(
            f"{options.checkpoint} is missing, so there is nothing to go on with: leave --resume "
            "away, or begin anew with --overwrite"
        )
    if there and not (options.resume or options.overwrite):
        raise FileExistsError(
            f"{folder} holds a run already ({there[0]}): go on with it by --resume, replace it by "
            "--overwrite, or choose another folder by --out"
        )


def build(options: Options, data: Dataset) -> nn.Module:
    """Return the network with the weights that the seed gives."""
    with torch.random.fork_rng([]):
        torch.manual_seed(options.seed)
        settings = parse_model_options(options.model_options)
        return models.build(options.model, len(data.class_names), data.image_shape, **settings)


class Clear(Callback):
    """Takes the files of an earlier run away, once nothing is left that could be refused."""

    def __init__(self, folder: Path) -> None:
        """Note where they are."""
        self.folder = folder

    def on_train_begin(self, run: Run) -> None:
        """Take them away."""
        for name in FILES:
            (self.folder / name).unlink(missing_ok=True)


def callbacks(options: Options) -> list[Callback]:
    """Return what watches over the run."""
    chosen: list[Callback] = [Clear(options.folder)] if options.overwrite else []
    if options.patience is not None:
        chosen.append(EarlyStopping(options.patience, monitor="validation_accuracy"))
    log, checkpoint = CSVLog(options.folder / "history.csv"), Checkpoint(options.folder)
    return [*chosen, LearningRateSchedule("cosine"), TerminateOnNaN(), log, checkpoint, Progress()]


def heading(options: Options, model: nn.Module, data: Dataset, compute: Compute) -> str:
    """Return what is trained on what, and where."""
    parameters = sum(weights.numel() for weights in model.parameters())
    channels, height, width = data.image_shape
    return (
        f"[bold]{escape(options.model)}[/bold] ({parameters:,} parameters) learns "
        f"[bold]{escape(options.data)}[/bold] ({len(data.train):,} images of {channels} × {height} "
        f"× {width}) on {compute.device}, {str(compute.dtype).removeprefix('torch.')}"
    )


def interrupted(options: Options) -> str:
    """Return what is kept after Ctrl-C, and how to go on."""
    if not options.checkpoint.exists():
        return "Interrupted before the first epoch was done: nothing is kept."
    path, command = escape(str(options.checkpoint)), escape(options.command(resume=True))
    return f"Interrupted. {path} keeps every whole epoch; go on with\n  {command}"

"""The command ``convbook train``: a network, a data set, and a folder with what came of it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path

import torch
from rich.console import Console
from rich.markup import escape
from torch import nn

from convbook import data as data_sets
from convbook import models
from convbook.data.dataset import Dataset
from convbook.training.augment import Augmentation, Compose, Crop, Flip, Rotate, Shift, Zoom
from convbook.training.callback import Callback
from convbook.training.callbacks import (
    Checkpoint,
    CSVLog,
    EarlyStopping,
    Progress,
    TerminateOnNaN,
)
from convbook.training.device import Compute, Precision
from convbook.training.evaluate import evaluate
from convbook.training.loop import fit
from convbook.training.report import FILES, show, summarize, write
from convbook.training.run import Run
from convbook.training.schedules import LearningRateSchedule

INTERRUPTED = 130  # what a shell reports for a program that Ctrl-C ended
AUGMENTATIONS: dict[str, Callable[[], Augmentation]] = {
    **{"flip": Flip, "shift": Shift, "rotate": Rotate, "zoom": Zoom, "crop": Crop},
}


@dataclass(frozen=True)
class Options:
    """What `train` can be told; each is an option of the command, with - in place of _.

    Args:
        model: a name in `convbook.models.MODELS`.
        data: a name in `convbook.data.NAMES`.
        out: the folder to write into; ``runs/MODEL-DATA`` if None.
        epochs: at most so many.
        batch_size: images for each step.
        learning_rate: of AdamW at the start; it falls to almost 0 along a cosine.
        seed: of the weights at the start and of all that is random in training.
        device: as in `resolve_device`.
        precision: as in `fit`.
        augment: ``"on"`` for small shifts, turns and zooms, which digits, clothes and shapes
            survive; ``"off"``; or names in `AUGMENTATIONS` with commas between.
        patience: stop after so many epochs without better validation accuracy, and keep the
            best; None to train to the end and keep the last.
        resume: whether to go on with the run in ``out``.
        overwrite: whether to replace the run in ``out``.
    """

    model: str = "small-cnn"
    data: str = "digits"
    out: Path | None = None
    epochs: int = 30
    batch_size: int = 64
    learning_rate: float = 2e-3
    seed: int = 0
    device: str = "auto"
    precision: Precision = "auto"
    augment: str = "on"
    patience: int | None = None
    resume: bool = False
    overwrite: bool = False

    @property
    def folder(self) -> Path:
        """Where to write."""
        return Path(self.out or Path("runs") / f"{self.model}-{self.data}")

    @property
    def checkpoint(self) -> Path:
        """From where to go on."""
        return self.folder / "checkpoint.safetensors"

    def command(self, resume: bool = False) -> str:
        """Return what to type for the same weights, or to go on with them.

        >>> Options(epochs=5, out=Path("mine")).command(resume=True)[-21:]
        '--augment on --resume'
        """
        words = ["convbook", "train"]
        for name, value in asdict(self).items():
            if value is not None and not isinstance(value, bool):
                words += [f"--{name.replace('_', '-')}", str(value)]
        return shlex.join([*words, "--resume"] if resume else words)


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
        return models.build(options.model, len(data.class_names), data.image_shape)


def parse_augment(text: str) -> Augmentation | None:
    """Return the augmentation that a word of the command line names.

    Raises:
        ValueError: a name is not known.

    >>> parse_augment("flip,shift")
    Compose(Flip(probability=0.5, upside_down=False), Shift(share=0.1, outside='zeros'), \
outside='zeros')
    """
    if text == "off":
        return None
    names = ["shift", "rotate", "zoom"] if text == "on" else text.split(",")
    for name in names:
        if name not in AUGMENTATIONS:
            raise ValueError(
                f"augment (={text!r}) must be on, off, or names of {', '.join(AUGMENTATIONS)} "
                "with commas between"
            )
    return Compose(*(AUGMENTATIONS[name]() for name in names))


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

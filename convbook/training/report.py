"""What a training run leaves behind: weights, curves, and a summary to repeat it by."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from matplotlib import style
from matplotlib.figure import Figure
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from torch import nn

from convbook.arithmetic.networks import TITLES
from convbook.data.dataset import Dataset
from convbook.plots import STYLE
from convbook.training.checkpoint import save_weights
from convbook.training.device import Compute
from convbook.training.evaluate import Evaluation
from convbook.training.files import replacing
from convbook.training.history import History
from convbook.training.options import Options

FILES = (
    *("checkpoint.safetensors", "weights.safetensors", "history.csv"),
    *("curves.svg", "curves.png", "summary.json"),
)
PACKAGES = ("convolutional-networks-by-hand", "torch", "numpy")


def summarize(
    options: Options,
    model: nn.Module,
    data: Dataset,
    history: History,
    tested: Evaluation,
    compute: Compute,
) -> dict[str, Any]:
    """Return what was done and what came of it; JSON can hold it."""
    seconds = sum(history.column("seconds"))
    return {
        "command": options.command(),
        "model": options.model,
        "data": options.data,
        "parameters": sum(weights.numel() for weights in model.parameters()),
        "test_accuracy": tested.accuracy,
        "test_loss": tested.loss,
        "test_images": len(data.test),
        "best_epoch": asdict(history.best("validation_accuracy")),
        "epochs": len(history),
        "stopped": history.stopped,
        "seconds": seconds,
        "images_per_second": len(history) * len(data.train) / seconds,
        "seed": options.seed,
        "device": str(compute.device),
        "precision": str(compute.dtype).removeprefix("torch."),
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
    }


def write(folder: Path, model: nn.Module, history: History, summary: Mapping[str, Any]) -> None:
    """Write the files; each replaces an earlier one as a whole."""
    save_weights(model, folder / "weights.safetensors", summary)
    history.to_csv(folder / "history.csv")
    curves(folder, history, f"{TITLES[summary['model']]} on {summary['data']}")
    with replacing(folder / "summary.json") as part:
        part.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", "utf-8")


def curves(folder: Path, history: History, title: str) -> None:
    """Write the history as a picture, for pages and for everything else."""
    with style.context(STYLE):
        figure = Figure(figsize=(9, 3.6), layout="constrained")
        figure.suptitle(title)
        history.plot(figure.subplots(1, 2))
        for kind, extra in (("svg", {"Date": None}), ("png", {})):
            metadata = {"Title": title, "Description": history.alt_text(), **extra}
            with replacing(folder / f"curves.{kind}") as part:
                figure.savefig(part, format=kind, dpi=150, metadata=metadata)


def show(console: Console, folder: Path, summary: Mapping[str, Any]) -> None:
    """Print the figures and where the files are."""
    best = summary["best_epoch"]
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row("test accuracy", f"[bold]{percent(summary['test_accuracy'])}[/bold]")
    table.add_row("test loss", f"{summary['test_loss']:.4f}")
    accuracy = percent(best["validation_accuracy"])
    table.add_row("best validation", f"{accuracy} after epoch {best['epoch']}")
    rate = f"{summary['images_per_second']:,.0f} images/s"
    table.add_row("time", f"{summary['seconds']:.1f} s for {summary['epochs']} epochs, {rate}")
    if summary["stopped"]:
        table.add_row("stopped early", escape(summary["stopped"]))
    table.add_row("written", f"{escape(str(folder))}: {', '.join(FILES)}")
    console.print(table, highlight=False)


def percent(share: float) -> str:
    """Return a share from 0 to 1 in per cent.

    >>> percent(0.98765)
    '98.77 %'
    """
    return f"{100 * share:.2f} %"

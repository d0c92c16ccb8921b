"""What the command ``convbook train`` can be told."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from convbook.training.augment import Augmentation, Compose, Crop, Flip, Rotate, Shift, Zoom
from convbook.training.color import Color, InTurn, Noise
from convbook.training.device import Precision
from convbook.training.run import Augment

MOVING: dict[str, Callable[[], Augmentation]] = {
    **{"flip": Flip, "shift": Shift, "rotate": Rotate, "zoom": Zoom, "crop": Crop},
}
COLORING: dict[str, Callable[[], Augment]] = {"color": Color, "noise": Noise}


@dataclass(frozen=True)
class Options:
    """What `train` can be told; each is an option of the command, with - in place of _.

    Args:
        model: a name in `convbook.models.MODELS`.
        model_options: what the model takes beside classes and image shape, such as
            ``"hidden=256,width=16"``.
        data: a name in `convbook.data.NAMES`.
        out: the folder to write into; ``runs/MODEL-DATA`` if None.
        epochs: at most so many.
        batch_size: images for each step.
        learning_rate: of AdamW at the start; it falls to almost 0 along a cosine.
        weight_decay: of AdamW.
        seed: of the weights at the start and of all that is random in training.
        device: as in `resolve_device`.
        precision: as in `fit`.
        augment: ``"on"`` for small shifts, turns and zooms, which digits, clothes and shapes
            survive; ``"off"``; or names in `MOVING` and `COLORING` with commas between.
        patience: stop after so many epochs without better validation accuracy, and keep the
            best; None to train to the end and keep the last.
        resume: whether to go on with the run in ``out``.
        overwrite: whether to replace the run in ``out``.
    """

    model: str = "small-cnn"
    model_options: str = ""
    data: str = "digits"
    out: Path | None = None
    epochs: int = 30
    batch_size: int = 64
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
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
            if value not in (None, "") and not isinstance(value, bool):
                words += [f"--{name.replace('_', '-')}", str(value)]
        return shlex.join([*words, "--resume"] if resume else words)


def parse_model_options(text: str) -> dict[str, int]:
    """Return the whole numbers that a word of the command line sets.

    Raises:
        ValueError: the text is of another form.

    >>> parse_model_options("hidden=256,width=16")
    {'hidden': 256, 'width': 16}
    """
    words = [word.partition("=") for word in text.split(",") if word]
    if not all(name and number.isdecimal() for name, _, number in words):
        raise ValueError(
            f"model_options (={text!r}) must be names with whole numbers, such as "
            "hidden=256,width=16"
        )
    return {name: int(number) for name, _, number in words}


def parse_augment(text: str) -> Augment | None:
    """Return the augmentation that a word of the command line names: cells move, then change.

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
        if name not in {**MOVING, **COLORING}:
            raise ValueError(
                f"augment (={text!r}) must be on, off, or names of "
                f"{', '.join([*MOVING, *COLORING])} with commas between"
            )
    moving = Compose(*(MOVING[name]() for name in names if name in MOVING))
    coloring = [COLORING[name]() for name in names if name in COLORING]
    return InTurn((moving, *coloring)) if coloring else moving

"""What is tried before training, since later it would be reported obscurely or after an epoch."""

from __future__ import annotations

import torch
from torch import nn

from convbook.data.dataset import Dataset, Split
from convbook.models.trace import meta_copy
from convbook.training.device import Compute
from convbook.training.modes import Modes, evaluating, set_modes

REFUSAL = "Expected more than 1 value per channel"  # so says PyTorch


def check_output(model: nn.Module, data: Dataset, compute: Compute) -> None:
    """Try one image, since a label without a logit is reported obscurely, on a GPU fatally.

    Raises:
        ValueError: the model does not return one logit a class.
    """
    images, _ = compute.batch(*data.train.take(slice(0, 1)))
    with evaluating(model), torch.inference_mode():
        shape = tuple(model(images).shape)
    classes = len(data.class_names)
    if shape != (1, classes):
        raise ValueError(
            f"model returns shape {shape} for one image, but {data.name} has {classes} classes: "
            f"build it with classes={classes}, so that it returns (N, {classes})"
        )


def check_last_batch(model: nn.Module, modes: Modes, train: Split, batch_size: int) -> None:
    """Try a last batch of one image on a weightless copy, before an epoch is spent on the others.

    Raises:
        ValueError: a batch normalisation of ``model`` cannot learn from it.
    """
    count = len(train)
    if count % batch_size != 1 and batch_size != 1:
        return
    name = _refuses_one(model, modes, train)
    if name:
        fits = next(size for size in range(batch_size + 1, count + 3) if count % size != 1)
        raise ValueError(
            f"batch_size (={batch_size}) leaves a last batch of 1 of {count:,} images, from whose "
            f"single value in a channel {name} (batch normalisation) cannot learn: "
            f"take batch_size={fits}, or one image more or less"
        )


def _refuses_one(model: nn.Module, modes: Modes, train: Split) -> str:
    """Return the name of the layer that cannot learn from one image, or nothing."""
    copy = meta_copy(model)
    set_modes(dict(zip(copy.modules(), map(modes.__getitem__, model.modules()), strict=True)))
    running: list[str] = []
    for name, module in copy.named_modules():
        module.register_forward_pre_hook(lambda *_, name=name: running.append(name))
    image, _ = train.take(slice(0, 1))
    try:
        copy(image.to("meta"))
    except ValueError as error:
        return (running[-1] or "the model") if REFUSAL in str(error) else ""
    except RuntimeError:
        return ""  # it looks at values, which a weightless copy does not have
    return ""

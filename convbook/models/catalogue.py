"""The networks of the course that PyTorch builds, by their names in `arithmetic.networks`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import signature
from typing import Any

from torch import nn

from convbook.models.alexnet import AlexNet
from convbook.models.inception import SmallInception
from convbook.models.lenet import LeNet5
from convbook.models.mlp import MLP
from convbook.models.patch_cnn import PatchCNN
from convbook.models.resnet import ResNet, small_resnet
from convbook.models.sizes import Shape
from convbook.models.small_cnn import SmallCNN
from convbook.models.vgg import STAGES, VGG

MODELS: dict[str, Callable[..., nn.Module]] = {
    "small-cnn": SmallCNN,
    "mlp": MLP,
    "patch-cnn": PatchCNN,
    "lenet-5": partial(LeNet5, original=False),
    "lenet-5-original": partial(LeNet5, original=True),
    "alexnet": partial(AlexNet, variant="two groups"),
    "alexnet-ungrouped": partial(AlexNet, variant="ungrouped"),
    "alexnet-single-tower": partial(AlexNet, variant="single tower"),
    **{f"vgg-{depth}": partial(VGG, depth=depth, batch_norm=False) for depth in STAGES},
    **{f"vgg-{depth}-bn": partial(VGG, depth=depth, batch_norm=True) for depth in STAGES},
    "resnet-18": partial(ResNet, blocks=(2, 2, 2, 2), widths=(64, 128, 256, 512)),
    "small-resnet": small_resnet,
    "small-inception": SmallInception,
}


def build(name: str, classes: int, input_shape: Shape, **options: Any) -> nn.Module:
    """Return a fresh network by its name on the command line.

    Args:
        name: one of `MODELS`.
        classes: how many logits it returns.
        input_shape: ``(C, H, W)`` of one image.
        options: what else its constructor takes, such as ``hidden``.

    Raises:
        ValueError: the name or an option is not known, or the constructor refuses a value.

    >>> model = build("vgg-11", classes=10, input_shape=(3, 32, 32), hidden=64, width=16)
    """
    known = options_of(name)
    for option in options:
        if option not in known:
            rule = f"takes {', '.join(known)}" if known else "takes no options"
            raise ValueError(f"{option} is not an option of {name}: it {rule}")
    return MODELS[name](classes=classes, input_shape=input_shape, **options)


def options_of(name: str) -> list[str]:
    """Return what `build` takes for a network besides classes and the input's shape.

    Raises:
        ValueError: the name is not known.

    >>> options_of("vgg-16")
    ['hidden', 'width']
    """
    if name not in MODELS:
        raise ValueError(f"name (={name!r}) must be one of {', '.join(MODELS)}")
    model = MODELS[name]
    fixed = {"classes", "input_shape"}
    if isinstance(model, partial):
        fixed |= model.keywords.keys()
    return [option for option in signature(model).parameters if option not in fixed]

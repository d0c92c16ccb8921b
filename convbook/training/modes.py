"""Training and evaluation mode, module by module: what its owner froze stays frozen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

Modes = dict[nn.Module, bool]


def training_modes(model: nn.Module) -> Modes:
    """Return which modules are to be in training mode while ``model`` learns.

    In a model in training mode a part in evaluation mode was put there on purpose. In one that is
    in evaluation mode as a whole, as after `fit`, all learn but batch normalisation whose weights
    do not.

    >>> model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    >>> _ = model[1].eval()
    >>> list(training_modes(model).values())
    [True, True, False]
    """
    if model.training:
        return {module: module.training for module in model.modules()}
    return {module: not _is_frozen(module) for module in model.modules()}


def set_modes(modes: Modes) -> None:
    """Put each module into its mode."""
    for module, training in modes.items():
        module.training = training


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Have all of ``model`` in evaluation mode; afterwards each module is in the one it had."""
    before = {module: module.training for module in model.modules()}
    model.eval()
    try:
        yield
    finally:
        set_modes(before)


def _is_frozen(module: nn.Module) -> bool:
    weights = list(module.parameters(recurse=False))
    learning = any(weight.requires_grad for weight in weights)
    return isinstance(module, _BatchNorm) and bool(weights) and not learning

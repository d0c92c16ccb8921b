"""How this package asks a model: in evaluation mode, and leaving it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


@contextmanager
def probing(model: nn.Module, gradients: bool = True) -> Iterator[None]:
    """Hold ``model`` in evaluation mode; afterwards each of its modules has the mode it had.

    Args:
        model: any module.
        gradients: whether autograd records meanwhile, whatever the surroundings say. Parameters
            need not be frozen: who asks for the gradient of an image alone leaves their ``grad``
            as it is.

    >>> model = nn.Dropout()
    >>> with probing(model):
    ...     model.training
    False
    >>> model.training
    True
    """
    in_training = [module for module in model.modules() if module.training]
    model.eval()
    try:
        with torch.inference_mode(False), torch.set_grad_enabled(gradients):
            yield
    finally:
        for module in in_training:
            module.training = True


def as_input(model: nn.Module, images: Tensor) -> Tensor:
    """Return a copy of ``images`` on the device and in the dtype of the model's parameters.

    Args:
        model: any module.
        images: shape ``(N, C, H, W)``, floating point.

    Raises:
        ValueError: the shape or dtype is another.

    >>> as_input(nn.Linear(1, 1).double(), torch.ones(1, 1, 2, 2)).dtype
    torch.float64
    """
    if images.ndim != 4 or not images.is_floating_point():
        raise ValueError(
            f"images (shape {tuple(images.shape)}, {images.dtype}) must have shape (N, C, H, W) "
            "and be floating point: add the axis with image[None], divide bytes by 255"
        )
    like = next(model.parameters(), images)
    return images.detach().to(like.device, like.dtype, copy=True)


def as_labels(labels: int | Tensor, logits: Tensor) -> Tensor:
    """Return one label for each row of ``logits``, int64, on its device.

    Args:
        labels: shape ``(N,)``, whole numbers; or one number for every image.
        logits: shape ``(N, classes)``.

    Raises:
        ValueError: the model gave no logits, or the labels do not fit them.

    >>> as_labels(1, torch.zeros(2, 3))
    tensor([1, 1])
    """
    if logits.ndim != 2:
        raise ValueError(
            f"the model gives shape {tuple(logits.shape)}, but it must be (N, classes): "
            "end it with a classifier"
        )
    count, classes = logits.shape
    given = torch.as_tensor(labels, device=logits.device)
    if given.is_floating_point() or given.shape not in [(), (count,)]:
        raise ValueError(
            f"labels (shape {tuple(given.shape)}, {given.dtype}) must be whole numbers, one for "
            f"each of the {count} images"
        )
    wrong = given[(given < 0) | (given >= classes)]
    if wrong.numel():
        raise ValueError(
            f"labels holds {wrong.flatten()[0].item()}, but the model has {classes} classes: "
            f"use 0 to {classes - 1}"
        )
    return given.long().expand(count)


def scores(logits: Tensor, labels: int | Tensor) -> Tensor:
    """Return the logit of each image's label, shape ``(N,)``; errors are those of `as_labels`.

    >>> scores(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([0, 1]))
    tensor([1., 4.])
    """
    return logits.gather(1, as_labels(labels, logits)[:, None])[:, 0]

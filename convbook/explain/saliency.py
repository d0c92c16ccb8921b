"""Where a network looks: gradient saliency, Grad-CAM and occlusion.

Each map has the shape of the image, lies on the device of the model, and is about one class: the
label that is passed.
"""

from __future__ import annotations

from itertools import product

import torch
from torch import Tensor, nn
from torch.nn import functional

from convbook.explain.activations import recording
from convbook.explain.probing import as_input, as_labels, probing, scores


def saliency(model: nn.Module, images: Tensor, labels: int | Tensor) -> Tensor:
    """Return how strongly each pixel would change the label's logit: ``max_c |∂S/∂x_c|``.

    The largest magnitude over the channels (Simonyan, Vedaldi and Zisserman, 2014, section 3.1).

    Args:
        model: maps ``(N, C, H, W)`` to logits ``(N, classes)``; it is left as it was.
        images: shape ``(N, C, H, W)``, floating point.
        labels: shape ``(N,)``, whole numbers; or one for every image.

    Returns:
        Shape ``(N, H, W)``, at least 0.

    Raises:
        ValueError: images or labels do not fit the model.

    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    >>> saliency(model, torch.zeros(1, 1, 2, 2), 1).shape
    torch.Size([1, 2, 2])
    """
    with probing(model):
        x = as_input(model, images).requires_grad_()
        [gradient] = torch.autograd.grad(scores(model(x), labels).sum(), x)
    return gradient.abs().amax(1)


def grad_cam(model: nn.Module, images: Tensor, labels: int | Tensor, layer: str) -> Tensor:
    """Return which places of a layer's maps speak for the label, enlarged to the image.

    ``L = ReLU(Σₖ αₖ Aᵏ)``, where ``αₖ`` is the mean over map ``k`` of the gradient of the label's
    logit (Selvaraju et al., 2017, equations 1 and 2). Enlarged bilinearly.

    Args:
        model: maps ``(N, C, H, W)`` to logits ``(N, classes)``; it is left as it was.
        images: shape ``(N, C, H, W)``, floating point.
        labels: shape ``(N,)``, whole numbers; or one for every image.
        layer: the name of a layer that gives maps, most often the last convolution.

    Returns:
        Shape ``(N, H, W)``, at least 0.

    Raises:
        ValueError: images or labels do not fit the model, or the layer gives no maps.

    >>> model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.Flatten(), nn.Linear(12, 2))
    >>> grad_cam(model, torch.ones(1, 1, 4, 4), 0, layer="0").shape
    torch.Size([1, 4, 4])
    """
    with probing(model):
        x = as_input(model, images).requires_grad_()  # a model of frozen weights has gradients too
        with recording(model, [layer]) as outputs:
            logits = model(x)
        maps = outputs[layer]
        if maps.ndim != 4:
            raise ValueError(
                f"layer {layer!r} gives shape {tuple(maps.shape)}, but Grad-CAM needs maps "
                "(N, C, H, W): use a convolution or a pooling"
            )
        score = scores(logits, labels).sum()
        [gradient] = torch.autograd.grad(score, maps, materialize_grads=True)
    weights = gradient.mean((2, 3), keepdim=True)
    heat = (weights * maps.detach()).sum(1, keepdim=True).relu()
    return functional.interpolate(heat, x.shape[2:], mode="bilinear")[:, 0]


def occlusion(
    model: nn.Module,
    images: Tensor,
    labels: int | Tensor,
    size: int,
    stride: int | None = None,
    fill: float = 0.5,
    batch_size: int = 256,
) -> Tensor:
    """Return how much of the label's probability is lost when a square hides each pixel.

    A square is moved over the image in steps of ``stride``, with a last one at the border; a
    pixel shows the mean loss over the squares that hid it (Zeiler and Fergus, 2014, section 4.2).

    Args:
        model: maps ``(N, C, H, W)`` to logits ``(N, classes)``; it is left as it was.
        images: shape ``(N, C, H, W)``, floating point.
        labels: shape ``(N,)``, whole numbers; or one for every image.
        size: side of the square, in pixels.
        stride: pixels between neighbouring squares, at most ``size``; half of it if not given.
        fill: what the square is filled with.
        batch_size: how many hidden images the model gets at a time.

    Returns:
        Shape ``(N, H, W)``, from −1 to 1: negative where the label gains by hiding.

    Raises:
        ValueError: an argument is out of its range, or images or labels do not fit the model.

    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(16, 2))
    >>> occlusion(model, torch.ones(1, 1, 4, 4), 0, size=2).shape
    torch.Size([1, 4, 4])
    """
    with probing(model, gradients=False):
        x = as_input(model, images)
        corners = _corners(x.shape[2:], size, max(size // 2, 1) if stride is None else stride)
        seen = model(x)
        target = as_labels(labels, seen)
        before = seen.softmax(1).gather(1, target[:, None])
        loss, times = torch.zeros_like(x[:, 0]), torch.zeros_like(x[0, 0])
        for some in _chunks(corners, max(batch_size // max(len(x), 1), 1)):
            hidden = torch.cat([_hide(x, corner, size, fill) for corner in some])
            after = model(hidden).softmax(1).view(len(some), len(x), -1)
            after = after.gather(2, target.expand(len(some), -1)[..., None])
            for (top, left), change in zip(some, before - after, strict=True):
                loss[:, top : top + size, left : left + size] += change[..., None]
                times[top : top + size, left : left + size] += 1
    return loss / times


def _corners(shape: tuple[int, ...], size: int, stride: int) -> list[tuple[int, int]]:
    height, width = shape
    if not 1 <= size <= min(height, width):
        raise ValueError(
            f"size (={size}) must be from 1 to {min(height, width)}, the image's shorter side"
        )
    if not 1 <= stride <= size:
        raise ValueError(
            f"stride (={stride}) must be from 1 to size (={size}), or some pixels are never hidden"
        )
    tops, lefts = ([*range(0, side - size, stride), side - size] for side in (height, width))
    return list(product(tops, lefts))


def _chunks(items: list[tuple[int, int]], length: int) -> list[list[tuple[int, int]]]:
    return [items[start : start + length] for start in range(0, len(items), length)]


def _hide(images: Tensor, corner: tuple[int, int], size: int, fill: float) -> Tensor:
    top, left = corner
    hidden = images.clone()
    hidden[:, :, top : top + size, left : left + size] = fill
    return hidden

"""Adversarial images: a small step along the gradient that changes what a network sees."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn
from torch.nn import functional

from convbook.explain.probing import as_input, as_labels, probing
from convbook.explain.walls import as_picture, range_text
from convbook.plots import show_signed
from convbook.tables import numeral


def fast_gradient_sign(
    model: nn.Module, images: Tensor, labels: int | Tensor, epsilon: float, targeted: bool = False
) -> Tensor:
    """Return ``images`` with every pixel moved by ``epsilon`` in the direction that misleads.

    ``x + ε·sign(∂J/∂x)``, with ``J`` the cross entropy of the label (Goodfellow, Shlens and
    Szegedy, 2015, section 4), kept within [0, 1].

    Args:
        model: maps ``(N, C, H, W)`` to logits ``(N, classes)``; it is left as it was.
        images: shape ``(N, C, H, W)``, floating point in [0, 1].
        labels: shape ``(N,)``, whole numbers, or one for every image: the true classes.
        epsilon: the most a pixel may change, from 0 to 1.
        targeted: whether ``labels`` are the classes to be seen instead; the step then goes down.

    Returns:
        Shape ``(N, C, H, W)``, in [0, 1].

    Raises:
        ValueError: an argument is out of its range, or images or labels do not fit the model.

    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    >>> fooled = fast_gradient_sign(model, torch.full((1, 1, 2, 2), 0.5), 0, epsilon=0.25)
    >>> sorted({abs(cell - 0.5) for cell in fooled.flatten().tolist()})
    [0.25]
    """
    return iterated_gradient_sign(model, images, labels, epsilon, 1, epsilon, targeted)


def iterated_gradient_sign(
    model: nn.Module,
    images: Tensor,
    labels: int | Tensor,
    epsilon: float,
    steps: int = 10,
    step_size: float | None = None,
    targeted: bool = False,
) -> Tensor:
    """Return ``images`` after several small steps, each as in `fast_gradient_sign`.

    After each step every pixel is brought back to within ``epsilon`` of where it began and to
    [0, 1] (the basic iterative method of Kurakin, Goodfellow and Bengio, 2017, section 2.2).

    Args:
        model: as in `fast_gradient_sign`.
        images: as in `fast_gradient_sign`.
        labels: as in `fast_gradient_sign`.
        epsilon: the most a pixel may change in all, from 0 to 1.
        steps: at least 1.
        step_size: how far a pixel moves in one step; if not given, so far that it could go
            ``epsilon`` twice.
        targeted: as in `fast_gradient_sign`.

    Returns:
        Shape ``(N, C, H, W)``, in [0, 1].

    Raises:
        ValueError: an argument is out of its range, or images or labels do not fit the model.

    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    >>> images = torch.rand(1, 1, 2, 2)
    >>> fooled = iterated_gradient_sign(model, images, 0, epsilon=0.1)
    >>> bool((fooled - images).abs().max() < 0.1001)
    True
    """
    step_size = _checked(images, epsilon, steps, step_size)
    with probing(model):
        start = as_input(model, images)
        least, most = (start - epsilon).clamp(min=0), (start + epsilon).clamp(max=1)
        moved = start
        for _ in range(steps):
            direction = _loss_gradient(model, moved, labels).sign()
            moved = moved + (-step_size if targeted else step_size) * direction
            moved = moved.clamp(least, most)
    return moved


def show_adversarial(
    figure: Figure, image: Tensor, fooled: Tensor, before: str, after: str
) -> None:
    """Draw an image, the change, and the changed image, with what the network sees in them.

    Args:
        figure: where to draw; it is laid out anew.
        image: shape ``(1, H, W)`` or ``(3, H, W)``, in [0, 1].
        fooled: the same shape, in [0, 1].
        before: the class seen in the image.
        after: the class seen in the changed image.
    """
    figure.clear()
    figure.set_layout_engine("constrained")
    left, middle, right = figure.subplots(1, 3)
    for axes, picture, title in ((left, image, before), (right, fooled, after)):
        axes.set_axis_off()
        axes.imshow(as_picture(picture), cmap="gray", vmin=0, vmax=1)
        axes.set_title(f"seen as {title}")
    change = (fooled - image).mean(0)
    show_signed(middle, change.numpy(force=True))
    middle.set_title(f"change, {range_text(change)}")


def adversarial_alt_text(image: Tensor, fooled: Tensor, before: str, after: str) -> str:
    """Return what `show_adversarial` shows, in words.

    >>> adversarial_alt_text(torch.zeros(1, 2, 2), torch.full((1, 2, 2), 0.1), "a 3", "an 8")
    'An image seen as a 3; with every pixel changed by at most 0.1 it is seen as an 8.'
    """
    most = numeral((fooled - image).abs().max().item(), 2)
    changed = f"with every pixel changed by at most {most} it is seen as {after}"
    return f"An image seen as {before}; {changed}."


def _loss_gradient(model: nn.Module, images: Tensor, labels: int | Tensor) -> Tensor:
    x = images.clone().requires_grad_()
    logits = model(x)
    loss = functional.cross_entropy(logits, as_labels(labels, logits))
    [gradient] = torch.autograd.grad(loss, x)
    return gradient


def _checked(images: Tensor, epsilon: float, steps: int, step_size: float | None) -> float:
    if not 0 <= epsilon <= 1:
        raise ValueError(f"epsilon (={epsilon}) must be from 0 to 1, the range of a pixel")
    if steps < 1:
        raise ValueError(f"steps (={steps}) must be at least 1")
    if step_size is None:
        step_size = 2 * epsilon / steps
    if step_size < 0:
        raise ValueError(f"step_size (={step_size}) must be at least 0")
    low, high = (images.min().item(), images.max().item()) if images.numel() else (0.0, 0.0)
    if not (low >= 0 and high <= 1):  # so that NaN is refused too
        raise ValueError(
            f"images range from {low:g} to {high:g}, but must lie in [0, 1]: divide bytes by 255"
        )
    return step_size

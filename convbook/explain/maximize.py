"""Activation maximisation: the image that excites one channel of a layer, by gradient ascent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from convbook.explain.activations import recording
from convbook.explain.probing import as_input, probing

GREY = 0.5
START_NOISE = 0.05


@dataclass(frozen=True)
class Ascent:
    """An image on its way up.

    Args:
        image: the last one, shape ``(C, H, W)``, in [0, 1].
        activations: the channel's mean before the first step and after each: ``steps + 1``; with
            jitter, of the rolled image, but for the last.
        frames: shape ``(frames, C, H, W)``, evenly spaced from the first image to the last.
        frame_steps: after how many steps each frame was kept.
    """

    image: Tensor
    activations: tuple[float, ...]
    frames: Tensor
    frame_steps: tuple[int, ...]


def maximize_activation(
    model: nn.Module,
    layer: str,
    channel: int,
    input_shape: Sequence[int],
    steps: int = 128,
    learning_rate: float = 0.02,
    *,
    l2: float = 0.0,
    total_variation: float = 0.0,
    jitter: int = 0,
    blur: float = 0.0,
    fourier: bool = False,
    frames: int = 2,
    generator: torch.Generator | None = None,
) -> Ascent:
    """Change an image step by step so that the mean activation of one channel grows.

    From grey with a little noise, each step goes along the gradient of the mean activation with
    respect to the image (Erhan et al., 2009), divided by its root mean square, and is clamped to
    [0, 1]. Since that direction has the same size in every layer, so has the meaning of the
    regularisers' weights:

    - ``l2`` pulls pixels back to grey (Simonyan et al., 2014); without other bounds the image
      settles with a root mean square of ``1 / l2`` around grey.
    - ``total_variation`` pulls neighbouring pixels together (Mahendran and Vedaldi, 2015).
    - ``jitter`` shows the model the image rolled at random by up to so many pixels, and ``blur``
      smooths it after each step by a Gaussian of that standard deviation, in pixels (both and
      the next: Olah, Mordvintsev and Schubert, "Feature Visualization", Distill 2017).
    - ``fourier`` climbs in the space of decorrelated frequencies: fine waves take small steps.

    A channel that is 0 everywhere, as behind a ReLU, has no direction: take the layer before it.

    Args:
        model: takes images of shape ``(1, C, H, W)``; it is left as it was.
        layer: the name of a layer, as in ``model.named_modules()``.
        channel: which of its channels (of a dense layer: which output).
        input_shape: ``(C, H, W)`` of the image.
        steps: at least 1.
        learning_rate: how far a pixel moves in one step, in root mean square.
        l2: at least 0.
        total_variation: at least 0; from 0.1 on it shows.
        jitter: pixels, at least 0.
        blur: pixels, at least 0; from 0.3 on it shows.
        fourier: whether to decorrelate.
        frames: how many images to keep, from 1 to ``steps + 1``.
        generator: of the noise and the jitter, a generator of the CPU.

    Raises:
        ValueError: an argument is out of its range, or there is no such layer or channel.

    >>> model = nn.Sequential(nn.Conv2d(1, 4, 3))
    >>> ascent = maximize_activation(model, "0", 2, (1, 8, 8), steps=10)
    >>> ascent.activations[-1] > ascent.activations[0]
    True
    """
    _check(steps, frames, learning_rate, l2, total_variation, jitter, blur)
    kept = [round(step) for step in torch.linspace(steps, 0, frames).flip(0).tolist()]
    noise = torch.randn(1, *input_shape, generator=generator)
    x = as_input(model, (GREY + START_NOISE * noise).clamp(0, 1))
    heights, images = [], []
    for step in range(steps + 1):
        images += [x[0]] * kept.count(step)
        roll = jitter if step < steps else 0
        height, direction = _uphill(model, layer, channel, x, roll, generator)
        heights.append(height)
        if step == steps:
            break
        direction = _decorrelated(direction) if fourier else direction
        direction = direction / direction.square().mean().sqrt().clamp(min=1e-12)
        direction -= l2 * (x - GREY) + total_variation * _variation_gradient(x)
        x = _blurred((x + learning_rate * direction).clamp(0, 1), blur)
    return Ascent(x[0], tuple(heights), torch.stack(images), tuple(kept))


def _uphill(
    model: nn.Module,
    layer: str,
    channel: int,
    x: Tensor,
    jitter: int,
    generator: torch.Generator | None,
) -> tuple[float, Tensor]:
    """Return the channel's mean activation, and its gradient with respect to ``x``."""
    shifts = torch.randint(-jitter, jitter + 1, (2,), generator=generator).tolist()
    with probing(model):
        image = x.clone().requires_grad_()
        with recording(model, [layer]) as outputs:
            model(image.roll(shifts, (2, 3)))
        output = outputs[layer]
        if not 0 <= channel < output.shape[1]:
            raise ValueError(
                f"channel (={channel}) must be from 0 to {output.shape[1] - 1}, "
                f"the last of layer {layer!r}"
            )
        height = output[:, channel].mean()
        [gradient] = torch.autograd.grad(height, image)
    return height.item(), gradient


def _decorrelated(gradient: Tensor) -> Tensor:
    """Return steepest ascent where each frequency is scaled to its share in photographs.

    Amplitudes there fall as ``1 / f``. Climbing in the coordinates ``z`` with ``x = F⁻¹(z / f)``
    moves the image along ``F⁻¹(F(gradient) / f²)``.
    """
    height, width = gradient.shape[2:]
    down, right = torch.fft.fftfreq(height), torch.fft.rfftfreq(width)
    frequency = torch.hypot(down[:, None], right).clamp(min=1 / max(height, width))
    scale = frequency.square().to(gradient)
    step: Tensor = torch.fft.irfft2(torch.fft.rfft2(gradient) / scale, s=(height, width))
    return step


def _variation_gradient(x: Tensor) -> Tensor:
    """Return the gradient of the sum of magnitudes of the differences between neighbours."""
    down, right = x.diff(dim=2).sign(), x.diff(dim=3).sign()
    return -(
        functional.pad(down, (0, 0, 0, 1))
        - functional.pad(down, (0, 0, 1, 0))
        + functional.pad(right, (0, 1))
        - functional.pad(right, (1, 0))
    )


def _blurred(x: Tensor, deviation: float) -> Tensor:
    if deviation == 0:
        return x
    radius = math.ceil(3 * deviation)
    offsets = torch.arange(-radius, radius + 1).to(x)
    weights = (-0.5 * (offsets / deviation).square()).exp()
    weights = (weights / weights.sum()).expand(x.shape[1], 1, -1)
    wide = functional.pad(x, [radius] * 4, mode="replicate")
    rows = functional.conv2d(wide, weights[..., None, :], groups=x.shape[1])
    return functional.conv2d(rows, weights[..., None], groups=x.shape[1])


def _check(steps: int, frames: int, learning_rate: float, *weights: float) -> None:
    if steps < 1:
        raise ValueError(f"steps (={steps}) must be at least 1")
    if not 1 <= frames <= steps + 1:
        raise ValueError(f"frames (={frames}) must be from 1 to steps + 1 (={steps + 1})")
    if not learning_rate > 0:
        raise ValueError(f"learning_rate (={learning_rate}) must be above 0")
    names = ("l2", "total_variation", "jitter", "blur")
    for name, weight in zip(names, weights, strict=True):
        if not weight >= 0:
            raise ValueError(f"{name} (={weight}) must be at least 0")

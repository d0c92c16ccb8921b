"""Receptive fields measured by gradient: which input cells a neuron depends on, and how much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call

from convbook.explain.activations import recording
from convbook.explain.probing import as_input, probing
from convbook.explain.stand_ins import Open

Position = tuple[int, int]


@dataclass(frozen=True, eq=False)
class MeasuredField:
    """The input cells that one neuron depends on.

    Args:
        cells: shape ``(H, W)``, bool.
        position: row and column of the neuron in its map.
    """

    cells: Tensor
    position: Position

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Top, left, and how many rows and columns it spans; all 0 where there is no cell."""
        rows, columns = (self.cells.any(axis).nonzero().flatten() for axis in (1, 0))
        if len(rows) == 0:
            return 0, 0, 0, 0
        top, bottom, left, right = (int(side) for side in (*rows[[0, -1]], *columns[[0, -1]]))
        return top, left, bottom - top + 1, right - left + 1


def measured_receptive_field(
    model: nn.Module,
    input_shape: Sequence[int],
    layer: str | None = None,
    position: Position | None = None,
) -> MeasuredField:
    """Return which input cells can change one neuron of ``layer``, found by one gradient.

    The gradient of the model as it is would miss cells: a ReLU may be shut, a pooling passes on
    its largest cell alone, paths may cancel. So stand-ins are measured, in double precision:
    random weights, all positive, and an input from 1 to 2, with which every ReLU stays open and
    no sum of paths is zero; batch normalisation as it begins; and functions that shut no cell out
    (`convbook.explain.stand_ins`). What is zero then has no path.

    Args:
        model: takes images of shape ``(N, C, H, W)``; it is left as it was.
        input_shape: ``(C, H, W)`` of one image.
        layer: the name of a layer that gives maps; the model's output if not given.
        position: row and column of the neuron in its map; the middle if not given.

    Raises:
        ValueError: there is no such layer or position, the layer gives no maps, or no gradient
            reaches the input at all.

    >>> model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3))
    >>> measured_receptive_field(model, (1, 9, 9)).box
    (2, 2, 5, 5)
    """
    generator = torch.Generator().manual_seed(0)
    tensors = {
        **{name: _positive(value, generator) for name, value in model.named_parameters()},
        **{name: _as_at_the_start(name, value) for name, value in model.named_buffers()},
    }
    x = 1 + torch.rand(1, *input_shape, generator=generator, dtype=torch.float64)
    with probing(model), Open():
        gradient, position = _input_gradient(
            model, lambda x: functional_call(model, tensors, (x,)), x, layer, position
        )
    return MeasuredField((gradient[0] != 0).any(0), position)


def effective_receptive_field(
    model: nn.Module,
    images: Tensor,
    layer: str | None = None,
    position: Position | None = None,
) -> Tensor:
    """Return how much each input cell moves one neuron: the gradient's mean magnitude.

    Of the model's own weights, averaged over images, the neuron's channels summed: far from
    even inside the field, and strongest in its middle (Luo, Li, Urtasun and Zemel, 2016).

    Args:
        model: takes images of shape ``(N, C, H, W)``; it is left as it was.
        images: shape ``(N, C, H, W)``, floating point: real ones, or random noise.
        layer: as in `measured_receptive_field`.
        position: as in `measured_receptive_field`.

    Returns:
        Shape ``(H, W)``, at least 0.

    Raises:
        ValueError: images do not fit, there is no such layer or position, or it gives no maps.

    >>> model = nn.Conv2d(1, 1, 3, bias=False)
    >>> effect = effective_receptive_field(model, torch.rand(4, 1, 5, 5))
    >>> torch.allclose(effect[1:4, 1:4], model.weight[0, 0].abs())
    True
    """
    with probing(model):
        x = as_input(model, images)
        gradient, _ = _input_gradient(model, model, x, layer, position)
    return gradient.abs().mean((0, 1))


def _input_gradient(
    model: nn.Module,
    call: Callable[[Tensor], Tensor],
    x: Tensor,
    layer: str | None,
    position: Position | None,
) -> tuple[Tensor, Position]:
    """Return the gradient of one neuron, its channels summed, and where the neuron is."""
    name = layer or ""
    x.requires_grad_()
    with recording(model, [name]) as outputs:
        call(x)
    maps = outputs[name]
    if maps.ndim != 4:
        what = f"layer {layer!r}" if layer else "the model"
        raise ValueError(
            f"{what} gives shape {tuple(maps.shape)}, but a neuron with a place needs maps "
            "(N, C, H, W): name a convolution or a pooling as layer"
        )
    height, width = maps.shape[2:]
    row, column = position or (height // 2, width // 2)
    if not (0 <= row < height and 0 <= column < width):
        raise ValueError(f"position (={position}) must be within {height} rows, {width} columns")
    [gradient] = torch.autograd.grad(maps[:, :, row, column].sum(), x)
    return gradient, (row, column)


def _positive(value: Tensor, generator: torch.Generator) -> Tensor:
    """Return random weights from 0.5 to 1.5, over the inputs of one output so that sums stay 1."""
    weights = 0.5 + torch.rand(value.shape, generator=generator, dtype=torch.float64)
    return weights / value[0].numel() if value.ndim > 1 else weights


def _as_at_the_start(name: str, value: Tensor) -> Tensor:
    """Return a buffer in double precision; running statistics as batch normalisation begins."""
    if name.endswith("running_mean"):
        return torch.zeros_like(value, dtype=torch.float64, device="cpu")
    if name.endswith("running_var"):
        return torch.ones_like(value, dtype=torch.float64, device="cpu")
    return value.cpu().to(torch.float64) if value.is_floating_point() else value.cpu()

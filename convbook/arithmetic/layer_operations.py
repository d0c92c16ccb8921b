"""What each kind of layer does to a shape, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

from convbook.arithmetic.layer_kinds import Layer, filled, pair, refusal
from convbook.arithmetic.layer_windows import windows_of

Shape = tuple[int, ...]
Filled = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """What a layer makes of its input, and at what cost.

    Args:
        shape: of the output.
        parameters: the learned numbers.
        macs: the multiply-accumulates.
        sees_all: whether each output depends on the whole input.
        inner: the elements of the maps inside a block, less its output: what its convolutions,
            normalisations and pooling make. Activations, the sum of a shortcut and the joining of
            paths work in place.
    """

    shape: Shape
    parameters: int = 0
    macs: int = 0
    sees_all: bool = False
    inner: int = 0

    @property
    def elements(self) -> int:
        """The elements of all its maps, the output among them."""
        return prod(self.shape) + self.inner


def operate(shape: Shape, layer: Layer) -> Made:
    """Return what ``layer``, as `read_layer` gave it, makes of an input.

    Args:
        shape: of the input, ``(C, H, W)`` or ``(features,)``.
        layer: its kind and fields.

    Raises:
        ValueError: the layer cannot follow an input of this shape.

    >>> operate((3, 32, 32), {"kind": "max_pool", "kernel_size": 2}).shape
    (3, 16, 16)
    """
    _require_input(shape, layer["kind"])
    return _OPERATIONS[layer["kind"]](shape, filled(layer))


def _require_input(shape: Shape, kind: str) -> None:
    why = refusal(kind, is_map=len(shape) == 3)
    if why:
        raise ValueError(f"its input has shape {shape}, but {why}")


def _positions(shape: Shape, full: Filled) -> list[int]:
    """Return how many rows and columns of places the layer's windows have."""
    sides = list(shape[1:])
    for windows in windows_of(full):
        sides = [window.output_size(n) for window, n in zip(windows, sides, strict=True)]
    return sides


def _conv(shape: Shape, full: Filled) -> Made:
    in_channels, out_channels, groups = shape[0], full["out_channels"], full["groups"]
    if in_channels % groups or out_channels % groups:
        raise ValueError(
            f"groups (={groups}) must divide in_channels (={in_channels}) and out_channels "
            f"(={out_channels}): use 1, or change the channels"
        )
    positions = _positions(shape, full)
    weights = in_channels // groups * prod(pair(full["kernel_size"])) * out_channels
    parameters = weights + full["bias"] * out_channels
    return Made((out_channels, *positions), parameters, weights * prod(positions))


def _pool(shape: Shape, full: Filled) -> Made:
    return Made((shape[0], *_positions(shape, full)))


def _global_avg_pool(shape: Shape, full: Filled) -> Made:
    return Made((shape[0], 1, 1))


def _elementwise(shape: Shape, full: Filled) -> Made:
    return Made(shape)


def _batch_norm(shape: Shape, full: Filled) -> Made:
    return Made(shape, parameters=2 * shape[0])


def _flatten(shape: Shape, full: Filled) -> Made:
    return Made((prod(shape),))


def _dense(shape: Shape, full: Filled) -> Made:
    weights, features = shape[0] * full["out_features"], full["out_features"]
    return Made((features,), weights + full["bias"] * features, weights, sees_all=True)


def _softmax(shape: Shape, full: Filled) -> Made:
    return Made(shape, sees_all=len(shape) == 1)


def _plain(shape: Shape, channels: int, size: int, stride: int = 1, bias: bool = True) -> Made:
    """A convolution that keeps the size at stride 1: a part of a block."""
    layer = {"kind": "conv", "out_channels": channels, "kernel_size": size, "stride": stride}
    return _conv(shape, filled({**layer, "padding": size // 2, "bias": bias}))


def _residual(shape: Shape, full: Filled) -> Made:
    """Two 3×3 convolutions and a shortcut (He et al., 2016, fig. 2, option B)."""
    channels, stride = full["out_channels"], full["stride"]
    first = _plain(shape, channels, 3, stride, bias=False)
    second = _plain(first.shape, channels, 3, bias=False)
    convolutions = [first, second]
    if stride > 1 or channels != shape[0]:
        convolutions.append(_plain(shape, channels, 1, stride, bias=False))
    parameters = sum(made.parameters + 2 * channels for made in convolutions)
    macs = sum(made.macs for made in convolutions)
    # A convolution and its normalisation make a map each; the last of them is the output.
    inner = (2 * len(convolutions) - 1) * prod(second.shape)
    return Made(second.shape, parameters, macs, inner=inner)


def _inception(shape: Shape, full: Filled) -> Made:
    """Four paths, joined by channels (Szegedy et al., 2015, fig. 2b)."""
    reduce3x3 = _plain(shape, full["reduce3x3"], 1)
    reduce5x5 = _plain(shape, full["reduce5x5"], 1)
    ends = [
        _plain(shape, full["conv1x1"], 1),
        _plain(reduce3x3.shape, full["conv3x3"], 3),
        _plain(reduce5x5.shape, full["conv5x5"], 5),
        _plain(shape, full["pool_projection"], 1),
    ]
    parts = [reduce3x3, reduce5x5, *ends]
    return Made(
        (sum(made.shape[0] for made in ends), *shape[1:]),
        sum(made.parameters for made in parts),
        sum(made.macs for made in parts),
        inner=reduce3x3.elements
        + reduce5x5.elements
        + prod(shape),  # the pooling keeps its input's shape
    )


_OPERATIONS: dict[str, Callable[[Shape, Filled], Made]] = {
    "conv": _conv,
    "max_pool": _pool,
    "avg_pool": _pool,
    "global_avg_pool": _global_avg_pool,
    "relu": _elementwise,
    "sigmoid": _elementwise,
    "tanh": _elementwise,
    "batch_norm": _batch_norm,
    "local_response_norm": _elementwise,
    "dropout": _elementwise,
    "flatten": _flatten,
    "dense": _dense,
    "softmax": _softmax,
    "residual": _residual,
    "inception": _inception,
}

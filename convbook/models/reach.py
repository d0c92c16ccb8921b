"""How far a tensor of a running network sees: receptive fields, function by function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

Pair = tuple[int, int]
Windows = list[tuple[int, int]]

_ADAPTIVE = ("adaptive_avg_pool2d", "adaptive_max_pool2d")
# Positional arguments of the functions with windows, as far as they matter here.
_ARGUMENTS = {
    "conv2d": ("input", "weight", "bias", "stride", "padding", "dilation"),
    "max_pool2d": ("input", "kernel_size", "stride", "padding", "dilation"),
    "avg_pool2d": ("input", "kernel_size", "stride"),
    "lp_pool2d": ("input", "norm_type", "kernel_size", "stride"),
}
_SEE_ALL = (
    *("linear", "matmul", "mm", "bmm", "addmm", "einsum", "softmax", "log_softmax"),
    *("layer_norm", "group_norm", "instance_norm"),
)


@dataclass(frozen=True)
class Reach:
    """The part of the input that one element depends on.

    Args:
        size: its rows and columns, padding included; None for everything.
        jump: rows and columns between the parts of two neighbours.
    """

    size: Pair | None = (1, 1)
    jump: Pair = (1, 1)


EVERYTHING = Reach(None)


def reach_after(
    function: str,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    inputs: Sequence[tuple[Tensor, Reach]],
    output: Tensor,
) -> Reach:
    """Return how far the output of a function of PyTorch sees.

    Convolutions and poolings grow the reach (Araujo, Norris and Sim, 2019). What keeps rows and
    columns, or only reshapes, takes the widest of its inputs. Dense layers, and whatever is not
    known, see everything.

    Args:
        function: its name, such as ``"conv2d"``.
        args: its positional arguments.
        kwargs: its arguments by name.
        inputs: those of its tensors that depend on the network's input, and their reach.
        output: what it made.
    """
    widest = _widest([reach for _, reach in inputs])
    before = inputs[0][0].shape
    if widest.size is None or function in _SEE_ALL:
        return EVERYTHING
    if function in _ADAPTIVE:
        return _grown(widest, _adaptive_windows(before[-2:], output.shape[-2:]))
    if function in _ARGUMENTS:
        given = dict(zip(_ARGUMENTS[function], args, strict=False)) | dict(kwargs)
        return _grown(widest, _windows(given))
    shapes = [one.shape[-2:] for one, _ in inputs]
    kept = output.shape[-2:] in shapes or output.shape.numel() == before.numel()
    return widest if kept or function == "pad" else EVERYTHING


def _widest(reaches: Sequence[Reach]) -> Reach:
    sizes = [reach.size for reach in reaches if reach.size is not None]
    if len(sizes) < len(reaches):
        return EVERYTHING
    rows, columns = map(max, zip(*sizes, strict=True))
    down, across = map(max, zip(*(reach.jump for reach in reaches), strict=True))
    return Reach((rows, columns), (down, across))


def _grown(reach: Reach, windows: Windows) -> Reach:
    assert reach.size is not None
    ((height, down), (width, across)), (rows, columns) = windows, reach.size
    size = (rows + (height - 1) * reach.jump[0], columns + (width - 1) * reach.jump[1])
    return Reach(size, (reach.jump[0] * down, reach.jump[1] * across))


def _windows(given: Mapping[str, Any]) -> Windows:
    """Return extent and stride of a window, for rows and for columns."""
    convolution = "weight" in given
    kernel = _pair(tuple(given["weight"].shape[2:]) if convolution else given["kernel_size"])
    stride = _pair(given.get("stride") or (1 if convolution else kernel))
    dilation = _pair(given.get("dilation", 1))
    steps = zip(kernel, stride, dilation, strict=True)
    return [(d * (k - 1) + 1, s) for k, s, d in steps]


def _pair(value: Any) -> Pair:
    rows, columns = (value, value) if isinstance(value, int) else value
    return rows, columns


def _adaptive_windows(before: Sequence[int], after: Sequence[int]) -> Windows:
    """Return the widest window and the largest stride: output i reads ⌊i·n/m⌋ to ⌈(i+1)·n/m⌉."""
    return [
        (max(-(-(i + 1) * n // m) - i * n // m for i in range(m)), -(-n // m))
        for n, m in zip(before, after, strict=True)
    ]

"""What the arguments of PyTorch's functions say about the dimensions of their tensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any

from torch import Tensor

from convbook.models import axes
from convbook.models.axes import Axis

Pair = tuple[int, int]
Step = Pair  # the start of a slice and its step

# What is done to each number by itself, or to numbers at one place of several tensors.
PLACE_BY_PLACE = frozenset(
    (
        *("relu", "relu6", "leaky_relu", "prelu", "rrelu", "elu", "selu", "celu", "gelu", "silu"),
        *("mish", "hardtanh", "hardsigmoid", "hardswish", "hardshrink", "softshrink", "softsign"),
        *("tanhshrink", "softplus", "threshold", "sigmoid", "tanh", "logsigmoid", "dropout"),
        *("dropout2d", "feature_dropout", "alpha_dropout", "batch_norm", "local_response_norm"),
        *("add", "radd", "iadd", "sub", "rsub", "isub", "mul", "rmul", "imul", "multiply"),
        *("div", "truediv", "rtruediv", "itruediv", "divide", "true_divide", "subtract", "pow"),
        *("rpow", "square", "sqrt", "rsqrt", "exp", "log", "log1p", "expm1", "abs", "neg", "erf"),
        *("sin", "cos", "atan", "clamp", "clip", "clamp_min", "clamp_max", "minimum", "maximum"),
        *("where", "lerp", "addcmul", "addcdiv", "reciprocal", "sign", "round", "floor", "ceil"),
        *("masked_fill", "nan_to_num", "clone", "detach", "contiguous", "to", "float", "half"),
        *("double", "bfloat16", "type", "type_as", "requires_grad", "gt", "lt", "ge", "le"),
    )
)
ADAPTIVE = (*("adaptive_avg_pool2d", "adaptive_max_pool2d", "adaptive_max_pool2d_with_indices"),)
ALONG_A_DIMENSION = (
    *("softmax", "log_softmax", "softmin", "sum", "mean", "amax", "amin", "norm", "var", "std"),
    *("normalize", "cumsum", "argmax", "argmin", "logsumexp", "glu", "chunk", "split", "unbind"),
)
RESHAPING = ("reshape", "view", "flatten", "unflatten", "squeeze", "unsqueeze")
TRANSPOSED_DEFAULTS = (("stride", 1), ("padding", 0), ("dilation", 1))
# Positional arguments of functions, as far as they matter here.
_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "conv2d": ("input", "weight", "bias", "stride", "padding", "dilation"),
    "conv_transpose2d": (
        *("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation"),
    ),
    **dict.fromkeys(
        ("max_pool2d", "max_pool2d_with_indices"),
        ("input", "kernel_size", "stride", "padding", "dilation"),
    ),
    "avg_pool2d": ("input", "kernel_size", "stride", "padding"),
    "lp_pool2d": ("input", "norm_type", "kernel_size", "stride"),
    "pad": ("input", "pad"),
    "pixel_shuffle": ("input", "upscale_factor"),
    "pixel_unshuffle": ("input", "downscale_factor"),
    "interpolate": (
        *("input", "size", "scale_factor", "mode", "align_corners", "recompute_scale_factor"),
        "antialias",
    ),
    "layer_norm": ("input", "normalized_shape"),
    "rms_norm": ("input", "normalized_shape"),
    "permute": ("input", "dims"),
    **dict.fromkeys(("transpose", "swapaxes", "swapdims"), ("input", "dim0", "dim1")),
    "getitem": ("input", "index"),
    **dict.fromkeys(ALONG_A_DIMENSION, ("input", "dim")),
    **dict.fromkeys(("normalize", "norm"), ("input", "p", "dim")),
    **dict.fromkeys(("chunk", "split"), ("input", "parts", "dim")),
}
_DIMENSIONS = {"normalize": 1, "glu": -1, "chunk": 0, "split": 0, "unbind": 0}


def named(function: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a function by name.

    >>> named("transpose", ("x", 1, 2), {})
    {'input': 'x', 'dim0': 1, 'dim1': 2}
    """
    if function == "permute" and len(args) > 2:
        args = (args[0], args[1:])  # x.permute(0, 2, 3, 1)
    given = dict(zip(_ARGUMENTS.get(function, ()), args, strict=False)) | dict(kwargs)
    if function in _DIMENSIONS:
        given.setdefault("dim", _DIMENSIONS[function])
    return given


def argument(
    names: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any], name: str, default: Any
) -> Any:
    """Return one argument, wherever it stands."""
    return (dict(zip(names, args, strict=False)) | dict(kwargs)).get(name, default)


def normalizes_by_batch(args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """Tell whether batch normalisation takes means from the images, not those it has learned."""
    names = ("input", "running_mean", "running_var", "weight", "bias", "training")
    return bool(argument(names, args, kwargs, "training", False))


def pair(value: Any) -> Pair:
    """Return a setting for rows and for columns; one number holds for both."""
    rows, columns = (value, value) if isinstance(value, int) else (*value, value[-1])[:2]
    return rows, columns


def from_last(dimension: int, count: int) -> int:
    """Return the number of a dimension as counted from the last one, −1."""
    return dimension - count if dimension >= 0 else dimension


def sides(tensor: Tensor, places: Pair) -> tuple[int, ...]:
    """Return rows and columns of a tensor that has them at ``places``; 1 where it is too short."""
    return tuple(tensor.shape[place] if -place <= tensor.ndim else 1 for place in places)


def mixed(given: Mapping[str, Any], count: int) -> set[int] | None:
    """Return the dimensions that a function goes along, from the last; None for all of them."""
    dimension = given.get("dim", given.get("axis"))
    if dimension is None:
        return None
    several = [dimension] if isinstance(dimension, int) else dimension
    return {from_last(one, count) for one in several}


def order_of(given: Mapping[str, Any], count: int) -> list[int] | None:
    """Return which old dimension stands at each place of the new order."""
    if "dims" in given:
        return [one % count for one in given["dims"]]
    order = list(range(count))
    first, second = given.get("dim0"), given.get("dim1")
    if first is None or second is None:
        return None
    first, second = first % count, second % count
    order[first], order[second] = second, first
    return order


def slices_of(index: Any, shape: tuple[int, ...]) -> list[Step | None] | None:
    """Return the slice of each dimension; None in it for a dimension that is gone.

    Returns:
        None where the index is more than numbers, slices and an ellipsis.

    >>> slices_of((slice(None), 0, slice(1, None, 2)), (4, 3, 9, 9))
    [(0, 1), None, (1, 2), (0, 1)]
    """
    parts = list(index) if isinstance(index, tuple) else [index]
    if any(part is not Ellipsis and not isinstance(part, int | slice) for part in parts):
        return None
    if Ellipsis in parts:
        place = parts.index(Ellipsis)
        parts[place : place + 1] = [slice(None)] * (len(shape) - len(parts) + 1)
    parts += [slice(None)] * (len(shape) - len(parts))
    steps: list[Step | None] = []
    for part, side in zip(parts, shape, strict=True):
        if isinstance(part, slice):
            start, _, step = part.indices(side)
            steps.append((start, step))
        else:
            steps.append(None)
    return steps


def resized(axis: Axis, before: int, after: int, given: Mapping[str, Any]) -> Axis | None:
    """Return an axis after ``torch.nn.functional.interpolate``."""
    mode = given.get("mode", "nearest")
    if given.get("antialias") or (mode not in _TAPS and mode != "area"):
        return None
    if mode == "area":
        return axes.adaptive(axis, before, after)
    reads = _taps(before, after, mode, bool(given.get("align_corners")))
    if after % before or given.get("align_corners"):
        return axes.resized(axis, before, after, lambda place: _inside(reads(place), before))
    return axes.read_by(axis, after // before * len(axis.spans), len(axis.spans), reads)


_TAPS = {"nearest": (0,), "nearest-exact": (0,), "bilinear": (0, 1), "bicubic": (-1, 0, 1, 2)}


def _taps(before: int, after: int, mode: str, corners: bool) -> Callable[[int], list[int]]:
    """Return which indices of the old axis one of the new axis is made from."""

    def reads(place: int) -> list[int]:
        if corners:
            point = Fraction(place * (before - 1), max(1, after - 1))
        elif mode == "nearest":
            point = Fraction(place * before, after)
        else:
            point = Fraction((2 * place + 1) * before, 2 * after)
            point -= 0 if mode == "nearest-exact" else Fraction(1, 2)
        first = floor(point)
        return [first] if first == point else [first + tap for tap in _TAPS[mode]]

    return reads


def _inside(indices: list[int], count: int) -> list[int]:
    return [min(max(index, 0), count - 1) for index in indices]

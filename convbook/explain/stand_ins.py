"""Functions in whose place others are measured: on these, every cell acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

Position = tuple[int, int]


class Open(TorchFunctionMode):
    """While it is active, no cell is shut out.

    A maximum over windows gives their mean. What bends, cuts off or rounds single numbers passes
    them on as they are: a ReLU6 above 6 has no slope. What makes numbers add up to a constant, as
    softmax and normalisation do, adds their mean instead: the slopes of a constant cancel.
    """

    def __torch_function__(
        self,
        func: Any,
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Call ``func``, or its stand-in."""
        name = getattr(func, "__name__", "").rstrip("_")
        if name in _BENDING:
            return _first(args, kwargs or {}) * 1.0
        return _STAND_INS.get(name, func)(*args, **(kwargs or {}))


def _window_mean(
    x: Tensor,
    kernel_size: int | Position,
    stride: int | Position | None = None,
    padding: int | Position = 0,
    dilation: int | Position = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor:
    """Return the mean of each window, zeros past the border, in the geometry of max-pooling."""
    geometry = (kernel_size, stride, padding, dilation, ceil_mode)
    height, width = functional.max_pool2d(x, *geometry).shape[2:]
    size, step = _pair(kernel_size), _pair(stride or kernel_size)
    (top, left), channels = _pair(padding), x.shape[1]
    # One stride more at the end: with ceil_mode the last window reaches past the padding.
    wide = functional.pad(x, (left, left + step[1], top, top + step[0]))
    kernel = x.new_full((channels, 1, *size), 1 / (size[0] * size[1]))
    means = functional.conv2d(wide, kernel, None, step, 0, dilation, channels)
    return means[..., :height, :width]


def _adaptive_mean(x: Tensor, output_size: Any, return_indices: bool = False) -> Tensor:
    return functional.adaptive_avg_pool2d(x, output_size)


def _with_indices(stand_in: Callable[..., Tensor], maximum: Any) -> Callable[..., Any]:
    """Return a stand-in that also gives where the maximum was."""

    def both(*args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        kwargs["return_indices"] = True
        return stand_in(*args, **kwargs), maximum(*args, **kwargs)[1]

    return both


def _spread(x: Tensor, dimensions: Sequence[int]) -> Tensor:
    return x + x.mean(tuple(dimensions), keepdim=True)


def _softmax(input: Tensor, dim: int | None = None, *_: Any, **__: Any) -> Tensor:
    return _spread(input, [1 if dim is None else dim])


def _normalized(input: Tensor, p: float = 2.0, dim: int = 1, *_: Any, **__: Any) -> Tensor:
    return _spread(input, [dim])


def _layer_norm(input: Tensor, normalized_shape: Sequence[int], *_: Any, **__: Any) -> Tensor:
    return _spread(input, range(-len(normalized_shape), 0))


def _group_norm(input: Tensor, num_groups: int, *_: Any, **__: Any) -> Tensor:
    groups = input.reshape(len(input), num_groups, -1)
    return _spread(groups, [2]).view(input.shape)


def _instance_norm(input: Tensor, *_: Any, **__: Any) -> Tensor:
    return _spread(input, range(2, input.ndim))


def _batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    *_: Any,
    **__: Any,
) -> Tensor:
    if training:
        return _spread(input, [0, *range(2, input.ndim)])
    return functional.batch_norm(input, running_mean, running_var, weight, bias)


def _first(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Tensor:
    value: Tensor = args[0] if args else kwargs["input"]
    return value


# Functions of one number each, whose slope may be zero, or so small that it is rounded to zero.
_BENDING = frozenset(
    (
        *("relu", "relu6", "hardtanh", "hardsigmoid", "hardswish", "hardshrink", "softshrink"),
        *("tanhshrink", "softsign", "threshold", "sigmoid", "tanh", "logsigmoid", "gelu", "silu"),
        *("mish", "elu", "selu", "celu", "softplus", "erf", "atan", "arctan", "exp", "clamp"),
        *("clip", "clamp_min", "clamp_max", "round", "floor", "ceil", "trunc", "sign", "sgn"),
    )
)
_STAND_INS = {
    "max_pool2d": _window_mean,
    "max_pool2d_with_indices": _with_indices(_window_mean, functional.max_pool2d),
    "adaptive_max_pool2d": _adaptive_mean,
    "adaptive_max_pool2d_with_indices": _with_indices(
        _adaptive_mean, functional.adaptive_max_pool2d
    ),
    **dict.fromkeys(("softmax", "softmin", "log_softmax"), _softmax),
    **dict.fromkeys(("layer_norm", "rms_norm"), _layer_norm),
    "normalize": _normalized,
    "group_norm": _group_norm,
    "instance_norm": _instance_norm,
    "batch_norm": _batch_norm,
}


def _pair(value: int | Sequence[int]) -> Position:
    values = [value] if isinstance(value, int) else [*value]
    return values[0], values[-1]

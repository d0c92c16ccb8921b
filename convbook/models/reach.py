"""How far a tensor of a running network sees: receptive fields, function by function.

A function that is on a list here is followed along rows and columns, index by index, so that
branches, slices and resizing can be followed too; the formula for windows in a row is
`convbook.arithmetic.layer_windows.Field.grown`. After any other function a tensor is taken to see
everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor

from convbook.models import axes, layouts
from convbook.models.axes import Axis
from convbook.models.layouts import Pair, pair

Inputs = Sequence[tuple[Tensor, "Reach | None"]]


@dataclass(frozen=True)
class Reach:
    """The part of the input that each place of a tensor depends on.

    Args:
        rows: along the rows of the input.
        columns: along its columns.
        places: the dimensions of the tensor that are its rows and columns, counted from the last
            one, −1; None once they were flattened, which a cell sees as far through as before.
    """

    rows: Axis
    columns: Axis
    places: Pair | None = (-2, -1)

    @property
    def size(self) -> Pair:
        """Rows and columns that one place sees, padding included."""
        return self.rows.size, self.columns.size


EVERYTHING = None
ITSELF = Reach(Axis(), Axis())  # the input, whose every cell sees itself
Given = Mapping[str, Any]
Follow = Callable[[Reach, Mapping[str, Any], Tensor, Tensor], Reach | None]


def reach_after(
    function: str, args: Sequence[Any], kwargs: Mapping[str, Any], inputs: Inputs, output: Tensor
) -> Reach | None:
    """Return how far the output of a function of PyTorch sees; None where it sees everything.

    Args:
        function: its name without underscores around it, such as ``"conv2d"``.
        args: its positional arguments.
        kwargs: its arguments by name.
        inputs: those of its tensors that depend on the network's input, and their reach.
        output: what it made.
    """
    reaches = [reach for _, reach in inputs]
    if None in reaches:
        return EVERYTHING
    if function == "batch_norm" and layouts.normalizes_by_batch(args, kwargs):
        return EVERYTHING
    if function in layouts.PLACE_BY_PLACE:
        return _merged(inputs, output)
    if function in ("cat", "concat", "concatenate"):
        dimension = layouts.argument(("tensors", "dim"), args, kwargs, "dim", 0)
        apart = _is_across(inputs[0], dimension)
        return EVERYTHING if apart else _merged(inputs, output)
    follow = _FOLLOWED.get(function)
    if follow is None or len(inputs) != 1 or (args[:1] != (inputs[0][0],) and args):
        return EVERYTHING
    tensor, reach = inputs[0]
    assert reach is not None
    given = layouts.named(function, args, kwargs)
    return follow(reach, given, tensor, output)


def _merged(inputs: Inputs, output: Tensor) -> Reach | None:
    """Return the reach of what depends on several tensors, place by place."""
    reaches = [reach for _, reach in inputs if reach is not None]
    places = {reach.places for reach in reaches}
    if len(places) > 1:
        return EVERYTHING
    (where,) = places
    if where is None:
        return reaches[0] if len(reaches) == 1 else EVERYTHING
    if any(layouts.sides(one, where) != layouts.sides(output, where) for one, _ in inputs):
        return EVERYTHING  # one place of a smaller tensor acts on all of a larger one
    rows = axes.merged([reach.rows for reach in reaches])
    columns = axes.merged([reach.columns for reach in reaches])
    return _made((rows, columns), where)


def _made(made: Iterable[Axis | None], places: Pair = (-2, -1)) -> Reach | None:
    rows, columns = made
    return EVERYTHING if rows is None or columns is None else Reach(rows, columns, places)


def _is_across(one: tuple[Tensor, Reach | None], dimension: int) -> bool:
    """Tell whether a dimension is one of the places, so that what goes along it mixes them."""
    tensor, reach = one
    if reach is None or reach.places is None:
        return True
    return layouts.from_last(dimension, tensor.ndim) in reach.places


def _as_images(follow: Follow) -> Follow:
    """Follow only a tensor whose rows and columns come last, as images have them."""

    def followed(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
        return follow(reach, given, before, after) if reach.places == (-2, -1) else EVERYTHING

    return followed


@_as_images
def _convolved(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
    kernel = tuple(given["weight"].shape[2:])
    stride, dilation = (pair(given.get(name, 1)) for name in ("stride", "dilation"))
    padding = given.get("padding", 0)
    if padding == "same":
        padding = tuple(d * (k - 1) // 2 for k, d in zip(kernel, dilation, strict=True))
    return _windowed(reach, kernel, stride, pair(0 if padding == "valid" else padding), dilation)


@_as_images
def _pooled(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
    kernel = pair(given["kernel_size"])
    stride = pair(given.get("stride") or kernel)
    padding, dilation = pair(given.get("padding", 0)), pair(given.get("dilation", 1))
    return _windowed(reach, kernel, stride, padding, dilation)


def _windowed(
    reach: Reach, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair
) -> Reach | None:
    steps = zip((reach.rows, reach.columns), kernel, stride, padding, dilation, strict=True)
    return _made(axes.windowed(axis, k, s, p, d) for axis, k, s, p, d in steps)


@_as_images
def _transposed(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
    kernel = tuple(given["weight"].shape[2:])
    rest = (pair(given.get(name, default)) for name, default in layouts.TRANSPOSED_DEFAULTS)
    steps = zip((reach.rows, reach.columns), kernel, *rest, strict=True)
    return _made(axes.transposed(axis, k, s, p, d) for axis, k, s, p, d in steps)


@_as_images
def _adaptive(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
    sides = zip((reach.rows, reach.columns), before.shape[-2:], after.shape[-2:], strict=True)
    return _made(axes.adaptive(axis, n, m) for axis, n, m in sides)


@_as_images
def _padded(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
    left, _, top, _ = (*given["pad"], 0, 0, 0, 0)[:4]
    return _made((axes.sliced(reach.rows, -top), axes.sliced(reach.columns, -left)))


@_as_images
def _shuffled(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
    times = given["upscale_factor"]
    return _made(axes.repeated(axis, times) for axis in (reach.rows, reach.columns))


@_as_images
def _unshuffled(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
    step = pair(given["downscale_factor"])
    return _windowed(reach, step, step, (0, 0), (1, 1))


@_as_images
def _resized(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
    sides = zip((reach.rows, reach.columns), before.shape[-2:], after.shape[-2:], strict=True)
    return _made(layouts.resized(axis, n, m, given) for axis, n, m in sides)


def _kept(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
    """Follow what is done to each place, unless it goes along rows or columns."""
    mixed = layouts.mixed(given, before.ndim)
    if reach.places is None or mixed is None or mixed & set(reach.places):
        return EVERYTHING
    gone = after.ndim < before.ndim
    places = [p + sum(p < m for m in mixed) if gone else p for p in reach.places]
    return replace(reach, places=(places[0], places[1]))


def _last(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
    """Follow what mixes the last dimensions, as a dense layer does."""
    count = len(given.get("normalized_shape", (1,)))
    mixed = set(range(-count, 0))
    return EVERYTHING if reach.places is None or mixed & set(reach.places) else reach


def _moved(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
    """Follow dimensions that change places."""
    order = layouts.order_of(given, before.ndim)
    if reach.places is None or order is None:
        return EVERYTHING
    rows, columns = (order.index(p + before.ndim) - before.ndim for p in reach.places)
    return replace(reach, places=(rows, columns))


def _reshaped(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
    """Follow rows and columns that stay the last dimensions; others are flattened."""
    same = before.shape[-2:] == after.shape[-2:] and after.ndim > 2
    if reach.places == (-2, -1) and same:
        return reach
    return replace(reach, places=None)


def _indexed(reach: Reach, given: Given, before: Tensor, after: Tensor) -> Reach | None:
    """Follow a part of a tensor that was cut out with slices."""
    steps = layouts.slices_of(given.get("index"), tuple(before.shape))
    if reach.places is None or steps is None:
        return EVERYTHING
    kept = [number for number, step in enumerate(steps) if step is not None]
    found = [steps[place] for place in reach.places]
    if None in found:
        return EVERYTHING
    (row_start, row_step), (column_start, column_step) = found  # type: ignore[misc]
    places = [kept.index(place + before.ndim) - len(kept) for place in reach.places]
    rows = axes.sliced(reach.rows, row_start, row_step)
    columns = axes.sliced(reach.columns, column_start, column_step)
    return _made((rows, columns), (places[0], places[1]))


_FOLLOWED: Mapping[str, Follow] = {
    "conv2d": _convolved,
    "conv_transpose2d": _transposed,
    **dict.fromkeys(("max_pool2d", "max_pool2d_with_indices", "avg_pool2d", "lp_pool2d"), _pooled),
    **dict.fromkeys(layouts.ADAPTIVE, _adaptive),
    "pad": _padded,
    "pixel_shuffle": _shuffled,
    "pixel_unshuffle": _unshuffled,
    "interpolate": _resized,
    **dict.fromkeys(layouts.ALONG_A_DIMENSION, _kept),
    **dict.fromkeys(("linear", "layer_norm", "rms_norm"), _last),
    **dict.fromkeys(("permute", "transpose", "swapaxes", "swapdims"), _moved),
    **dict.fromkeys(layouts.RESHAPING, _reshaped),
    "getitem": _indexed,
}

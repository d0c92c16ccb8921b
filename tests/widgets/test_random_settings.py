"""Every number of every widget on settings drawn at random, against PyTorch, SciPy and NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.ndimage
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch.nn import functional

from convbook.widgets import (
    ArchitectureTable,
    ConvolutionRoll,
    KernelExplorer,
    PoolingExplorer,
    ReceptiveField,
    ShapeCalculator,
)
from convbook.widgets.architecture_table.picture import describe as describe_table
from convbook.widgets.architecture_table.words import bytes_text
from convbook.widgets.convolution_roll.rolling import describe as describe_roll
from convbook.widgets.kernel_explorer.picture import describe as describe_kernel
from convbook.widgets.pooling_explorer.picture import describe as describe_pool
from convbook.widgets.pooling_explorer.picture import describe_shift
from convbook.widgets.receptive_field.words import describe as describe_field
from convbook.widgets.shape_calculator.words import describe as describe_shape
from tests.js.torch_layers import layer_counts, network
from tests.widgets.answers import Ask, answers

Array = NDArray[np.float64]

MODES = {"constant": "constant", "nearest": "replicate", "mirror": "reflect", "wrap": "circular"}
numbers = st.integers(-36, 36).map(lambda quarters: quarters / 4)
steps = st.integers(1, 8)
drawn = settings(deadline=None, max_examples=60)


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    with answers() as ask:
        yield ask


def matrices(rows: int, columns: int) -> st.SearchStrategy[list[list[float]]]:
    sizes = st.tuples(st.integers(1, rows), st.integers(1, columns))
    return sizes.flatmap(lambda size: st.lists(row(size[1]), min_size=size[0], max_size=size[0]))


def row(size: int) -> st.SearchStrategy[list[float]]:
    return st.lists(numbers, min_size=size, max_size=size)


def tensor(rows: list[list[float]]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)[None, None]


def close(got: Any, expected: Any) -> None:
    np.testing.assert_allclose(np.array(got, dtype=float), expected, rtol=1e-12, atol=1e-12)


def inside(place: int, size: int) -> int:
    return min(place, size - 1)


@drawn
@given(matrices(9, 9), matrices(4, 4), steps, st.integers(0, 4), st.integers(1, 3), st.data())
def test_when_a_kernel_is_stepped_then_output_patch_and_sum_are_pytorchs(
    ask, image, kernel, stride, padding, dilation, data
):
    mode, flip = data.draw(st.sampled_from(list(MODES))), data.draw(st.booleans())
    row, column = data.draw(st.integers(0, 12)), data.draw(st.integers(0, 12))
    options = {"stride": stride, "padding": padding, "dilation": dilation, "mode": mode}
    weights = tensor(kernel).flip(2, 3) if flip else tensor(kernel)
    page = ask(
        "kernel_explorer", image=image, kernel=kernel, flip=flip, row=row, column=column, **options
    )
    try:
        padded = functional.pad(tensor(image), [padding] * 4, mode=MODES[mode])
        expected = functional.conv2d(padded, weights, stride=stride, dilation=dilation)[0, 0]
    except RuntimeError:
        assert page["problem"]
        assert page["said"] == describe_kernel(KernelExplorer(image, kernel, flip=flip, **options))
        return
    close(page["output"], expected)
    row, column = inside(row, expected.shape[0]), inside(column, expected.shape[1])
    size = weights.shape[2:]
    unfolded = functional.unfold(padded, size, dilation=dilation, stride=stride)
    patch = unfolded[0, :, row * expected.shape[1] + column].reshape(size)
    close([[cell["value"] for cell in line] for line in page["patch"]], patch)
    close(page["products"], patch * weights[0, 0])
    close(page["sum"], expected[row, column])
    python = KernelExplorer(image, kernel, flip=flip, row=row, column=column, **options)
    close(python.output, expected)
    close(python.patch, patch)
    assert page["said"] == describe_kernel(python)


@drawn
@given(st.lists(numbers, min_size=1, max_size=24), st.lists(numbers, min_size=1, max_size=12))
@pytest.mark.parametrize("mode", ["full", "same", "valid", "periodic"])
@pytest.mark.parametrize("flip", [True, False])
def test_when_a_signal_rolls_then_output_and_matrix_are_numpys(ask, mode, flip, x, w):
    position = len(x) // 2
    page = ask("convolution_roll", x=x, w=w, mode=mode, flip=flip, position=position)
    if mode == "periodic":
        wrapped = np.zeros(len(x))
        np.add.at(wrapped, np.arange(len(w)) % len(x), w)
        matrix = scipy.linalg.circulant(wrapped)
        expected = (matrix if flip else matrix.T) @ x
    else:
        expected = (np.convolve if flip else np.correlate)(x, w, mode)
    close(page["output"], expected)
    close(np.array(page["matrix"]) @ x, expected)
    position = inside(position, len(expected))
    close(sum(term["value"] * term["weight"] for term in page["terms"]), expected[position])
    close(page["sum"], expected[position])
    python = ConvolutionRoll(x, w, mode, flip, position)
    close(python.output, expected)
    close(python.matrix, page["matrix"])
    assert page["said"] == describe_roll(python)


@drawn
@given(matrices(9, 9), steps, steps, st.integers(-3, 3), st.integers(0, 9999), st.data())
@pytest.mark.parametrize("kind", ["max", "average", "l2", "weighted", "stochastic"])
def test_when_an_image_is_pooled_then_all_is_pytorchs(
    ask, kind, image, size, stride, shift, seed, data
):
    row, column = data.draw(st.integers(0, 9)), data.draw(st.integers(0, 9))
    options = {"kind": kind, "size": size, "stride": stride, "shift": shift, "seed": seed}
    page = ask("pooling_explorer", image=image, row=row, column=column, **options)
    shifted = tensor(image).roll(shift, 3)
    window = [1 if side == 1 else size for side in shifted.shape[2:]]
    if any(side < length for side, length in zip(shifted.shape[2:], window, strict=True)):
        python = PoolingExplorer(image, **options)
        assert page["said"] == f"{describe_pool(python)} {describe_shift(python)}"
        return
    for name, pixels in (("output", shifted), ("before", tensor(image))):
        close(page[name], pooled(pixels, kind, window, stride, page["draws"]))
    close(page["shifted"], shifted[0, 0])
    close(page["unused"], ~read(shifted.shape[2:], window, stride))
    shape = np.shape(page["output"])
    row, column = inside(row, shape[0]), inside(column, shape[1])
    close(page["work"]["value"], page["output"][row][column])
    python = PoolingExplorer(image, row=row, column=column, **options)
    close(python.output, page["output"])
    assert page["said"] == f"{describe_pool(python)} {describe_shift(python)}"


def pooled(
    pixels: torch.Tensor, kind: str, window: list[int], stride: int, draws: list[float] | None
) -> Array:
    """PyTorch's pooling; the weighted mean and the draw from its unfolded windows."""
    if kind == "max":
        return functional.max_pool2d(pixels, window, stride)[0, 0].numpy()
    if kind == "average":
        return functional.avg_pool2d(pixels, window, stride)[0, 0].numpy()
    if kind == "l2":
        return functional.lp_pool2d(pixels.abs(), 2, window, stride)[0, 0].numpy()
    cells = functional.unfold(pixels, window, stride=stride)[0].numpy()
    shape = functional.max_pool2d(pixels, window, stride).shape[2:]
    if kind == "weighted":
        down, across = (np.arange(length) - (length - 1) / 2 for length in window)
        weights = 1 / (1 + np.hypot(*np.meshgrid(down, across, indexing="ij"))).ravel()
        return (weights / weights.sum() @ cells).reshape(shape)
    assert draws is not None
    running = np.cumsum(np.maximum(cells, 0), axis=0)
    wanted = np.array(draws) * running[-1]
    chosen = [int(np.searchsorted(running[:, at], want, "right")) for at, want in enumerate(wanted)]
    taken = [cells[i % len(cells), at] for at, i in enumerate(chosen)]
    return np.where(running[-1] > 0, taken, 0).reshape(shape)


def read(shape: Any, window: list[int], stride: int) -> NDArray[np.bool_]:
    image = torch.ones(1, 1, *shape, requires_grad=True)
    (gradient,) = torch.autograd.grad(functional.avg_pool2d(image, window, stride).sum(), image)
    return gradient[0, 0].numpy() > 0


@settings(deadline=None, max_examples=120)
@given(
    *(st.one_of(st.integers(1, 40), st.integers(1, 1024)) for _ in range(2)),
    *(st.integers(1, 11), steps, st.integers(0, 8), steps),
    *(st.integers(0, 1039) for _ in range(2)),
)
def test_when_a_shape_is_calculated_then_every_number_is_pytorchs(
    ask, height, width, kernel_size, stride, padding, dilation, row, column
):
    options = {
        "height": height,
        "width": width,
        "kernel_size": kernel_size,
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
    }
    page = ask("shape_calculator", row=row, column=column, **options)
    step = {"stride": stride, "dilation": dilation}
    found: dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {}
    places: dict[str, int] = {}
    for name, n, at in (("rows", height, row), ("columns", width, column)):
        signal = torch.ones(1, 1, n + 2 * padding, requires_grad=True)
        try:
            outputs = functional.conv1d(signal, torch.ones(1, 1, kernel_size), **step)
        except RuntimeError:
            assert page["problem"]
            assert page["said"] == describe_shape(ShapeCalculator(**options))
            return
        count = outputs.shape[2]
        places[name] = inside(at, count)
        wholes = (outputs.sum(), outputs[0, 0, places[name]])
        every, one = (
            torch.autograd.grad(whole, signal, retain_graph=True)[0][0, 0].numpy() > 0
            for whole in wholes
        )
        axis = page[name]
        assert axis["outputs"] == count
        assert axis["covered"] == every.tolist()
        assert axis["touched"] == one.tolist()
        assert axis["left"] == len(every) - 1 - every.nonzero()[0].max()
        found[name] = (every[padding : padding + n], every)
    covered = int(np.prod([inner.sum() for inner, _ in found.values()]))
    everywhere = int(np.prod([padded.sum() for _, padded in found.values()]))
    assert page["dropped"] == height * width - covered
    rim = (height + 2 * padding) * (width + 2 * padding) - height * width
    assert page["counts"][1:3] == [f"{covered:,} covered", f"{height * width - covered:,} dropped"]
    missed = rim - (everywhere - covered)
    never = f", {missed:,} of it never covered" if missed else ""
    assert page["counts"][3] == f"{rim:,} padding{never}"
    python = ShapeCalculator(**options, row=places["rows"], column=places["columns"])
    assert python.dropped == page["dropped"]
    assert page["said"] == describe_shape(python)


windows = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["conv", "max_pool", "avg_pool"]),
        "kernel_size": st.integers(1, 5),
        "stride": st.integers(1, 3),
        "padding": st.integers(0, 2),
    }
).map(lambda one: one | {"padding": min(one["padding"], one["kernel_size"] // 2)})


@drawn
@given(st.lists(windows, max_size=5), st.integers(4, 300), st.data())
def test_when_a_neuron_is_chosen_then_the_cells_it_sees_are_those_of_the_gradient(
    ask, layers, n, data
):
    python = ReceptiveField(layers, n, compare=data.draw(st.booleans()))
    signal = torch.ones(1, 1, n, dtype=torch.float64, requires_grad=True)
    levels = [signal]
    for layer in layers:
        ones = torch.ones(1, 1, layer["kernel_size"], dtype=torch.float64)
        steps = {name: layer[name] for name in ("stride", "padding")}
        try:
            levels.append(functional.conv1d(levels[-1], ones, **steps))
        except RuntimeError:
            break
    level = data.draw(st.integers(0, len(levels) - 1))
    python.level = level
    python.row, python.column = (
        data.draw(st.integers(0, levels[level].shape[2] - 1)) for _ in range(2)
    )
    names = ("layers", "input_size", "level", "row", "column", "compare")
    page = ask("receptive_field", **{name: getattr(python, name) for name in names})
    assert page["sizes"] == python.sizes == [one.shape[2] for one in levels]
    for side, at in (("rows", python.row), ("columns", python.column)):
        for below, seen in enumerate(page[side]):
            (gradient,) = torch.autograd.grad(
                levels[level][0, 0, at], levels[below], retain_graph=True
            )
            assert seen["cells"] == gradient[0, 0].nonzero()[:, 0].tolist()
    assert page["fields"][level] == {
        "size": python.size,
        "jump": python.jump,
        "start": python.spans[0][0].first + (python.size - 1) / 2 - python.row * python.jump,
    }
    assert page["said"] == describe_field(python)


convolutions = st.fixed_dictionaries(
    {"kind": st.just("conv"), "out_channels": st.integers(1, 9), "kernel_size": st.integers(1, 4)},
    optional={
        "stride": st.integers(1, 3),
        "padding": st.integers(0, 2),
        "dilation": st.integers(1, 2),
        "bias": st.booleans(),
        "activation": st.sampled_from(["none", "relu", "sigmoid", "tanh"]),
    },
)
layers = st.one_of(
    convolutions,
    st.fixed_dictionaries({"kind": st.just("max_pool"), "kernel_size": st.integers(1, 3)}),
    st.fixed_dictionaries({"kind": st.just("avg_pool"), "kernel_size": st.integers(1, 3)}),
    st.fixed_dictionaries(
        {
            "kind": st.just("residual"),
            "out_channels": st.integers(1, 9),
            "stride": st.integers(1, 2),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("inception"),
            **{
                name: st.integers(1, 6)
                for name in ("conv1x1", "reduce3x3", "conv3x3", "reduce5x5", "conv5x5")
            },
            "pool_projection": st.integers(1, 6),
        }
    ),
    st.sampled_from(
        [{"kind": kind} for kind in ("relu", "batch_norm", "local_response_norm", "dropout")]
    ),
)
heads = st.sampled_from(
    [
        [],
        [{"kind": "global_avg_pool"}],
        [{"kind": "flatten"}, {"kind": "dense", "out_features": 1, "activation": "softmax"}],
    ]
)


@drawn
@given(
    *(st.lists(layers, min_size=1, max_size=5), heads),
    st.tuples(st.integers(1, 6), st.integers(9, 48), st.integers(9, 48)),
    st.sampled_from(["parameters", "macs", "memory"]),
)
def test_when_a_network_is_counted_then_every_row_and_total_is_pytorchs(
    ask, stack, head, shape, share
):
    table = ArchitectureTable(layers=[*stack, *head], input_shape=shape, share=share)
    page = ask(
        "architecture_table",
        **{name: getattr(table, name) for name in ("layers", "input_shape", "selected", "share")},
    )
    assert page["said"] == describe_table(table)
    if page["problem"]:
        with pytest.raises((RuntimeError, ValueError)):
            network(table.layers, list(shape))
        return
    expected = layer_counts(network(table.layers, list(shape)), list(shape))
    for row, torchs in zip(page["counted"]["rows"], expected, strict=True):
        assert row["outputShape"] == torchs["output_shape"]
        names = ("parameters", "macs", "activations")
        assert [row[name] for name in names] == [torchs[name] for name in names]
    totals = {name: sum(one[name] for one in expected) for name in ("parameters", "macs")}
    memory = bytes_text(4 * sum(one["activations"] for one in expected))
    assert page["totals"]["memory"] == memory
    assert page["totals"]["parameters"] == f"{totals['parameters']:,}"
    assert page["totals"]["macs"] == f"{totals['macs']:,}"

"""Receptive fields: where PyTorch's gradients are not zero, and Distill's closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

CONV3 = {"kind": "conv", "kernel_size": 3}
CONV5 = {"kind": "conv", "kernel_size": 5}
POOL2 = {"kind": "max_pool", "kernel_size": 2}
SMALL = [CONV3, POOL2, CONV3, POOL2, CONV3]
DILATED = [{**CONV3, "dilation": dilation} for dilation in (1, 2, 4)]
SAME = [{**CONV3, "padding": 1}] * 3
RELU, NORM = {"kind": "relu"}, {"kind": "batch_norm", "activation": "relu"}
GLOBAL = {"kind": "global_avg_pool"}
# Holes from dilation, from a stride above the kernel size; floors; a field of padding alone.
STACKS = [
    [],
    SMALL,
    DILATED,
    SAME,
    [{"kind": "conv", "kernel_size": 1, "padding": 2}],
    [CONV5, {"kind": "conv", "kernel_size": 2, "padding": 3, "dilation": 3}],
    [{"kind": "avg_pool", "kernel_size": 2, "stride": 3}, {"kind": "max_pool", "kernel_size": 3}],
    [
        {"kind": "conv", "kernel_size": 4, "stride": 2, "padding": 1},
        {"kind": "avg_pool", "kernel_size": 3, "stride": 2, "padding": 1},
        {"kind": "conv", "kernel_size": 3, "padding": 2, "dilation": 2},
    ],
]
# What works cell by cell, blocks, windows given as rows and columns, channels and activations.
NETWORKS = [
    [RELU, {"kind": "conv", "out_channels": 8, "kernel_size": [3, 3]}, RELU, NORM, POOL2],
    [{"kind": "dropout"}, {"kind": "softmax"}],
    [
        {"kind": "conv", "kernel_size": 7, "stride": 2, "padding": 3},
        {"kind": "max_pool", "kernel_size": 3, "stride": 2, "padding": 1},
        {"kind": "residual"},
        {"kind": "residual", "out_channels": 16, "stride": 2},
        {"kind": "local_response_norm"},
        {"kind": "inception"},
    ],
]


def _settings(layer: dict[str, Any]) -> tuple[int, int, int, int]:
    kernel_size = layer["kernel_size"]
    if isinstance(kernel_size, list):
        kernel_size, _ = kernel_size
    stride = 1 if layer["kind"] == "conv" else kernel_size
    return (
        kernel_size,
        layer.get("stride", stride),
        layer.get("padding", 0),
        layer.get("dilation", 1),
    )


def _random_stacks() -> list[list[dict[str, Any]]]:
    rng = np.random.default_rng(12)
    return [[_random_layer(rng) for _ in range(rng.integers(1, 6))] for _ in range(25)]


def _random_layer(rng: np.random.Generator) -> dict[str, Any]:
    kind = ("conv", "max_pool", "avg_pool", "relu")[rng.integers(4)]
    if kind == "relu":
        return RELU
    ends = {"kernel_size": (1, 5), "stride": (1, 4), "padding": (0, 3), "dilation": (1, 4)}
    fields = {name: int(rng.integers(*pair)) for name, pair in ends.items()}
    if kind != "conv":
        fields["padding"] = min(fields["padding"], fields["kernel_size"] // 2)
    if kind == "avg_pool":
        del fields["dilation"]
    return {"kind": kind} | fields


def _convolved(x: torch.Tensor, kernel_size: int, *settings: int) -> torch.Tensor:
    """A convolution with all weights 1, in one dimension or in two."""
    planes = x.ndim - 2
    ones = torch.ones(1, 1, *[kernel_size] * planes, dtype=x.dtype)
    return (functional.conv1d, functional.conv2d)[planes - 1](x, ones, None, *settings)


def _applied(layer: dict[str, Any], x: torch.Tensor) -> torch.Tensor:
    """What a layer reads, added up: pooling as an average, dilated as a sum; no cell is lost."""
    if layer["kind"] == "residual":
        stride = layer.get("stride", 1)
        body = _convolved(_convolved(x, 3, stride, 1), 3, 1, 1)
        return body + _convolved(x, 1, stride)
    if layer["kind"] == "inception":
        return sum((_convolved(x, k, 1, k // 2) for k in (3, 5)), start=_convolved(x, 1))
    if layer["kind"] == "global_avg_pool":
        return x.mean(tuple(range(2, x.ndim)), keepdim=True)
    if "kernel_size" not in layer:
        return x * 1
    kernel_size, stride, padding, dilation = _settings(layer)
    if layer["kind"] != "conv" and dilation == 1:
        average = (functional.avg_pool1d, functional.avg_pool2d)[x.ndim - 3]
        return average(x, kernel_size, stride, padding)
    return _convolved(x, kernel_size, stride, padding, dilation)


def _levels(layers: list[dict[str, Any]], signal: torch.Tensor) -> list[torch.Tensor]:
    levels = [signal.requires_grad_()]
    for layer in layers:
        below = _applied(layer, levels[-1])
        below.retain_grad()
        levels.append(below)
    return levels


def _touched(layers: list[dict[str, Any]], shape: tuple[int, ...], place: tuple[int, ...]) -> Any:
    """For each level, the cells where the gradient of one neuron of the last is not zero."""
    levels = _levels(layers, torch.ones(1, 1, *shape, dtype=torch.float64))
    levels[-1][0, 0][place].backward()
    return [np.argwhere(level.grad[0, 0].numpy()) for level in levels]


def _size(layers: list[dict[str, Any]], n: int) -> int | None:
    try:
        return int(_levels(layers, torch.ones(1, 1, n, dtype=torch.float64))[-1].shape[-1])
    except RuntimeError:
        return None


def receptive_fields() -> list[dict[str, Any]]:
    """Size, jump and start after each layer, measured on two neighbours far from the border."""
    return [
        {"layers": layers, "expected": [_measured(layers[: i + 1]) for i in range(len(layers))]}
        for layers in [*STACKS, *NETWORKS, *_random_stacks()]
    ]


def _measured(layers: list[dict[str, Any]]) -> list[float]:
    n = 1500
    middle = (_size(layers, n) or 0) // 2
    one, next_one = (_touched(layers, (n,), (index,))[0][:, 0] for index in (middle, middle + 1))
    jump = int(next_one[0] - one[0])
    start = (one[0] + one[-1]) / 2 - middle * jump
    return [int(one[-1] - one[0] + 1), jump, float(start)]


def receptive_cells() -> list[dict[str, Any]]:
    """The exact cells in every level by gradient, and the unclipped ends by the closed form.

    The closed form knows one window a layer: networks have none of it.
    """
    cases = []
    for layers in [*STACKS, *_random_stacks(), *NETWORKS, [*SMALL, GLOBAL, RELU]]:
        n = 31
        last = _size(layers, n)
        if last is None:
            continue
        for index in sorted({0, last // 2, last - 1}):
            cells = [level[:, 0] for level in _touched(layers, (n,), (index,))]
            case = {"layers": layers, "level": len(layers), "index": index, "n": n}
            ends = _ends(layers, index) if all("kernel_size" in one for one in layers) else None
            cases.append(case | {"ends": ends, "cells": cells})
    return cases


def _ends(layers: list[dict[str, Any]], index: int) -> list[list[int]]:
    """First and last cell in every level (Araujo et al. 2019, "solving the recurrence")."""
    ends = []
    for level in range(len(layers) + 1):
        settings = np.array([_settings(layer) for layer in layers[level:]]).reshape(-1, 4)
        kernel_size, stride, padding, dilation = settings.T
        below = np.concatenate([[1], np.cumprod(stride)]).astype(int)
        reach = dilation * (kernel_size - 1) + 1
        first = index * below[-1] - (padding * below[:-1]).sum()
        last = index * below[-1] - ((1 + padding - reach) * below[:-1]).sum()
        ends.append([int(first), int(last)])
    return ends


def receptive_planes() -> list[dict[str, Any]]:
    """In two dimensions: the input cells, row and column, that one neuron depends on."""
    cases = []
    for layers in [*STACKS, *NETWORKS, *_random_stacks()[:8]]:
        last = _size(layers, 20)
        if last is None:
            continue
        place = (0, last // 2)
        touched = _touched(layers, (20, 20), place)[0]
        case = {"layers": layers, "n": 20, "row": place[0], "column": place[1]}
        cases.append(case | {"expected": touched})
    return cases


def receptive_sizes() -> list[dict[str, Any]]:
    """Map sizes as PyTorch reports them; null where it refuses."""
    return [
        {"layers": layers, "n": n, "expected": _size(layers, n)}
        for layers in [*STACKS, *NETWORKS, *_random_stacks()]
        for n in (1, 4, 12, 28)
    ]


def receptive_known() -> list[dict[str, Any]]:
    """The course's numbers: span, cells of the field, share in percent of a 28×28 input."""
    stacks = {18: SMALL, 7: [CONV3] * 3, 5: [CONV3] * 2}
    return [
        {"layers": layers, "span": span, "cells": span * span, "share": span * span / 784}
        for span, layers in [*stacks.items(), (5, [CONV5]), (7, [{**CONV3, "kernel_size": 7}])]
    ]


GOLDEN = {
    "receptive_fields": receptive_fields,
    "receptive_cells": receptive_cells,
    "receptive_planes": receptive_planes,
    "receptive_sizes": receptive_sizes,
    "receptive_known": receptive_known,
}

"""Which cells a convolution reads, from PyTorch: the gradient of its sum is zero elsewhere."""

from __future__ import annotations

import itertools
from typing import Any

import torch

NAMES = ("n", "kernel_size", "stride", "padding", "dilation")
GEOMETRIES = [
    (n, kernel_size, stride, padding, dilation)
    for n, kernel_size, stride, padding, dilation in itertools.product(
        (1, 6, 13), (1, 2, 3, 5), (1, 2, 5), (0, 1, 3), (1, 2, 3)
    )
    if n + 2 * padding > dilation * (kernel_size - 1)
]
# Too small, and each argument below its least.
REFUSED = [
    (2, 3, 1, 0, 1),
    (5, 3, 2, 0, 3),
    (3, 6, 1, 1, 1),
    (0, 1, 1, 0, 1),
    (-2, 1, 1, 3, 1),
    (5, 0, 1, 0, 1),
    (5, 3, 0, 0, 1),
    (5, 3, 1, -1, 1),
    (5, 3, 1, 0, 0),
]


def covered_cells() -> list[dict[str, Any]]:
    """The input cells on which the sum of all outputs depends."""
    return [_case(*case) | {"expected": _read(*case)} for case in GEOMETRIES]


def leftover_cells() -> list[dict[str, Any]]:
    """The cells behind the last one that is read, counted on an input padded beforehand."""
    cases = []
    for n, kernel_size, stride, padding, dilation in GEOMETRIES:
        read = _read(n + 2 * padding, kernel_size, stride, 0, dilation)
        case = _case(n, kernel_size, stride, padding, dilation)
        cases.append(case | {"expected": read[::-1].index(True)})
    return cases


def same_padding() -> list[dict[str, Any]]:
    """The padding with which PyTorch keeps 9 cells; null where it knows none."""
    return [
        {"kernel_size": kernel, "dilation": dilation, "expected": _keeping(9, kernel, dilation)}
        for kernel, dilation in itertools.product(range(1, 12), range(1, 6))
    ]


def unfit_shapes() -> list[dict[str, Any]]:
    """Geometries that must be refused."""
    return [_case(*case) for case in REFUSED]


def _case(*values: int) -> dict[str, Any]:
    return dict(zip(NAMES, values, strict=True))


def _read(n: int, kernel_size: int, stride: int, padding: int, dilation: int) -> list[bool]:
    cells = torch.ones(1, 1, n, requires_grad=True)
    ones = torch.ones(1, 1, kernel_size)
    outputs = torch.nn.functional.conv1d(cells, ones, None, stride, padding, dilation)
    (gradient,) = torch.autograd.grad(outputs.sum(), cells)
    return [value != 0 for value in gradient.flatten().tolist()]


def _keeping(n: int, kernel_size: int, dilation: int) -> int | None:
    for padding in range(dilation * kernel_size):
        layer = torch.nn.Conv1d(1, 1, kernel_size, 1, padding, dilation, device="meta")
        reach = dilation * (kernel_size - 1) + 1
        if n + 2 * padding >= reach and layer(torch.empty(1, 1, n, device="meta")).shape[-1] == n:
            return padding
    return None


GOLDEN = {
    "covered_cells": covered_cells,
    "leftover_cells": leftover_cells,
    "same_padding": same_padding,
    "unfit_shapes": unfit_shapes,
}

"""Pooling: PyTorch for max, average and L2; the rest worked out by hand and by NumPy and SciPy."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import scipy.signal
import torch
from torch.nn.functional import avg_pool2d, lp_pool2d, max_pool2d

Cases = list[dict[str, Any]]

# Image shape, size, stride: floor division, overlap, gaps, one row, rectangular windows.
GEOMETRIES: list[tuple[tuple[int, int], Any, Any]] = [
    ((4, 4), 2, None),
    ((5, 7), 2, None),
    ((5, 8), 3, 1),
    ((7, 6), 3, 2),
    ((9, 5), 2, 3),
    ((1, 6), (1, 3), 1),
    ((6, 1), (2, 1), (3, 1)),
    ((6, 9), (2, 3), (1, 2)),
    ((3, 5), (3, 5), None),
    ((4, 3), 1, 2),
]
IMPOSSIBLE: list[tuple[tuple[int, int], Any, Any]] = [
    ((2, 6), 3, 1),
    ((6, 2), (2, 3), None),
    ((1, 6), 2, 1),
    ((4, 4), 0, 1),
    ((4, 4), (2, 0), None),
    ((4, 4), 2, 0),
    ((4, 4), 2, (1, -1)),
]
# The normalised weights 1 / (1 + d), d the distance from the centre, worked out by hand:
# in a row of 4, d = 1.5, 0.5, 0.5, 1.5 gives 2/5, 2/3, 2/3, 2/5 with sum 32/15; in a square of 3
# an edge has 1/2 and a corner 1 / (1 + √2) = √2 − 1, which makes the sum 4√2 − 1.
EDGE, CORNER = 0.5 / (4 * 2**0.5 - 1), (2**0.5 - 1) / (4 * 2**0.5 - 1)
WEIGHTS = [
    [[1.0]],
    [[1 / 4, 1 / 4], [1 / 4, 1 / 4]],
    [[1 / 4, 1 / 2, 1 / 4]],
    [[1 / 2], [1 / 2]],
    [[3 / 16, 5 / 16, 5 / 16, 3 / 16]],
    [[1 / 8, 3 / 16, 3 / 8, 3 / 16, 1 / 8]],
    [[CORNER, EDGE, CORNER], [EDGE, 2 * EDGE, EDGE], [CORNER, EDGE, CORNER]],
]
# The 4×4 of the lecture. Its top left window 0 10 4 3 is split at 10/17, 14/17 and 1.
BLOCKS = [[0, 10, 9, 3], [4, 3, 2, 1], [10, 2, 10, 3], [3, -1, -3, -3]]
# Kind, draws, output.
BY_HAND: list[tuple[str, list[float], list[list[float]]]] = [
    ("max", [], [[10, 9], [10, 10]]),
    ("average", [], [[4.25, 3.75], [3.5, 1.75]]),
    ("weighted", [], [[4.25, 3.75], [3.5, 1.75]]),
    ("stochastic", [0, 0, 0, 0], [[10, 9], [10, 10]]),
    ("stochastic", [0.58, 0.59, 0.66, 0.76], [[10, 9], [10, 10]]),
    ("stochastic", [0.59, 0.61, 0.67, 0.77], [[4, 3], [2, 3]]),
    ("stochastic", [0.83, 0.94, 0.81, 0.9], [[3, 1], [3, 3]]),
    ("stochastic", [0.99, 0.79, 0.79, 0.99], [[3, 3], [2, 3]]),
]


def pooling() -> Cases:
    """Max, average and L2 pooling from PyTorch."""
    rng = np.random.default_rng(11)
    cases = []
    for shape, size, stride in GEOMETRIES:
        image = rng.integers(-9, 10, shape) / 2
        tensor = torch.tensor(image[None, None])
        outputs = {
            "max": max_pool2d(tensor, size, stride),
            "average": avg_pool2d(tensor, size, stride),
            "l2": lp_pool2d(tensor, 2, size, stride),
        }
        for kind, output in outputs.items():
            options = {"kind": kind, "size": size, "stride": stride}
            cases.append({"image": image, **options, "expected": output[0, 0].numpy()})
    return cases


def pooling_weighted() -> Cases:
    """Weighted means: the weights by hand, laid over the image by SciPy."""
    rng = np.random.default_rng(12)
    cases = []
    for weights, stride in itertools.product(WEIGHTS, (1, 2)):
        image = rng.integers(-9, 10, (5, 8)).astype(float)
        output = scipy.signal.correlate2d(image, weights, mode="valid")[::stride, ::stride]
        options = {"size": np.shape(weights), "stride": stride, "weights": weights}
        cases.append({"image": image, **options, "expected": output})
    return cases


def pooling_stochastic() -> Cases:
    """Draws looked up in the running probabilities by numpy.searchsorted."""
    rng = np.random.default_rng(13)
    cases = []
    for shape, size, stride in GEOMETRIES:
        image = rng.integers(-9, 10, shape)
        (height, width), (down, right) = _pair(size), _pair(stride or size)
        corners = [
            [(top, left) for left in range(0, shape[1] - width + 1, right)]
            for top in range(0, shape[0] - height + 1, down)
        ]
        draws = rng.random((len(corners), len(corners[0])))
        windows = [[image[y : y + height, x : x + width] for y, x in line] for line in corners]
        output = [
            [_searched(window.ravel(), draw) for window, draw in zip(*lines, strict=True)]
            for lines in zip(windows, draws, strict=True)
        ]
        options = {"size": size, "stride": stride, "draws": draws.ravel()}
        cases.append({"image": image, **options, "expected": output})
    return cases


def _pair(value: Any) -> list[int]:
    pair: list[int] = np.broadcast_to(value, 2).tolist()
    return pair


def _searched(window: np.ndarray, draw: float) -> float:
    positive = window[window > 0]
    if positive.size == 0:
        return 0.0
    shares = np.cumsum(positive / positive.sum())
    return float(positive[np.searchsorted(shares, draw, side="right")])


def pooling_by_hand() -> Cases:
    """The lecture's example, and windows with equal, negative and no positive cells."""
    cases = [
        {"image": BLOCKS, "kind": kind, "size": 2, "stride": 2, "draws": draws, "expected": output}
        for kind, draws, output in BY_HAND
    ]
    row = {"image": [[-2.0, 0.0, -1.0, 3.0, -4.0, 3.0]], "size": [1, 2], "stride": 2}
    cases.append({**row, "kind": "stochastic", "draws": [0.5, 0.0, 0.999], "expected": [[0, 3, 3]]})
    cases.append({**row, "kind": "max", "draws": [], "expected": [[0, 3, 3]]})
    cases.append({**row, "kind": "average", "draws": [], "expected": [[-1, 1, -0.5]]})
    return cases


def pooling_impossible() -> Cases:
    """Windows and strides that must be refused."""
    return [
        {"image_shape": shape, "size": size, "stride": stride} for shape, size, stride in IMPOSSIBLE
    ]


def pooling_draws() -> Cases:
    """The generator mulberry32, here in NumPy's own 32-bit arithmetic, which wraps around."""
    seeds = [0, 1, 2, 41, 9999, 2**31, 2**32 - 1]
    return [{"seed": seed, "expected": _mulberry32(seed, 6)} for seed in seeds]


def _mulberry32(seed: int, count: int) -> np.ndarray:
    state = np.full(count, seed, np.uint32) + np.cumsum(np.full(count, 0x6D2B79F5, np.uint32))
    state = state.astype(np.uint32)
    bits = (state ^ (state >> np.uint32(15))) * (state | np.uint32(1))
    bits = bits ^ (bits + (bits ^ (bits >> np.uint32(7))) * (bits | np.uint32(61)))
    return (bits ^ (bits >> np.uint32(14))) / np.float64(2**32)


def pooling_unchanged() -> Cases:
    """A row shifted by one cell, pooled by windows of 3 (Goodfellow et al. 2016, section 9.3)."""
    row, shifted = [[0.3, 0.1, 1, 0.2, 0.1, 0]], [[0, 0.3, 0.1, 1, 0.2, 0.1]]
    pooled, pooled_after = [[1, 1, 1, 0.2]], [[0.3, 1, 1, 1]]
    return [
        {"before": row, "after": shifted, "expected": 0},
        {"before": pooled, "after": pooled_after, "expected": 0.5},
        {"before": pooled, "after": pooled, "expected": 1},
        {"before": [[1, 2, 3], [4, 5, -6]], "after": [[1, 0, 3], [4, 5, 6]], "expected": 4 / 6},
    ]


GOLDEN = {
    "pooling": pooling,
    "pooling_weighted": pooling_weighted,
    "pooling_stochastic": pooling_stochastic,
    "pooling_by_hand": pooling_by_hand,
    "pooling_impossible": pooling_impossible,
    "pooling_draws": pooling_draws,
    "pooling_unchanged": pooling_unchanged,
}

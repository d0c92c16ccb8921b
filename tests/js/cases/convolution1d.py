"""Convolution in one dimension and its matrices: NumPy and SciPy."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import scipy.linalg

MODES = ("full", "same", "valid")
# Cells of x and of w: single cells, equal lengths, w longer, even and odd.
LENGTHS = [(1, 1), (1, 4), (5, 1), (3, 2), (6, 3), (7, 4), (4, 4), (2, 5), (3, 7), (4, 6), (24, 12)]


def _signals(seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(seed)
    return [(rng.integers(-9, 10, n), rng.integers(-4, 5, k) / 2) for n, k in LENGTHS]


def rolled1d() -> list[dict[str, Any]]:
    """Convolutions from numpy.convolve, cross-correlations from numpy.correlate."""
    cases = []
    for (x, w), mode, flip in itertools.product(_signals(31), MODES, (True, False)):
        operation = np.convolve if flip else np.correlate
        case = {"x": x, "w": w, "mode": mode, "flip": flip}
        cases.append(case | {"expected": operation(x, w, mode)})
    return cases


def rolled_by_hand() -> list[dict[str, Any]]:
    """Cases short enough for paper: a box over a box, an echo, neighbours' differences."""
    return [
        {"x": [1, 1, 1], "w": [1, 1, 1], "mode": "full", "flip": True, "expected": [1, 2, 3, 2, 1]},
        {"x": [1, 2, 3], "w": [10, 1], "mode": "full", "flip": True, "expected": [10, 21, 32, 3]},
        {"x": [1, 2, 3], "w": [10, 1], "mode": "full", "flip": False, "expected": [1, 12, 23, 30]},
        {"x": [4, 0, -2], "w": [1, 0, 0.5], "mode": "same", "flip": True, "expected": [0, 0, 0]},
        {"x": [2, 5, 4], "w": [1, -1], "mode": "valid", "flip": True, "expected": [3, -1]},
        {"x": [2, 5, 4], "w": [1, -1], "mode": "periodic", "flip": True, "expected": [-2, 3, -1]},
        {"x": [2, 5, 4], "w": [1, -1], "mode": "periodic", "flip": False, "expected": [-3, 1, 2]},
    ]


def rolled_periodic() -> list[dict[str, Any]]:
    """Both operations where x repeats, as products with SciPy's circulant matrix."""
    cases = []
    for (x, w), flip in itertools.product(_signals(32), (True, False)):
        matrix = _scipy_circulant(w, len(x))
        expected = (matrix if flip else matrix.T) @ x
        cases.append({"x": x, "w": w, "mode": "periodic", "flip": flip, "expected": expected})
    return cases


def toeplitz1d() -> list[dict[str, Any]]:
    """Banded matrices from scipy.linalg.convolution_matrix."""
    return [
        {"w": w, "n": len(x), "mode": mode, "expected": _scipy_banded(w, len(x), mode)}
        for (x, w), mode in itertools.product(_signals(33), MODES)
    ]


def _scipy_banded(w: np.ndarray, n: int, mode: str) -> np.ndarray:
    matrix = scipy.linalg.convolution_matrix(w, n, mode)
    if mode == "full":
        column, row = np.pad(w, (0, n - 1)), np.pad(w[:1], (0, n - 1))
        np.testing.assert_array_equal(matrix, scipy.linalg.toeplitz(column, row))
    return matrix


def circulant1d() -> list[dict[str, Any]]:
    """Periodic matrices from scipy.linalg.circulant."""
    return [{"w": w, "n": len(x), "expected": _scipy_circulant(w, len(x))} for x, w in _signals(34)]


def _scipy_circulant(w: np.ndarray, n: int) -> np.ndarray:
    """A longer w goes round several times: its laps are added."""
    laps = np.pad(w, (0, -len(w) % n)).reshape(-1, n)
    return scipy.linalg.circulant(laps.sum(axis=0))


def refused1d() -> list[dict[str, Any]]:
    """Inputs that must be refused, with the message."""
    shape = "must have shape (n,) with n at least 1, not (0,)"
    borders = "must be one of full, same, valid, periodic"
    return [
        {"x": [], "w": [1], "mode": "full", "message": f"x {shape}"},
        {"x": [1], "w": [], "mode": "periodic", "message": f"w {shape}"},
        {"x": [1], "w": [1], "mode": "some", "message": f"mode (='some') {borders}"},
        {"x": [1], "w": [1], "mode": "toString", "message": f"mode (='toString') {borders}"},
    ]


def refused_matrices() -> list[dict[str, Any]]:
    """Matrices that must be refused; without a mode it is the circulant one."""
    shape = "w must have shape (n,) with n at least 1, not (0,)"
    bands = "mode (='periodic') must be one of full, same, valid"
    return [
        {"w": [], "n": 2, "mode": "full", "message": shape},
        {"w": [1, 2], "n": 0, "mode": "valid", "message": "n (=0) must be at least 1"},
        {"w": [1, 2], "n": 3, "mode": "periodic", "message": bands},
        {"w": [], "n": 2, "message": shape},
        {"w": [1, 2], "n": -1, "message": "n (=-1) must be at least 1"},
    ]


GOLDEN = {
    "rolled1d": rolled1d,
    "rolled_by_hand": rolled_by_hand,
    "rolled_periodic": rolled_periodic,
    "toeplitz1d": toeplitz1d,
    "circulant1d": circulant1d,
    "refused1d": refused1d,
    "refused_matrices": refused_matrices,
}

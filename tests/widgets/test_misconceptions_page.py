"""What each misconception gives is typed into the built page, and its sentence must be said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.signal
from playwright.sync_api import expect

from convbook.misconceptions import MISCONCEPTIONS
from convbook.widgets import PoolingExplorer
from tests.widgets.static_site import cells, opened

pytestmark = pytest.mark.browser

IMAGE = [[3, -7, 2, 8, 5, 1], [4, 9, -2, 6, 7, 3], [11, 5, 13, -4, 2, 8], [6, 1, 7, 17, 9, -3]]
IMAGE = [*IMAGE, [2, 19, 4, 5, 23, 1], [8, 3, 6, 2, 7, 29]]
KERNEL = [[1, 2, -3], [5, 4, 7], [0, 6, 9]]
ARRAY, WEIGHTS = np.array(IMAGE), np.array(KERNEL)
PLACE = {"row": 1, "column": 0}


def correlated(padded: Any, kernel: Any = WEIGHTS) -> Any:
    return scipy.signal.correlate2d(padded, kernel, "valid")


def of_kernel() -> dict[str, float]:
    """With padding 1 that repeats the edge and stride 2, at row 1, column 0 of the output."""
    padded = np.pad(ARRAY, 1, "edge")
    right = correlated(padded)
    return {
        "": right[2, 0],
        "kernel-flipped": correlated(padded, WEIGHTS[::-1, ::-1])[2, 0],
        "kernel-transposed": correlated(padded, WEIGHTS.T)[2, 0],
        "padding-forgotten": correlated(ARRAY)[2, 0],
        "border-filled-with-zeros": correlated(np.pad(ARRAY, 1))[2, 0],
        "border-mirrored": correlated(np.pad(ARRAY, 1, "reflect"))[2, 0],
        "border-wrapped": correlated(np.pad(ARRAY, 1, "wrap"))[2, 0],
        "stride-ignored": right[1, 0],
        "mean-not-sum": round(right[2, 0] / 9, 6),
        "place-off-by-one": right[3, 0],
        "place-transposed": right[0, 2],
        "product-not-sum": float(np.prod(padded[2:5, :3] * WEIGHTS)) or 0,
    }


def of_convolution() -> dict[str, float]:
    """With dilation 2, at row 1, column 0."""
    dilated = np.zeros((5, 5))
    dilated[::2, ::2] = WEIGHTS[::-1, ::-1]
    return {
        "": correlated(ARRAY, dilated)[1, 0],
        "kernel-not-flipped": correlated(ARRAY, dilated[::-1, ::-1])[1, 0],
        "dilation-ignored": correlated(ARRAY, WEIGHTS[::-1, ::-1])[1, 0],
    }


def window(row: int, column: int) -> Any:
    return ARRAY[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]


def of_average() -> dict[str, float]:
    cells_ = window(1, 0)
    return {
        "": cells_.mean(),
        "max-for-mean": cells_.max(),
        "sum-for-mean": cells_.sum(),
        "by-the-side": cells_.sum() / 2,
        "stride-ignored": ARRAY[1:3, 0:2].mean(),
        "place-off-by-one": ARRAY[2:4, 1:3].mean(),
        "place-transposed": window(0, 1).mean(),
    }


def of_max() -> dict[str, float]:
    negative = np.array([[-1, -9, 4, 2], [-3, -5, 7, 6]])
    return {"": -1, "mean-for-max": negative[:, :2].mean(), "size-without-sign": -9}


def of_l2() -> dict[str, float]:
    cells_ = window(1, 0).astype(float)
    squares = (cells_**2).sum()
    return {
        "": round(np.sqrt(squares), 2),
        "root-forgotten": squares,
        "mean-under-the-root": round(np.sqrt(squares / 4), 2),
        "magnitudes-added": np.abs(cells_).sum(),
    }


def of_weighted() -> dict[str, float]:
    explorer = PoolingExplorer(IMAGE, "weighted", 3, 1, row=1)
    return {"": round(explorer.output[1, 0], 2), "weights-forgotten": ARRAY[1:4, :3].mean()}


def of_stochastic() -> dict[str, float]:
    positive = window(1, 0)
    explorer = PoolingExplorer(IMAGE, "stochastic", 2, seed=5, row=1)
    assert explorer.output[1, 0] < positive.max()
    expectation = (positive**2).sum() / positive.sum()
    right = explorer.output[1, 0]
    return {"": right, "always-the-likeliest": 11, "expectation-for-draw": round(expectation, 2)}


def of_shift() -> dict[str, float]:
    shifted = np.roll(ARRAY, 1, axis=1)[2:4, :2].max()
    return {"": shifted, "shift-forgotten": ARRAY[2:4, :2].max()}


X, W = [3, -1, 4, 7, 5], [2, 10, -6]


def of_roll() -> dict[str, float]:
    full = np.convolve(X, W)
    return {
        "": full[2],
        "kernel-not-flipped": np.convolve(X, W[::-1])[2],
        "start-of-full": full[1],
        "place-off-by-one": full[3],
        "mean-not-sum": round(full[2] / 3, 6),
        "product-not-sum": 4 * 2 * -1 * 10 * 3 * -6,
    }


def of_periodic() -> dict[str, float]:
    return {
        "": 3 * 2 + 5 * 10 + 7 * -6,
        "copies-forgotten": 3 * 2,
        "kernel-not-flipped": 3 * -6 + 5 * 10 + 7 * 2,
    }


# What is made, and what the right way ("") and each misconception give at the place in question.
ASKED: dict[str, tuple[str, dict[str, Any], dict[str, float]]] = {
    "kernel": (
        "KernelExplorer",
        {"image": IMAGE, "kernel": KERNEL, "stride": 2, "padding": 1, "mode": "nearest", **PLACE},
        of_kernel(),
    ),
    "convolution": (
        "KernelExplorer",
        {"image": IMAGE, "kernel": KERNEL, "flip": True, "dilation": 2, **PLACE},
        of_convolution(),
    ),
    "average": ("PoolingExplorer", {"image": IMAGE, "kind": "average", **PLACE}, of_average()),
    "max": ("PoolingExplorer", {"image": [[-1, -9, 4, 2], [-3, -5, 7, 6]]}, of_max()),
    "l2": ("PoolingExplorer", {"image": IMAGE, "kind": "l2", **PLACE}, of_l2()),
    "weighted": (
        "PoolingExplorer",
        {"image": IMAGE, "kind": "weighted", "size": 3, "stride": 1, **PLACE},
        of_weighted(),
    ),
    "stochastic": (
        "PoolingExplorer",
        {"image": IMAGE, "kind": "stochastic", "seed": 5, **PLACE},
        of_stochastic(),
    ),
    "shift": ("PoolingExplorer", {"image": IMAGE, "shift": 1, **PLACE}, of_shift()),
    "roll": ("ConvolutionRoll", {"x": X, "w": W, "mode": "same", "position": 1}, of_roll()),
    "periodic": ("ConvolutionRoll", {"x": X, "w": W, "mode": "periodic"}, of_periodic()),
}


def source(name: str, arguments: dict[str, Any]) -> str:
    given = ", ".join(f"{key}={value!r}" for key, value in ({"predict": True} | arguments).items())
    return f"from convbook.widgets import *\nw = {name}({given})\nw"


PAGES = {
    "misconceptions": cells(*[source(name, given) for name, given, _ in ASKED.values()]),
}


@pytest.mark.parametrize("name", ASKED)
def test_when_a_misconception_is_typed_then_its_sentence_is_said_and_the_right_number_is_right(
    browser, site, name
):
    values = ASKED[name][2]
    with opened(browser, f"{site.as_uri()}/misconceptions.html") as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        root = page.locator(".cvb").nth(list(ASKED).index(name))
        said = root.locator(".cvb-quiz-feedback")
        for misconception, value in sorted(values.items(), reverse=True):
            if value == values[""] and misconception:
                continue
            if misconception == "product-not-sum" and value == 0:
                continue
            root.get_by_label("Your number").fill(f"{value:.15g}")
            root.get_by_label("Your number").press("Enter")
            expected = MISCONCEPTIONS.get(misconception, "Right: ")
            expect(said, f"{misconception}: {value}").to_contain_text(expected)

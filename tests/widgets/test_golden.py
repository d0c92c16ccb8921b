"""The golden files are current, and convbook meets them as the JavaScript does."""

from __future__ import annotations

import json

import numpy as np
import pytest

from convbook.arithmetic.convolution import convolve2d, correlate2d, pad2d
from convbook.arithmetic.shapes import output_size
from convbook.palette import diverging_color
from tests.js.make_golden import FOLDER, GOLDEN, golden, golden_text


@pytest.mark.parametrize("name", GOLDEN)
def test_when_the_script_runs_again_then_the_golden_file_is_current(name):
    stored = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    made = json.loads(golden_text(name))
    assert _rounded(made) == _rounded(stored), "stale: run python -m tests.js.make_golden"


def _rounded(value):
    """Leave out the digits in which one processor differs from another."""
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value


def test_when_the_script_has_no_such_golden_then_no_file_is_left_over():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(GOLDEN)


def test_when_sizes_vary_then_output_sizes_are_pytorchs():
    for case in golden("sizes"):
        expected = case.pop("expected")
        if expected is None:
            with pytest.raises(ValueError, match="the kernel reaches over"):
                output_size(**case)
        else:
            assert output_size(**case) == expected, case


def test_when_an_image_is_padded_then_it_equals_numpy():
    for case in golden("paddings"):
        padded = pad2d(case["image"], case["padding"], case["mode"])
        np.testing.assert_array_equal(padded, case["expected"])


def test_when_an_image_is_filtered_then_it_equals_scipy():
    for case in golden("correlations"):
        expected = case.pop("expected")
        operation = convolve2d if case.pop("flip") else correlate2d
        np.testing.assert_allclose(operation(**case), expected, atol=1e-12)


def test_when_the_size_is_kept_then_it_equals_scipy_ndimage():
    for case in golden("same_size"):
        got = correlate2d(case["image"], case["kernel"], padding=1, mode=case["mode"])
        np.testing.assert_allclose(got, case["expected"], atol=1e-12)


def test_when_the_kernel_cannot_be_placed_then_it_is_refused():
    for case in golden("impossible"):
        image, kernel = np.ones(case.pop("image_shape")), np.ones(case.pop("kernel_shape"))
        with pytest.raises(ValueError, match="="):
            correlate2d(image, kernel, **case)


def test_when_a_value_is_coloured_then_python_and_the_page_agree():
    for case in golden("palette"):
        assert list(diverging_color(case["value"], case["limit"])) == case["expected"]

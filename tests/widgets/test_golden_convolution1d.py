"""Convolution in one dimension: convbook meets NumPy and SciPy as the JavaScript does."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convbook.arithmetic.convolution1d import circulant, convolve1d, correlate1d, toeplitz
from tests.js.make_golden import golden


@pytest.mark.parametrize("name", ["rolled1d", "rolled_by_hand", "rolled_periodic"])
def test_when_one_signal_rolls_over_another_then_the_output_is_the_oracles(name):
    for case in golden(name):
        expected = case.pop("expected")
        operation = convolve1d if case.pop("flip") else correlate1d
        np.testing.assert_array_equal(operation(**case), expected, str(case))


def test_when_the_border_is_not_periodic_then_the_matrix_is_scipys_convolution_matrix():
    for case in golden("toeplitz1d"):
        expected = case.pop("expected")
        np.testing.assert_array_equal(toeplitz(**case), expected, str(case))


def test_when_the_border_is_periodic_then_the_matrix_is_scipys_circulant():
    for case in golden("circulant1d"):
        np.testing.assert_array_equal(circulant(case["w"], case["n"]), case["expected"], str(case))


@pytest.mark.parametrize("operation", [convolve1d, correlate1d])
def test_when_the_signals_cannot_be_then_the_error_says_why(operation):
    for case in golden("refused1d"):
        with pytest.raises(ValueError, match=f"^{re.escape(case.pop('message'))}$"):
            operation(**case)


def test_when_there_is_no_such_matrix_then_the_error_says_why():
    for case in golden("refused_matrices"):
        message = f"^{re.escape(case.pop('message'))}$"
        make = toeplitz if "mode" in case else circulant
        with pytest.raises(ValueError, match=message):
            make(**case)

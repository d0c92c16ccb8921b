"""What convolution in one dimension promises, for any signals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convbook.arithmetic.convolution1d import (
    circulant,
    convolve1d,
    correlate1d,
    kept_cells,
    toeplitz,
)

MODES = ["full", "same", "valid"]

# Quarters: their products and sums are exact, so the order of the sum does not matter.
quarters = st.integers(-40, 40).map(lambda value: value / 4)
signals = st.integers(1, 9).flatmap(lambda n: arrays(np.float64, n, elements=quarters))


@settings(deadline=None)
@given(signals, signals, st.sampled_from(MODES))
def test_when_the_signals_change_places_then_the_convolution_stays(x, w, mode):
    np.testing.assert_array_equal(convolve1d(x, w, mode), convolve1d(w, x, mode))


@settings(deadline=None)
@given(signals, signals, st.sampled_from(MODES))
def test_when_signals_vary_then_both_operations_are_numpys(x, w, mode):
    np.testing.assert_array_equal(convolve1d(x, w, mode), np.convolve(x, w, mode))
    np.testing.assert_array_equal(correlate1d(x, w, mode), np.correlate(x, w, mode))


@settings(deadline=None)
@given(signals, signals, st.sampled_from(MODES))
def test_when_the_matrix_meets_the_signal_then_it_is_the_convolution(x, w, mode):
    np.testing.assert_array_equal(toeplitz(w, len(x), mode) @ x, convolve1d(x, w, mode))


@settings(deadline=None)
@given(signals, signals)
def test_when_the_signal_repeats_then_the_fourier_transforms_multiply(x, w):
    laps = np.pad(w, (0, -len(w) % len(x))).reshape(-1, len(x)).sum(axis=0)
    spectrum = np.fft.fft(x) * np.fft.fft(laps)
    np.testing.assert_allclose(
        convolve1d(x, w, "periodic"), np.fft.ifft(spectrum).real, atol=1e-9 * (1 + abs(x).sum())
    )


@settings(deadline=None)
@given(signals, signals)
def test_when_the_signal_repeats_then_correlation_is_the_transposed_matrix(x, w):
    matrix = circulant(w, len(x))
    np.testing.assert_array_equal(matrix @ x, convolve1d(x, w, "periodic"))
    np.testing.assert_array_equal(matrix.T @ x, correlate1d(x, w, "periodic"))


@settings(deadline=None)
@given(signals, signals, st.integers(0, 12))
def test_when_the_signal_is_shifted_then_the_output_is_shifted(x, w, by):
    delayed = np.concatenate([np.zeros(by), x])
    expected = np.concatenate([np.zeros(by), convolve1d(x, w)])
    np.testing.assert_array_equal(convolve1d(delayed, w), expected)
    turned = convolve1d(np.roll(x, by), w, "periodic")
    np.testing.assert_array_equal(turned, np.roll(convolve1d(x, w, "periodic"), by))


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.booleans())
def test_when_a_mode_keeps_less_then_it_keeps_a_part_of_the_full_output(n, k, flip):
    full, same, valid = (set(kept_cells(n, k, mode, flip)) for mode in MODES)
    assert valid <= same <= full == set(range(n + k - 1))


def test_when_integers_are_given_then_the_result_is_float64():
    for mode in [*MODES, "periodic"]:
        assert convolve1d(np.array([1, 2], np.int8), [100, 100], mode).dtype == np.float64
    assert convolve1d(np.array([1, 2], np.int8), [100, 100]).tolist() == [100, 300, 200]
    assert toeplitz([1], 2).dtype == circulant([1], 2).dtype == np.float64


def test_when_numbers_cannot_be_exact_then_the_sum_runs_in_the_order_of_x():
    x, w = [0.1, 0.2, 0.3], [0.3, 0.7, 0.9]
    assert convolve1d(x, w, "valid")[0] == 0.1 * 0.9 + 0.2 * 0.7 + 0.3 * 0.3
    assert correlate1d(x, w, "valid")[0] == 0.1 * 0.3 + 0.2 * 0.7 + 0.3 * 0.9


def test_when_an_argument_is_not_one_dimensional_then_the_error_shows_its_shape():
    with pytest.raises(ValueError, match=r"x must have shape \(n,\) with n at least 1, not \(1, 2"):
        convolve1d([[1, 2]], [1])
    with pytest.raises(ValueError, match=r"w must have shape \(n,\).*not \(\)"):
        correlate1d([1, 2], 3)
    with pytest.raises(ValueError, match=r"w must have shape \(n,\).*not \(0, 3\)"):
        toeplitz(np.zeros((0, 3)), 2)


def test_when_a_size_is_below_1_then_the_error_names_it():
    with pytest.raises(ValueError, match=r"^n \(=0\) must be at least 1$"):
        kept_cells(0, 2)
    with pytest.raises(ValueError, match=r"^kernel_size \(=-1\) must be at least 1$"):
        kept_cells(3, -1)

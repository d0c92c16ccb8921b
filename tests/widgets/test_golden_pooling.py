"""Pooling in Python meets the golden vectors that its JavaScript meets."""

from __future__ import annotations

import numpy as np
import pytest

from convbook.arithmetic.pooling import distance_weights, pool2d, unchanged_fraction, uniform_draws
from tests.js.make_golden import golden


@pytest.mark.parametrize("name", ["pooling", "pooling_stochastic", "pooling_by_hand"])
def test_when_an_image_is_pooled_then_it_equals_pytorch_numpy_and_what_was_worked_by_hand(name):
    for case in golden(name):
        expected = case.pop("expected")
        got = pool2d(**{"kind": "stochastic", **case})
        assert got.dtype == np.float64
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


def test_when_the_mean_is_weighted_then_weights_worked_out_by_hand_give_the_same():
    for case in golden("pooling_weighted"):
        weights = distance_weights(case["size"])
        np.testing.assert_allclose(weights, case["weights"], rtol=0, atol=1e-15)
        got = pool2d(case["image"], "weighted", case["size"], case["stride"])
        np.testing.assert_allclose(got, case["expected"], rtol=0, atol=1e-12)


def test_when_the_window_or_the_stride_is_impossible_then_it_is_refused():
    for case in golden("pooling_impossible"):
        with pytest.raises(ValueError, match=r"\(=.*(use at most|at least 1)"):
            pool2d(np.ones(case["image_shape"]), "max", case["size"], case["stride"])


def test_when_a_seed_is_given_then_its_draws_are_mulberry32s_to_the_last_digit():
    for case in golden("pooling_draws"):
        assert uniform_draws(case["seed"], len(case["expected"])).tolist() == case["expected"]


def test_when_two_outputs_are_compared_then_the_share_of_equal_cells_is_counted():
    for case in golden("pooling_unchanged"):
        assert unchanged_fraction(case["before"], case["after"]) == case["expected"]

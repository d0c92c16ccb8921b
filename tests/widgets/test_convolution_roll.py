"""The convolution roll's traits, what it computes, and its still picture."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from traitlets import TraitError

from convbook.widgets import ConvolutionRoll
from convbook.widgets.convolution_roll import PRESETS
from convbook.widgets.convolution_roll.rolling import describe

SVG = "{http://www.w3.org/2000/svg}"
MODES = ["full", "same", "valid", "periodic"]

numbers = st.integers(-20, 20).map(lambda value: value / 2)


def signals(most):
    return st.integers(1, most).flatmap(lambda n: arrays(np.float64, n, elements=numbers))


def texts(roll: ConvolutionRoll) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(roll.picture()).iter(f"{SVG}text")]


def test_when_nothing_is_given_then_the_first_overlap_is_worked_out():
    roll = ConvolutionRoll()
    assert (roll.value, roll.products.tolist()) == (10.0, [10.0])
    assert roll.output.tolist() == [10, 21, 32, 3]


@settings(deadline=None, max_examples=60)
@given(signals(24), signals(12), st.sampled_from(MODES[:3]), st.booleans(), st.data())
def test_when_signals_vary_then_output_products_and_matrix_are_numpys(x, w, mode, flip, data):
    expected = (np.convolve if flip else np.correlate)(x, w, mode)
    position = data.draw(st.integers(0, len(expected) - 1))
    roll = ConvolutionRoll(x, w, mode, flip, position)
    np.testing.assert_array_equal(roll.output, expected)
    np.testing.assert_array_equal(roll.matrix @ x, expected)
    assert roll.value == roll.products.sum() == expected[position]


@settings(deadline=None, max_examples=40)
@given(signals(9), signals(9), st.booleans(), st.data())
def test_when_x_repeats_then_the_output_is_that_of_x_written_out_many_times(x, w, flip, data):
    # Far from the ends, a long repeated signal knows nothing of them.
    n, k = len(x), len(w)
    long = np.tile(x, 2 * k + 2)
    full = (np.convolve if flip else np.correlate)(long, w, "full")
    start = k * n + (0 if flip else k - 1)
    expected = full[start : start + n]
    position = data.draw(st.integers(0, n - 1))
    roll = ConvolutionRoll(x, w, "periodic", flip, position)
    np.testing.assert_array_equal(roll.output, expected)
    np.testing.assert_array_equal(roll.matrix @ x, expected)
    assert roll.products.sum() == expected[position]
    assert len(roll.products) == k


def test_when_an_array_is_given_then_the_trait_holds_json_lists():
    roll = ConvolutionRoll(np.arange(3, dtype=np.int8), (2,))
    assert (roll.x, roll.w) == ([0.0, 1.0, 2.0], [2.0])
    sent = {name: roll.get_state()[name] for name in ("x", "w", "mode", "flip", "presets")}
    assert json.loads(json.dumps(sent, allow_nan=False)) == sent


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("x", [[1, 2]], r"x has shape \(1, 2\), but it must be \(n,\) with n from 1 to 24: take"),
        ("x", np.zeros(25), r"x has shape \(25,\).*from 1 to 24"),
        ("w", np.zeros(13), r"w has shape \(13,\).*from 1 to 12"),
        ("w", [], r"w has shape \(0,\)"),
        ("w", 3, r"w has shape \(\)"),
        ("x", [1, np.inf], r"x holds inf, but every number must be finite: replace it"),
        ("x", "abc", r"x \(='abc'\) must be numbers in a row: pass a list or a one-dimensional"),
        ("x", [1, [2]], r"x \(=\[1, \[2\]\]\) must be numbers in a row"),
        ("mode", "wrap", r"mode.*'wrap'"),
        ("flip", "yes", r"flip.*'yes'"),
        ("position", 4, r"position \(=4\) must be at most 3, the last output: choose a smaller"),
        ("position", -1, r"position \(=-1\) must be a whole number from 0 to 34"),
        ("position", 1.5, r"position \(=1.5\) must be a whole number"),
    ],
)
def test_when_a_value_breaks_its_rule_then_the_error_names_value_rule_and_fix(name, value, message):
    with pytest.raises(TraitError, match=message):
        ConvolutionRoll(**{name: value})


def test_when_there_are_fewer_outputs_then_the_position_moves_inside():
    roll = ConvolutionRoll(position=3)
    roll.mode = "valid"
    assert roll.position == 1
    roll.x = [5]
    assert (roll.position, roll.output.tolist()) == (1, [50, 5])


def test_when_the_page_changes_several_traits_at_once_then_they_are_judged_together():
    roll = ConvolutionRoll()
    roll.set_state({"position": 6, "x": [1, 2, 3, 4, 5, 6], "mode": "full"})
    assert (roll.position, roll.value) == (6, 6.0)


@pytest.mark.parametrize("name", PRESETS)
def test_when_a_preset_is_taken_then_it_fits_and_is_short(name):
    roll = ConvolutionRoll(**PRESETS[name])
    assert len(roll.x) <= 16
    assert all(round(number, 1) == number for number in roll.x + roll.w)


def test_when_the_position_is_smoothed_then_old_readings_count_less_and_noise_shrinks():
    x, w = (PRESETS["Smoothing a noisy position"][name] for name in "xw")
    assert sum(w) == pytest.approx(1)
    assert w == sorted(w, reverse=True)
    # Two stretches that see one true position each.
    smooth = np.array(ConvolutionRoll(x, w, "valid").output)
    assert smooth[:3].std() < np.std(x[:6])
    assert smooth[-3:].std() < np.std(x[6:])


def test_when_drawn_then_the_numbers_and_the_sentence_are_there():
    roll = ConvolutionRoll(position=2)
    drawn = ElementTree.fromstring(roll.picture())
    assert drawn.findtext(f"{SVG}desc") == describe(roll) == "Output 3: 2×1 + 3×10 = 32"
    numerals = [text for text in texts(roll) if text.isdigit()]
    # x, w, products, the outputs so far, the 6 weights in the matrix
    assert numerals == ["1", "2", "3", "1", "10", "2", "30", "10", "21", "32"] + ["10", "1"] * 3
    assert " id=" not in roll.picture()


def test_when_all_is_shown_then_the_picture_holds_every_output():
    roll = ConvolutionRoll([-1, 2], [0.5], "full", show_all=True)
    assert [text for text in texts(roll) if text[:1] in "−0123456789"].count("−0.5") == 2


def test_when_the_matrix_is_large_then_the_picture_colours_it_only():
    large = texts(ConvolutionRoll(np.ones(24), np.ones(12)))
    assert len(large) < 60


def test_when_rounded_numbers_are_said_then_no_equals_sign_claims_more():
    assert describe(ConvolutionRoll([1 / 3], [3])) == "Output 1: 0.33×3 ≈ 1"
    ones = ConvolutionRoll(np.ones(10), np.full(10, 2), "valid")
    assert describe(ones) == "Output 1: 1×2 + … (10 products) + 1×2 = 20"


def test_when_shown_as_text_then_no_memory_address_appears():
    text = repr(ConvolutionRoll(flip=False, mode="same"))
    assert text == "ConvolutionRoll(x 3, w 2, same cross-correlation, position 0)"

"""The pooling explorer's traits, what it computes, what it says and draws."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from traitlets import TraitError

from convbook.arithmetic.pooling import KINDS
from convbook.widgets import PoolingExplorer
from convbook.widgets.pooling_explorer import PRESETS
from convbook.widgets.pooling_explorer.picture import describe, describe_shift

SVG = "{http://www.w3.org/2000/svg}"
ROW = PRESETS["One row"]

numbers = st.integers(-20, 20).map(float)
shapes = st.tuples(st.integers(2, 7), st.integers(2, 7))


def test_when_nothing_is_given_then_the_lectures_four_blocks_are_pooled():
    explorer = PoolingExplorer()
    assert explorer.output.tolist() == [[10, 9], [10, 10]]
    explorer.kind = "average"
    assert explorer.output.tolist() == [[4.25, 3.75], [3.5, 1.75]]
    assert explorer.unchanged == 1


def test_when_a_row_is_shifted_by_one_then_every_input_changes_and_half_of_the_maxima():
    explorer = PoolingExplorer(**ROW, shift=1)
    assert (explorer.shifted != np.array(explorer.image)).all()
    assert explorer.before.tolist() == [[1, 1, 1, 0.2]]
    assert explorer.output.tolist() == [[0.3, 1, 1, 1]]
    assert explorer.unchanged == 0.5


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_when_settings_vary_then_the_output_is_pytorchs(data):
    image = data.draw(arrays(np.float64, shapes, elements=numbers))
    size = data.draw(st.integers(1, min(image.shape)))
    stride, shift = data.draw(st.integers(1, 4)), data.draw(st.integers(-3, 3))
    explorer = PoolingExplorer(image, size=size, stride=stride, shift=shift)
    rolled = torch.tensor(image).roll(shift, dims=1)[None, None]
    functions = torch.nn.functional
    for kind, expected in {
        "max": functions.max_pool2d(rolled, size, stride),
        "average": functions.avg_pool2d(rolled, size, stride),
        "l2": functions.lp_pool2d(rolled, 2, size, stride),
    }.items():
        explorer.kind = kind
        np.testing.assert_allclose(explorer.output, expected[0, 0], atol=1e-9)
    explorer.row, explorer.column = (n - 1 for n in explorer.output.shape)
    top, left = stride * explorer.row, stride * explorer.column
    expected_window = np.roll(image, shift, axis=1)[top : top + size, left : left + size]
    np.testing.assert_array_equal(explorer.window, expected_window)


@pytest.mark.parametrize("kind", KINDS)
def test_when_the_shift_is_a_whole_turn_then_nothing_changes(kind):
    explorer = PoolingExplorer([[1, 2, -3], [4, 0, 6]], kind, shift=3)
    assert explorer.unchanged == 1


def test_when_a_seed_comes_again_then_so_does_the_output_and_another_seed_differs():
    image = np.arange(1, 65).reshape(8, 8)
    first, again, other = (
        PoolingExplorer(image, "stochastic", seed=seed).output.tolist() for seed in (4, 4, 5)
    )
    assert first == again != other


@pytest.mark.parametrize(
    ("image", "shape"), [([[1, 2, 3, 4]], (1, 3)), ([[1], [2], [3]], (3, 1)), ([[5]], (1, 1))]
)
def test_when_the_image_is_one_cell_wide_or_high_then_so_is_the_window(image, shape):
    explorer = PoolingExplorer(image, size=3, stride=1)
    assert explorer.window_shape == explorer.window.shape == shape


def test_when_no_stride_is_given_then_it_is_the_size_and_stays_when_the_size_changes():
    explorer = PoolingExplorer(np.ones((8, 8)), size=3)
    assert explorer.stride == 3
    explorer.size = 2
    assert explorer.stride == 3


def test_when_an_array_is_given_then_all_that_is_sent_is_json():
    explorer = PoolingExplorer(np.eye(3, dtype=np.int8))
    names = ("image", "kind", "size", "stride", "shift", "seed", "row", "column", "presets")
    sent = {name: explorer.get_state()[name] for name in names}
    assert json.loads(json.dumps(sent, allow_nan=False)) == sent


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("image", [[1, 2], [3]], r"image \(=\[\[1, 2\], \[3\]\]\) must be numbers in rows of eq"),
        ("image", np.zeros((4, 65)), r"image has shape \(4, 65\).*from 1 to 64: take one channel"),
        ("image", [[np.inf]], r"image holds inf, but every number must be finite: replace it"),
        ("kind", "min", r"kind.*'min'"),
        ("size", 9, r"size \(=9\) must be a whole number from 1 to 8"),
        ("stride", 0, r"stride \(=0\) must be a whole number from 1 to 8"),
        ("shift", -4, r"shift \(=-4\) must be a whole number from -3 to 3"),
        ("seed", 1.5, r"seed \(=1.5\) must be a whole number from 0 to 9999"),
        ("row", 2, r"row \(=2\) must be at most 1, the output's last row: choose a smaller row"),
        ("column", 7, r"column \(=7\) must be at most 1"),
    ],
)
def test_when_a_value_breaks_its_rule_then_the_error_names_value_rule_and_fix(name, value, message):
    with pytest.raises(TraitError, match=message):
        PoolingExplorer(**{name: value})


def test_when_a_value_is_refused_then_the_old_one_stays():
    explorer = PoolingExplorer()
    with pytest.raises(TraitError, match="size"):
        explorer.size = 0
    assert explorer.size == 2
    with pytest.raises(TraitError, match="read-only"):
        explorer.presets = {}


def test_when_the_output_shrinks_then_the_chosen_cell_moves_inside():
    explorer = PoolingExplorer(row=1, column=1)
    explorer.size = 3
    assert (explorer.row, explorer.column) == (0, 0)


def test_when_the_page_changes_several_traits_at_once_then_they_are_judged_together():
    explorer = PoolingExplorer()
    explorer.set_state({**ROW, "row": 0, "column": 3})
    assert explorer.column == 3


def test_when_no_window_fits_then_the_widget_lives_and_its_results_say_why():
    explorer = PoolingExplorer(size=5, shift=1)
    for name in ("output", "before", "window", "draw", "unchanged"):
        with pytest.raises(ValueError, match=r"size \(=5×5\) must fit .* at most 4 rows"):
            getattr(explorer, name)
    assert "No output: size (=5×5) must fit into the image of 4×4 cells" in explorer.picture()
    assert describe_shift(explorer).endswith(": 15 of 16 input values changed.")


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("max", "the largest of 10, 3, −3, −3 is 10, at row 3, column 3"),
        ("average", "(10 + 3 + (−3) + (−3)) / 4 = 7 / 4 = 1.75"),
        ("l2", "√(10² + 3² + (−3)² + (−3)²) = √127 ≈ 11.27"),
        ("weighted", "10×0.25 + 3×0.25 + (−3)×0.25 + (−3)×0.25 = 1.75"),
        (
            "stochastic",
            "probabilities 0.77, 0.23, 0, 0; the draw 0.15 hits 10, at row 3, column 3",
        ),
    ],
)
def test_when_a_cell_is_chosen_then_its_arithmetic_is_written_out(kind, sentence):
    explorer = PoolingExplorer(kind=kind, row=1, column=1)
    assert describe(explorer) == f"Output row 2, column 2: {sentence}."


def test_when_drawn_then_numbers_window_changes_and_sentences_are_there():
    root = ElementTree.fromstring(PoolingExplorer(**ROW, shift=1, column=1).picture())
    rects = list(root.iter(f"{SVG}rect"))
    assert root.get("role") == "img"
    assert len([rect for rect in rects if rect.get("stroke-width") == "3"]) == 3 + 1
    assert len([rect for rect in rects if rect.get("stroke-dasharray")]) == 6 + 2
    said = root.findtext(f"{SVG}desc", "")
    assert said.startswith("Output row 1, column 2: the largest of 0.3, 0.1, 1 is 1, at row 1, col")
    assert said.endswith("2 of 4 pooled values did. Dashed cells changed.")
    assert " id=" not in PoolingExplorer().picture()


def test_when_shown_as_text_then_settings_are_told_in_one_line():
    assert repr(PoolingExplorer(**ROW, shift=-1, column=2)) == (
        "PoolingExplorer(image 1×6, max, size 3, stride 1, shift -1, row 0, column 2)"
    )

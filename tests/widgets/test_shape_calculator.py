"""The shape calculator's traits, what it computes, and its still picture."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from traitlets import TraitError

from convbook.widgets import ShapeCalculator
from convbook.widgets.shape_calculator.words import describe

SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def shapes(draw: st.DrawFn) -> dict[str, int]:
    """Settings within their limits; the kernel need not fit."""
    limits = {
        "height": (1, 32),
        "width": (1, 32),
        "kernel_size": (1, 11),
        "stride": (1, 8),
        "padding": (0, 8),
        "dilation": (1, 4),
    }
    return {name: draw(st.integers(*ends)) for name, ends in limits.items()}


def pytorch(
    height: int, width: int, kernel_size: int, **options: int
) -> tuple[tuple[int, ...], np.ndarray]:
    """Return the output's shape and which cells the sum of a convolution of ones depends on."""
    cells = torch.ones(1, 1, height, width, requires_grad=True)
    ones = torch.ones(1, 1, kernel_size, kernel_size)
    outputs = torch.nn.functional.conv2d(cells, ones, **options)
    (gradient,) = torch.autograd.grad(outputs.sum(), cells)
    return tuple(outputs.shape[2:]), gradient[0, 0].numpy() != 0


@settings(deadline=None, max_examples=60)
@given(shapes())
def test_when_settings_vary_then_shape_and_coverage_are_pytorchs(shape):
    calculator = ShapeCalculator(**shape)
    try:
        expected_shape, expected = pytorch(**shape)
    except RuntimeError:
        for name in ("output_shape", "covered", "dropped"):
            with pytest.raises(ValueError, match=r"the kernel reaches over .* more padding"):
                getattr(calculator, name)
        return
    assert calculator.output_shape == expected_shape
    assert calculator.covered.dtype == bool
    np.testing.assert_array_equal(calculator.covered, expected)
    assert calculator.dropped == (~expected).sum()


def test_when_nothing_is_given_then_a_7_by_9_input_is_covered():
    calculator = ShapeCalculator()
    assert calculator.output_shape == (3, 4)
    assert calculator.covered.shape == (7, 9)
    assert calculator.dropped == 0


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("height", 0, r"height \(=0\) must be a whole number from 1 to 1024"),
        ("width", 1025, r"width \(=1025\) must be a whole number from 1 to 1024"),
        ("kernel_size", 12, r"kernel_size \(=12\) must be a whole number from 1 to 11"),
        ("stride", 0, r"stride \(=0\) must be a whole number from 1 to 8"),
        ("padding", -1, r"padding \(=-1\) must be a whole number from 0 to 8"),
        ("dilation", 1.5, r"dilation \(=1.5\) must be a whole number from 1 to 8"),
        ("row", 3, r"row \(=3\) must be at most 2, the output's last row: choose a smaller row"),
        ("column", 9, r"column \(=9\) must be at most 3, .* or add padding"),
    ],
)
def test_when_a_value_breaks_its_rule_then_the_error_names_value_rule_and_fix(name, value, message):
    with pytest.raises(TraitError, match=message):
        ShapeCalculator(**{name: value})


def test_when_the_output_shrinks_then_the_chosen_output_moves_inside():
    calculator = ShapeCalculator(row=2, column=3)
    calculator.stride = 4
    assert (calculator.row, calculator.column) == (1, 1)
    calculator.kernel_size = 11
    assert (calculator.row, calculator.column) == (0, 0)


def test_when_the_page_changes_several_traits_at_once_then_they_are_judged_together():
    calculator = ShapeCalculator()
    calculator.set_state({"row": 8, "padding": 2, "stride": 1})
    assert (calculator.row, calculator.padding) == (8, 2)


def test_when_the_state_is_sent_then_it_is_json():
    calculator = ShapeCalculator(padding=1, row=1)
    names = ("height", "width", "kernel_size", "stride", "padding", "dilation", "row", "column")
    state = {name: calculator.get_state()[name] for name in names}
    assert json.loads(json.dumps(state)) == dict(zip(names, (7, 9, 3, 2, 1, 1, 1, 0), strict=True))


def test_when_shown_as_text_then_no_memory_address_appears():
    assert repr(ShapeCalculator(padding=1)) == (
        "ShapeCalculator(input 7×9, kernel_size 3, stride 2, padding 1, dilation 1)"
    )


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"height": 8, "width": 11, "kernel_size": 2, "stride": 3, "padding": 1, "row": 1},
            "Output 3 × 4. 53 of 88 input cells are dropped: rows 2, 5 and 8 and columns 2, 5, 8 "
            "and 11 are never covered. Output row 2, column 1 touches input rows 3–4 and column 1, "
            "and 2 cells of padding.",
        ),
        (
            {"height": 1, "width": 2, "kernel_size": 1},
            "Output 1 × 1. 1 of 2 input cells is dropped: column 2 is never covered. "
            "Output row 1, column 1 touches input row 1 and column 1.",
        ),
        (
            {"kernel_size": 1, "stride": 1, "padding": 2},
            "Output 11 × 13. Every input cell is covered. "
            "Output row 1, column 1 touches 1 cell of padding and no input.",
        ),
        (
            {"width": 2},
            "No output: the kernel reaches over 3 cells (kernel_size=3, dilation=1) but the padded "
            "input has only 2 (n=2, padding=0): use a smaller kernel, less dilation or more "
            "padding.",
        ),
    ],
)
def test_when_described_then_the_sentence_says_size_dropped_cells_and_position(settings, sentence):
    assert describe(ShapeCalculator(**settings)) == sentence


def test_when_drawn_then_touched_and_dropped_cells_have_their_signs():
    calculator = ShapeCalculator(8, 11, 2, stride=3, padding=1)
    svg = calculator.picture()
    signs = [text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    touched, output_cell = 4, 1
    assert signs.count("●") == touched + output_cell
    never_covered_padding = 29
    assert signs.count("×") == calculator.dropped + never_covered_padding
    assert " id=" not in svg


def test_when_drawn_then_title_sentence_and_both_formulas_are_there():
    root = ElementTree.fromstring(ShapeCalculator(padding=1, width=10).picture())
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title", "").startswith("The input of a convolution")
    said = root.findtext(f"{SVG}desc", "")
    assert said.startswith("Output 4 × 5. Every input cell")
    assert "Rows: ⌊(7 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 4." in said
    assert "Columns: ⌊(10 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 5." in said


def test_when_nothing_fits_then_the_picture_shows_the_input_and_says_why():
    root = ElementTree.fromstring(ShapeCalculator(4, 3, kernel_size=5).picture())
    assert root.findtext(f"{SVG}desc", "").startswith("No output: the kernel reaches over 5 cells")
    background = 1
    assert len(list(root.iter(f"{SVG}rect"))) == 4 * 3 + background


@pytest.mark.parametrize("shape", [(227, 227), (224, 224), (443, 592), (1024, 1024), (1024, 1)])
def test_when_the_input_is_as_large_as_the_courses_then_a_sketch_to_scale_is_drawn(shape):
    picture = ShapeCalculator(*shape, kernel_size=1, stride=2).picture()
    assert f"A sketch to scale: {shape[0]} × {shape[1]} cells are too many" in picture
    assert len(picture) < 100_000
    whole = re.search(r'width="([\d.]+)" height="([\d.]+)" fill="#c6d8ec"', picture)
    assert whole is not None
    assert float(whole[1]) / float(whole[2]) == pytest.approx(shape[1] / shape[0], rel=0.05)


def test_when_the_kernel_is_larger_than_a_large_input_then_the_sketch_says_so():
    picture = ShapeCalculator(60, 3, kernel_size=5).picture()
    assert "No output: the kernel reaches over 5 cells" in picture
    assert "A sketch to scale: 60 × 3 cells" in picture


def test_when_one_cell_is_meant_then_it_is_said_in_the_singular():
    assert "1 of 1 input cell is dropped" in describe(ShapeCalculator(1, 1, 1, 2, 1))

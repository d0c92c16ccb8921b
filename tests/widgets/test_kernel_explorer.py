"""The kernel explorer's traits, what it computes, and the texts it sends."""

from __future__ import annotations

import json

import numpy as np
import pytest
import scipy.signal
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from traitlets import TraitError

from convbook.arithmetic.named_kernels import KERNELS
from convbook.widgets import KernelExplorer

IMAGE = np.arange(30.0).reshape(5, 6) % 7 - 3
KERNEL = np.array([[1.0, -2.0], [0.5, 3.0], [0.0, 1.0]])

numbers = st.integers(-20, 20).map(float)
shapes = st.tuples(st.integers(1, 7), st.integers(1, 7))


def test_when_nothing_is_given_then_the_first_cell_of_a_sobel_is_worked_out():
    explorer = KernelExplorer()
    assert explorer.kernel == KERNELS["Sobel x"]
    assert explorer.value == explorer.output[0, 0] == 36.0


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_when_settings_vary_then_the_output_is_scipys(data):
    image = data.draw(arrays(np.float64, shapes, elements=numbers))
    kernel = data.draw(arrays(np.float64, data.draw(shapes), elements=numbers))
    stride, padding, dilation = (data.draw(st.integers(*ends)) for ends in ((1, 3), (0, 2), (1, 2)))
    flip = data.draw(st.booleans())
    reach = [dilation * (size - 1) + 1 for size in kernel.shape]
    padded = np.pad(image, padding)
    assume(all(n >= k for n, k in zip(padded.shape, reach, strict=True)))
    spread = np.zeros(reach)
    spread[::dilation, ::dilation] = kernel[::-1, ::-1] if flip else kernel
    expected = scipy.signal.correlate2d(padded, spread, mode="valid")[::stride, ::stride]
    explorer = KernelExplorer(
        image, kernel, stride=stride, padding=padding, dilation=dilation, flip=flip
    )
    explorer.row, explorer.column = expected.shape[0] - 1, expected.shape[1] - 1
    np.testing.assert_allclose(explorer.output, expected, atol=1e-9)
    assert explorer.value == pytest.approx(expected[-1, -1])
    assert (explorer.patch * explorer.weights).sum() == pytest.approx(explorer.value)


@pytest.mark.parametrize("mode", ["constant", "nearest", "mirror", "wrap"])
def test_when_the_window_hangs_over_the_edge_then_the_patch_follows_the_mode(mode):
    explorer = KernelExplorer(IMAGE, KERNEL, padding=2, mode=mode, row=1, column=0)
    names = {"constant": "constant", "nearest": "edge", "mirror": "reflect", "wrap": "wrap"}
    np.testing.assert_array_equal(explorer.patch, np.pad(IMAGE, 2, names[mode])[1:4, :2])


def test_when_an_array_is_given_then_the_trait_holds_json_lists():
    explorer = KernelExplorer(np.eye(3, dtype=np.int8), [[2]])
    assert explorer.image == [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    sent = {name: explorer.get_state()[name] for name in ("image", "kernel", "presets", "flip")}
    assert json.loads(json.dumps(sent, allow_nan=False)) == sent


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "image",
            [[1, 2], [3]],
            r"image \(=\[\[1, 2\], \[3\]\]\) must be numbers in rows of equal",
        ),
        ("image", [1, 2], r"image has shape \(2,\), but it must be \(H, W\)"),
        ("kernel", np.ones((65, 4)), r"kernel has shape \(65, 4\).*from 1 to 64: take one channel"),
        ("image", [[np.nan]], r"image holds nan, but every number must be finite: replace it"),
        ("kernel", [[]], r"kernel has shape \(1, 0\)"),
        ("kernel", "Sobel", r"kernel \(='Sobel'\) must be an array or the name of a preset: Ident"),
        ("stride", 0, r"stride \(=0\) must be a whole number from 1 to 8"),
        ("padding", 1.5, r"padding \(=1.5\) must be a whole number from 0 to 8"),
        ("dilation", 9, r"dilation \(=9\) must be a whole number from 1 to 8"),
        ("mode", "reflect", r"mode.*'reflect'"),
        ("row", 4, r"row \(=4\) must be at most 3, the output's last row: choose a smaller row"),
        ("column", 9, r"column \(=9\) must be at most 3"),
    ],
)
def test_when_a_value_breaks_its_rule_then_the_error_names_value_rule_and_fix(name, value, message):
    with pytest.raises(TraitError, match=message):
        KernelExplorer(**{name: value})


def test_when_a_value_is_refused_then_the_old_one_stays():
    explorer = KernelExplorer(stride=2)
    with pytest.raises(TraitError, match="stride"):
        explorer.stride = 0
    assert explorer.stride == 2


def test_when_the_output_shrinks_then_the_chosen_cell_moves_inside():
    explorer = KernelExplorer(row=3, column=3)
    explorer.stride = 2
    assert (explorer.row, explorer.column) == (1, 1)


def test_when_the_page_changes_several_traits_at_once_then_they_are_judged_together():
    explorer = KernelExplorer(row=3)
    explorer.set_state({"row": 5, "padding": 1})
    assert (explorer.row, explorer.padding) == (5, 1)


def test_when_the_kernel_fits_nowhere_then_the_widget_lives_and_its_output_says_why():
    explorer = KernelExplorer([[1, 2], [3, 4]], np.ones((3, 3)))
    with pytest.raises(ValueError, match=r"the kernel reaches over 3 cells .* more padding"):
        _ = explorer.output
    with pytest.raises(ValueError, match="the kernel reaches over 3 cells"):
        _ = explorer.patch
    assert "No output: the kernel reaches over 3 cells" in explorer.picture()


def test_when_presets_are_given_then_they_replace_the_courses():
    explorer = KernelExplorer(kernel="Mine", presets={"Mine": [[7]]})
    assert explorer.kernel == [[7.0]]
    assert list(explorer.presets) == ["Mine"]


def test_when_shown_as_text_then_no_memory_address_appears():
    text = repr(KernelExplorer(IMAGE, KERNEL, row=1))
    assert text == "KernelExplorer(image 5×6, kernel 3×2, row 1, column 0)"

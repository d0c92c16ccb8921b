"""A photograph in the kernel explorer: how it is packed, computed with and drawn for paper."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage import data
from traitlets import TraitError

from convbook.arithmetic.named_kernels import KERNELS
from convbook.widgets import KernelExplorer
from convbook.widgets.kernel_explorer.photograph import BYTES, pack, unpack

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = st.tuples(st.integers(1, 40), st.integers(65, 90))


@settings(deadline=None, max_examples=40)
@given(arrays(np.uint8, SHAPES))
def test_when_pixels_are_bytes_then_they_are_kept_exactly(pixels):
    explorer = KernelExplorer(pixels)
    assert explorer.is_photograph
    np.testing.assert_array_equal(explorer.pixels, pixels)


@settings(deadline=None, max_examples=40)
@given(arrays(np.float64, SHAPES, elements=st.floats(-1e6, 1e6)))
def test_when_pixels_are_fractions_then_each_is_within_half_a_step(pixels):
    step = max((pixels.max() - pixels.min()) / BYTES, 1 / BYTES)
    np.testing.assert_allclose(unpack(pack(pixels)), pixels, atol=step / 2 * 1.001)


@pytest.mark.parametrize("name", ["camera", "astronaut", "coins", "horse", "cat", "rocket"])
def test_when_a_bundled_photograph_is_given_then_its_longer_side_has_256_pixels(name):
    explorer = KernelExplorer(getattr(data, name)(), padding=1)
    assert max(explorer.pixels.shape) == 256
    assert explorer.output.shape == explorer.pixels.shape
    assert len(explorer.image["data"]) < 90_000


def test_when_a_photograph_is_filtered_then_the_response_is_scipys():
    explorer = KernelExplorer(data.camera(), "Sobel x", row=100, column=120)
    expected = scipy.signal.correlate2d(explorer.pixels, KERNELS["Sobel x"], "valid")
    np.testing.assert_array_equal(explorer.output, expected)
    assert explorer.value == expected[100, 120]
    assert (explorer.patch * explorer.weights).sum() == explorer.value


def test_when_a_photograph_is_assigned_then_it_takes_the_place_of_the_cells_and_back():
    explorer = KernelExplorer()
    explorer.image = data.camera()[:70, :200]
    assert repr(explorer).startswith("KernelExplorer(image 70×200, ")
    explorer.row = 60
    explorer.image = np.eye(4)
    assert (explorer.row, explorer.is_photograph) == (1, False)


def test_when_colours_are_given_then_their_brightness_is_taken():
    red = np.zeros((2, 70, 3), np.uint8)
    red[..., 0] = 200
    assert set(KernelExplorer(red, [[1]]).pixels.ravel()) == {round(0.2126 * 200)}


def test_when_the_page_sends_a_photograph_then_it_is_taken_as_it_is():
    sent = pack(data.camera())
    explorer = KernelExplorer()
    explorer.image = dict(sent)
    assert explorer.image == sent


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros((3, 90, 90)), r"image has shape \(3, 90, 90\).*colours last with numpy.moveaxis"),
        (np.full((90, 90), np.nan), r"image holds nan, but every number must be finite: replace"),
        (np.full((90, 90), 1e13), r"magnitude 1e\+13, but the largest is 1e\+12: divide it"),
        ([[1.0] * 70, [2.0]], r"must be numbers in rows of equal length: pass a list of lists"),
        ({"height": 3}, r"image \(=\{'height': 3\}\) must be an array, or a photograph"),
        ({**pack(data.camera()), "width": 9}, r"must be an array, or a photograph as `pack`"),
    ],
)
def test_when_an_image_breaks_its_rule_then_value_rule_and_fix_are_said(value, message):
    with pytest.raises(TraitError, match=message):
        KernelExplorer(value)


def test_when_drawn_for_paper_then_photograph_and_response_are_seen_and_the_sum_is_said():
    root = ElementTree.fromstring(KernelExplorer(data.camera(), "Sobel x").picture())
    images = root.findall(f"{SVG}image")
    assert [image.get("href", "")[:22] for image in images] == ["data:image/png;base64,"] * 2
    assert "Output row 1, column 1: " in root.findtext(f"{SVG}desc", "")
    assert "Blue is −" in root.findtext(f"{SVG}desc", "")


def test_when_the_kernel_fits_nowhere_then_the_still_picture_shows_the_photograph_and_says_why():
    root = ElementTree.fromstring(KernelExplorer(np.zeros((2, 90)), "Sobel x").picture())
    assert len(root.findall(f"{SVG}image")) == 1
    assert "No output: " in root.findtext(f"{SVG}desc", "")

"""The still picture says and shows what the live widget does."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from convbook.widgets import KernelExplorer
from convbook.widgets.base import PICTURE, WIDGET_VIEW
from convbook.widgets.kernel_explorer.picture import describe, explorer_picture
from convbook.widgets.svg import format_number

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_when_drawn_then_every_number_of_image_kernel_and_output_is_a_numeral():
    explorer = KernelExplorer(padding=1)
    shown = texts(explorer.picture())
    cells = 8 * 8 + 3 * 3 + 6 * 6
    assert sum(text.lstrip("−").replace(".", "").isdigit() for text in shown) == cells


def test_when_drawn_then_title_description_and_sum_are_there():
    root = ElementTree.fromstring(KernelExplorer(row=2, column=1).picture())
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title") is not None
    assert root.findtext(f"{SVG}desc", "").startswith("Output row 3, column 2: 0×(−1) + 9×0")
    assert root.findtext(f"{SVG}desc", "").endswith("= 19")


def test_when_drawn_then_window_and_output_cell_are_marked_alike():
    root = ElementTree.fromstring(explorer_picture(KernelExplorer(dilation=2)))
    marked = [rect for rect in root.iter(f"{SVG}rect") if rect.get("stroke-width") == "3"]
    assert len(marked) == 9 + 1


def test_when_two_pictures_share_a_page_then_no_ids_can_clash():
    assert " id=" not in KernelExplorer().picture()


def test_when_the_kernel_is_large_then_the_sentence_keeps_both_ends():
    sentence = describe(KernelExplorer(np.ones((5, 5)), np.full((5, 5), 2)))
    assert sentence == "Output row 1, column 1: 1×2 + … (25 products) + 1×2 = 50"


@pytest.mark.parametrize(
    ("value", "text"),
    [(-1 / 9, "−0.11"), (-0.001, "0"), (100.0, "100"), (2.5, "2.5"), (0.125, "0.13")],
)
def test_when_a_number_is_written_then_it_is_short_and_has_a_real_minus(value, text):
    assert format_number(value) == text


def test_when_shown_in_a_notebook_then_the_bundle_holds_view_picture_and_text():
    bundle = KernelExplorer()._repr_mimebundle_()
    assert bundle is not None
    data, _ = bundle
    assert data[PICTURE].startswith("<svg ")
    assert set(data) == {"text/plain", WIDGET_VIEW, PICTURE}

"""The receptive field on a built page in Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from convbook.widgets import ReceptiveField
from convbook.widgets.receptive_field.words import describe
from tests.js.cases.receptive import CONV3, POOL2, SMALL, _touched
from tests.widgets.static_site import cells, opened, type_in

pytestmark = pytest.mark.browser

FIELD = """\
from convbook.widgets import ReceptiveField
field = ReceptiveField()
field"""
PADDED = [{**CONV3, "padding": 1, "dilation": 2}, POOL2, {**CONV3, "padding": 2}]


OTHER = f"ReceptiveField({PADDED}, 20, row=0, column=3, compare=True)"
PAGES = {"fields": cells(FIELD, "field", OTHER)}


@pytest.fixture
def address(site: Path) -> str:
    return f"{site.as_uri()}/fields.html"


def field(page: Page, index: int = 0) -> Locator:
    page.wait_for_selector('html[data-widgets="ready"]')
    return page.locator(".cvb-receptive-field").nth(index)


def level(root: Locator, number: int) -> Locator:
    return root.locator(f'.cvb-rf-stage > :first-child [data-level="{number}"]')


def says(root: Locator, widget: ReceptiveField) -> None:
    expect(root.get_by_role("status")).to_have_text(describe(widget))


def counted(layers: list, n: int, place: tuple[int, int]) -> str:
    """Rows × columns = cells with a gradient, as PyTorch finds them."""
    touched = _touched(layers, (n, n), place)[0]
    rows, columns = (len(set(touched[:, axis])) for axis in (0, 1))
    return f"sees {rows} × {columns} = {len(touched)} of {n * n} input cells"


def test_when_only_the_keyboard_is_used_then_the_neuron_reached_sees_pytorchs_cells(
    browser, address
):
    with opened(browser, address) as page:
        root = field(page)
        says(root, ReceptiveField())
        for _ in range(40):
            page.keyboard.press("Tab")
            label = page.evaluate("document.activeElement.getAttribute('aria-label')")
            if label == "Layer 3: map":
                break
        page.keyboard.press("ArrowUp")
        says(root, ReceptiveField(level=3, row=4, column=4))
        page.keyboard.press("ArrowUp")
        page.keyboard.press("End")
        expect(level(root, 3).locator(".cvb-rf-map")).to_be_focused()
        says(root, ReceptiveField(level=3, row=3, column=10))
        status = root.get_by_role("status")
        expect(status).to_contain_text(counted(SMALL[:3], 28, (3, 10)))
        expect(status).to_contain_text("(8.16 %)")
        picture = level(root, 0).get_by_role("img")
        expect(picture).to_have_accessible_name(
            "Input, 28 × 28 cells: lit are rows 7 to 14, columns 21 to 28"
        )


def test_when_row_column_and_level_are_typed_then_everything_follows(browser, address):
    with opened(browser, address) as page:
        root = field(page)
        root.get_by_label("Neuron in").select_option("Layer 2: max pool 2×2")
        type_in(root.get_by_label("Row", exact=True), "1")
        column = root.get_by_label("Column", exact=True)
        type_in(column, "13")
        says(root, ReceptiveField(level=2, row=0, column=12))
        expect(root.locator("tr[aria-current]")).to_contain_text("4 × 4")
        expect(level(root, 2)).to_contain_text("row 1, col. 13")
        expect(level(root, 3)).to_contain_text("–")
        says(field(page, 1), ReceptiveField(level=2, row=0, column=12))


def test_when_a_map_is_clicked_then_the_cell_under_the_pointer_is_chosen(browser, address):
    with opened(browser, address) as page:
        root = field(page)
        drawing = level(root, 1).locator("svg")
        box = drawing.bounding_box()
        assert box is not None
        cell = box["width"] / 26
        drawing.click(position={"x": 20.5 * cell, "y": 3.5 * cell})
        says(root, ReceptiveField(level=1, row=3, column=20))


def test_when_layers_are_edited_then_sizes_table_and_sentence_are_recomputed(browser, address):
    layers = [dict(layer) for layer in SMALL]
    with opened(browser, address) as page:
        root = field(page)
        first = root.get_by_role("group", name="Layer 1", exact=True)
        type_in(first.get_by_label("Kernel size"), "5")
        type_in(first.get_by_label("Padding"), "2")
        layers[0] |= {"kernel_size": 5, "padding": 2}
        says(root, ReceptiveField(layers))
        first.get_by_role("button", name="Move down").click()
        expect(root.get_by_role("button", name="Move down layer 2")).to_be_focused()
        layers[:2] = layers[1::-1]
        says(root, ReceptiveField(layers))
        root.get_by_role("button", name="Remove layer 5").click()
        root.get_by_role("group", name="Layer 4", exact=True).get_by_label("Kind").select_option(
            "Convolution"
        )
        root.get_by_role("button", name="Add convolution").click()
        widget = ReceptiveField([*layers[:3], {**CONV3, "kernel_size": 2}, CONV3])
        assert widget.sizes == [28, 14, 14, 12, 11, 9]
        says(root, widget)
        assert level(root, 5).inner_text().split("\n") == ["5 conv 3×3", "9 × 9", "row 5, col. 5"]
        expect(root.locator("tbody tr")).to_have_count(6)


def test_when_a_layer_does_not_fit_then_it_is_named_and_the_rest_stays(browser, address):
    with opened(browser, address) as page:
        root = field(page)
        type_in(root.get_by_label("Input size"), "12")
        says_why = root.locator(".cvb-rf-problem")
        expect(says_why).to_contain_text("Layer 5 (conv) does not fit: the kernel reaches over 3")
        expect(level(root, 4)).to_be_visible()
        expect(level(root, 5)).to_be_hidden()
        expect(root.get_by_role("status")).to_contain_text("Neuron row 1, column 1 of layer 4 sees")
        type_in(root.get_by_label("Input size"), "28")
        expect(says_why).to_be_hidden()


def test_when_pooling_is_compared_then_both_numbers_and_both_fields_are_shown(browser, address):
    with opened(browser, address) as page:
        root = field(page)
        root.get_by_label("Compare").check()
        says(root, ReceptiveField(compare=True))
        without = root.get_by_role("group", name="Without pooling")
        expect(without).to_contain_text("Without pooling: 7 × 7 = 49 (6.25 %)")
        expect(root).to_contain_text("With pooling: 18 × 18 = 324 (41.3 %)")
        expect(without.get_by_role("img").first).to_have_accessible_name(
            "Input, 28 × 28 cells: lit are rows 11 to 17, columns 11 to 17"
        )
        expect(without.locator("[data-level]:visible")).to_have_count(4)
        root.get_by_label("Compare").uncheck()
        expect(without).to_be_hidden()


def test_when_padding_is_read_then_the_border_and_the_gaps_are_said(browser, address):
    with opened(browser, address) as page:
        root = field(page, 2)
        says(root, ReceptiveField(PADDED, 20, row=0, column=3, compare=True))
        expect(root.get_by_role("status")).to_contain_text(counted(PADDED, 20, (0, 3)))
        expect(root.get_by_role("status")).to_contain_text("above the input: padding, not image")


def test_when_equal_layers_change_places_then_the_focus_follows_and_is_not_taken_later(
    browser, address
):
    with opened(browser, address) as page:
        root = field(page)
        for name in ("Remove layer 1", "Remove layer 2"):
            root.get_by_role("button", name=name).click()
        root.get_by_role("button", name="Move up layer 2").click()
        expect(root.get_by_role("button", name="Move up layer 1")).to_be_focused()
        type_in(root.get_by_label("Input size"), "20")
        says(root, ReceptiveField([POOL2, POOL2, CONV3], 20))
        expect(root.get_by_label("Input size")).to_be_focused()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_when_the_window_is_narrow_then_nothing_overflows_and_a_tap_chooses(
    browser, address, width
):
    options = {"viewport": {"width": width, "height": 800}, "has_touch": True}
    with opened(browser, address, **options) as page:
        root = field(page)
        field(page, 2)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        heights = page.evaluate(
            "[...document.querySelectorAll('.cvb-button, .cvb-rf-map')]"
            ".map(one => one.offsetHeight).filter(height => height > 0)"
        )
        assert min(heights) >= 44
        level(root, 5).locator("svg").tap(position={"x": 5, "y": 5})
        says(root, ReceptiveField(row=0, column=0))


@pytest.mark.parametrize("size", [224, 227, 1024])
def test_when_the_input_is_as_large_as_the_courses_then_it_is_sketched_and_said(
    browser, address, size
):
    with opened(browser, address) as page:
        root = field(page)
        type_in(root.get_by_label("Input size"), str(size))
        says(root, ReceptiveField(input_size=size))
        expect(root.get_by_text("is a sketch to scale without single cells")).to_be_visible()
        for _ in range(2):  # the first key chooses the map
            level(root, 0).get_by_role("group").press("Control+End")
        says(root, ReceptiveField(input_size=size, level=0, row=size - 1, column=size - 1))

"""The pooling explorer in a built page: Chromium, no Python, no network."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from convbook.arithmetic.pooling import KINDS
from convbook.widgets import PoolingExplorer
from convbook.widgets.pooling_explorer import PRESETS, SAMPLE_IMAGE
from convbook.widgets.pooling_explorer.picture import describe, describe_shift
from convbook.widgets.svg import format_number
from tests.widgets.static_site import cells, opened, settle, type_in

pytestmark = pytest.mark.browser

TWICE = """\
from convbook.widgets import PoolingExplorer
explorer = PoolingExplorer()
explorer"""
ROW = """\
from convbook.widgets.pooling_explorer import PRESETS
PoolingExplorer(**PRESETS["One row"], shift=1)"""
WIDE = """\
import numpy as np
PoolingExplorer(np.arange(40 * 12).reshape(12, 40) % 97 - 48.25, size=3, stride=1, shift=2)"""


PAGES = {"pooling": cells(TWICE, "explorer", ROW, WIDE)}


@pytest.fixture
def page(browser, site):
    with opened(browser, f"{site.as_uri()}/pooling.html") as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        yield page


def explorer(page: Page, index: int = 0) -> Locator:
    return page.locator(".cvb-pooling-explorer").nth(index)


def output(root: Locator) -> list[list[float]]:
    grid = root.get_by_role("grid", name="Output")
    rows = [row.get_by_role("gridcell").all_inner_texts() for row in grid.get_by_role("row").all()]
    return [[float(text.replace("−", "-")) for text in row] for row in rows]


def said(root: Locator) -> str:
    return " ".join(root.get_by_role("status").locator("p").all_inner_texts())


def test_when_only_the_keyboard_is_used_then_each_cell_reached_is_pytorchs(page):
    expected = torch.nn.functional.max_pool2d(torch.tensor(SAMPLE_IMAGE)[None], 2)[0].tolist()
    root = explorer(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.outputRow") is not None:
            break
    for key, (row, column) in [
        ("ArrowDown", (1, 0)),
        ("ArrowRight", (1, 1)),
        ("ArrowRight", (1, 1)),
        ("Control+Home", (0, 0)),
        ("End", (0, 1)),
    ]:
        page.keyboard.press(key)
        cell = root.locator(f'[data-output-row="{row}"][data-output-column="{column}"]')
        expect(cell).to_be_focused()
        assert float(cell.inner_text()) == expected[row][column]
        result = root.locator(".cvb-pool-result")
        assert float(result.get_attribute("data-value") or "nan") == expected[row][column]
    assert said(root) == (
        "Output row 1, column 2: the largest of 9, 3, 2, 1 is 9, at row 1, column 3. Not shifted."
    )


@pytest.mark.parametrize("kind", KINDS)
def test_when_settings_change_then_the_page_shows_and_says_what_python_does(page, kind):
    root = explorer(page)
    root.get_by_role("combobox", name="Image").select_option("5×7 uneven")
    root.get_by_role("combobox", name="Pooling").select_option(kind)
    type_in(root.get_by_role("spinbutton", name="Window size"), "3")
    type_in(root.get_by_role("spinbutton", name="Stride"), "1")
    root.get_by_role("button", name="Shift left").click()
    root.get_by_role("button", name="Step").click()
    image = PRESETS["5×7 uneven"]["image"]
    python = PoolingExplorer(image, kind, size=3, stride=1, shift=-1, column=1)
    np.testing.assert_allclose(output(root), python.output, atol=0.005001)
    assert said(root) == f"{describe(python)} {describe_shift(python)}"
    value = root.locator(".cvb-pool-result").get_attribute("data-value")
    assert float(value or "nan") == python.output[0, 1]


def test_when_the_row_is_shifted_then_marks_and_words_tell_what_changed(page):
    root = explorer(page, 2)
    assert said(root).endswith(
        "Shifted 1 cell to the right: 6 of 6 input values changed, 2 of 4 pooled values did."
    )
    assert root.locator("[data-image-row].cvb-pool-changed").count() == 6
    assert root.locator("[data-output-row].cvb-pool-changed").count() == 2
    before = root.get_by_role("table", name="Output before the shift")
    assert before.get_by_role("cell").all_inner_texts() == ["1", "1", "1", "0.2"]
    expect(root.get_by_role("gridcell", name="row 1, column 1: 0.3, was 1")).to_be_visible()
    root.get_by_role("button", name="No shift").click()
    expect(before).to_be_hidden()
    assert said(root).endswith("Not shifted.")
    assert output(root) == [[1, 1, 1, 0.2]]


def test_when_a_shifted_number_is_edited_then_it_is_written_where_it_came_from(page):
    root, other = explorer(page), explorer(page, 1)
    root.get_by_role("button", name="Shift right").click()
    root.get_by_role("grid", name="Image").locator('[tabindex="0"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("F2")
    page.keyboard.type("77")
    page.keyboard.press("Enter")
    expect(root.get_by_role("grid", name="Image").locator(":focus")).to_have_text("77")
    expect(other.locator('[data-output-row="0"][data-output-column="0"]')).to_have_text("77")
    root.get_by_role("button", name="No shift").click()
    expect(other.locator('[data-image-row="0"][data-image-column="0"]')).to_have_text("77")
    expect(root.get_by_role("combobox", name="Image")).to_have_value("Own numbers")
    root.get_by_role("gridcell", name="row 4, column 4").dblclick()
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    assert output(root) == output(other) == [[77, 9], [10, 10]]


def test_when_it_is_drawn_again_then_the_seed_grows_and_python_draws_the_same(page):
    root = explorer(page)
    root.get_by_role("combobox", name="Pooling").select_option("stochastic")
    for seed in range(1, 4):
        root.get_by_role("button", name="Draw again").click()
        python = PoolingExplorer(kind="stochastic", seed=seed)
        assert output(root) == python.output.tolist()
        assert said(root) == f"{describe(python)} Not shifted."
        label = re.compile(f"^A bar from 0 to 1.* the draw {format_number(python.draw)} lies in")
        expect(root.get_by_role("img")).to_have_attribute("aria-label", label)
    root.get_by_role("combobox", name="Pooling").select_option("max")
    expect(root.get_by_role("button", name="Draw again")).to_be_hidden()


def test_when_no_window_fits_then_the_page_says_why_and_recovers(page):
    root = explorer(page)
    root.get_by_role("gridcell", name="row 2, column 2: 10").click()
    type_in(root.get_by_role("spinbutton", name="Window size"), "5")
    assert said(root) == (
        "No output: size (=5×5) must fit into the image of 4×4 cells: use at most 4 rows and "
        "4 columns. Not shifted."
    )
    expect(root.get_by_role("grid", name="Output")).to_be_hidden()
    expect(root.locator(".cvb-pool-frame")).to_be_hidden()
    expect(root.get_by_role("button", name="Step")).to_have_attribute("aria-disabled", "true")
    type_in(root.get_by_role("spinbutton", name="Window size"), "4")
    assert output(root) == [[10]]


@pytest.mark.parametrize("width", [320, 390])
def test_when_the_screen_is_narrow_then_nothing_overflows_and_taps_work(browser, site, width):
    options = {"viewport": {"width": width, "height": 800}, "has_touch": True}
    with opened(browser, f"{site.as_uri()}/pooling.html", **options) as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        root = explorer(page)
        root.get_by_role("gridcell", name="row 4, column 4").tap()
        expect(root.locator(".cvb-pool-chosen")).to_have_attribute("data-output-row", "1")
        root.get_by_role("button", name="Edit numbers").tap()
        root.get_by_role("gridcell", name="row 4, column 4").tap()
        page.keyboard.type("55")
        page.keyboard.press("Enter")
        expect(root.locator(".cvb-pool-chosen")).to_have_text("55")
        root.get_by_role("combobox", name="Pooling").select_option("stochastic")
        wide = explorer(page, 3)
        for _ in range(12):
            wide.get_by_role("button", name="Step").tap()
        chosen = wide.locator(".cvb-pool-chosen").bounding_box()
        assert chosen is not None
        assert 0 <= chosen["x"] <= chosen["x"] + chosen["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        heights = "[...document.querySelectorAll('.cvb-button')].map(one => one.offsetHeight)"
        assert min(height for height in page.evaluate(heights) if height) >= 44
        before = wide.get_by_role("group", name="Output before the shift")
        expect(before).to_have_attribute("tabindex", "0")


def test_when_the_window_moves_then_its_frame_lies_on_its_cells(page):
    root = explorer(page, 2)
    root.get_by_role("button", name="Step").click()
    settle(page)
    frame = root.locator(".cvb-pool-frame").bounding_box()
    first = root.locator('[data-image-column="1"]').bounding_box()
    last = root.locator('[data-image-column="3"]').bounding_box()
    assert frame is not None
    assert first is not None
    assert last is not None
    assert abs(first["x"] - frame["x"] - 3) < 1
    assert abs(last["x"] + last["width"] + 3 - frame["x"] - frame["width"]) < 1

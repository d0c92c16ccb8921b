"""The convolution roll in Chromium: by keyboard, by touch, without Python."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from convbook.widgets.convolution_roll import PRESETS, ConvolutionRoll
from tests.serving import need_file
from tests.widgets.static_site import cells, opened, settle, type_in

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
ROLL = """\
from convbook.widgets import ConvolutionRoll
roll = ConvolutionRoll()
roll"""
LARGE = "ConvolutionRoll([(7 * i) % 11 - 5 for i in range(24)], list(range(-6, 6)), position=20)"
# A file's style sheets cannot be asked for again; the page shows one widget twice on purpose.
RUN_AXE = """axe.run(document.querySelector(".cvb-convolution-roll"),
  { preload: false, rules: { "landmark-unique": { enabled: false } } })"""
SUMS = ["1×10 = 10", "1×1 + 2×10 = 21", "2×1 + 3×10 = 32", "3×1 = 3"]
MINUS = str.maketrans("−", "-")


PAGES = {
    "rolls": cells(ROLL, "roll"),
    "large-roll": cells(f"from convbook.widgets import ConvolutionRoll\n{LARGE}"),
}


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    with opened(browser, f"{site.as_uri()}/rolls.html") as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        yield page


def roll(page: Page, index: int = 0) -> Locator:
    return page.locator(".cvb-convolution-roll").nth(index)


def sentence(root: Locator) -> Locator:
    return root.get_by_role("status")


def numerals(grid: Locator) -> list[float]:
    texts = grid.locator("[role=gridcell], [role=cell]").all_inner_texts()
    return [float(text.translate(MINUS)) if text else 0.0 for text in texts]


def output(root: Locator) -> list[float]:
    return numerals(root.get_by_role("grid", name="Output"))


def tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")


def test_when_only_the_keyboard_is_used_then_each_output_reached_is_numpys(page):
    expected = np.convolve([1, 2, 3], [10, 1])
    tab_to(page, "[data-output]")
    for key, position in [("ArrowRight", 1), ("End", 3), ("ArrowLeft", 2), ("Home", 0)]:
        page.keyboard.press(key)
        expect(roll(page).locator(f'[data-output="{position}"]')).to_be_focused()
        expect(sentence(roll(page))).to_have_text(f"Output {position + 1}: {SUMS[position]}")
        assert output(roll(page))[: position + 1] == expected[: position + 1].tolist()


def test_when_numbers_are_typed_then_output_matrix_and_both_views_follow(page):
    tab_to(page, '[aria-label="w, cell 1"]')
    page.keyboard.type("-2.5")
    page.keyboard.press("ArrowRight")
    expect(page.locator(":focus")).to_have_attribute("aria-label", "w, cell 2")
    tab_to(page, '[aria-label="x, cell 1"]')
    page.keyboard.press("End")
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    expected = ConvolutionRoll([1, 2, 4], [-2.5, 1])
    roll(page).get_by_role("button", name="Fill in all").click()
    for view in (roll(page, 0), roll(page, 1)):
        assert output(view) == np.convolve([1, 2, 4], [-2.5, 1]).tolist()
        matrix = numerals(view.get_by_role("grid", name="Matrix"))
        assert matrix == expected.matrix.ravel().tolist()


def test_when_mode_and_flip_change_then_all_that_is_shown_is_pythons(page):
    root = roll(page)
    root.get_by_label("Preset").select_option("Echo")
    for mode, flip in itertools.product(["full", "same", "valid", "periodic"], [True, False]):
        root.get_by_label("Outputs kept").select_option(mode)
        root.get_by_label("Flip w").set_checked(flip)
        root.get_by_label("Position of w").press("End")
        expected = ConvolutionRoll(**PRESETS["Echo"], mode=mode, flip=flip)
        expected.position = len(expected.output) - 1
        assert output(root) == expected.output.tolist(), (mode, flip)
        matrix = numerals(root.get_by_role("grid", name="Matrix"))
        assert matrix == expected.matrix.ravel().tolist(), (mode, flip)
        lane = root.get_by_role("table", name="Products").locator("[role=cell]")
        shown = [float(text.translate(MINUS)) for text in lane.all_inner_texts() if text]
        assert shown == expected.products.tolist(), (mode, flip)


def test_when_the_mode_keeps_less_then_the_position_stays_inside(page):
    root = roll(page)
    root.get_by_label("Position of w").press("End")
    root.get_by_label("Outputs kept").select_option("valid")
    expect(sentence(root)).to_have_text("Output 2: 2×1 + 3×10 = 32")
    expect(root.get_by_label("Position of w")).to_have_attribute("max", "2")
    step = root.get_by_role("button", name="Step")
    expect(step).to_have_attribute("aria-disabled", "true")
    step.press("Enter")
    expect(sentence(root)).to_have_text("Output 2: 2×1 + 3×10 = 32")


def test_when_what_is_typed_is_no_number_then_the_page_says_so_and_keeps_the_old_one(page):
    field = roll(page).get_by_label("x, cell 2")
    type_in(field, "")
    expect(field).to_have_accessible_description("a number, such as 0.5")
    expect(sentence(roll(page))).to_have_text(f"Output 1: {SUMS[0]}")
    field.press("Escape")
    expect(field).to_have_value("2")


def test_when_cells_are_added_then_they_are_0_and_the_most_is_kept(page):
    root = roll(page)
    more = root.get_by_role("button", name="Add a cell to w")
    for _ in range(10):
        more.click()
    expect(root.get_by_role("group", name="w, 12 cells")).to_be_visible()
    expect(more).to_have_attribute("aria-disabled", "true")
    more.press("Enter")
    root.get_by_role("button", name="Remove the last cell of w").click()
    assert root.get_by_label("w, cell 11").input_value() == "0"


def test_when_the_matrix_is_walked_then_its_row_is_the_output(page):
    root = roll(page)
    root.locator('[data-row][tabindex="0"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator(":focus")).to_have_attribute("aria-label", "row 2, column 2: 10")
    expect(sentence(root)).to_have_text("Output 2: 1×1 + 2×10 = 21")
    expect(root.get_by_text("Row 2: 1 in column 1, 10 in column 2, 0 elsewhere.")).to_be_visible()
    assert root.get_by_label("row 2, column 3: 0").inner_text() == ""


def test_when_w_rolls_then_the_frame_stands_over_its_cells(page):
    root = roll(page)
    for _ in range(2):
        root.get_by_role("button", name="Step").click()
    settle(page)
    frame = root.locator(".cvb-roll-frame").bounding_box()
    for label in ("w cell 2: 1", "x, cell 2"):
        cell = root.get_by_label(label, exact=True).bounding_box()
        assert cell["x"] - frame["x"] == pytest.approx(4, abs=1)


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("name", ["rolls", "large-roll"])
def test_when_the_window_is_narrow_then_only_the_boards_scroll(browser, site, width, name):
    options = {"viewport": {"width": width, "height": 800}, "has_touch": True}
    with opened(browser, f"{site.as_uri()}/{name}.html", **options) as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        boxes = [one.bounding_box() for one in page.locator(".cvb-button").all()]
        assert min(min(box["width"], box["height"]) for box in boxes) >= 44
        root = roll(page)
        root.locator(".cvb-roll-chosen").tap()
        chosen = root.locator(".cvb-roll-chosen").bounding_box()
        assert 0 <= chosen["x"] <= chosen["x"] + chosen["width"] <= width
        root.locator("[data-output]").first.tap()
        expect(sentence(root)).to_contain_text("Output 1: ")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_when_axe_looks_then_it_finds_nothing(page, theme):
    page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
    page.evaluate(need_file(AXE, "npm ci").read_text("utf-8"))
    found = page.evaluate(RUN_AXE)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []

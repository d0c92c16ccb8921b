"""The largest and the smallest numbers in cells: seen, and inside them; in the picture too."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from convbook.arithmetic.pooling import KINDS, drawn_cell, pool2d, probabilities
from convbook.palette import diverging_color
from convbook.widgets import ConvolutionRoll, KernelExplorer, PoolingExplorer
from convbook.widgets.svg import CELL, format_number
from tests.widgets.static_site import cells, opened, type_in

IMAGE = (
    "[[1e308, 1e-308, -1e308, 12345.678], [1, 2, 3, -1234.5], [0.5, 1e5, -1e-7, 9], [1, 2, 3, 4]]"
)
MADE = {
    "kernel": f"KernelExplorer({IMAGE}, [[1e308, -1e-308], [-0.001, 123456.7]], show_all=True)",
    "roll": "ConvolutionRoll([1e308, -1e308, 1e-308, 2], [10, 1e308, -12345.678], show_all=True)",
    "matrix": "ConvolutionRoll([1e308] * 3, [1e308, -1e308], 'periodic', show_all=True)",
    **{kind: f"PoolingExplorer({IMAGE}, '{kind}', shift=1)" for kind in KINDS},
}
PAGES = {"extremes": cells("from convbook.widgets import *\n", *MADE.values())}
# Of each cell with a number: whether it is blank, wider than its cell, or hard to read.
FAULTS = """() => {
  const luminance = (color) => color.match(/[\\d.]+/g).slice(0, 3)
    .map((one) => one / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const faults = [];
  for (const cell of document.querySelectorAll(".cvb-cell, .cvb-sum, .cvb-pool-result")) {
    if (!cell.offsetParent) continue;
    const style = getComputedStyle(cell);
    const text = cell.value ?? cell.textContent;
    if (cell.tagName === "INPUT" && text === "") faults.push(["blank", cell.ariaLabel]);
    if (text === "" || /NaN/.test(style.backgroundColor)) continue;
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room = cell.clientWidth + 0.5;
    if (pen.measureText(text).width > room) faults.push(["wide", text, room, style.fontSize]);
    if (style.backgroundColor === "rgba(0, 0, 0, 0)") continue;
    const [dark, light] = [style.color, style.backgroundColor].map(luminance).sort((a, b) => a - b);
    if ((light + 0.05) / (dark + 0.05) < 4.5) faults.push(["faint", text, style.backgroundColor]);
  }
  return faults;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_when_cells_hold_the_largest_numbers_then_each_is_seen_inside_its_cell(
    browser, site, width
):
    options = {"viewport": {"width": width, "height": 900}}
    with opened(browser, f"{site.as_uri()}/extremes.html", **options) as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        assert page.evaluate(FAULTS) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_when_the_largest_numbers_are_typed_then_the_fields_show_them(browser, site):
    with opened(browser, f"{site.as_uri()}/number-fields.html") as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        for field in (page.get_by_label("Kernel row 1, column 3"), page.get_by_label("x, cell 1")):
            for typed in ("1e308", "-1e-308", "1e308"):
                type_in(field, typed)
                expect(field).to_have_value(typed)
        assert page.evaluate(FAULTS) == []
        expect(page.locator(".cvb-sum")).to_have_text("∞")


@pytest.mark.parametrize("make", MADE.values())
def test_when_drawn_then_no_numeral_leaves_its_cell_and_every_colour_is_one(make):
    names = {one.__name__: one for one in (ConvolutionRoll, KernelExplorer, PoolingExplorer)}
    svg = ElementTree.fromstring(eval(make, names).picture())
    for text in svg.iter("{http://www.w3.org/2000/svg}text"):
        if text.get("text-anchor") == "middle":
            assert 0.6 * int(text.get("font-size", "0")) * len(text.text or "") <= CELL, text.text
    for one in svg.iter():
        assert re.fullmatch(r"none|#\w{6}|rgb\(\d+, \d+, \d+\)", one.get("fill", "none"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e308, "1e308"),
        (-1.5e300, "−1.5e300"),
        (1e-308, "0"),
        (999999999999.25, "999999999999.25"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "NaN"),
    ],
)
def test_when_a_number_is_huge_or_none_then_it_is_written_short(value, text):
    assert format_number(value) == text


def test_when_the_scale_is_infinite_then_colours_stay_in_the_scale():
    huge = float("inf")
    assert diverging_color(huge, huge) == diverging_color(1, 1)
    assert diverging_color(-huge, huge) == diverging_color(-1, 1)
    assert diverging_color(1e308, huge) == diverging_color(0, 1)
    assert diverging_color(float("nan"), 1) == diverging_color(0, 1)


def test_when_the_sum_of_a_window_is_infinite_then_its_cells_are_still_drawn():
    window = [1e308, -1e308, 1e308, 1e308]
    assert probabilities(window).tolist() == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3])
    assert [drawn_cell(window, draw) for draw in (0.3, 0.5, 0.9)] == [0, 2, 3]
    assert pool2d([window], "stochastic", (1, 4), draws=[0.5]).tolist() == [[1e308]]

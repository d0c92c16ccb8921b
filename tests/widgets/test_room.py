"""Nothing is cut off: choices in their lists, columns of the table, on a wide and a narrow page."""

from __future__ import annotations

import pytest

from tests.widgets.static_site import opened

pytestmark = pytest.mark.browser

# What a book's page at 1,280 pixels leaves for a widget, as the course's theme lays it out.
BOOK = """() => {
  for (const root of document.querySelectorAll(".cvb")) root.style.maxWidth = "688px";
}"""
# Every choice that is wider than what its list shows beside the arrow.
CUT_OFF = """() => [...document.querySelectorAll(".cvb select")].flatMap((select) => {
  const style = getComputedStyle(select);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontSize} ${style.fontFamily}`;
  const arrow = 16;
  const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return [...select.options].map((one) => one.text)
    .filter((text) => select.offsetParent && pen.measureText(text).width > room - arrow);
})"""


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_when_a_page_is_as_wide_as_a_screen_then_every_choice_is_read_in_full(browser, site, width):
    options = {"viewport": {"width": width, "height": 900}}
    with opened(browser, f"{site.as_uri()}/number-fields.html", **options) as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        page.evaluate(BOOK)
        assert page.evaluate(CUT_OFF) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("network", ["VGG-16", "VGG-16 with batch norm", "AlexNet, two groups"])
def test_when_the_page_is_a_books_then_no_column_of_a_network_is_hidden(browser, site, network):
    options = {"viewport": {"width": 1280, "height": 900}}
    with opened(browser, f"{site.as_uri()}/number-fields.html", **options) as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        page.get_by_role("combobox", name="Network").select_option(network)
        table = page.locator(".cvb-arch-scroll")
        for narrow in ("() => {}", BOOK):
            page.evaluate(narrow)
            assert table.evaluate("one => one.scrollWidth - one.clientWidth") == 0

"""Start over, in every widget: all is again as it was when the page was opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from convbook import widgets
from tests.trials import GALLERY
from tests.widgets.static_site import cells, opened, type_in

pytestmark = pytest.mark.browser

# As a page may open it: nothing here is a default.
MADE = {
    "KernelExplorer": "KernelExplorer([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, -1], [2, 4]], row=1)",
    "ConvolutionRoll": "ConvolutionRoll([4, -1, 2], [3, 1, 7], 'same', position=1)",
    "ShapeCalculator": "ShapeCalculator(443, 592, 11, 4, 2, row=3)",
    "PoolingExplorer": "PoolingExplorer([[1, 2, 3, 4], [5, 6, 7, 8.5]], 'average', shift=1)",
    "ReceptiveField": "ReceptiveField(input_size=100, level=2, row=0, compare=True)",
    "ArchitectureTable": "ArchitectureTable('resnet-18', selected=4, share='memory')",
    "FilterGallery": GALLERY + "\n_.group = 1\n_",
    "Quiz": "Quiz('Is it?', [{'text': 'Yes', 'explanation': 'It is.', 'right': True},"
    " {'text': 'No', 'explanation': 'It is.'}])",
}
PAGES = {
    "start-over": cells(
        "from convbook.widgets import *\n",
        *(
            made.replace("FilterGallery(groups)", "_ = FilterGallery(groups)")
            for made in MADE.values()
        ),
    ),
}


@pytest.fixture(scope="module")
def page(browser: Browser, site: Path) -> Iterator[Page]:
    with opened(browser, f"{site.as_uri()}/start-over.html") as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        yield page


def shown(root: Locator) -> str:
    """Everything a reader sees: texts, drawings, fields, switches."""
    return str(
        root.evaluate("""root => root.innerText + [...root.querySelectorAll("*")].map(one => [
          one.value, one.checked, one.getAttribute("d"), one.ariaPressed, one.ariaLabel,
        ]).join("|")""")
    )


def disturb(root: Locator) -> None:
    """Change every field, switch and step of a widget."""
    for field in root.locator(".cvb-number input").all():
        if field.is_visible():
            type_in(field, str(int(field.input_value()) + 1))
    for field in root.locator("input.cvb-cell").all():
        type_in(field, "-2.25")
    for choice in root.locator("select").all():
        if choice.is_visible():
            choice.select_option(index=(choice.evaluate("one => one.selectedIndex") + 1) % 2)
    # Who predicts starts over beside the answer: see below.
    predicting = root.get_by_label("Predict first")
    for switch in root.locator("input[type=checkbox], input[type=radio]").all():
        if switch.is_visible() and not switch.and_(predicting).count():
            switch.set_checked(
                not switch.is_checked() or "radio" in (switch.get_attribute("type") or "")
            )
    for button in root.locator("button:not([aria-disabled=true])").all()[:12]:
        if button.is_visible() and button.inner_text() not in ("Start over", "×"):
            button.click()


@pytest.mark.parametrize("name", widgets.__all__)
def test_when_the_reader_starts_over_then_all_is_as_the_page_was_opened(page, name):
    root = page.locator(".cvb").nth(list(MADE).index(name))
    opening = shown(root)
    disturb(root)
    assert shown(root) != opening
    again = root.get_by_role("button", name="Start over")
    again.click()
    expect(again).to_be_visible()
    assert shown(root) == opening


@pytest.mark.parametrize("name", ["KernelExplorer", "PoolingExplorer"])
def test_when_a_cell_of_the_image_was_changed_then_the_image_is_back(page, name):
    root = page.locator(".cvb").nth(list(MADE).index(name))
    opening = shown(root)
    root.get_by_role("button", name="Edit numbers").click()
    root.get_by_role("grid", name="Image").get_by_role("gridcell").first.click()
    type_in(root.get_by_label("New value"), "77")
    expect(root.get_by_role("grid", name="Image")).to_contain_text("77")
    root.get_by_role("button", name="Start over").click()
    assert shown(root) == opening


def test_when_a_reader_who_predicts_starts_over_then_the_kernel_is_back_and_is_asked_for(page):
    root = page.locator(".cvb").first
    opening = root.get_by_label("Kernel row 1, column 1").input_value()
    root.get_by_label("Predict first").check()
    type_in(root.get_by_label("Kernel row 1, column 1"), "9")
    again = root.get_by_role("button", name="Start over").filter(visible=True)
    again.click()
    expect(root.get_by_label("Kernel row 1, column 1")).to_have_value(opening)
    expect(root.get_by_text("What is output row 1, column 1?")).to_be_visible()
    root.get_by_label("Predict first").uncheck()
    again.click()

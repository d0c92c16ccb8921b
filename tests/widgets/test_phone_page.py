"""The widgets on a phone: what belongs together is seen together, and a swipe scrolls the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.serving import need_file
from tests.widgets.static_site import cells, opened

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """axe.run({ include: [[".cvb"]] }, { preload: false })"""
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SOURCES = {
    "KernelExplorer": 'KernelExplorer(kernel="Laplacian", padding=1, mode="nearest")',
    "photograph": "KernelExplorer(data.camera(), row=20, column=40)",
    "PoolingExplorer": "PoolingExplorer()",
    "ConvolutionRoll": "ConvolutionRoll()",
    "ReceptiveField": "ReceptiveField(compare=True)",
}
IMPORTS = "from skimage import data\nfrom convbook.widgets import *\n"
PAGES = {"phone": cells(*[IMPORTS + source for source in SOURCES.values()])}
HEIGHT = 1024  # of 844 that a screen has

# What must be seen at once, by widget.
TOGETHER = {
    "KernelExplorer": (".cvb-stage .cvb-pane:first-child", ".cvb-stage .cvb-pane:last-child"),
    "photograph": (".cvb-painted >> nth=0", ".cvb-work"),
    "PoolingExplorer": (".cvb-pool-stage", ".cvb-pool-work"),
    "ConvolutionRoll": (".cvb-roll-over", ".cvb-roll-steps"),
    "ReceptiveField": (".cvb-rf-stage", ".cvb-rf-status"),
}
# Where a finger may begin to swipe, and what is a handle.
SWIPED = {
    "KernelExplorer": (".cvb-stage .cvb-row >> nth=6", ".cvb-kernel > input >> nth=4"),
    "photograph": (".cvb-painted >> nth=1 >> canvas", ".cvb-kernel > input >> nth=0"),
    "PoolingExplorer": (".cvb-pool-stage .cvb-row >> nth=1", ".cvb-pool-work"),
    "ConvolutionRoll": (".cvb-roll-over", ".cvb-roll-output"),
    "ReceptiveField": (".cvb-rf-map >> nth=0", ".cvb-rf-map >> nth=7"),
}
HANDLES = {"KernelExplorer": ".cvb-frame", "photograph": ".cvb-handle >> nth=0"}


@pytest.fixture
def page(browser, site):
    with opened(browser, f"{site.as_uri()}/phone.html", **PHONE) as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        yield page


def widget(page: Page, name: str) -> Locator:
    return page.locator(".cvb").nth(list(SOURCES).index(name))


def drag(page: Page, target: Locator, right: float, down: float) -> None:
    """A finger goes down in the middle of ``target``, moves in small steps, and lifts."""
    box = target.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)
    steps = 8
    for i in range(steps + 1):
        place = {"x": x + right * i / steps, "y": y + down * i / steps}
        kind = "touchMove" if i else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(50)


def scrolled(page: Page) -> float:
    return float(page.evaluate("window.scrollY"))


def at_middle(page: Page, target: Locator) -> None:
    target.evaluate("one => one.scrollIntoView({ block: 'center' })")
    page.wait_for_timeout(50)


@pytest.mark.parametrize("name", SOURCES)
def test_when_seen_on_a_phone_then_it_is_hardly_taller_than_the_screen(page, name):
    box = widget(page, name).bounding_box()
    assert box["height"] <= HEIGHT
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("name", SOURCES)
def test_when_seen_on_a_phone_then_what_belongs_together_fits_on_the_screen(page, name):
    boxes = [widget(page, name).locator(part).bounding_box() for part in TOGETHER[name]]
    top = min(box["y"] for box in boxes)
    assert max(box["y"] + box["height"] for box in boxes) - top <= 844


@pytest.mark.parametrize("name", SOURCES)
def test_when_a_swipe_begins_on_a_widget_then_the_page_scrolls(page, name):
    for part in SWIPED[name]:
        target = widget(page, name).locator(part)
        at_middle(page, target)
        before = scrolled(page)
        drag(page, target, 0, -160)
        assert scrolled(page) > before + 60, part


@pytest.mark.parametrize("name", HANDLES)
def test_when_a_handle_is_dragged_then_it_moves_and_the_page_stays(page, name):
    root = widget(page, name)
    handle = root.locator(HANDLES[name])
    at_middle(page, handle)
    before, said = scrolled(page), root.locator(".cvb-sentence").inner_text()
    drag(page, handle, 30, 40)
    assert scrolled(page) == before
    expect(root.locator(".cvb-sentence")).not_to_have_text(said)


@pytest.mark.parametrize("name", HANDLES)
def test_when_a_weight_is_dragged_sideways_then_it_changes_and_the_page_stays(page, name):
    root = widget(page, name)
    field = root.get_by_label("Kernel row 2, column 1")
    at_middle(page, field)
    before, value = scrolled(page), float(field.input_value())
    drag(page, field, 60, 0)
    assert scrolled(page) == before
    assert float(field.input_value()) > value + 1


def test_when_a_picture_is_tapped_then_that_place_is_worked_out(page):
    root = widget(page, "photograph")
    root.locator(".cvb-painted").nth(1).tap(position={"x": 70, "y": 80})
    expect(root.locator(".cvb-sentence")).not_to_contain_text("Output row 21, column 41")


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "PoolingExplorer"])
def test_when_settings_are_unfolded_then_they_stay_so_until_the_widget_is_wide(page, name):
    root = widget(page, name)
    settings = root.locator(".cvb-fold").first
    control = settings.locator("select, input").first
    expect(control).to_be_hidden()
    settings.locator("summary").tap()
    expect(control).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 844})
    expect(settings.locator("summary")).to_be_hidden()
    expect(control).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(control).to_be_hidden()


def test_when_settings_are_folded_then_the_keyboard_unfolds_them(page):
    root = widget(page, "ReceptiveField")
    root.locator("summary").nth(1).focus()
    page.keyboard.press("Enter")
    expect(root.get_by_role("button", name="Add pooling")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_when_axe_looks_then_it_finds_nothing(page, theme, width):
    page.set_viewport_size({"width": width, "height": 844})
    for name in ("KernelExplorer", "PoolingExplorer", "ConvolutionRoll"):
        widget(page, name).get_by_label("Predict first").check()
        widget(page, name).get_by_label("Your number").fill("12345")
        widget(page, name).get_by_role("button", name="Check").click()
    page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
    page.evaluate(need_file(AXE, "npm ci").read_text("utf-8"))
    found = page.evaluate(RUN_AXE)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []

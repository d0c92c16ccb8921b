"""The gallery on a built page: what it shows, cell by cell, is what NumPy holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from convbook.widgets import FilterGallery
from convbook.widgets.filter_gallery.packing import color_pixels, scale_limit
from convbook.widgets.filter_gallery.words import cell_sentence, image_sentence
from tests.widgets.static_site import cells, opened

pytestmark = pytest.mark.browser

SOURCE = """\
import numpy as np
from convbook.widgets import FilterGallery
from convbook.widgets.filter_gallery import GalleryGroup, GalleryImage

def gabor(angle, strength, size=7):
    y, x = np.mgrid[:size, :size] - size // 2
    along = x * np.cos(angle) + y * np.sin(angle)
    return strength * np.exp(-(x**2 + y**2) / 8) * np.cos(along * 1.6)

rng = np.random.default_rng(5)
noise, goal = rng.uniform(size=(2, 20, 24, 3))
shares = np.linspace(0, 1, 5)
gallery = FilterGallery([
    GalleryGroup("conv1", "filters", [gabor(i / 9, 0.1 + i / 30) for i in range(30)]),
    GalleryGroup("maps", "activations", rng.normal(size=(12, 9, 14))),
    GalleryGroup("channel 3", "frames", [
        GalleryImage((1 - t) * noise + t * goal, f"step {100 * t:.0f}", f"mean activation {t:.1f}")
        for t in shares]),
])"""
# Read from a copy: reading a canvas slows it down, of which browsers warn.
PIXELS = """canvas => {
    const { width, height } = canvas;
    const copy = Object.assign(document.createElement("canvas"), { width, height });
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    return [height, width, ...context.getImageData(0, 0, width, height).data];
}"""


PAGES = {"gallery": cells(f"{SOURCE}\ngallery", "gallery")}


@pytest.fixture
def address(site: Path) -> str:
    return f"{site.as_uri()}/gallery.html"


@pytest.fixture(scope="module")
def python() -> FilterGallery:
    names: dict[str, FilterGallery] = {}
    exec(SOURCE, names)
    return names["gallery"]


def view(page: Page, index: int = 0) -> Locator:
    page.wait_for_selector('html[data-widgets="ready"]')
    return page.locator(".cvb-gallery").nth(index)


def status(root: Locator) -> Locator:
    return root.locator("[role=status]")


def pixels(canvas: Locator) -> np.ndarray:
    height, width, *data = canvas.evaluate(PIXELS)
    return np.reshape(data, (height, width, 4))[:, :, :3]


def choose(root: Locator, name: str, value: str) -> None:
    root.get_by_role("combobox", name=name, exact=True).select_option(value)


def wall(root: Locator) -> Locator:
    return root.get_by_role("listbox").get_by_role("option")


def large(root: Locator) -> Locator:
    return root.get_by_role("application")


def test_when_only_the_keyboard_is_used_then_each_image_and_cell_is_numpys(
    browser, address, python
):
    group = python.groups[0]
    with opened(browser, address, viewport={"width": 1280, "height": 900}) as page:
        root = view(page)
        columns = root.locator(".cvb-gallery-wall").evaluate(
            "wall => getComputedStyle(wall).gridTemplateColumns.split(' ').length"
        )
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.getAttribute('role')") == "option":
                break
        steps = [("ArrowRight", 1), ("ArrowDown", 1 + columns), ("ArrowUp", 1), ("ArrowLeft", 0)]
        for key, index in [*steps, ("End", 29), ("ArrowRight", 29), ("Home", 0), ("End", 29)]:
            page.keyboard.press(key)
            chosen = root.locator(".cvb-gallery-wall [aria-selected=true]")
            expect(chosen).to_be_focused()
            expect(chosen).to_have_attribute("aria-label", group["images"][index]["label"])
            expect(status(root)).to_have_text(image_sentence(group, index))
        page.keyboard.press("Tab")
        expect(large(root)).to_be_focused()
        readout = root.locator(".cvb-gallery-readout")
        moves = [("ArrowDown", 1, 0), ("End", 1, 6), ("Control+End", 6, 6), ("ArrowLeft", 6, 5)]
        for key, row, column in moves:
            page.keyboard.press(key)
            expect(readout).to_have_text(cell_sentence(group["images"][29], row, column))
            expect(readout).to_have_attribute("aria-live", "polite")


def test_when_drawn_then_every_pixel_has_the_colour_of_its_value(browser, address, python):
    with opened(browser, address) as page:
        root = view(page)
        for number, scale in ((0, "group"), (0, "image"), (1, "image"), (2, None)):
            group = python.groups[number]
            choose(root, "Group", str(number))
            if scale:
                choose(root, "Colour scale", scale)
            shown = wall(root)
            shown.nth(3).click()
            limits = [scale_limit(group, i, scale or "image") for i in range(len(group["images"]))]
            expected = color_pixels(group["images"][3], limits[3])
            np.testing.assert_array_equal(pixels(large(root).locator("canvas")), expected)
            last = len(group["images"]) - 1
            expected = color_pixels(group["images"][last], limits[last])
            np.testing.assert_array_equal(pixels(shown.nth(last).locator("canvas")), expected)
        expect(root.get_by_role("combobox", name="Colour scale")).to_be_hidden()


def test_when_the_scale_changes_then_the_legend_gives_its_ends(browser, address, python):
    limits = [image["limit"] for image in python.groups[0]["images"]]
    with opened(browser, address) as page:
        root = view(page)
        legend = root.locator(".cvb-gallery-ends")
        expect(legend).to_contain_text(f"orange {max(limits):.2f}")
        choose(root, "Colour scale", "image")
        expect(legend).to_have_text("blue −0.1grey 0orange 0.1")
        assert limits[0] == pytest.approx(0.1)
        numerals = root.locator(".cvb-gallery-numerals > span").all_inner_texts()
        python.group = python.image = 0
        shown = [float(text.replace("−", "-")) for text in numerals]
        np.testing.assert_allclose(shown, python.chosen_image.ravel(), atol=0.00051)


def test_when_frames_are_stepped_then_slider_buttons_and_wall_agree(browser, address, python):
    with opened(browser, address) as page:
        root = view(page)
        expect(root.get_by_role("slider", name="Frame")).to_be_hidden()
        choose(root, "Group", "2")
        slider = root.get_by_role("slider", name="Frame")
        back, step = (root.get_by_role("button", name=name) for name in ("Back", "Step"))
        expect(back).to_have_attribute("aria-disabled", "true")
        step.click()
        expect(status(root)).to_contain_text("step 25 (2 of 5): 20×24 cells in colour, from 0")
        expect(slider).to_have_attribute("aria-valuetext", "step 25")
        slider.focus()
        page.keyboard.press("End")
        expect(status(root)).to_have_text(image_sentence(python.groups[2], 4))
        expect(status(root)).to_contain_text("; mean activation 1.0")
        expect(step).to_have_attribute("aria-disabled", "true")
        step.click(force=True)
        back.click()
        expect(root.locator("[role=option][aria-selected=true]")).to_have_text("step 75")


def test_when_a_cell_is_pointed_at_then_it_is_read_but_not_spoken(browser, address, python):
    with opened(browser, address) as page:
        root = view(page)
        choose(root, "Group", "1")
        box = large(root).bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] * 10.5 / 14, box["y"] + box["height"] * 2.5 / 9)
        readout = root.locator(".cvb-gallery-readout")
        expect(readout).to_have_text(cell_sentence(python.groups[1]["images"][0], 2, 10))
        expect(readout).to_have_attribute("aria-live", "off")
        marker = root.locator(".cvb-gallery-marker").bounding_box()
        assert marker is not None
        assert marker["x"] == pytest.approx(box["x"] + box["width"] * 10 / 14, abs=1)
        wall(root).nth(7).click()
        expect(readout).to_have_text(cell_sentence(python.groups[1]["images"][7], 2, 10))
        choose(root, "Group", "0")
        expect(readout).to_have_text(cell_sentence(python.groups[0]["images"][7], 2, 6))


def test_when_two_views_show_one_gallery_then_they_stay_in_step(browser, address):
    with opened(browser, address) as page:
        first, second = view(page, 0), view(page, 1)
        wall(first).nth(20).click()
        expect(status(second)).to_contain_text("filter 21 (21 of 30)")
        choose(second, "Group", "1")
        expect(status(first)).to_contain_text("map 12 (12 of 12): 9×14 cells")
        choose(second, "Colour scale", "image")
        expect(first.get_by_role("combobox", name="Colour scale")).to_have_value("image")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_when_the_window_is_narrow_then_nothing_overflows_and_targets_are_large(
    browser, address, width
):
    options = {"viewport": {"width": width, "height": 800}, "has_touch": True}
    with opened(browser, address, **options) as page:
        root = view(page)
        choose(root, "Group", "2")
        root.get_by_role("option", name="step 50").tap()
        expect(status(root)).to_contain_text("step 50 (3 of 5)")
        large(root).tap()
        expect(root.locator(".cvb-gallery-readout")).to_contain_text("Row 10, column 13: red")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        heights = "[...document.querySelectorAll('.cvb button')].map(one => one.offsetHeight)"
        assert min(size for size in page.evaluate(heights) if size) >= 44


def test_when_there_is_no_javascript_then_the_wall_is_seen(browser, address):
    with opened(browser, address, java_script_enabled=False) as page:
        picture = page.locator(".cvb-picture > svg").first
        expect(picture.locator("image")).to_have_count(24)
        expect(picture.locator("desc")).to_contain_text("conv1, filter 1 (1 of 30): 7×7 cells")

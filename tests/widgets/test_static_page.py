"""A built page in Chromium: the widget runs without Python and without the network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import scipy.signal
import skimage.io
from playwright.sync_api import Locator, Page, expect

from convbook.arithmetic.named_kernels import KERNELS
from convbook.widgets.kernel_explorer import SAMPLE_IMAGE
from tests.serving import served
from tests.widgets.static_site import build_site, cells, opened, settle, type_in

pytestmark = pytest.mark.browser

EXPLORER = """\
from convbook.widgets import KernelExplorer
explorer = KernelExplorer()
explorer"""
OTHER = "KernelExplorer(kernel=[[1, 2], [3, 4]], image=[[1, 2], [3, 4]], dilation=2)"
NAME = "convbook.widgets.kernel_explorer.KernelExplorer"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    widgets = cells(EXPLORER, "explorer", OTHER)
    plain = "# No widget here\n"
    built = build_site(tmp_path_factory.mktemp("site"), live=widgets, broken=widgets, plain=plain)
    page = built / "broken.html"
    page.write_text(page.read_text("utf-8").replace(NAME, "convbook.widgets.Missing", 1), "utf-8")
    return built


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


def ready(page: Page) -> None:
    page.wait_for_selector('html[data-widgets="ready"]')


def explorer(page: Page, index: int = 0) -> Locator:
    return page.locator(".cvb-kernel-explorer").nth(index)


def shown_sum(root: Locator) -> float:
    return float(root.locator(".cvb-sum").get_attribute("data-value") or "nan")


@pytest.fixture(params=["file", "http"])
def address(request: pytest.FixtureRequest, site: Path, server: str) -> str:
    return f"{site.as_uri()}/live.html" if request.param == "file" else f"{server}/live.html"


def test_when_only_the_keyboard_is_used_then_each_cell_reached_is_scipys(browser, address):
    expected = scipy.signal.correlate2d(SAMPLE_IMAGE, KERNELS["Sobel x"], mode="valid")
    with opened(browser, address) as page:
        ready(page)
        root = explorer(page)
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.dataset.outputRow") is not None:
                break
        for key, (row, column) in [
            ("ArrowDown", (1, 0)),
            ("End", (1, 3)),
            ("ArrowLeft", (1, 2)),
            ("Control+End", (3, 3)),
            ("ArrowRight", (3, 3)),
            ("Control+Home", (0, 0)),
        ]:
            page.keyboard.press(key)
            focused = root.locator(f'[data-output-row="{row}"][data-output-column="{column}"]')
            expect(focused).to_be_focused()
            assert shown_sum(root) == expected[row, column]
        expect(root.locator("[aria-live]").first).to_contain_text("Output row 1, column 1: ")


def test_when_buttons_are_pressed_then_the_output_fills_in(browser, address):
    with opened(browser, address) as page:
        ready(page)
        root = explorer(page)
        cells = root.locator("[data-output-row]")
        root.get_by_role("button", name="Step").click()
        assert [text != "" for text in cells.all_inner_texts()] == [True] * 2 + [False] * 14
        root.get_by_role("button", name="Fill in all").click()
        assert all(cells.all_inner_texts())
        root.get_by_role("button", name="Start over").click()
        assert [text != "" for text in cells.all_inner_texts()] == [True] + [False] * 15


def test_when_a_kernel_number_is_edited_then_every_view_of_the_model_follows(browser, address):
    kernel = np.array(KERNELS["Sobel x"])
    kernel[0, 2] = -3
    with opened(browser, address) as page:
        ready(page)
        field = explorer(page).get_by_label("Kernel row 1, column 3")
        field.fill("-3")
        field.press("Enter")
        expect(explorer(page, 1).get_by_label("Kernel row 1, column 3")).to_have_value("-3")
        expected = scipy.signal.correlate2d(SAMPLE_IMAGE, kernel, mode="valid")[0, 0]
        assert shown_sum(explorer(page, 0)) == shown_sum(explorer(page, 1)) == expected
        assert explorer(page, 2).get_by_label("Kernel row 1, column 2").input_value() == "2"


def test_when_an_image_number_is_edited_by_keyboard_then_the_sum_follows(browser, address):
    image = np.array(SAMPLE_IMAGE)
    image[0, 2] = 4
    with opened(browser, address) as page:
        ready(page)
        root = explorer(page)
        root.get_by_role("grid", name="Image").locator('[tabindex="0"]').focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.keyboard.type("4")
        page.keyboard.press("Enter")
        expected = scipy.signal.correlate2d(image, KERNELS["Sobel x"], mode="valid")[0, 0]
        expect(root.locator(".cvb-sum")).to_have_attribute("data-value", str(int(expected)))
        expect(root.get_by_role("grid", name="Image").locator(":focus")).to_have_text("4")


def test_when_settings_change_then_the_whole_output_is_scipys(browser, address):
    with opened(browser, address) as page:
        ready(page)
        root = explorer(page)
        root.get_by_label("Preset").select_option("Corner (not symmetric)")
        root.get_by_label("Flip kernel").check()
        type_in(root.get_by_label("Padding", exact=True), "1")
        type_in(root.get_by_label("Stride"), "2")
        root.get_by_label("Padding holds").select_option("mirror")
        root.get_by_role("button", name="Fill in all").click()
        padded = np.pad(SAMPLE_IMAGE, 1, mode="reflect")
        kernel = KERNELS["Corner (not symmetric)"]
        expected = scipy.signal.convolve2d(padded, kernel, mode="valid")[::2, ::2]
        shown = [float(text) for text in root.locator("[data-output-row]").all_inner_texts()]
        np.testing.assert_array_equal(np.reshape(shown, (3, 3)), expected)


def test_when_the_frame_is_dragged_then_the_output_cell_follows_and_the_frame_fits(
    browser, address
):
    with opened(browser, address) as page:
        ready(page)
        root = explorer(page)
        frame = root.locator(".cvb-frame")
        box = frame.bounding_box()
        assert box is not None
        x, y, cell = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] / 3
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 2 * cell, y + cell, steps=4)
        page.mouse.up()
        expect(root.locator(".cvb-chosen")).to_have_attribute("data-output-row", "1")
        expect(root.locator(".cvb-chosen")).to_have_attribute("data-output-column", "2")
        settle(page)
        first = root.locator('[data-term="0,0"]').first.bounding_box()
        moved = frame.bounding_box()
        assert first is not None
        assert moved is not None
        assert abs(first["x"] - moved["x"] - 3) < 1
        assert abs(first["y"] - moved["y"] - 3) < 1


def test_when_the_kernel_fits_nowhere_then_the_page_says_why(browser, address):
    with opened(browser, address) as page:
        ready(page)
        root = explorer(page, 2)
        expect(root.locator("[aria-live]").first).to_contain_text("reaches over 3 cells")
        assert root.locator(".cvb-sum").get_attribute("data-value") == ""


def test_when_the_reader_brings_a_picture_then_it_becomes_numbers_from_0_to_9(
    browser, address, tmp_path
):
    picture = np.zeros((16, 32, 3), np.uint8)
    picture[:, 16:] = 255
    skimage.io.imsave(tmp_path / "halves.png", picture, check_contrast=False)
    with opened(browser, address) as page:
        ready(page)
        root = explorer(page)
        root.get_by_label("Use a picture").set_input_files(tmp_path / "halves.png")
        cells = root.get_by_role("grid", name="Image").get_by_role("gridcell")
        expect(cells).to_have_count(8 * 16)
        assert cells.all_inner_texts() == (["0"] * 8 + ["9"] * 8) * 8


def test_when_zoomed_then_the_cells_grow(browser, address):
    with opened(browser, address) as page:
        ready(page)
        root = explorer(page)
        cell = root.locator("[data-output-row]").first
        before = cell.evaluate("cell => cell.offsetWidth")
        root.get_by_label("Zoom").focus()
        page.keyboard.press("End")
        assert cell.evaluate("cell => cell.offsetWidth") == pytest.approx(2 * before, abs=1)


def test_when_the_board_is_wider_than_the_screen_then_it_follows_the_window(browser, site):
    options = {"viewport": {"width": 320, "height": 800}}
    with opened(browser, f"{site.as_uri()}/live.html", **options) as page:
        ready(page)
        root = explorer(page)
        root.get_by_label("Zoom").focus()
        page.keyboard.press("End")
        for _ in range(3):
            root.get_by_role("button", name="Step").click()
        for cell in (root.locator(".cvb-chosen"), root.locator('[data-term="0,2"]').first):
            box = cell.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= 320
        assert page.evaluate("document.documentElement.scrollLeft") == 0


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_when_the_window_is_narrow_then_nothing_overflows_and_targets_are_large(
    browser, site, width
):
    options = {"viewport": {"width": width, "height": 800}, "has_touch": True}
    with opened(browser, f"{site.as_uri()}/live.html", **options) as page:
        ready(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        heights = page.evaluate(
            "[...document.querySelectorAll('.cvb-button')].map(one => one.offsetHeight)"
        )
        assert min(heights) >= 44
        root = explorer(page)
        root.get_by_role("gridcell", name="row 6, column 6").tap()
        expect(root.locator(".cvb-chosen")).to_have_attribute("data-output-row", "3")


def test_when_there_is_no_javascript_then_the_picture_is_seen(browser, site):
    with opened(browser, f"{site.as_uri()}/live.html", java_script_enabled=False) as page:
        picture = page.locator(".cvb-picture > svg").first
        expect(picture).to_be_visible()
        expect(picture.locator("desc")).to_contain_text("Output row 1, column 1")
        assert page.locator(".cvb-widget").count() == 3


def test_when_scripts_run_then_the_picture_gives_way_on_screen_and_returns_on_paper(browser, site):
    with opened(browser, f"{site.as_uri()}/live.html") as page:
        ready(page)
        expect(page.locator(".cvb-picture").first).to_be_hidden()
        expect(page.locator(".cvb-live").first).to_be_visible()
        page.emulate_media(media="print")
        expect(page.locator(".cvb-picture").first).to_be_visible()
        expect(page.locator(".cvb-live").first).to_be_hidden()


def test_when_a_widget_fails_then_its_message_and_its_picture_are_shown(browser, server):
    with opened(browser, f"{server}/broken.html") as page:
        page.wait_for_selector('html[data-widgets="failed"]')
        alert = page.get_by_role("alert").first
        expect(alert).to_contain_text("has no script for the widget Missing")
        expect(page.locator(".cvb-picture").first).to_be_visible()
        assert explorer(page, 0).get_attribute("data-ready") == "true"


def test_when_a_page_has_no_widget_then_it_loads_no_host(site):
    assert "widgets/host.js" not in (site / "plain.html").read_text(encoding="utf-8")
    assert "widgets/host.js" in (site / "live.html").read_text(encoding="utf-8")
    assert "require" not in (site / "live.html").read_text(encoding="utf-8").split("<script")[1]


def test_when_a_widget_needs_python_then_the_build_stops_with_advice(tmp_path):
    slider = "import ipywidgets\nipywidgets.IntSlider(3)"
    with pytest.raises(pytest.fail.Exception, match="IntSliderModel would be dead in the page"):
        build_site(tmp_path, slider=cells(slider))


def test_when_widgets_share_a_page_then_their_code_is_not_in_it(site):
    text = (site / "live.html").read_text(encoding="utf-8")
    assert "_esm" not in text
    assert text.count('"_anywidget_id"') == 2

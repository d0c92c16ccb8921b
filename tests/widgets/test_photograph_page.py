"""A photograph in the built page: its response is live, and any of its numbers is worked out."""

from __future__ import annotations

import base64

import numpy as np
import pytest
import scipy.signal
import skimage.io
from playwright.sync_api import Locator, Page, expect
from skimage import data

from convbook.arithmetic.named_kernels import KERNELS
from convbook.palette import diverging_color
from convbook.widgets import KernelExplorer
from tests.widgets.static_site import cells, opened, type_in

pytestmark = pytest.mark.browser

SOURCE = """\
from skimage import data
from convbook.widgets import KernelExplorer
KernelExplorer(data.camera(), row=100, column=120)"""
NO_PLACE = "import numpy\nKernelExplorer(numpy.eye(2, 90))"
PAGES = {"photograph": cells(SOURCE, "KernelExplorer()", NO_PLACE)}
CAMERA = KernelExplorer(data.camera()).pixels
PIXELS = """canvas => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  return [height, width, btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""))];
}"""
# Milliseconds from a changed weight to the painted response and the laid out page.
CHANGE_OFTEN = """async (field) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const times = [];
  for (let i = 0; i < 40; i += 1) {
    await frame();
    const start = performance.now();
    field.value = String(i / 10 - 2);
    field.dispatchEvent(new Event("change", { bubbles: true }));
    await null;
    await null;
    document.body.getBoundingClientRect();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}"""


@pytest.fixture
def page(browser, site):
    with opened(browser, f"{site.as_uri()}/photograph.html", viewport=VIEWPORT) as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        yield page


VIEWPORT = {"width": 1100, "height": 900}


def explorer(page: Page, index: int = 0) -> Locator:
    return page.locator(".cvb-kernel-explorer").nth(index)


def board(root: Locator, name: str) -> Locator:
    return root.locator(f'.cvb-painted[aria-label^="{name}"]')


def painted(root: Locator, name: str) -> np.ndarray:
    height, width, text = board(root, name).locator("canvas").evaluate(PIXELS)
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)[..., :3]


def shown_sum(root: Locator) -> float:
    return float(root.locator(".cvb-sum").get_attribute("data-value") or "nan")


def response(kernel: np.ndarray) -> np.ndarray:
    return scipy.signal.correlate2d(CAMERA, kernel, "valid")


def expect_painted(root: Locator, kernel: np.ndarray) -> None:
    """The response on the course's signed scale, within a step of it."""
    expected, got = response(kernel), painted(root, "Output").astype(int)
    limit = np.abs(expected).max()
    assert got.shape[:2] == expected.shape
    for place in [(0, 0), (100, 120), (31, 7), (253, 253), (200, 80)]:
        want = np.array(diverging_color(expected[place], limit))
        assert np.abs(got[place] - want).max() <= 1


def test_when_a_photograph_is_shown_then_it_and_its_response_are_painted(page):
    root = explorer(page)
    np.testing.assert_array_equal(painted(root, "Image")[..., 0].shape, CAMERA.shape)
    assert np.abs(painted(root, "Image")[..., 1] - np.rint(CAMERA)).max() <= 1
    expect_painted(root, np.array(KERNELS["Sobel x"]))
    expect(root.get_by_role("grid", name="Image")).to_be_hidden()
    expect(explorer(page, 1).get_by_role("grid", name="Image")).to_be_visible()


def test_when_a_weight_is_typed_then_the_whole_response_follows(page):
    root, kernel = explorer(page), np.array(KERNELS["Sobel x"])
    kernel[1, 1] = 2.5
    field = root.get_by_label("Kernel row 2, column 2")
    field.fill("2.5")
    field.press("Enter")
    assert shown_sum(root) == pytest.approx(response(kernel)[100, 120])
    expect_painted(root, kernel)


def test_when_a_weight_is_dragged_then_it_changes_within_the_drag(page):
    root, kernel = explorer(page), np.array(KERNELS["Sobel x"])
    box = root.get_by_label("Kernel row 3, column 1").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=3)
    expect(root.get_by_label("Kernel row 3, column 1")).to_have_value("2")
    kernel[2, 0] = 2
    assert shown_sum(root) == pytest.approx(response(kernel)[100, 120])
    page.mouse.move(x - 20, y, steps=3)
    page.mouse.up()
    expect(root.get_by_label("Kernel row 3, column 1")).to_have_value("-2")
    page.mouse.move(x + 90, y)
    expect(root.get_by_label("Kernel row 3, column 1")).to_have_value("-2")


def test_when_a_weight_is_clicked_then_it_can_be_typed(page):
    field = explorer(page, 1).get_by_label("Kernel row 1, column 1")
    field.click()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(field).to_have_value("7")


@pytest.mark.parametrize("name", ["Image", "Output"])
def test_when_the_mouse_points_then_that_place_is_worked_out_until_it_leaves(page, name):
    root = explorer(page)
    right = response(np.array(KERNELS["Sobel x"]))
    before = shown_sum(root)
    assert before == right[100, 120]
    offset = 1 if name == "Image" else 0
    box = board(root, name).bounding_box()
    pixel = box["width"] / (256 if name == "Image" else 254)
    x, y = box["x"] + (30.5 + offset) * pixel, box["y"] + (200.5 + offset) * pixel
    page.mouse.move(x, y)
    expect(root.locator(".cvb-sentence")).to_contain_text("Output row 201, column 31: ")
    assert shown_sum(root) == right[200, 30]
    page.mouse.move(box["x"], box["y"] - 60)
    assert shown_sum(root) == before
    page.mouse.click(x, y)
    page.mouse.move(box["x"], box["y"] - 60)
    assert shown_sum(root) == right[200, 30]


@pytest.mark.parametrize("name", ["Image", "Output"])
def test_when_arrow_keys_are_pressed_then_the_place_moves_and_stops_at_the_border(page, name):
    root = explorer(page)
    right = response(np.array(KERNELS["Sobel x"]))
    board(root, name).focus()
    for key, place in [
        ("ArrowRight", (100, 121)),
        ("Shift+ArrowDown", (116, 121)),
        ("ArrowUp", (115, 121)),
        ("End", (115, 253)),
        ("ArrowRight", (115, 253)),
        ("Control+Home", (0, 0)),
    ]:
        page.keyboard.press(key)
        assert shown_sum(root) == right[place]
    expect(root.locator("[aria-live]").first).to_contain_text("Output row 1, column 1: ")


def test_when_the_kernel_fits_nowhere_then_the_photograph_stays_and_the_page_says_why(page):
    root = explorer(page, 2)
    expect(root.locator("[aria-live]").first).to_contain_text("reaches over 3 cells")
    board(root, "Image").hover()
    board(root, "Image").press("ArrowDown")
    type_in(root.get_by_label("Padding", exact=True), "1")
    assert painted(root, "Output").shape[:2] == (2, 90)


def test_when_the_reader_brings_a_photograph_then_it_is_kept_in_its_shape(page, tmp_path):
    skimage.io.imsave(tmp_path / "coffee.png", data.coffee())
    root = explorer(page, 1)
    root.get_by_label("Use a picture").set_input_files(tmp_path / "coffee.png")
    expect(board(root, "Image")).to_be_visible()
    got = painted(root, "Image")
    assert got.shape[:2] == (171, 256)
    expected = KernelExplorer(data.coffee()).pixels
    assert np.abs(got[..., 0] / got.max() - expected / expected.max()).mean() < 0.03
    expect(root.get_by_role("button", name="Edit numbers")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390])
def test_when_the_window_is_narrow_then_photograph_and_response_are_beside_each_other(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    boxes = [board(explorer(page), name).bounding_box() for name in ("Image", "Output")]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[1]["x"] + boxes[1]["width"] < width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_when_a_weight_changes_then_the_response_is_painted_within_a_frame(page):
    times = explorer(page).get_by_label("Kernel row 1, column 2").evaluate(CHANGE_OFTEN)
    assert times[len(times) // 4] < 16, times


def test_when_there_is_no_javascript_then_photograph_and_response_are_seen(browser, site):
    address = f"{site.as_uri()}/photograph.html"
    with opened(browser, address, java_script_enabled=False) as page:
        images = page.locator(".cvb-picture > svg").first.locator("image")
        expect(images).to_have_count(2)
        for image in images.all():
            expect(image).to_be_visible()

"""The shape calculator in Chromium, without Python: each number it shows is PyTorch's."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from convbook.arithmetic.shapes import output_size
from convbook.widgets import ShapeCalculator
from convbook.widgets.shape_calculator.words import describe
from tests.widgets.static_site import cells, opened, type_in

pytestmark = pytest.mark.browser

MADE = "from convbook.widgets import ShapeCalculator\ncalculator = ShapeCalculator()\ncalculator"
DROPPING = {"height": 8, "width": 11, "kernel_size": 2, "stride": 3, "padding": 1, "column": 1}
OTHER = f"ShapeCalculator(**{DROPPING})"
LARGE = "ShapeCalculator(32, 32, 5, 1, 8)"
LABELS = {
    "height": "Height",
    "width": "Width",
    "kernel_size": "Kernel size k",
    "stride": "Stride s",
    "padding": "Padding p",
    "dilation": "Dilation d",
}


PAGES = {"shapes": cells(MADE, "calculator", OTHER, LARGE)}


@pytest.fixture
def address(site: Path) -> str:
    return f"{site.as_uri()}/shapes.html"


def ready(page: Page) -> None:
    page.wait_for_selector('html[data-widgets="ready"]')


def calculator(page: Page, index: int = 0) -> Locator:
    return page.locator(".cvb-shape-calculator").nth(index)


def sentence(root: Locator) -> Locator:
    return root.get_by_role("status")


def choose(root: Locator, **settings: int) -> None:
    for name, value in settings.items():
        type_in(root.get_by_label(LABELS[name]), str(value))


def drawn(root: Locator, layer: str, shape: tuple[int, int]) -> np.ndarray:
    """Which cells of the board one path of the drawing holds."""
    path = root.locator(f'.cvb-shape-stage svg[role="img"] path[class="{layer}"]')
    found = np.zeros(shape, dtype=bool)
    for x, y in re.findall(r"M(\d+)\.\d+ (\d+)\.\d+", path.get_attribute("d") or ""):
        found[int(y), int(x)] = True
    return found


def read_by_pytorch(
    height: int, width: int, kernel_size: int, stride: int, padding: int, dilation: int
) -> tuple[np.ndarray, np.ndarray]:
    """Which padded cells all outputs depend on, and which the first output does."""
    image = torch.ones(1, 1, height + 2 * padding, width + 2 * padding, requires_grad=True)
    ones = torch.ones(1, 1, kernel_size, kernel_size)
    outputs = torch.nn.functional.conv2d(image, ones, stride=stride, dilation=dilation)
    every, first = (
        torch.autograd.grad(value, image, retain_graph=True)[0][0, 0].numpy() != 0
        for value in (outputs.sum(), outputs[0, 0, 0, 0])
    )
    return every, first


SHAPES = [(7, 9, 3, 2, 0, 1), (8, 11, 2, 3, 1, 1), (6, 13, 2, 5, 2, 3), (16, 5, 3, 2, 2, 3)]


@pytest.mark.parametrize("shape", SHAPES)
def test_when_settings_change_then_the_grid_and_the_numbers_are_pytorchs(browser, address, shape):
    settings = dict(zip(LABELS, shape, strict=True))
    every, first = read_by_pytorch(*shape)
    inside = np.zeros(every.shape, dtype=bool)
    padding = settings["padding"]
    inside[padding : padding + shape[0], padding : padding + shape[1]] = True
    dropped = int((inside & ~every).sum())
    rows, columns = (output_size(n, *shape[2:]) for n in shape[:2])
    with opened(browser, address) as page:
        ready(page)
        root = calculator(page)
        choose(root, **settings)
        for layer, expected in {
            "cvb-shape-covered": inside & every,
            "cvb-shape-dropped": inside & ~every,
            "cvb-shape-cross": inside & ~every,
            "cvb-shape-padding cvb-shape-covered": ~inside & every,
            "cvb-shape-padding": ~inside & ~every,
            "cvb-shape-dot": first,
        }.items():
            np.testing.assert_array_equal(drawn(root, layer, every.shape), expected, layer)
        expect(root.locator('[data-formula="rows"]')).to_contain_text(f"= {rows}")
        expect(root.locator('[data-axis="columns"]').last).to_have_text(
            f"{columns - 1} + 1 = {columns}"
        )
        expect(root.get_by_text(f"{dropped} dropped")).to_be_visible()
        assert sentence(root).inner_text() == describe(ShapeCalculator(**settings))


def test_when_a_setting_is_typed_then_its_limits_are_pythons(browser, address):
    with opened(browser, address) as page:
        ready(page)
        for name, label in LABELS.items():
            field, trait = (
                calculator(page).get_by_label(label),
                ShapeCalculator.class_traits()[name],
            )
            limits = [int(field.get_attribute(end) or "") for end in ("min", "max")]
            assert limits == [trait.min, trait.max]


def test_when_only_the_keyboard_is_used_then_the_kernel_moves_over_the_input(browser, address):
    with opened(browser, address) as page:
        ready(page)
        root = calculator(page)
        cell = root.get_by_role("gridcell")
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.getAttribute('role')") == "gridcell":
                break
        for key, (row, column) in [
            ("ArrowDown", (1, 0)),
            ("End", (1, 3)),
            ("ArrowLeft", (1, 2)),
            ("Control+End", (2, 3)),
            ("ArrowRight", (2, 3)),
            ("Control+Home", (0, 0)),
            ("ArrowRight", (0, 1)),
        ]:
            page.keyboard.press(key)
            expect(cell).to_have_accessible_name(f"row {row + 1}, column {column + 1}")
            expect(cell).to_be_focused()
            touched = np.zeros((7, 9), dtype=bool)
            touched[2 * row : 2 * row + 3, 2 * column : 2 * column + 3] = True
            np.testing.assert_array_equal(drawn(root, "cvb-shape-dot", (7, 9)), touched)
        expect(sentence(root)).to_have_text(
            "Output row 1, column 2 touches input rows 1–3 and columns 3–5."
        )


def test_when_buttons_or_taps_move_the_kernel_then_every_view_of_the_model_follows(
    browser, address
):
    with opened(browser, address) as page:
        ready(page)
        root, twin = calculator(page, 0), calculator(page, 1)
        back, step = (root.get_by_role("button", name=name) for name in ("Back", "Step"))
        expect(back).to_have_attribute("aria-disabled", "true")
        for _ in range(5):
            step.click()
        expect(twin.get_by_role("gridcell")).to_have_accessible_name("row 2, column 2")
        back.click()
        expect(twin.get_by_role("gridcell")).to_have_accessible_name("row 2, column 1")
        twin.get_by_role("img", name="Input of 7 rows").click(position={"x": 300, "y": 230})
        expect(root.get_by_role("gridcell")).to_have_accessible_name("row 3, column 4")
        root.get_by_role("grid", name="Output").click(position={"x": 5, "y": 5})
        expect(twin.get_by_role("gridcell")).to_have_accessible_name("row 1, column 1")
        choose(root, stride=1)
        expect(twin.get_by_label("Stride s")).to_have_value("1")
        other = calculator(page, 2).get_by_label("Stride s")
        expect(other).to_have_value("3")


def test_when_the_same_size_is_asked_for_then_it_is_made_or_refused_with_a_reason(browser, address):
    with opened(browser, address) as page:
        ready(page)
        root = calculator(page)
        press = root.get_by_role("button", name="Same size")
        press.click(force=True)  # it says why also where it does nothing
        expect(sentence(root)).to_have_text(
            "Padding stays 0. Padding 1 keeps the size only at stride 1: set the stride (=2) to 1."
        )
        choose(root, stride=1, kernel_size=4)
        press.click(force=True)
        expect(sentence(root)).to_contain_text("(=3) must be even, since each side gets half")
        choose(root, dilation=2)
        press.click()
        expect(root.get_by_label("Padding p")).to_have_value("3")
        expect(sentence(root)).to_contain_text("Output 7 × 9.")
        press.click()
        expect(sentence(root)).to_have_text("Padding 3 keeps the size already.")


def test_when_the_kernel_fits_nowhere_then_the_page_says_why_and_recovers(browser, address):
    with opened(browser, address) as page:
        ready(page)
        root = calculator(page, 2)
        choose(root, kernel_size=11)
        with pytest.raises(ValueError, match="reaches over") as refused:
            output_size(8, 11, 3, 1)
        expect(sentence(root)).to_have_text(f"No output: {refused.value}.")
        expect(root.get_by_role("grid")).to_be_hidden()
        expect(root.get_by_text("does not fit").last).to_be_visible()
        for name in ("Back", "Step"):
            button = root.get_by_role("button", name=name)
            expect(button).to_have_attribute("aria-disabled", "true")
            button.click(force=True)
        choose(root, kernel_size=2)
        expect(sentence(root)).to_contain_text("Output 3 × 4. 53 of 88 input cells are dropped")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_when_the_window_is_narrow_then_nothing_overflows_and_targets_are_large(
    browser, address, width
):
    options = {"viewport": {"width": width, "height": 800}, "has_touch": True}
    with opened(browser, address, **options) as page:
        ready(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        heights = page.evaluate(
            "[...document.querySelectorAll('.cvb-button, .cvb-field > input')]"
            ".map(one => one.offsetHeight)"
        )
        assert min(heights) >= 44
        calculator(page).get_by_role("button", name="Step").tap()
        expect(calculator(page).get_by_role("gridcell")).to_have_accessible_name("row 1, column 2")


def test_when_the_input_is_wider_than_the_screen_then_it_scrolls_and_follows_the_kernel(
    browser, address
):
    with opened(browser, address, viewport={"width": 320, "height": 800}) as page:
        ready(page)
        root = calculator(page, 3)
        board = root.get_by_role("group", name="Input, scrolls sideways")
        expect(board).to_have_attribute("tabindex", "0")
        root.get_by_role("gridcell").focus()
        page.keyboard.press("Control+End")
        for marker in (root.locator(".cvb-shape-frame").first, root.get_by_role("gridcell")):
            box = marker.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= 320
        assert page.evaluate("document.documentElement.scrollLeft") == 0
        expect(calculator(page).get_by_role("group", name="Input, scrolls")).to_have_count(0)


def test_when_the_shapes_of_the_course_are_typed_then_the_numbers_are_pytorchs_and_words_say_sketch(
    browser, address
):
    with opened(browser, address) as page:
        ready(page)
        root = calculator(page)
        for height, width in ((227, 227), (224, 224), (443, 592), (1024, 1024)):
            choose(root, height=height, width=width, kernel_size=11, stride=4)
            made = torch.nn.Conv2d(1, 1, 11, 4, device="meta")(
                torch.empty(1, 1, height, width, device="meta")
            )
            rows, columns = made.shape[2:]
            expect(sentence(root)).to_contain_text(f"Output {rows} × {columns}.")
            expect(root.get_by_text("A sketch to scale:")).to_be_visible()
            cell = root.get_by_role("gridcell")
            cell.press("Control+End")
            expect(cell).to_have_accessible_name(f"row {rows}, column {columns}")
            assert root.locator(".cvb-shape-stage path").count() < 30
        choose(root, height=7, width=9, kernel_size=3)
        expect(root.get_by_text("A sketch to scale:")).to_be_hidden()

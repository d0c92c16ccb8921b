"""What is typed into any number field of any widget: taken when finished, or kept with its rule."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.widgets.static_site import cells, opened, type_in

pytestmark = pytest.mark.browser

MADE = {
    "kernel-explorer": "KernelExplorer()",
    "convolution-roll": "ConvolutionRoll()",
    "shape-calculator": "ShapeCalculator()",
    "pooling-explorer": "PoolingExplorer()",
    "receptive-field": "ReceptiveField()",
    "architecture-table": "ArchitectureTable('resnet-18')",
}
WITH_WHOLE = [name for name in MADE if name != "convolution-roll"]
WITH_CELLS = ["kernel-explorer", "convolution-roll"]
WITH_IMAGE = ["kernel-explorer", "pooling-explorer"]
IMPOSSIBLE = ["99999999", "", "-1", "1e400"]
PAGES = {
    "number-fields": cells("from convbook.widgets import *\n", *MADE.values()),
}


@pytest.fixture(scope="module")
def page(browser: Browser, site: Path) -> Iterator[Page]:
    with opened(browser, f"{site.as_uri()}/number-fields.html") as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        yield page


def view(page: Page, name: str) -> Locator:
    root = page.locator(f".cvb-{name}")
    root.get_by_role("button", name="Start over").click()
    return root


def whole_numbers(root: Locator) -> list[Locator]:
    return [field for field in root.locator(".cvb-number input").all() if field.is_visible()]


def picture(root: Locator) -> str:
    """All that is said and drawn, less the rules of the fields."""
    taken = """root => [
        ...root.querySelectorAll("[role=status], svg, .cvb-grid, table, .cvb-title")
      ].map(one => one.tagName === "svg" ? one.innerHTML : one.innerText).join("\\n")"""
    return str(root.evaluate(taken))


def expect_refused(field: Locator, typed: str, rule: str) -> None:
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(rule)
    expect(field).to_have_value(typed)
    described = field.get_attribute("aria-describedby")
    expect(field.page.locator(f'[id="{described}"]')).to_be_visible()


@pytest.mark.parametrize("name", WITH_WHOLE)
def test_when_a_number_is_typed_then_each_key_stays_and_nothing_else_moves(page, name):
    root = view(page, name)
    before = picture(root)
    for field in whole_numbers(root):
        held = field.input_value()
        field.press("Control+a")
        field.press_sequentially("1.5")
        assert field.input_value() == "1.5"
        assert picture(root) == before
        field.press("Tab")
        least, most = (int(field.get_attribute(end) or "") for end in ("min", "max"))
        expect_refused(field, "1.5", f"{least:,} to {most:,}, whole")
        assert picture(root) == before
        field.press("Escape")
        expect(field).to_have_value(held)
        assert field.get_attribute("aria-invalid") is None


@pytest.mark.parametrize("name", WITH_WHOLE)
def test_when_a_number_cannot_be_then_it_stays_until_the_reader_starts_over(page, name):
    root = view(page, name)
    before, held = picture(root), [field.input_value() for field in whole_numbers(root)]
    for field, typed in zip(whole_numbers(root), itertools.cycle(IMPOSSIBLE), strict=False):
        field.press("Control+a")
        field.press("Delete")
        field.press_sequentially(typed)
        field.press("Enter")
        expect(field).to_have_attribute("aria-invalid", "true")
        assert field.input_value() == (typed if typed in ("99999999", "-1") else "")
    assert picture(root) == before
    root.get_by_role("button", name="Start over").click()
    assert [field.input_value() for field in whole_numbers(root)] == held
    expect(root.locator("[aria-invalid]")).to_have_count(0)


def test_when_something_else_changes_then_what_is_typed_stays(page):
    root = view(page, "shape-calculator")
    type_in(root.get_by_label("Height"), "9999")
    root.get_by_role("button", name="Step").click()
    type_in(root.get_by_label("Stride s"), "1")
    expect_refused(root.get_by_label("Height"), "9999", "1 to 1,024, whole")
    expect(root.get_by_role("status")).to_contain_text("Output 5 × 7.")


def test_when_a_number_is_finished_in_any_way_then_it_is_taken(page):
    root = view(page, "shape-calculator")
    field = root.get_by_label("Width")
    for typed, outputs, key in [("12", 5, "Enter"), ("64", 31, "Tab"), ("0012", 5, "Enter")]:
        field.press("Control+a")
        field.press_sequentially(typed)
        field.press(key)
        expect(root.get_by_role("status")).to_contain_text(f"Output 3 × {outputs}.")
        expect(field).to_have_value(str(int(typed)))
    field.press("ArrowUp")
    expect(field).to_have_value("13")
    expect(root.get_by_role("status")).to_contain_text("Output 3 × 6.")


def test_when_another_layer_is_chosen_then_what_was_typed_for_the_first_is_gone(page):
    root = view(page, "architecture-table")
    editor = root.locator(".cvb-arch-editor")
    for layer in (4, 5):
        root.locator(f'[data-layer="{layer - 1}"]').click()
        expect(editor.get_by_label("Output channels")).to_have_value("64")
        expect(editor.locator("[aria-invalid]")).to_have_count(0)
        type_in(editor.get_by_label("Output channels"), "0")
        expect_refused(editor.get_by_label("Output channels"), "0", "1 to 65,536, whole")


@pytest.mark.parametrize("name", WITH_CELLS)
def test_when_a_cell_is_no_number_then_it_stays_and_the_picture_keeps_the_last(page, name):
    root = view(page, name)
    before = picture(root)
    for field in root.locator("input.cvb-cell").all()[:3]:
        held = field.input_value()
        field.press("Control+a")
        field.press_sequentially("-")
        field.press("Tab")
        expect_refused(field, "", "a number, such as 0.5")
        assert picture(root) == before
        field.press("Escape")
        expect(field).to_have_value(held)


@pytest.mark.parametrize("name", WITH_IMAGE)
def test_when_a_cell_of_the_image_is_no_number_then_its_editor_stays(page, name):
    root = view(page, name)
    cell = root.get_by_role("grid", name="Image").get_by_role("gridcell").last
    held = cell.inner_text()
    cell.dblclick()
    said = root.get_by_role("status").inner_text()
    editor = root.get_by_label("New value")
    type_in(editor, "")
    expect_refused(editor, "", "a number, such as 0.5")
    root.get_by_role("button", name="Back").click()
    root.get_by_role("button", name="Step").click()
    expect_refused(editor, "", "a number, such as 0.5")
    assert root.get_by_role("status").inner_text() == said
    root.get_by_role("button", name="Start over").click()
    expect(editor).to_have_count(0)
    expect(root.locator(".cvb-rule:visible")).to_have_count(0)
    assert cell.inner_text() == held

"""The architecture table on a built page in Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from convbook.arithmetic.architectures import ARCHITECTURES
from convbook.arithmetic.networks import TITLES
from tests.js.torch_layers import layer_counts, network
from tests.widgets.static_site import cells, opened, type_in

pytestmark = pytest.mark.browser

TABLE = """\
from convbook.widgets import ArchitectureTable
table = ArchitectureTable()
table"""
CONV = {"kind": "conv", "out_channels": 8, "kernel_size": 3}
TAIL = [{"kind": "flatten"}, {"kind": "dense", "out_features": 10}]
STACK = [CONV, {"kind": "max_pool", "kernel_size": 2}, *TAIL]
OTHER = f"ArchitectureTable(layers={STACK}, input_shape=(1, 9, 12))"


PAGES = {"tables": cells(TABLE, "table", OTHER, "ArchitectureTable('vgg-16', selected=1)")}


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    with shown(browser, site) as page:
        yield page


@contextmanager
def shown(browser: Browser, site: Path, **options: Any) -> Iterator[Page]:
    with opened(browser, f"{site.as_uri()}/tables.html", **options) as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        yield page


def view(page: Page, index: int = 0) -> Locator:
    return page.locator(".cvb-architecture-table").nth(index)


def row(root: Locator, number: int) -> Locator:
    return root.locator(f'[data-layer="{number - 1}"]')


def kinds(root: Locator) -> list[str]:
    names = root.locator("[data-layer] .cvb-arch-kind").all_inner_texts()
    return [name.split(" ", 1)[1] for name in names]


def field(root: Locator, label: str) -> Locator:
    return root.locator(".cvb-arch-editor").get_by_label(label, exact=True)


def kind(root: Locator) -> Locator:
    return root.get_by_role("combobox", name="Kind")


def network_choice(root: Locator) -> Locator:
    return root.get_by_role("combobox", name="Network")


def expect_torchs(root: Locator, layers: list[dict[str, Any]], input_shape: list[int]) -> None:
    """Each row's output, parameters and MACs, and the totals, are PyTorch's."""
    counts = layer_counts(network(layers, input_shape), input_shape)
    for number, count in enumerate(counts, 1):
        texts = row(root, number).locator("td:visible").all_inner_texts()
        assert texts[1] == "×".join(f"{size:,}" for size in count["output_shape"])
        assert texts[2] == f"{count['parameters']:,}"
        assert texts[3].split("\n")[0] == f"{count['macs']:,}"
    total = root.locator("tfoot td").all_inner_texts()
    assert total[2] == f"{sum(count['parameters'] for count in counts):,}"
    assert total[3].split("\n")[0] == f"{sum(count['macs'] for count in counts):,}"


def test_when_only_the_keyboard_is_used_then_the_edited_network_is_pytorchs(page):
    root = view(page, 2)
    network_choice(root).focus()
    for _ in range(7):
        page.keyboard.press("Tab")
    expect(row(root, 1).get_by_role("button")).to_be_focused()
    for key, number in (("End", 4), ("ArrowUp", 3), ("Home", 1), ("ArrowUp", 1)):
        page.keyboard.press(key)
        expect(row(root, number).get_by_role("button")).to_be_focused()
        expect(row(root, number)).to_have_attribute("aria-selected", "true")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(field(root, "Output channels")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("16")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(field(root, "Kernel size")).to_have_value("2")
    expect_torchs(root, [{**CONV, "out_channels": 16, "kernel_size": 2}, *STACK[1:]], [1, 9, 12])
    expect(root.get_by_role("status")).to_have_text(
        "Layer 1 of 4, conv (2×2, 16 channels): output 16×8×11; 80 of 3,290 parameters, 2.4 %."
    )


def test_when_any_preset_is_chosen_then_every_row_is_pytorchs(page):
    root = view(page)
    for name, architecture in ARCHITECTURES.items():
        network_choice(root).select_option(TITLES[name])
        expect_torchs(root, architecture["layers"], architecture["input_shape"])
        expect(network_choice(root)).to_have_value(TITLES[name])


def test_when_numbers_change_then_the_network_is_custom_and_pytorchs(page):
    root = view(page, 2)
    row(root, 1).click()
    field(root, "Square kernel").uncheck()
    expect(field(root, "Square kernel")).to_be_focused()
    type_in(field(root, "Kernel columns"), "5")
    type_in(field(root, "Stride"), "2")
    type_in(field(root, "Padding"), "1")
    field(root, "Bias").uncheck()
    type_in(root.get_by_label("Input channels"), "4")
    type_in(field(root, "Groups"), "2")
    row(root, 2).click()
    kind(root).select_option("avg_pool")
    conv = {**CONV, "kernel_size": [3, 5], "stride": 2, "padding": 1, "groups": 2, "bias": False}
    layers = [conv, {"kind": "avg_pool", "kernel_size": 2}, *TAIL]
    expect_torchs(root, layers, [4, 9, 12])
    expect(network_choice(root)).to_have_value("Custom")
    row(root, 1).click()
    assert field(root, "Kernel columns").input_value() == "5"


def test_when_layers_are_added_moved_and_removed_then_the_focus_stays_on_the_button(page):
    root = view(page, 2)
    row(root, 1).click()
    root.get_by_label("New layer").select_option("batch_norm")
    for name, expected, selected in (
        ("Add below", ["conv", "batch norm", "max pool", "flatten", "dense"], 2),
        ("Down", ["conv", "max pool", "batch norm", "flatten", "dense"], 3),
        ("Up", ["conv", "batch norm", "max pool", "flatten", "dense"], 2),
        ("Up", ["batch norm", "conv", "max pool", "flatten", "dense"], 1),
        ("Remove", ["conv", "max pool", "flatten", "dense"], 1),
    ):
        button = root.get_by_role("button", name=name)
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_be_focused()
        assert kinds(root) == expected
        expect(row(root, selected)).to_have_attribute("aria-selected", "true")
    expect(root.get_by_role("button", name="Up")).to_have_attribute("aria-disabled", "true")
    for left in (["max pool", "flatten", "dense"], ["flatten", "dense"], ["dense"], ["dense"]):
        page.keyboard.press("Enter")
        assert kinds(root) == left


def test_when_a_layer_is_not_possible_then_it_says_why_and_the_rows_before_it_stay(page):
    root = view(page, 2)
    type_in(root.get_by_label("Input columns"), "3")
    expect(row(root, 2).locator("td:visible")).to_have_text(
        "Not possible: layer 2 (max_pool): the kernel reaches over 2 cells (kernel_size=2, "
        "dilation=1) but the padded input has only 1 (n=1, padding=0): use a smaller kernel, "
        "less dilation or more padding"
    )
    expect(root.get_by_role("status")).to_contain_text("more padding. Counted: layer 1.")
    expect(row(root, 3).locator("td:visible")).to_have_text("not counted: layer 2 is not possible")
    assert row(root, 1).locator("td:visible").all_inner_texts()[1:3] == ["8×7×1", "80"]
    expect(root.locator("tfoot th")).to_have_text("Total of layer 1")
    type_in(root.get_by_label("Input columns"), "4")
    expect_torchs(root, STACK, [1, 9, 4])


def test_when_the_bars_change_then_shares_strip_and_sentence_follow(page):
    root = view(page, 3)
    strip = root.get_by_role("img")
    largest = re.compile("^Share of parameters: layer 20 dense 74.3 %, layer 22 dense 12.1 %")
    expect(strip).to_have_attribute("aria-label", largest)
    root.get_by_role("button", name="MACs").click()
    expect(strip).to_have_attribute("aria-label", re.compile("^Share of MACs: layer 2 conv 12.0 %"))
    expect(row(root, 2).locator(".cvb-arch-percent")).to_have_text("12.0 %")
    bar, track = (row(root, 2).locator(f".cvb-arch-{name}") for name in ("bar", "track"))
    width = "one => one.getBoundingClientRect().width"
    assert bar.evaluate(width) / track.evaluate(width) == pytest.approx(0.1196, abs=0.001)
    expect(root.get_by_role("status")).to_contain_text("of 15,470,264,320 MACs, 12.0 %.")
    root.get_by_role("button", name="memory").click()
    expect(row(root, 2).locator(".cvb-arch-percent")).to_have_text("21.2 %")
    expect(root.get_by_role("columnheader").nth(1)).to_have_text("Share of memory")


def test_when_one_view_changes_then_the_other_follows_without_taking_the_focus(page):
    first, second = view(page, 0), view(page, 1)
    row(first, 3).get_by_role("button").click()
    type_in(field(first, "Output channels"), "48")
    expect(field(second, "Output channels")).to_have_value("48")
    assert second.locator("tfoot").inner_text() == first.locator("tfoot").inner_text()
    expect(field(first, "Output channels")).to_be_focused()
    kind(second).focus()
    kind(second).select_option("max_pool")
    expect(kind(first)).to_have_value("max_pool")
    expect(kind(second)).to_be_focused()


def test_when_the_layer_changes_under_the_focus_then_its_field_is_not_the_new_layers(page):
    first, second = view(page, 0), view(page, 1)
    network_choice(first).select_option("ResNet-18")
    row(first, 1).get_by_role("button").click()
    type_in(field(first, "Output channels"), "48")
    page.keyboard.type("9")
    row(second, 8).dispatch_event("click")
    expect(field(first, "Output channels")).to_have_value("256")
    expect(kind(first)).to_be_focused()
    expect(row(first, 1).locator(".cvb-arch-words").first).to_contain_text("48 channels")
    expect(row(first, 8).locator(".cvb-arch-words").first).to_contain_text("256 channels")


def test_when_a_layer_far_down_is_chosen_in_the_strip_then_its_row_comes_into_sight(page):
    root = view(page, 3)
    before = page.evaluate("scrollY")
    root.locator('[data-segment="19"]').dispatch_event("click")
    expect(row(root, 20)).to_have_attribute("aria-selected", "true")
    page.evaluate("new Promise(requestAnimationFrame)")
    place, box = row(root, 20).bounding_box(), root.locator(".cvb-arch-scroll").bounding_box()
    assert place is not None
    assert box is not None
    assert box["y"] < place["y"] < box["y"] + box["height"] - place["height"]
    assert page.evaluate("scrollY") == before


@pytest.mark.parametrize("width", [320, 390])
def test_when_the_window_is_narrow_then_the_table_scrolls_inside_itself(browser, site, width):
    options = {"viewport": {"width": width, "height": 800}, "has_touch": True}
    with shown(browser, site, **options) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        root = view(page, 3)
        row(root, 4).get_by_role("button").tap()
        expect(root.get_by_role("status")).to_contain_text("Layer 4 of 24, conv (3×3, 128")
        sizes = root.locator("button").evaluate_all("all => all.map(one => one.offsetHeight)")
        assert min(sizes) >= 44
        row(root, 4).get_by_role("button").focus()
        for _ in range(20):
            page.keyboard.press("ArrowRight")
        expect(row(root, 4).locator("td:visible").last).to_be_in_viewport(ratio=0.9)
        expect(row(root, 4).get_by_role("button")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollLeft") == 0

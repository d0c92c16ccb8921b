"""Predict, then reveal, in the built page: judged, explained by misconception, kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from convbook.widgets import ConvolutionRoll, KernelExplorer, PoolingExplorer
from tests.widgets.static_site import cells, opened

pytestmark = pytest.mark.browser

WIDGETS = {kind.__name__: kind for kind in (KernelExplorer, PoolingExplorer, ConvolutionRoll)}
PAGES = {
    "predict": cells(
        *[f"from convbook.widgets import *\nw = {name}(predict=True)\nw" for name in WIDGETS],
        "w",
        "KernelExplorer()",
    ),
}


@pytest.fixture
def page(browser, site):
    with opened(browser, f"{site.as_uri()}/predict.html") as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        yield page


def widget(page: Page, name: str) -> Locator:
    return page.locator(".cvb").nth(list(WIDGETS).index(name))


def outputs(root: Locator) -> list[str]:
    return (
        root.get_by_role("grid", name="Output", exact=True)
        .get_by_role("gridcell")
        .all_inner_texts()
    )


def answer(root: Locator, text: str) -> None:
    root.get_by_label("Your number").fill(text)
    root.get_by_label("Your number").press("Enter")


def shortly(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


@pytest.mark.parametrize("name", WIDGETS)
def test_when_a_prediction_begins_then_nothing_tells_the_answer(page, name):
    root = widget(page, name)
    assert set(outputs(root)) == {""}
    assert "What is output" in root.inner_text()
    for result in (".cvb-sum", ".cvb-pool-work", ".cvb-roll-matrix", ".cvb-pool-hit"):
        assert not any(one.is_visible() for one in root.locator(result).all()), result
    assert not root.get_by_text("Products").locator("visible=true").all()
    expect(root.get_by_role("button", name="Fill in all")).to_be_hidden()


@pytest.mark.parametrize("name", WIDGETS)
def test_when_every_answer_is_right_then_the_output_fills_in_by_keyboard_alone(page, name):
    root, right = widget(page, name), WIDGETS[name]().output.ravel()
    root.get_by_label("Your number").focus()
    for i, value in enumerate(right):
        page.keyboard.type(shortly(value))
        page.keyboard.press("Enter")
        assert [text != "" for text in outputs(root)] == [True] * (i + 1) + [False] * (
            len(right) - i - 1
        )
        if i + 1 < len(right):
            expect(root.get_by_label("Your number")).to_be_focused()
            expect(root.locator(".cvb-quiz-feedback")).to_contain_text("Next: output")
    expect(root.get_by_text(f"All {len(right)} outputs are found.")).to_be_visible()
    expect(root.get_by_role("button", name="Start over").last).to_be_focused()


@pytest.mark.parametrize("name", WIDGETS)
def test_when_a_number_is_revealed_then_it_is_worked_out_and_the_next_is_asked_on_request(
    page, name
):
    root, right = widget(page, name), WIDGETS[name]().output.ravel()
    root.get_by_role("button", name="Reveal").click()
    assert float(outputs(root)[0].replace("−", "-")) == pytest.approx(right[0], abs=0.005)
    expect(root.get_by_label("Your number")).to_be_hidden()
    expect(root.get_by_role("button", name="Next")).to_be_focused()
    expect(root.locator(".cvb-quiz-feedback")).to_have_text("Press Next to go on.")
    page.keyboard.press("Enter")
    expect(root.get_by_label("Your number")).to_be_focused()
    assert outputs(root)[1] == ""


def test_when_nothing_or_no_number_is_typed_then_it_is_said_and_nothing_is_judged(page):
    root = widget(page, "KernelExplorer")
    for text, said in [("", "Nothing is typed yet"), ("many", "“many” is not a number")]:
        answer(root, text)
        expect(root.get_by_role("status").filter(has_text=said)).to_be_visible()


def test_when_a_setting_changes_then_the_prediction_begins_anew(page):
    root = widget(page, "KernelExplorer")
    answer(root, "36")
    assert outputs(root)[0] == "36"
    root.get_by_label("Flip kernel").check()
    assert set(outputs(root)) == {""}
    expect(root.get_by_label("Kernel row 1, column 1")).to_have_value("-1")  # as given


def test_when_two_views_show_a_widget_then_both_know_what_was_found(page):
    root, other = widget(page, "ConvolutionRoll"), page.locator(".cvb").nth(3)
    answer(root, "10")
    assert outputs(other) == ["10", "", "", ""]
    expect(other.get_by_text("What is output 2?")).to_be_visible()


def test_when_the_page_is_loaded_again_then_what_was_found_is_still_known(page):
    answer(widget(page, "ConvolutionRoll"), "10")
    page.reload()
    page.wait_for_selector('html[data-widgets="ready"]')
    root = widget(page, "ConvolutionRoll")
    assert outputs(root) == ["10", "", "", ""]
    root.get_by_role("button", name="Start over").click()
    page.reload()
    page.wait_for_selector('html[data-widgets="ready"]')
    assert outputs(widget(page, "ConvolutionRoll")) == [""] * 4


def test_when_predicting_is_turned_on_and_off_then_the_output_empties_and_fills(page):
    root = page.locator(".cvb").nth(4)
    root.get_by_role("button", name="Step").click()
    root.get_by_label("Predict first").check()
    assert set(outputs(root)) == {""}
    expect(root.locator(".cvb-chosen")).to_have_attribute("data-output-column", "0")
    root.get_by_label("Predict first").uncheck()
    assert outputs(root)[0] == "36"

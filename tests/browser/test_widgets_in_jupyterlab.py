"""Each widget in a real JupyterLab: one trait changed by the reader, one by Python."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from convbook import widgets
from tests.browser.lab import notebook_in, run_cell, running_lab, write_notebook
from tests.trials import TRIALS, Trial

pytestmark = pytest.mark.browser

QUIZ = """\
Quiz("Is it?", [{"text": "Yes", "explanation": "It is.", "right": True},
                {"text": "No", "explanation": "It is."}])"""

PREDICT = "from convbook.widgets import *\nw = ConvolutionRoll(predict=True)\nw"

BESIDE = """\
import ipywidgets
from convbook.widgets import ShapeCalculator
w = ShapeCalculator(stride=2)
slider = ipywidgets.BoundedIntText(2, min=1, max=4, description="s")
ipywidgets.link((slider, "value"), (w, "stride"))
shown = ipywidgets.interactive(lambda k: setattr(w, "kernel_size", k), k=(1, 5))
ipywidgets.VBox([ipywidgets.HBox([slider, w]), shown])"""


# What changes a notebook, asks whether it shall, or runs it, where JupyterLab hears it.
COMMANDS = (
    *("x", "d", "d", "m", "y", "r", "a", "b", "c", "v", "z", "s", "l", "o", "1", "6"),
    *("0", "0", "i", "i", "Shift+m", "Shift+v", "Shift+o", "Delete"),
)
KINDS = """(root) => {
  const kinds = new Map();
  root.querySelectorAll("button, select, input, summary, [tabindex]").forEach((one) => {
    if (!one.checkVisibility() || one.tabIndex < 0 || one.disabled) return;
    const kind = [one.tagName, one.type, one.getAttribute("role")].join(" ");
    if (!kinds.has(kind)) kinds.set(kind, one);
  });
  root.kinds = [...kinds.values()];
  return [...kinds.keys()];
}"""


def sources(trial: Trial) -> list[str]:
    *before, last = trial.make.splitlines()
    make = "\n".join(["from convbook.widgets import *", *before, f"w = {last}", "w"])
    return [make, f"print(w.{trial.trait})", f"w.{trial.trait} = {trial.assigned}"]


CELLS = {
    **{name: sources(trial) for name, trial in TRIALS.items()},
    "Quiz": [f"w = {QUIZ}\nw", "print(w.solved, w.chosen)", "w.chosen, w.checked = [1], True"],
    "predict": [PREDICT, "print(w.known, w.position)", "w.known, w.position = [0, 1], 2"],
    "beside": [BESIDE, "print(w.stride, w.kernel_size, w.output_shape)", "slider.value = 4"],
}
PLACES = {name: 3 * number for number, name in enumerate(CELLS)}


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A notebook with three cells for each widget: make it, show a trait, set one."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "notebooks").mkdir()
    cells = [cell for three in CELLS.values() for cell in three]
    write_notebook(folder / "notebooks" / "widgets.ipynb", *cells)
    with (
        running_lab(folder, folder / "notebooks") as address,
        notebook_in(browser, address, "widgets", len(cells)) as page,
    ):
        yield page


def test_when_a_widget_is_added_then_it_is_tried_here():
    assert {*TRIALS, "Quiz"} == set(widgets.__all__)


@pytest.mark.parametrize("name", TRIALS)
def test_when_either_side_changes_a_trait_then_the_other_follows(page: Page, name: str):
    trial, first = TRIALS[name], PLACES[name]
    root = run_cell(page, first).locator(".cvb")
    expect(root).to_have_attribute("data-ready", "true")
    field = root.locator("label", has=page.get_by_text(trial.label, exact=True))
    field = field.locator("input, select").first
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(trial.typed)
    else:
        field.fill(trial.typed)
        field.press("Tab")
    said = run_cell(page, first + 1).locator(".jp-OutputArea-output")
    expect(said).to_have_text(f"{trial.seen}\n")
    run_cell(page, first + 2)
    expect(field).to_have_value(trial.shown)


def test_when_a_quiz_is_answered_then_python_knows_and_python_can_answer(page: Page):
    first = PLACES["Quiz"]
    root = run_cell(page, first).locator(".cvb")
    root.get_by_role("radio").first.check()
    root.get_by_role("button", name="Check").click()
    said = run_cell(page, first + 1).locator(".jp-OutputArea-output")
    expect(said).to_have_text("True [0]\n")
    run_cell(page, first + 2)
    expect(root.get_by_role("radio").nth(1)).to_be_checked()


def test_when_a_number_is_predicted_then_python_knows_and_another_view_goes_on(page: Page):
    first = PLACES["predict"]
    root = run_cell(page, first).locator(".cvb")
    root.get_by_label("Your number").fill("10")
    root.get_by_label("Your number").press("Enter")
    said = run_cell(page, first + 1).locator(".jp-OutputArea-output")
    expect(said).to_have_text("[0] 1\n")
    run_cell(page, first + 2)
    expect(root.get_by_text("What is output 3?")).to_be_visible()


def test_when_a_widget_stands_among_ipywidgets_then_links_and_layouts_work(page: Page):
    first = PLACES["beside"]
    cell = run_cell(page, first)
    root, number = cell.locator(".cvb"), cell.locator(".widget-inline-hbox input").first
    expect(root).to_have_attribute("data-ready", "true")
    number.fill("3")
    number.press("Tab")
    stride = root.locator("label", has=page.get_by_text("Stride s", exact=True))
    expect(stride.locator("input")).to_have_value("3")
    said = run_cell(page, first + 1).locator(".jp-OutputArea-output")
    expect(said).to_have_text("3 3 (2, 3)\n")  # 7×9 cells, interact's own middle of 1 and 5
    run_cell(page, first + 2)
    expect(stride.locator("input")).to_have_value("4")


@pytest.mark.parametrize("name", CELLS)
def test_when_keys_are_pressed_in_a_widget_then_the_notebook_stays_as_it_is(page: Page, name: str):
    root = run_cell(page, PLACES[name]).locator(".cvb")
    expect(root).to_have_attribute("data-ready", "true")
    kinds = root.evaluate(KINDS)
    assert kinds
    for number, _ in enumerate(kinds):
        for key in COMMANDS:
            root.evaluate("(root, number) => root.kinds[number].focus()", number)
            page.keyboard.press(key)
    expect(page.locator(".jp-Cell")).to_have_count(3 * len(CELLS))
    expect(page.locator(".jp-CodeCell")).to_have_count(3 * len(CELLS))
    expect(page.locator("dialog.jp-Dialog")).to_have_count(0)
    expect(root).to_have_attribute("data-ready", "true")

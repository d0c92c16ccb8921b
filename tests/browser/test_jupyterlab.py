"""The kernel explorer in a real JupyterLab: the page and Python stay in step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import scipy.signal
from playwright.sync_api import Browser, Locator, Page, expect

from convbook.widgets.kernel_explorer import SAMPLE_IMAGE
from convbook.widgets.presets import PRESETS
from tests.browser.lab import running_lab, write_notebook

pytestmark = pytest.mark.browser

SOURCES = [
    "from convbook.widgets import KernelExplorer\nexplorer = KernelExplorer()\nexplorer",
    "print('seen', explorer.row, explorer.column, explorer.kernel[0][2], explorer.value)",
    "explorer.stride = 2\nexplorer.row = 1\nexplorer.column = 1",
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("lab")
    (folder / "notebooks").mkdir()
    write_notebook(folder / "notebooks" / "explorer.ipynb", *SOURCES)
    with running_lab(folder, folder / "notebooks") as address:
        yield address


@pytest.fixture
def notebook(browser: Browser, lab: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    asked_elsewhere: list[str] = []
    page.on(
        "request",
        lambda request: (
            urlsplit(request.url).hostname in {"127.0.0.1", None}
            or asked_elsewhere.append(request.url)
        ),
    )
    page.goto(f"{lab}/lab/tree/explorer.ipynb?reset")
    page.locator(".jp-CodeCell").nth(2).wait_for(timeout=60_000)
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=60_000)
    yield page
    page.close()
    assert asked_elsewhere == []


def started(cell: Locator) -> bool:
    prompt = cell.locator(".jp-InputArea-prompt").first
    try:
        expect(prompt).to_have_text(re.compile(r"\[(\d+|\*)\]:"), timeout=5_000)
    except AssertionError:
        return False
    return True


def run_cell(page: Page, index: int) -> Locator:
    """Run one cell, wait for its number, return it."""
    cell = page.locator(".jp-CodeCell").nth(index)
    # A key pressed while JupyterLab still binds its commands is lost.
    for _ in range(3):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        if started(cell):
            break
    expect(cell.locator(".jp-InputArea-prompt").first).to_have_text(
        re.compile(r"\[\d+\]:"), timeout=60_000
    )
    return cell


def test_when_either_side_changes_then_the_other_follows(notebook: Page):
    root = run_cell(notebook, 0).locator(".cvb-kernel-explorer")
    expect(root).to_have_attribute("data-ready", "true")

    root.locator('[data-output-row="0"][data-output-column="0"]').focus()
    notebook.keyboard.press("ArrowDown")
    notebook.keyboard.press("End")
    expect(root.locator('[data-output-row="1"][data-output-column="3"]')).to_be_focused()
    field = root.get_by_label("Kernel row 1, column 3")
    field.fill("5")
    field.press("Enter")
    kernel = [[-1, 0, 5], *PRESETS["Sobel x"][1:]]
    expected = scipy.signal.correlate2d(SAMPLE_IMAGE, kernel, mode="valid")
    expect(run_cell(notebook, 1).locator(".jp-OutputArea-output")).to_have_text(
        f"seen 1 3 5.0 {expected[1, 3]}\n"
    )

    run_cell(notebook, 2)
    expect(root.locator(".cvb-chosen")).to_have_attribute("data-output-column", "1")
    expect(root.get_by_label("Stride")).to_have_value("2")
    shown = root.locator(".cvb-sum").get_attribute("data-value")
    assert float(shown or "nan") == expected[::2, ::2][1, 1]

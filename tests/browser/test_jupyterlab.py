"""The kernel explorer in a real JupyterLab: the page and Python stay in step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import scipy.signal
from playwright.sync_api import Browser, Page, expect

from convbook.arithmetic.named_kernels import KERNELS
from convbook.widgets.kernel_explorer import SAMPLE_IMAGE
from tests.browser.lab import notebook_in, run_cell, running_lab, write_notebook

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
    with notebook_in(browser, lab, "explorer", len(SOURCES)) as page:
        yield page


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
    kernel = [[-1, 0, 5], *KERNELS["Sobel x"][1:]]
    expected = scipy.signal.correlate2d(SAMPLE_IMAGE, kernel, mode="valid")
    expect(run_cell(notebook, 1).locator(".jp-OutputArea-output")).to_have_text(
        f"seen 1 3 5.0 {expected[1, 3]}\n"
    )

    run_cell(notebook, 2)
    expect(root.locator(".cvb-chosen")).to_have_attribute("data-output-column", "1")
    expect(root.get_by_label("Stride")).to_have_value("2")
    shown = root.locator(".cvb-sum").get_attribute("data-value")
    assert float(shown or "nan") == expected[::2, ::2][1, 1]

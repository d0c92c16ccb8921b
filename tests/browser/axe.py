"""What axe-core finds wrong with a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.serving import need_file

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async (options) => (await axe.run(document, options)).violations.map(
  ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`)"""


def found_by_axe(page: Page, **options: Any) -> Any:
    """Return what axe found, as a list that says where; ``options`` are axe's own."""
    page.add_script_tag(path=need_file(AXE, "npm ci"))
    return page.evaluate(RUN, options)

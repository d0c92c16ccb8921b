"""The widgets under a content-security policy that allows the page's own files and nothing else.

Text as code, inline styles and other hosts are forbidden. The themes of Sphinx have inline scripts
and styles of their own, so the page here has the widgets alone.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.serving import StrictHandler, served
from tests.widgets.static_site import build_site, cells, opened

pytestmark = pytest.mark.browser

SOURCE = """\
from convbook.widgets import KernelExplorer
KernelExplorer()"""
HEAD = """<!doctype html><html lang="en"><head><title>Strict</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="_static/widgets/widgets.css">
<script defer src="_static/widgets/host.js"></script>
<script defer src="_static/widgets/kernel_explorer.js"></script></head><body>
"""
SCRIPTS = re.compile(r'<script type="application/vnd\.jupyter.*?</script>', re.DOTALL)
PICTURE = re.compile(r"<svg xmlns.*?</svg>", re.DOTALL)


def test_when_a_page_may_use_its_own_files_alone_then_the_widget_lives(browser, tmp_path):
    site = build_site(tmp_path, live=cells(SOURCE))
    text = (site / "live.html").read_text("utf-8")
    parts = SCRIPTS.findall(text) + PICTURE.findall(text)
    assert len(parts) == 3
    (site / "strict.html").write_text(HEAD + "".join(parts), "utf-8")
    with (
        served(site, StrictHandler) as address,
        opened(browser, f"{address}/strict.html") as page,
    ):
        page.wait_for_selector('html[data-widgets="ready"]')
        root = page.locator(".cvb-kernel-explorer")
        root.get_by_role("button", name="Step").click()
        expect(root.locator(".cvb-chosen")).to_have_attribute("data-output-column", "1")

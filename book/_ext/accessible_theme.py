"""Mend what the theme's templates get wrong for screen readers, in the pages as written.

A label that differs from the text inside is not found by people who say what they see; content
outside of every landmark is skipped by people who jump between them. A test runs axe on the pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

SIDEBAR = '<div id="pst-primary-sidebar" class="bd-sidebar-primary bd-sidebar'
FIELD = 'search-button-field search-button__button pst-js-only" title="Search"'
REPAIRS = {
    f'{FIELD} aria-label="Search"': FIELD,
    'data-mode="light" title="Light"': 'data-mode="light"',
    'data-mode="dark"  title="Dark"': 'data-mode="dark"',
    'data-mode="auto"  title="System Settings"': 'data-mode="auto"',
    '<summary aria-label="Toggle hidden content">': "<summary>",
    SIDEBAR: SIDEBAR.replace("<div ", '<div role="navigation" aria-label="The book" '),
}


def mend_pages(app: Sphinx, exception: Exception | None) -> None:
    """Rewrite each page that still holds one of the faults."""
    if exception is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        mended = text
        for fault, repair in REPAIRS.items():
            mended = mended.replace(fault, repair)
        if mended != text:
            path.write_text(mended, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("build-finished", mend_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

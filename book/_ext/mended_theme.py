"""Mend what the theme gets wrong: labels for screen readers, search from a folder, weight, paper.

A label that differs from the text inside is not found by people who say what they see; content
outside of every landmark is skipped by people who jump between them. A test runs axe on the pages.

Each page would load an icon font, a script that draws it, and the index for a search as one types
that the book does not use. The few icons are pictures in assets/icons.css.

A page printed while it is dark would be dark on paper: in print, dark rules do not hold and light
ones do.
"""

from __future__ import annotations

import re
from pathlib import Path
from shutil import rmtree
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
# Sphinx fetches each hit for its summary; a browser refuses to fetch beside a file:// page.
SEARCH_FROM_FOLDER = (
    'if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;'
)
SCRIPT = r'\s*<script[^>]* src="[^"]*(?:{})\.js[^"]*"></script>'
ICON_SCRIPT = re.compile(SCRIPT.format("fontawesome"))
SEARCH_SCRIPTS = re.compile(SCRIPT.format("searchtools|language_data|searchindex"))
ICON_FILES = ("vendor/fontawesome", "scripts/fontawesome.js")
ICON_RULES = re.compile(
    r'(?:\.fa-[\w-]+(?:::?(?:before|after))?,?)+\{(?:content:"[^"]*"|--fa:[^}]*)\}'
    r"|@font-face\{[^}]*Awesome[^}]*\}"
    r"|/\*!(?:[^*]|\*(?!/))*Font Awesome(?:[^*]|\*(?!/))*\*/"
)
RULE = re.compile(r'([^{}]*\[data-theme="?(dark|light)"?\][^{}]*)(\{[^{}]*\})')
MENDED = "/* mended */"


def mend_pages(app: Sphinx, exception: Exception | None) -> None:
    """Rewrite what was written by the theme and still holds one of the faults."""
    if exception is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        _rewrite(path, _mended(path.read_text(encoding="utf-8"), path.stem == "search"))
    static = Path(app.outdir, "_static")
    for path in static.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        if not text.endswith(MENDED):
            path.write_text(RULE.sub(_printed, ICON_RULES.sub("", text)) + MENDED, encoding="utf-8")
    for name in ICON_FILES:
        (static / name).unlink() if (static / name).is_file() else rmtree(static / name, True)


def _mended(page: str, searches: bool) -> str:
    for fault, repair in REPAIRS.items():
        page = page.replace(fault, repair)
    page = ICON_SCRIPT.sub("", page)
    return page if searches else SEARCH_SCRIPTS.sub("", page)


def _printed(rule: re.Match[str]) -> str:
    selector, theme, body = rule.groups()
    if theme == "dark":
        return f"@media screen{{{rule[0]}}}"
    dark = re.sub(r'\[data-theme="?light"?\]', '[data-theme="dark"]', selector)
    return f"{rule[0]}@media print{{{dark}{body}}}"


def _rewrite(path: Path, text: str) -> None:
    if text != path.read_text(encoding="utf-8"):
        path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_js_file(None, body=SEARCH_FROM_FOLDER, priority=300)
    app.connect("build-finished", mend_pages, priority=900)  # the theme writes some late
    return {"parallel_read_safe": True, "parallel_write_safe": True}

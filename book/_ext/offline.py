"""Make every page work without a network: formulas, and search opened from a folder."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

# The SVG build draws its own glyphs, so one file serves every page and no font is needed.
MATHJAX_FILE = "tex-svg.js"

# Sphinx fetches each hit for its summary; a browser refuses to fetch beside a file:// page.
SEARCH_FROM_FOLDER = (
    'if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;'
)


def copy_mathjax(app: Sphinx, exception: Exception | None) -> None:
    """Copy the one MathJax file a page loads out of the package's 24 MB."""
    if exception is not None or app.builder.format != "html":
        return
    package = Path(str(importlib.import_module("sphinx-mathjax-offline").__file__)).parent
    target = Path(app.outdir) / "_static" / "mathjax" / MATHJAX_FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(package / "static" / "mathjax" / MATHJAX_FILE, target)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.config.mathjax_path = f"mathjax/{MATHJAX_FILE}"
    app.add_js_file(None, body=SEARCH_FROM_FOLDER, priority=300)
    app.connect("build-finished", copy_mathjax)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

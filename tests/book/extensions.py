"""The book's own Sphinx extensions as modules that tests can import."""

from __future__ import annotations

import sys

from tests.book.pages import ROOT

FOLDER = ROOT / "book" / "_ext"
sys.path.append(str(FOLDER))

from drawn_formulas import drawer  # noqa: E402 -- found on the path just set
from light_figures import EMBEDDED, packed  # noqa: E402
from page_sources import PageSources  # noqa: E402

__all__ = ["EMBEDDED", "FOLDER", "PageSources", "drawer", "packed"]

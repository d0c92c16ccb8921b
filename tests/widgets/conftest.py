"""One small book with the pages of all tests of widgets, built once."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from tests.once import Once
from tests.widgets.static_site import build_site


@pytest.fixture(scope="session")
def site(once: Once) -> Path:
    """The folder of the book.

    A module names its own pages in ``PAGES``, each a MyST text, by a name no other module has.
    """
    return once("widgets", lambda folder: build_site(folder, **_pages())) / "built"


def _pages() -> dict[str, str]:
    pages: dict[str, str] = {}
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        own = getattr(import_module(f"tests.widgets.{path.stem}"), "PAGES", {})
        assert not pages.keys() & own.keys(), f"{path.stem} names a page as another module does"
        pages |= own
    return pages

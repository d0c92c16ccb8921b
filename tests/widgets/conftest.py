"""One small book with the pages of all tests of widgets, built once."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import pytest
from filelock import FileLock

from tests.widgets.static_site import build_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the book; every process of a run of tests gets the same one.

    A module names its own pages in ``PAGES``, each a MyST text, by a name no other module has.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    source = shared / "widgets"
    with FileLock(shared / "widgets.lock"):
        if not source.is_dir():
            source.mkdir()
            build_site(source, **_pages())
    return source / "built"


def _pages() -> dict[str, str]:
    pages: dict[str, str] = {}
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        own = getattr(import_module(f"tests.widgets.{path.stem}"), "PAGES", {})
        assert not pages.keys() & own.keys(), f"{path.stem} names a page as another module does"
        pages |= own
    return pages

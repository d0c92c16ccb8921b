"""Run a page again when its own code or something that it loads has changed, and only then.

Each state of a page has a cache of its own, named after a digest of the page's code cells, of the
files behind them and of the locked libraries. So pages that run side by side share nothing, and
what no page needs any more is plain to see, and removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from page_sources import PageSources
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util import logging

CACHE = ".jupyter_cache"
LOCK = "requirements.lock"
STATE = "executed_state"  # in what Sphinx remembers of a page: the state it was read in

logger = logging.getLogger(__name__)


class PageCaches:
    """The executed pages of one build, whose source folder is the root of the project."""

    def __init__(self, app: Sphinx) -> None:
        """Read nothing yet."""
        self.env = app.env
        self.root = Path(app.srcdir)
        self.folder = Path(app.outdir).parent / CACHE
        self.sources = PageSources(self.root)
        self.state = cache(self._state)

    def pages_to_read(
        self, _app: Sphinx, env: BuildEnvironment, added: set[str], *_others: set[str]
    ) -> list[str]:
        """Name the pages that Sphinx read in another state than they are in now."""
        known = {page: env.metadata.get(page, {}).get(STATE, "") for page in env.found_docs - added}
        return [page for page, state in known.items() if state != self.state(page)]

    def run_side_by_side(self, _app: Sphinx, _env: BuildEnvironment, pages: list[str]) -> None:
        """Run those of ``pages`` that have not run in their state, as many at once as cores.

        Raises:
            SphinxError: a page's code failed; its traceback is a warning before this.
        """
        waiting = [page for page in pages if self.state(page) and not self._has_run(page)]
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            went_well = list(pool.map(self._run, waiting))
        failed = [page for page, well in zip(waiting, went_well, strict=True) if not well]
        if failed:
            raise SphinxError(
                f"the code of {', '.join(failed)} fails: mend it, or what it imports; "
                "the traceback is above"
            )

    def choose_cache(self, _app: Sphinx, page: str, _source: list[str]) -> None:
        """Let myst-nb find the outputs of ``page``, and Sphinx remember which they are."""
        if self.state(page):
            config = self.env.mystnb_config
            self.env.mystnb_config = config.copy(execution_cache_path=str(self._place(page)))
            self.env.metadata[page][STATE] = self.state(page)

    def prune(self, _app: Sphinx, exception: Exception | None) -> None:
        """After a good build, remove every other state, and the caches of former schemes."""
        if exception is not None:
            return
        kept = {self._place(page) for page in self.env.found_docs if self.state(page)}
        kept |= {place.parent for place in kept}
        found = {*self.folder.glob("*"), *self.folder.glob("*/*")}
        for path in {*(found - kept), *self.folder.parent.glob(f"{CACHE}-*")}:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def _state(self, page: str) -> str:
        """Return a digest of all that the page's outputs depend on; empty for plain text."""
        notebook = self._notebook(page)
        if notebook is None:
            return ""
        cells = _code_cells(notebook)
        code = "\n".join(cell.source for cell in cells)
        lock = self.root / LOCK
        parts = [
            [[cell.source, cell.metadata] for cell in cells],
            notebook.metadata.get("kernelspec"),
            self.sources.digest(code, self._path(page).parent),
            lock.read_text(encoding="utf-8") if lock.is_file() else "",
            sys.version,
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]

    def _notebook(self, page: str) -> NotebookNode | None:
        """Return the page as myst-nb reads it; None where it is plain text."""
        text = self._path(page).read_text(encoding="utf-8")
        reader = create_nb_reader(
            str(self._path(page)), self.env.myst_config, self.env.mystnb_config, text
        )
        return reader.read(text) if reader else None

    def _run(self, page: str) -> bool:
        """Run the page into its cache and return whether that went well."""
        notebook, path = self._notebook(page), self._path(page)
        if _code_cells(notebook):
            start = time.perf_counter()
            error = self._execute(notebook, path.parent)
            if error is not None:
                logger.warning("%s", error, location=page)
                return False
            logger.info("%s ran in %.1f seconds", page, time.perf_counter() - start)
        bundle = CacheBundleIn(notebook, str(path))
        get_cache(self._place(page)).cache_notebook_bundle(bundle, check_validity=False)
        return True

    def _execute(self, notebook: NotebookNode, folder: Path) -> Exception | None:
        """Fill in the outputs of ``notebook`` and return the error that ended it."""
        config = self.env.mystnb_config
        limits = config.execution_timeout, config.execution_allow_errors
        try:
            return single_nb_execution(notebook, str(folder), *limits).err
        except RuntimeError as died:  # the kernel, before or amid the cells
            return died

    def _has_run(self, page: str) -> bool:
        return any(self._place(page).glob("executed/*/base.ipynb"))

    def _place(self, page: str) -> Path:
        return self.folder / page.replace("/", ".") / self.state(page)

    def _path(self, page: str) -> Path:
        return Path(self.env.doc2path(page))


def _code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def begin(app: Sphinx) -> None:
    """Look at the project afresh, and follow the build from here on."""
    caches = PageCaches(app)
    app.connect("env-get-outdated", caches.pages_to_read)
    app.connect("env-before-read-docs", caches.run_side_by_side)
    app.connect("source-read", caches.choose_cache)
    app.connect("build-finished", caches.prune)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("builder-inited", begin)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

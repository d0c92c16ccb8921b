"""Run a page again when the package it imports has changed, not only when the page has."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

PACKAGE = Path(__file__).parents[2] / "convbook"
SUFFIXES = {".py", ".js", ".css", ".json", ".safetensors"}


def fingerprint(folder: Path) -> str:
    """Return a short hash of every file of ours below ``folder``, names included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in SUFFIXES:
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def name_cache(app: Sphinx, config: Config) -> None:
    """Give each state of the package its own cache of executed pages."""
    cache = Path(app.outdir).parent / f".jupyter_cache-{fingerprint(PACKAGE)}"
    config["nb_execution_cache_path"] = str(cache)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("config-inited", name_cache)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

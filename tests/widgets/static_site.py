"""A small built book for a test, served on this machine, opened in Chromium."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright

EXTENSIONS = Path(__file__).parents[2] / "book" / "_ext"
CONF = f"""
import sys
sys.path.insert(0, {str(EXTENSIONS)!r})
extensions = ["myst_nb", "static_widgets"]
html_theme = "basic"
html_theme_options = {{"body_min_width": 0}}
nb_execution_mode = "cache"
"""
INDEX = """---
file_format: mystnb
kernelspec: {name: python3}
---
# A page

```{code-cell}
from convbook.widgets import KernelExplorer
explorer = KernelExplorer()
explorer
```

```{code-cell}
explorer
```

```{code-cell}
KernelExplorer(kernel=[[1, 2], [3, 4]], image=[[1, 2], [3, 4]], dilation=2)
```
"""
BROKEN = INDEX.replace(
    "explorer = KernelExplorer()",
    "explorer = KernelExplorer()\nexplorer._esm = 'export default {}'",
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def build_site(source: Path) -> Path:
    """Build three pages, with live widgets, with broken ones and with none; return the folder."""
    (source / "conf.py").write_text(CONF, encoding="utf-8")
    (source / "index.md").write_text(INDEX + "\n```{toctree}\nbroken\nplain\n```\n", "utf-8")
    (source / "broken.md").write_text(BROKEN, encoding="utf-8")
    (source / "plain.md").write_text("# No widget here\n", encoding="utf-8")
    built = source / "built"
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-n", "-b", "html", source, built]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"the site does not build:\n{done.stderr[-4000:]}", pytrace=False)
    return built


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve ``folder`` on a free port and yield the address."""
    handler = functools.partial(QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium; on a build server its absence is a failure, elsewhere a skip."""
    path = shutil.which("chromium")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("Chromium is missing: install the package chromium")
    if path is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page of its own; a request to another host or a complaint in the console is a failure."""
    context = browser.new_context(**options)
    page = context.new_page()
    complaints: list[str] = []

    def note_message(message: Any) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    def guard(route: Route, request: Request) -> None:
        if urlsplit(request.url).hostname in {"127.0.0.1", None}:
            route.continue_()
        else:
            complaints.append(f"asked {request.url}")
            route.abort()

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", note_message)
    page.route("**/*", guard)
    page.goto(address)
    try:
        yield page
    finally:
        context.close()
    assert complaints == []

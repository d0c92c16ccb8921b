"""The built book, served on this machine only, and a Chromium that reaches nothing else."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the built book; an unchanged book takes a few seconds."""
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", ".", "-W", "-n", "--keep-going"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        # Without this a second build would read its pages from the failed one and pass.
        shutil.rmtree(ROOT / "_build" / ".doctrees", ignore_errors=True)
        pytest.fail(f"the book does not build:\n{done.stderr[-4000:]}", pytrace=False)
    return HTML


@pytest.fixture(scope="session")
def server(html: Path) -> Iterator[str]:
    """The address of the served book."""
    handler = functools.partial(QuietHandler, directory=str(html))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


@pytest.fixture(params=["http", "file"])
def origin(request: pytest.FixtureRequest) -> str:
    """Where the book is read from: a server, or its folder."""
    if request.param == "http":
        return str(request.getfixturevalue("server"))
    return str(request.getfixturevalue("html").as_uri())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
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

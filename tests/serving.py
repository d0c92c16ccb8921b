"""Showing a folder or JupyterLab to a Chromium that reaches nothing but this machine."""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, sync_playwright

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
    policy = ""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """Send the content-security policy with each file, if there is one."""
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()


class StrictHandler(QuietHandler):
    policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"


@contextmanager
def served(folder: Path, handler_class: type[QuietHandler] = QuietHandler) -> Iterator[str]:
    """Serve ``folder`` on a free port and yield the address."""
    handler = functools.partial(handler_class, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium: its headless shell, which takes half as long without windows."""
    with sync_playwright() as playwright:
        program = need("chromium-headless-shell")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def need(program: str, package: str = "") -> str:
    """Return the path of ``program``; without it a build server fails, another machine skips."""
    path = shutil.which(program)
    return path or _missing(program, f"apt-get install {package or program}")


def need_file(path: Path, command: str) -> Path:
    """Return ``path`` where it is a file; else as `need`, with the command that makes it."""
    if not path.is_file():
        _missing(str(path), command)
    return path


def _missing(what: str, command: str) -> NoReturn:
    outcome = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    outcome(f"{what} is missing: {command}")

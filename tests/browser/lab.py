"""A JupyterLab server of its own for a test: no token, no news, no extension manager."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from playwright.sync_api import Browser, Locator, Page, expect

SECONDS_TO_START = 60.0
OVERRIDES = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    }
}


def write_notebook(path: Path, *sources: str) -> None:
    """Write a notebook whose code cells hold ``sources``."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(notebook, path)


@contextmanager
def running_lab(
    folder: Path, root: Path, start: Path | None = None, **environment: str
) -> Iterator[str]:
    """Run JupyterLab on a free port of 127.0.0.1 with ``root`` as its root, started in ``start``.

    Yields the server's address. Its own files are written to ``folder``.
    """
    port = _free_port()
    with (folder / "lab.log").open("wb") as log:
        server = subprocess.Popen(
            _command(folder, root, port),
            cwd=start or root,
            env=_environment(folder) | environment,
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, server, folder / "lab.log")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


@contextmanager
def notebook_in(browser: Browser, address: str, name: str, count: int) -> Iterator[Page]:
    """Open a notebook of ``count`` code cells; a request to another host is a failure."""
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    asked_elsewhere: list[str] = []
    page.on(
        "request",
        lambda request: (
            urlsplit(request.url).hostname in {"127.0.0.1", None}
            or asked_elsewhere.append(request.url)
        ),
    )
    page.add_locator_handler(page.locator("dialog.jp-Dialog"), _say_what_is_in_the_way)
    page.goto(f"{address}/lab/tree/{name}.ipynb?reset")
    page.locator(".jp-CodeCell").nth(count - 1).wait_for(timeout=60_000)
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=60_000)
    try:
        yield page
    finally:
        page.close()
    assert asked_elsewhere == []


def _say_what_is_in_the_way(dialog: Locator) -> None:
    raise AssertionError(f"JupyterLab asks, and nobody answers: {dialog.inner_text()!r}")


def _started(cell: Locator) -> bool:
    prompt = cell.locator(".jp-InputArea-prompt").first
    try:
        expect(prompt).to_have_text(re.compile(r"\[(\d+|\*)\]:"), timeout=5_000)
    except AssertionError:
        return False
    return True


def run_cell(page: Page, index: int) -> Locator:
    """Run one cell, wait for its number, return it."""
    cell = page.locator(".jp-CodeCell").nth(index)
    # A key pressed while JupyterLab still binds its commands is lost.
    for _ in range(3):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        if _started(cell):
            break
    expect(cell.locator(".jp-InputArea-prompt").first).to_have_text(
        re.compile(r"\[\d+\]:"), timeout=60_000
    )
    return cell


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(folder: Path, root: Path, port: int) -> list[str]:
    settings = folder / "settings"
    settings.mkdir()
    (settings / "overrides.json").write_text(json.dumps(OVERRIDES), encoding="utf-8")
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": root,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": "",
        "LabApp.extension_manager": "readonly",
        "LabApp.news_url": "None",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.app_settings_dir": settings,
    }
    words = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "jupyterlab", "--no-browser", *words]


def _environment(folder: Path) -> dict[str, str]:
    own = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "user-settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    return {**os.environ, **{name: str(folder / part) for name, part in own.items()}}


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/api/status", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(
        f"JupyterLab did not answer at {address} within {SECONDS_TO_START:.0f} s; its log ends: "
        f"{log.read_text(encoding='utf-8')[-2000:]}"
    )

"""A small built book for a test, and a page of it opened with an ear for complaints."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route

EXTENSIONS = Path(__file__).parents[2] / "book" / "_ext"
CONF = f"""
import sys
sys.path.insert(0, {str(EXTENSIONS)!r})
extensions = ["myst_nb", "static_widgets"]
html_theme = "basic"
html_theme_options = {{"body_min_width": 0}}
nb_execution_mode = "cache"
"""
PAGE = """---
file_format: mystnb
kernelspec: {name: python3}
---
# A page

"""


def cells(*sources: str) -> str:
    """Return a page with a code cell per source."""
    return PAGE + "\n".join(f"```{{code-cell}}\n{source}\n```\n" for source in sources)


def build_site(source: Path, **pages: str) -> Path:
    """Build a book of ``pages``, by name, each a MyST text; return the folder."""
    (source / "conf.py").write_text(CONF, encoding="utf-8")
    names = "\n".join(pages)
    (source / "index.md").write_text(f"# Start\n\n```{{toctree}}\n{names}\n```\n", "utf-8")
    for name, text in pages.items():
        (source / f"{name}.md").write_text(text, encoding="utf-8")
    built = source / "built"
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-n", "-b", "html", source, built]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"the site does not build:\n{done.stderr[-4000:]}", pytrace=False)
    return built


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
    assert not complaints, complaints


def type_in(field: Locator, text: str) -> None:
    """Put ``text`` into a field in place of what it holds, and finish with Enter."""
    field.fill(text)
    field.press("Enter")


def settle(page: Page) -> None:
    """Wait until nothing on the page slides any more."""
    page.evaluate("""async () => {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      await Promise.allSettled(document.getAnimations().map((one) => one.finished));
    }""")

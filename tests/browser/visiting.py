"""Opening a page while writing down everything that a clean page does not do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

# Widgets draw themselves after the page has loaded.
SETTLED = """() =>
  !document.querySelector('.cvb-widget') || document.documentElement.dataset.widgets
"""


@contextmanager
def visit(browser: Browser, address: str, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """Open ``address`` and yield the page with the growing list of its faults.

    A fault is a request to another host, an answer of 400 or above, a request that failed, an
    uncaught error, or an error or a warning in the console.
    """
    context = browser.new_context(**options)
    page, faults = context.new_page(), []
    own = urlsplit(address).netloc

    def note_request(request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != own:
            faults.append(f"asked another host: {request.url}")

    def note_answer(answer: Any) -> None:
        if answer.status >= 400:
            faults.append(f"{answer.status}: {answer.url}")

    def note_message(message: Any) -> None:
        if message.type in {"error", "warning"}:
            faults.append(f"console {message.type}: {message.text}")

    page.on("request", note_request)
    page.on("response", note_answer)
    page.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
    page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
    page.on("console", note_message)
    try:
        page.goto(address)
        page.wait_for_function(SETTLED)
        page.wait_for_load_state("networkidle")
        yield page, faults
    finally:
        context.close()

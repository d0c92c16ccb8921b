"""Widgets where a page can be found again, or inside another: after Back, a reload, in a frame."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.serving import QuietHandler, served
from tests.widgets.static_site import opened

pytestmark = pytest.mark.browser

LIVE = ("pooling", "shapes", "quizzes", "fields", "tables", "gallery")
# What each field shows, and what each widget says of itself: both must come from one state.
SHOWN = """() => [...document.querySelectorAll(".cvb")].map((root) => [
  [...root.querySelectorAll("input, select")].map((one) =>
    one.matches("[type=radio], [type=checkbox]")
    ? one.checked : one.type === "file" ? "" : one.value),
  root.innerText,
])"""
CHANGE = """() => {
  for (const one of document.querySelectorAll(".cvb input, .cvb select")) {
    if (one.type === "file" || one.disabled) continue;
    if (one.matches("[type=radio], [type=checkbox]")) { one.click(); continue; }
    if (one.matches("select")) one.selectedIndex = (one.selectedIndex + 1) % one.options.length;
    else if (["number", "range"].includes(one.type)) one.stepUp();
    for (const kind of ["input", "change"]) one.dispatchEvent(new Event(kind, { bubbles: true }));
  }
}"""


def _ready(page: Page) -> None:
    page.wait_for_selector('html[data-widgets="ready"]')


@pytest.mark.parametrize("again", ["back", "reload"])
@pytest.mark.parametrize("name", LIVE)
def test_when_a_page_is_found_again_then_its_fields_and_drawing_agree(
    browser, site: Path, name: str, again: str
) -> None:
    with opened(browser, f"{site.as_uri()}/{name}.html") as page:
        _ready(page)
        page.evaluate("localStorage.clear()")
        first = page.evaluate(SHOWN)
        page.evaluate(CHANGE)
        page.wait_for_timeout(50)
        changed = page.evaluate(SHOWN)
        assert changed != first
        page.evaluate("localStorage.clear()")
        if again == "back":
            page.goto(f"{site.as_uri()}/index.html")
            page.go_back()
        else:
            page.reload()
        _ready(page)
        page.wait_for_timeout(100)  # a browser fills fields in a moment after the page is there
        assert page.evaluate(SHOWN) in (first, changed)


class Sandbox(QuietHandler):
    """Serves pages that may run scripts and nothing else, as inside a careful frame."""

    policy = "sandbox allow-scripts"


def test_when_a_frame_may_not_send_forms_then_a_quiz_is_checked_all_the_same(
    browser, site: Path
) -> None:
    with served(site, Sandbox) as address:
        page = browser.new_page()  # Sphinx's own script complains of storage here
        page.goto(f"{address}/one-quiz.html")
        _ready(page)
        quiz = page.locator(".cvb-quiz").first
        quiz.get_by_label("3×3").check()
        quiz.get_by_role("button", name="Check").click()
        expect(quiz.locator("[role=status]")).to_contain_text("Right")
        page.close()

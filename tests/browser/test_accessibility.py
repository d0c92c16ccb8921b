"""The book as axe-core sees it, and what moves by itself in it: nothing."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from tests.browser.axe import found_by_axe
from tests.browser.visiting import visit

pytestmark = pytest.mark.browser

GALLERY = "book/widgets.html"
PAGES = [GALLERY, "book/convolution-2d.html", "book/notation.html"]
SCREENS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
DARK, WHITE = "rgb(18, 18, 18)", "rgb(255, 255, 255)"
ANIMATIONS = "() => document.getAnimations().filter(one => one.playState === 'running').length"


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_when_axe_looks_at_a_page_then_it_finds_nothing(browser, server, name, scheme, screen):
    options = {"color_scheme": scheme, "viewport": SCREENS[screen]}
    with visit(browser, f"{server}/{name}", **options) as (page, _):
        assert found_by_axe(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_when_a_dark_page_is_printed_then_it_is_dark_on_white(browser, server, name):
    with visit(browser, f"{server}/{name}", color_scheme="dark") as (page, _):
        assert page.evaluate(BACKGROUND) == DARK
        page.emulate_media(media="print")
        assert page.evaluate(BACKGROUND) == WHITE
        assert found_by_axe(page, runOnly=["color-contrast"]) == []


def _seen_change(before: bytes, after: bytes) -> int:
    """The largest change of a colour between two pictures."""
    images = (Image.open(BytesIO(png)).convert("RGB") for png in (before, after))
    return max(most for _, most in ImageChops.difference(*images).getextrema())


def test_when_motion_is_not_wanted_then_no_frame_changes_by_itself(browser, server):
    options = {"reduced_motion": "reduce", "viewport": {"width": 1280, "height": 2000}}
    with visit(browser, f"{server}/{GALLERY}", **options) as (page, _):
        drawn = page.locator(".cvb").all()
        assert len(drawn) >= 8
        for widget in drawn:
            widget.scroll_into_view_if_needed()
            step = widget.get_by_role("button", name="Step")
            if step.count():
                step.first.click()
            assert page.evaluate(ANIMATIONS) == 0
            before = widget.screenshot()
            page.wait_for_timeout(500)
            assert _seen_change(before, widget.screenshot()) < 32  # of 255: a checkbox is smoothed

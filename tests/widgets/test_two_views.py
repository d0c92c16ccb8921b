"""Every widget in a static page: two views of one model in step, and a view that is taken away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from convbook import widgets
from tests.trials import TRIALS
from tests.widgets.made import MADE
from tests.widgets.static_site import cells, opened

pytestmark = pytest.mark.browser

# Draws a widget's own module on a model that counts its listeners, then cleans up.
RENDER_AND_CLEAN_UP = """async ([text, state]) => {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const { default: widget } = await import(url);
  let listeners = 0;
  const model = {
    get: (name) => state[name], set() {}, save_changes() {},
    on: () => (listeners += 1), off: () => (listeners -= 1),
  };
  const el = document.createElement("div");
  const cleanUp = widget.render({ model, el });
  const drawn = el.children.length;
  cleanUp();
  return { children: el.children.length, listeners, drawn };
}"""


def two_views(make: str) -> str:
    """Return a page that shows what ``make`` makes twice."""
    *before, last = make.splitlines()
    return cells("\n".join(["from convbook.widgets import *", *before, f"w = {last}", "w"]), "w")


PAGES = {name: two_views(trial.make) for name, trial in TRIALS.items()}


@pytest.mark.parametrize("name", TRIALS)
def test_when_one_view_changes_then_the_other_follows(browser, site, name):
    trial = TRIALS[name]
    with opened(browser, f"{site.as_uri()}/{name}.html") as page:
        page.wait_for_selector('html[data-widgets="ready"]')
        label = page.get_by_text(trial.label, exact=True)
        fields = page.locator(".cvb").locator("label", has=label).locator("input, select")
        expect(fields).to_have_count(2)
        if fields.first.evaluate("field => field.tagName") == "SELECT":
            fields.first.select_option(trial.typed)
        else:
            fields.first.fill(trial.typed)
            fields.first.press("Tab")
        expect(fields.last).to_have_value(trial.typed)


@pytest.mark.parametrize("name", widgets.__all__)
def test_when_a_view_is_cleaned_up_then_it_is_gone_and_hears_nothing(browser, site, name):
    widget = getattr(widgets, name)(*MADE.get(name, ()))
    state = widget.get_state()
    with opened(browser, f"{site.as_uri()}/index.html") as page:
        left = page.evaluate(RENDER_AND_CLEAN_UP, [widget._esm, state])
        assert left == {"children": 0, "listeners": 0, "drawn": 1}

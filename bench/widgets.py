"""What the widgets cost a page: bytes, time until they are ready, time of a step.

The rival for bytes is the usual way to show widgets in a static page: require.js and ipywidgets'
html-manager, with each widget's code in the page. Its files come from npm for the measurement.

    python bench/widgets.py
"""

from __future__ import annotations

import gzip
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Browser, Page
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # helpers lie with the tests, which are not installed

from convbook import widgets  # noqa: E402 -- after the path
from convbook.widgets.static_page import host_script, host_styles, widget_script  # noqa: E402
from tests.serving import chromium, served  # noqa: E402
from tests.widgets.static_site import PAGE, build_site, cells  # noqa: E402

THREE = ("KernelExplorer", "PoolingExplorer", "ShapeCalculator")
LARGE = """\
import numpy as np
from convbook.widgets import KernelExplorer
rng = np.random.default_rng(0)
KernelExplorer(rng.integers(0, 10, (64, 64)), rng.integers(-3, 4, (7, 7)))"""
RIVAL = {"requirejs": "require.js", "@jupyter-widgets/html-manager": "dist/embed-amd.js"}
VISITS, STEPS = 15, 200

# Notes when the host says that all widgets are drawn, on the clock of the page.
WATCH = """new MutationObserver((_, watcher) => {
  if (!document.documentElement.dataset.widgets) return;
  window.widgetsReady = performance.now();
  watcher.disconnect();
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-widgets"] })"""
LOADED = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
# Milliseconds of each repetition of an action: scripts, styles and layout, then the whole frame.
MEASURE = """async ([selector, act, count]) => {
  const target = document.querySelector(selector);
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const work = [], frames = [];
  let last = await frame();
  for (let i = 0; i < count; i += 1) {
    const start = performance.now();
    if (act === "click") target.click();
    else {
      target.value = String(i % 2 ? target.min : target.max);
      target.dispatchEvent(new Event("input", { bubbles: true }));
    }
    await null;
    await null;
    document.body.getBoundingClientRect();
    work.push(performance.now() - start);
    const now = await frame();
    frames.push(now - last);
    last = now;
  }
  return [work, frames];
}"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        three = "from convbook import widgets\n"
        sources = [f"{three}widgets.{name}()" for name in THREE]
        site = build_site(
            Path(folder), three=cells(*sources), none=PAGE + "No widget.\n", large=cells(LARGE)
        )
        bytes_of_a_page(site, Path(folder))
        with chromium() as browser, served(site) as address:
            time_until_ready(browser, address)
            time_of_a_step(browser, f"{address}/large.html")


def bytes_of_a_page(site: Path, folder: Path) -> None:
    """Print what a page with three widgets loads for them."""
    page = (site / "three.html").read_text(encoding="utf-8")
    state = page[page.index('<script type="application/vnd.jupyter.widget-state') :]
    scripts = [widget_script(getattr(widgets, name).__module__.split(".")[-1]) for name in THREE]
    ours = [host_script(), *scripts, host_styles(), state[: state.index("</script>")]]
    rival = [*rival_files(folder), rival_state()]
    table = Table(title=f"bytes that a page with {len(THREE)} widgets pays for them")
    for heading in ("way", "raw kB", "gzip kB", "ratio"):
        table.add_column(heading, justify="right" if heading != "way" else "left")
    (our_raw, our_gzip), (raw, packed) = sizes(ours), sizes(rival)
    table.add_row("require.js, html-manager", f"{raw:.0f}", f"{packed:.0f}", "1")
    name = "the course's host"
    table.add_row(name, f"{our_raw:.0f}", f"{our_gzip:.1f}", f"1/{packed / our_gzip:.0f}")
    Console().print(table)


def sizes(texts: list[str]) -> tuple[float, float]:
    """Return kilobytes as written and after gzip, file by file."""
    raw = [text.encode() for text in texts]
    return sum(map(len, raw)) / 1000, sum(len(gzip.compress(one, 9)) for one in raw) / 1000


def rival_files(folder: Path) -> list[str]:
    """Return the scripts of the usual way."""
    npm = shutil.which("npm") or sys.exit("npm is missing: apt-get install npm")
    place = folder / "rival"
    place.mkdir()
    subprocess.run([npm, "install", "--silent", *RIVAL], cwd=place, check=True)
    modules = place / "node_modules"
    texts = [(modules / name / path).read_text("utf-8") for name, path in RIVAL.items()]
    return [*texts, (files("anywidget") / "nbextension" / "index.js").read_text("utf-8")]


def rival_state() -> str:
    """Return the state of the widgets as it is without the course's extension."""
    made = [getattr(widgets, name)() for name in THREE]
    return json.dumps([widget.get_state() for widget in made])


def time_until_ready(browser: Browser, address: str) -> None:
    """Print when the widgets are drawn, and what they add to the page's own loading."""
    visits = [visited(browser, f"{address}/three.html") for _ in range(VISITS)]
    plain = [visited(browser, f"{address}/none.html")[0] for _ in range(VISITS)]
    loaded, ready = (statistics.median(times) for times in zip(*visits, strict=True))
    print(
        f"a page with {len(THREE)} widgets: ready {ready - loaded:.0f} ms after DOMContentLoaded, "
        f"which comes at {loaded:.0f} ms ({statistics.median(plain):.0f} ms without widgets)"
    )


def visited(browser: Browser, address: str) -> tuple[float, float]:
    """Return when the page was loaded and when its widgets were ready, in milliseconds."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    if "three" in address:
        page.wait_for_function("window.widgetsReady")
    loaded, ready = page.evaluate(f"[{LOADED}, window.widgetsReady ?? 0]")
    context.close()
    return float(loaded), float(ready)


def time_of_a_step(browser: Browser, address: str) -> None:
    """Print the time of stepping a 7×7 kernel over 64×64, and of dragging a slider."""
    page = browser.new_page()
    page.goto(address)
    page.wait_for_selector('html[data-widgets="ready"]')
    page.evaluate("document.querySelector('.cvb-primary').scrollIntoView()")
    table = Table(title="a 7×7 kernel over 64×64: milliseconds, median and 95th percentile")
    for heading in ("action", "script, style and layout", "whole frame"):
        table.add_column(heading, justify="right" if heading != "action" else "left")
    table.add_row("step", *measured(page, ".cvb-primary", "click"))
    table.add_row("drag the zoom slider", *measured(page, ".cvb-tools [type=range]", "input"))
    Console().print(table)


def measured(page: Page, selector: str, action: str) -> list[str]:
    """Return median and 95th percentile of the work and of the frame, as text."""
    series = page.evaluate(MEASURE, [selector, action, STEPS])
    return [f"{statistics.median(s):.1f}  {statistics.quantiles(s, n=20)[-1]:.1f}" for s in series]


if __name__ == "__main__":
    main()

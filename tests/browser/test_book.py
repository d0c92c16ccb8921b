"""The built book in a browser: clean, offline, readable at every size, alive."""

from __future__ import annotations

import gzip
import json
import re
import shutil

import numpy as np
import pytest
import yaml
from playwright.sync_api import Page, expect
from scipy import signal

from convbook import widgets
from tests.browser.conftest import ROOT
from tests.browser.visiting import visit

pytestmark = pytest.mark.browser

TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [TOC["root"], *(page["file"] for part in TOC["parts"] for page in part["chapters"])]
CHAPTER = "book/convolution-2d.html"
EX = 9  # pixels, of the text of the book
# Parts that stick out of what is around them or shrank much, and signs without an outline.
FAULTY_FORMULAS = """(ex) => {
  const parts = [...document.querySelectorAll('.formula > svg')].filter((p) => {
    const box = p.getBoundingClientRect(), around = p.closest('p, td, th, li, div, dd, h2, h3')
      .getBoundingClientRect();
    const wanted = ex * parseFloat(p.getAttribute('width'));
    return box.height && (box.width < 0.8 * wanted || box.left < around.left - 1
      || box.right > Math.min(around.right, document.documentElement.clientWidth) + 1);
  });
  const times = (id) => document.querySelectorAll(`[id="${id}"]`).length;
  const signs = [...document.querySelectorAll('.formula use')].filter(
    (sign) => times(sign.getAttribute('href').slice(1)) !== 1);
  return [...parts, ...signs].map((one) => one.outerHTML.slice(0, 200));
}"""
PHONE = {"viewport": {"width": 390, "height": 844}}
IMAGE = [[0, 10, 9, 3, 4], [4, 3, 2, 1, 5], [10, 2, 10, 3, 0], [3, -1, -3, -3, -4]]
IMAGE += [[-4, -10, -8, -1, -2]]
LAPLACIAN = [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
RESPONSE = signal.correlate2d(IMAGE, LAPLACIAN, mode="valid")
CORNER = np.arange(1, 10).reshape(3, 3)
CORNER_RESPONSE = signal.correlate2d(IMAGE, CORNER, mode="valid")

every_page = pytest.mark.parametrize("name", [*PAGES, "search", "genindex"])


def visible_search_boxes(page: Page) -> int:
    boxes = page.locator("input[type=search], .search-button-field, .search-button__button")
    return sum(box.is_visible() for box in boxes.all())


def test_when_a_chapter_has_figures_exercises_and_formulas_then_they_bear_its_number(html):
    page = (html / CHAPTER).read_text(encoding="utf-8")
    (chapter,) = re.findall(r'<h1><span class="section-number">(\d+)\. ', page)
    for kind, least in (
        ('caption-number">Fig. ', 5),
        ('caption-number">Exercise ', 4),
        ('eqno">(', 3),
    ):
        numbers = re.findall(re.escape(kind) + r"([\d.]+)", page)
        assert numbers == [f"{chapter}.{n}" for n in range(1, len(numbers) + 1)]
        assert len(numbers) >= least


@every_page
def test_when_a_page_is_opened_then_it_asks_no_other_host_and_logs_nothing(browser, origin, name):
    with visit(browser, f"{origin}/{name}.html") as (page, faults):
        assert visible_search_boxes(page) == 1
    assert faults == []


@every_page
def test_when_the_screen_is_narrow_then_the_page_fits_and_stays_clean(browser, server, name):
    with visit(browser, f"{server}/{name}.html", **PHONE) as (page, faults):
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert visible_search_boxes(page) == 1
    assert faults == []


def test_when_the_gallery_is_opened_then_every_widget_of_the_course_is_alive(browser, origin):
    with visit(browser, f"{origin}/book/widgets.html") as (page, faults):
        expect(page.locator("html")).to_have_attribute("data-widgets", "ready")
        alive = page.locator('.cvb[data-ready="true"]')
        expect(alive).to_have_count(page.locator(".cvb-widget").count())
        labels = {one.get_attribute("class") for one in alive.all()}
        assert len(labels) == len(widgets.__all__)
    assert faults == []


@pytest.mark.parametrize(("scheme", "dark"), [("dark", True), ("light", False)])
def test_when_the_system_has_a_scheme_then_the_book_follows_it(browser, server, scheme, dark):
    with visit(browser, f"{server}/{CHAPTER}", color_scheme=scheme) as (page, faults):
        expect(page.locator("html")).to_have_attribute("data-theme", scheme)
        color = page.evaluate("getComputedStyle(document.body).backgroundColor")
        red, green, blue = map(int, re.findall(r"\d+", color)[:3])
        assert (red + green + blue < 384) is dark
    assert faults == []


@pytest.mark.parametrize("script", ["https://cdn.example.org/a.js", "http://localhost:1/a.js"])
def test_when_a_script_of_another_host_is_planted_then_the_check_notices(
    browser, html, tmp_path, script
):
    shutil.copytree(html / "_static", tmp_path / "_static")
    shutil.copy(html / "searchindex.js", tmp_path)
    (tmp_path / "book").mkdir()
    text = (html / "book" / "bibliography.html").read_text(encoding="utf-8")
    planted = text.replace("</head>", f'<script src="{script}"></script></head>')
    (tmp_path / "book" / "bibliography.html").write_text(planted, encoding="utf-8")
    with visit(browser, f"{tmp_path.as_uri()}/book/bibliography.html") as (_, faults):
        assert f"asked another host: {script}" in faults


def test_when_a_file_is_missing_or_a_script_warns_then_the_check_notices(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<script>console.warn("careful")</script><img src="gone.png">', "utf-8")
    with visit(browser, page.as_uri()) as (_, faults):
        assert "console warning: careful" in faults
        assert f"failed: {tmp_path.as_uri()}/gone.png" in faults


def test_when_a_word_is_searched_then_its_chapter_is_found(browser, origin):
    with visit(browser, f"{origin}/search.html?q=laplacian") as (page, faults):
        hit = page.locator("#search-results li a", has_text="Convolution in two dimensions")
        expect(hit.first).to_be_visible()
        page.wait_for_load_state("networkidle")
    assert faults == []


@pytest.mark.parametrize("name", PAGES)
def test_when_a_page_has_figures_then_each_is_loaded_and_has_alt_text_and_caption(
    browser, server, name
):
    with visit(browser, f"{server}/{name}.html") as (page, _):
        for image in page.locator("article img").all():
            image.scroll_into_view_if_needed()
            assert image.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
            assert len(image.get_attribute("alt") or "") > 20
            assert image.locator("xpath=ancestor::figure//figcaption").count() == 1


def test_when_the_chapter_is_read_then_the_laplacian_worked_by_hand_is_in_it(browser, server):
    with visit(browser, f"{server}/{CHAPTER}") as (page, _):
        outputs = page.locator(".cell_output pre").all_inner_texts()
    tables = [[int(number) for number in re.findall(r"-?\d+", text)] for text in outputs]
    assert RESPONSE.ravel().tolist() in tables


def test_when_only_the_keyboard_is_used_then_the_explorer_reaches_a_cell_and_agrees_with_scipy(
    browser, origin
):
    with visit(browser, f"{origin}/{CHAPTER}") as (page, faults):
        explorer = page.locator('.cvb-kernel-explorer[data-ready="true"]').last
        page.locator("#try-it").evaluate("one => { one.tabIndex = -1; one.focus(); }")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.dataset.outputRow !== undefined"):
                break
        for key in ("Control+Home", "ArrowDown", "ArrowRight"):
            page.keyboard.press(key)
        cell = explorer.locator('[data-output-row="1"][data-output-column="1"]')
        expect(cell).to_be_focused()
        shown = float(explorer.locator(".cvb-sum").get_attribute("data-value"))
        assert shown == CORNER_RESPONSE[1, 1]
        numbers = [
            float(text.replace("−", "-"))
            for text in explorer.locator("[data-output-row]").all_inner_texts()
        ]
        np.testing.assert_array_equal(np.reshape(numbers, CORNER_RESPONSE.shape), CORNER_RESPONSE)
    assert faults == []


def test_when_a_solution_is_clicked_then_it_opens(browser, server):
    with visit(browser, f"{server}/{CHAPTER}") as (page, _):
        solution = page.locator(".solution").first
        expect(solution.locator("pre").first).to_be_hidden()
        solution.locator("button.toggle-button").click()
        expect(solution.locator("pre").first).to_be_visible()
        assert page.locator("button.copybtn").count() > 0


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", PAGES)
def test_when_scripts_are_off_then_formulas_are_whole_and_readable(browser, server, name, width):
    options = {"java_script_enabled": False, "viewport": {"width": width, "height": 900}}
    context = browser.new_context(**options)
    try:
        page = context.new_page()
        page.goto(f"{server}/{name}.html")
        assert page.evaluate(FAULTY_FORMULAS, EX) == []
    finally:
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_when_a_page_is_loaded_then_it_weighs_at_most_what_a_slow_line_takes(browser, server, name):
    context = browser.new_context()
    try:
        page, answers = context.new_page(), []
        page.on("response", lambda answer: answers.append(answer))
        page.goto(f"{server}/{name}.html")
        page.wait_for_load_state("networkidle")
        weight = sum(len(gzip.compress(answer.body(), 9)) for answer in answers)
        figures = page.locator("article figure, article .cell_output img, .cvb-widget").count()
    finally:
        context.close()
    assert weight < (400_000 if figures else 150_000)


def test_when_the_book_is_built_then_it_holds_its_own_pages(html):
    index = (html / "searchindex.js").read_text(encoding="utf-8")
    built = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["docnames"]
    assert sorted(built) == sorted(PAGES)

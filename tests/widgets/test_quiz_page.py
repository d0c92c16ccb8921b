"""Quizzes on a built page: answered by keyboard and touch, kept by the browser alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from convbook.widgets import Quiz
from tests.widgets.static_site import cells, opened

pytestmark = pytest.mark.browser

SHAPE = """\
from convbook.widgets import Quiz
from convbook.widgets.quiz import Option
shape = Quiz("Which shape has `output`?", [
    Option("5×5", "Only padding keeps the size."),
    Option("3×3", "Three positions a side: `5 - 3 + 1`.", right=True),
    Option("2×2", "One more position fits."),
])
shape"""
SIZES = """\
Quiz("Which keep the size of a 7×9 image under a 3×3 kernel?", [
    Option("`padding=1`", "One cell a side makes up for two.", right=True),
    Option("`padding=2`, `dilation=2`", "Five cells of reach need two a side.", right=True),
    Option("`padding=0`", "The output would be 5×7."),
])"""
SUM = """\
Quiz.number("What is 4·1 − 4·2?", -4, "The middle weighs −4.", tolerance=0.5,
            wrong={4: "The middle weight is `-4`."})"""
STATUS = "[role=status]"
# Sphinx's own script does not survive a refusal, so only ours meets one.
REFUSED = """
const real = window.localStorage;
window.refusals = 0;
Object.defineProperty(window, "localStorage", { get() {
    if (!new Error().stack.includes("/widgets/quiz.js")) return real;
    window.refusals += 1;
    throw new DOMException("The operation is insecure.", "SecurityError");
} });"""


PAGES = {"quizzes": cells(SHAPE, "shape", SIZES, SUM), "one-quiz": cells(SHAPE)}


@pytest.fixture
def address(site: Path) -> str:
    return f"{site.as_uri()}/quizzes.html"


def quizzes(page: Page) -> list[Locator]:
    """The four views: twice the shape, the sizes, the sum."""
    page.wait_for_selector('html[data-widgets="ready"]')
    return [page.locator(".cvb-quiz").nth(i) for i in range(page.locator(".cvb-quiz").count())]


def check(quiz: Locator) -> None:
    quiz.get_by_role("button", name="Check").click()


def progress(quiz: Locator) -> str:
    return quiz.locator(".cvb-quiz-progress").inner_text()


def test_when_one_is_chosen_by_keyboard_alone_then_enter_judges_it_and_python_agrees(
    browser, address
):
    quiz = Quiz(
        "Which?",
        [
            {"text": text, "explanation": "x", "right": text == "3×3"}
            for text in ["5×5", "3×3", "2×2"]
        ],
    )
    quiz.checked = True
    with opened(browser, address) as page:
        view = quizzes(page)[0]
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.type") == "radio":
                break
        for keys, chosen in (([" "], 0), (["ArrowDown"], 1), (["ArrowDown"], 2), (["ArrowUp"], 1)):
            for key in keys:
                page.keyboard.press(key)
            expect(view.locator(STATUS)).to_have_text("Choose one answer, then press Check.")
            page.keyboard.press("Enter")
            quiz.chosen = [chosen]
            word = "Right: B." if quiz.solved else "Not right. Try again."
            expect(view.locator(STATUS)).to_contain_text(word)
            expect(view.get_by_role("radio").nth(chosen)).to_be_focused()


def test_when_one_is_wrong_then_it_is_explained_and_when_right_then_all_are(browser, address):
    with opened(browser, address) as page:
        view = quizzes(page)[0]
        view.get_by_role("radio", name="5×5").check()
        check(view)
        notes = view.get_by_role("listitem")
        expect(notes).to_have_text(["✗A is wrong: Only padding keeps the size."])
        expect(view.locator(".cvb-quiz-option").first).to_contain_text("✗ wrong")
        view.get_by_role("radio", name="3×3").check()
        expect(notes).to_have_count(0)
        check(view)
        expect(notes).to_have_text(
            [
                "✓B is right: Three positions a side: 5 - 3 + 1.",
                "✗A is wrong: Only padding keeps the size.",
                "✗C is wrong: One more position fits.",
            ]
        )
        expect(view.locator("code")).to_have_text(["output", "5 - 3 + 1"])


def test_when_several_are_right_then_what_is_missing_and_what_is_wrong_is_told(browser, address):
    with opened(browser, address) as page:
        view = quizzes(page)[2]
        boxes, status = view.get_by_role("checkbox"), view.locator(STATUS)
        check(view)
        expect(status).to_have_text(
            "Nothing is chosen yet. Choose every right answer, then press Check."
        )
        expect(boxes.first).to_be_focused()
        page.keyboard.press(" ")
        page.keyboard.press("Enter")
        expect(status).to_contain_text("Not complete. What you chose is right, but something is m")
        boxes.nth(2).check()
        check(view)
        expect(status).to_contain_text("1 of your 2 choices is wrong, and something is missing")
        boxes.nth(2).uncheck()
        boxes.nth(1).check()
        check(view)
        expect(status).to_contain_text("Right: A and B.")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("−4,2", "Right: −4.2.The middle weighs −4."),
        ("4", "Not right: 4. Try again.The middle weight is -4."),
        ("12", "Not right: 12. Try again."),
        ("four", "“four” is not a number. Type digits, such as 12 or −3.5."),
        ("", "Nothing is typed yet. Type a number, then press Check."),
    ],
)
def test_when_a_number_is_typed_then_it_is_judged_on_enter(browser, address, typed, said):
    with opened(browser, address) as page:
        view = quizzes(page)[3]
        field = view.get_by_label("Your number")
        field.fill(typed)
        field.press("Enter")
        expect(view.locator(STATUS)).to_contain_text(said.split(".T")[0])
        assert view.locator(STATUS).inner_text().lstrip("✓✗").replace("\n", "").strip() == said
        expect(field).to_be_focused()
        expect(field).to_have_attribute("inputmode", "text")


def test_when_two_views_show_one_quiz_then_they_stay_in_step_and_count_once(browser, address):
    with opened(browser, address) as page:
        first, second, sizes, number = quizzes(page)
        first.get_by_role("radio", name="2×2").check()
        expect(second.get_by_role("radio", name="2×2")).to_be_checked()
        check(second)
        expect(first.locator(STATUS)).to_contain_text("C is wrong")
        assert progress(number) == "1 of 3 answered on this page, 0 right"
        sizes.get_by_role("checkbox").first.check()
        check(sizes)
        number.get_by_label("Your number").fill("-4")
        check(number)
        assert progress(first) == "3 of 3 answered on this page, 1 right"
        second.get_by_role("button", name="Start over").click()
        expect(first.get_by_role("radio", name="2×2")).not_to_be_checked()
        assert progress(sizes) == "2 of 3 answered on this page, 1 right"


def test_when_the_page_is_opened_again_then_the_answers_are_there_until_started_over(
    browser, address
):
    with opened(browser, address) as page:
        first, _, sizes, _ = quizzes(page)
        first.get_by_role("radio", name="3×3").check()
        check(first)
        sizes.get_by_role("checkbox").nth(2).check()
        check(sizes)
        page.reload()
        first, _, sizes, number = quizzes(page)
        expect(first.locator(STATUS)).to_contain_text("Right: B.")
        expect(sizes.get_by_role("checkbox").nth(2)).to_be_checked()
        assert progress(number) == "2 of 3 answered on this page, 1 right"
        first.get_by_role("button", name="Start over").click()
        expect(first.locator(STATUS)).to_have_text("Choose one answer, then press Check.")
        page.reload()
        assert progress(quizzes(page)[0]) == "1 of 3 answered on this page, 0 right"


def test_when_storage_is_refused_then_progress_lives_for_the_visit_without_a_complaint(
    browser, address
):
    with opened(browser, "about:blank") as page:
        page.add_init_script(REFUSED)
        page.goto(address)
        first, _, _, number = quizzes(page)
        first.get_by_role("radio", name="3×3").check()
        check(first)
        assert progress(number) == "1 of 3 answered on this page, 1 right"
        first.get_by_role("button", name="Start over").click()
        assert progress(number) == "0 of 3 answered on this page"
        assert page.evaluate("window.refusals") > 0


def test_when_a_quiz_is_alone_then_nothing_is_counted(browser, site):
    with opened(browser, f"{site.as_uri()}/one-quiz.html") as page:
        (view,) = quizzes(page)
        assert progress(view) == ""
        assert view.get_attribute("aria-label") == "Quiz: Which shape has output?"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_when_the_window_is_narrow_then_nothing_overflows_and_targets_are_large(
    browser, address, width
):
    options = {"viewport": {"width": width, "height": 800}, "has_touch": True}
    with opened(browser, address, **options) as page:
        first = quizzes(page)[0]
        first.locator(".cvb-quiz-option").nth(1).tap()
        first.get_by_role("button", name="Check").tap()
        expect(first.locator(STATUS)).to_contain_text("Right: B.")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        targets = (
            "[...document.querySelectorAll('.cvb-button, .cvb-quiz-option, .cvb input[type=text]')]"
        )
        assert min(page.evaluate(f"{targets}.map(one => one.offsetHeight)")) >= 44


def test_when_there_is_no_javascript_then_the_question_is_seen_and_no_answer(browser, address):
    with opened(browser, address, java_script_enabled=False) as page:
        picture = page.locator(".cvb-picture > svg").first
        expect(picture).to_be_visible()
        expect(picture).to_contain_text("Which shape has output?")
        assert "positions a side" not in picture.inner_html()

"""What a student reads first: what to mend, in words, and where the book explains it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from playwright.sync_api import Browser

from autograder.assignments.assignment import Assignment, load_assignment
from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.checks import Section
from autograder.feedback.fixing import to_fix
from autograder.feedback.page import FeedbackExporter
from autograder.gradebook.recording import Recorder
from autograder.grading.report import Report, Result, Verdict
from autograder.trials.implementations import load_implementations, with_implementation
from tests.autograder.notebooks import cell_of
from tests.browser.visiting import visit
from tests.serving import served

ADDRESS = "https://example.org/course"
Recorded = Callable[[NotebookNode, Report], Path]


@pytest.fixture
def recorded(course: Course, assignment: Assignment, grading: Path) -> Iterator[Recorded]:
    """Record a report on a notebook, and return the page that was made."""
    with closing(Recorder(course, assignment)) as recorder:
        yield lambda notebook, report: recorder.record(
            "student-01", Submission(nbformat.writes(notebook).encode()), report
        )


def top(page: Path) -> str:
    """Return the part before the table of points."""
    return page.read_text().partition("<table")[0].partition("</h1>")[2]


def words(html: str) -> str:
    return unescape(" ".join(re.sub("<[^>]*>", " ", html).split()))


@pytest.fixture
def unflipped(course: Course, assignment: Assignment, right: NotebookNode) -> NotebookNode:
    known = load_implementations(course, assignment.id, "wrong")
    (wrong,) = (i for i in known if i.name == "conv2d_kernel_not_flipped")
    return with_implementation(right, wrong)


@pytest.mark.jail
def test_when_a_function_is_wrong_then_its_line_has_words_misconception_and_section(
    unflipped: NotebookNode,
    graded: Callable[..., Report],
    recorded: Recorded,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = graded(unflipped)
    (line,) = re.findall("<li>.*?</li>", top(recorded(unflipped, report)), flags=re.DOTALL)
    assert words(line).startswith("conv2d (2 points) You slid the kernel over the input as it")
    assert "Misconception: kernel-not-flipped." in words(line)
    assert "Read What does the flip do? in the book." in words(line), "no address is known"


@pytest.mark.jail
def test_when_the_address_of_the_book_is_known_then_the_section_is_a_link(
    unflipped: NotebookNode,
    graded: Callable[..., Report],
    grading: Path,
    course: Course,
    assignment: Assignment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONVBOOK_BOOK", f"{ADDRESS}/")
    submission = Submission(nbformat.writes(unflipped).encode())
    with closing(Recorder(course, assignment)) as recorder:
        page = recorder.record("student-01", submission, graded(unflipped))
    link = f'<a href="{ADDRESS}/book/convolution-2d.html#what-does-the-flip-do">'
    assert link in top(page)


def test_when_grading_is_in_the_course_then_links_lead_to_the_book_that_was_built(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONVBOOK_BOOK", raising=False)
    page = course.root / "grading" / "feedback" / "student-01" / "01-a" / "01-a.html"
    here = Course(course.root, folder="grading")
    there = (page.parent / here.book).resolve()
    assert there == (course.root / "_build" / "html").resolve()
    assert Course(course.root, folder="/elsewhere").book == "", "no path of this machine is told"


def test_when_a_section_is_named_then_the_book_has_it(course: Course) -> None:
    for name in course.assignments():
        assignment = load_assignment(course, name)
        sections = [assignment.section(check.function, "") for check in assignment.checks]
        assert None not in sections, "each function has a section to read"
        for section in {*sections, *(hint.section for hint in assignment.hints.values())}:
            if section:
                text = (course.root / "book" / f"{section.page}.md").read_text()
                assert f"\n## {section.title}\n" in text


def test_when_two_misconceptions_meet_then_the_one_that_costs_most_is_named(
    assignment: Assignment,
) -> None:
    one = {"reason": "it differs", "hint": "off-by-one", "hint_text": "The last is missing."}
    two = {"reason": "it differs", "hint": "kernel-flipped", "hint_text": "You flipped it."}
    results = [
        Result("f", "a", "a", 1.0, Verdict.WRONG, **one),
        Result("f", "b", "b", 2.0, Verdict.WRONG, **two),
        Result("f", "c", "c", 4.0, Verdict.TIMED_OUT, reason="no answer within 3 s"),
        Result("f", "d", "d", 1.0, Verdict.PASSED),
    ]
    fix = to_fix(assignment, results)
    assert (fix["hint"], fix["points"], fix["text"]) == ("kernel-flipped", 7.0, "You flipped it.")
    assert fix["section"]["title"] == "What does the flip do?"


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("it raised ValueError: <b>", "Not so yet: it adds. What came back: it raised ValueError"),
        ("it raised NotImplementedError: later", "Not so yet: it adds."),
        ("y" * 5000, "yyy…"),
    ],
)
def test_when_no_misconception_is_known_then_the_check_and_what_came_back_are_said(
    reason: str, said: str, assignment: Assignment
) -> None:
    fix = to_fix(assignment, [Result("f", "a", "it adds", 1.0, Verdict.ERROR, reason=reason)])
    assert said in fix["text"]
    assert len(fix["text"]) < 400
    assert fix["section"] == {}


@pytest.mark.jail
def test_when_every_check_passes_then_there_is_nothing_to_fix(
    right: NotebookNode, graded: Callable[..., Report], recorded: Recorded
) -> None:
    assert "Nothing: every check passed." in top(recorded(right, graded(right)))


def test_when_a_page_of_before_is_made_again_then_it_does_not_say_that_all_is_well(
    assignment: Assignment, untouched: NotebookNode
) -> None:
    for cell in untouched.cells:
        cell.metadata.get("nbgrader", {})["score"] = 0.0
    page, _ = FeedbackExporter().from_notebook_node(
        untouched, {"nbgrader": {"notebook": "a", "score": 0, "max_score": 9}, "feedback": {}}
    )
    assert "Fix first" not in page
    assert "every check passed" not in page


@pytest.mark.jail
@pytest.mark.browser
def test_when_a_notebook_is_untouched_then_its_page_is_one_screen(
    untouched: NotebookNode, graded: Callable[..., Report], recorded: Recorded, browser: Browser
) -> None:
    page = recorded(untouched, graded(untouched))
    assert "Nothing was written yet" in top(page)
    for width, height in ((1280, 900), (390, 844)):
        screen = {"viewport": {"width": width, "height": height}}
        with (
            served(page.parent) as address,
            visit(browser, f"{address}/{page.name}", **screen) as (shown, _),
        ):
            assert shown.evaluate("document.documentElement.scrollHeight") <= height
            assert "NotImplementedError" not in shown.locator("main").inner_text()
            shown.locator("main > details > summary").click()
            assert shown.get_by_text("Part 1: one dimension").is_visible()


@pytest.mark.jail
def test_when_one_function_is_not_written_then_that_is_said_once_and_not_for_each_check(
    right: NotebookNode,
    untouched: NotebookNode,
    graded: Callable[..., Report],
    recorded: Recorded,
) -> None:
    cell_of(right, "conv1d").source = cell_of(untouched, "conv1d").source
    page = recorded(right, graded(right))
    assert "conv1d (5 points) It is not written yet." in words(top(page))
    panel = page.read_text().partition('<section class="panel cell" id="test_conv1d">')[2]
    checks = words(panel.partition("<details>")[0].partition("</style>")[2])
    assert checks.count("✗ not run") == 5
    assert "what came back" not in checks


def test_when_a_section_has_signs_in_its_title_then_its_address_has_none() -> None:
    assert Section("a", "Sizes: (n + 2p) / s?").path == "book/a.html#sizes-n-2p-s"

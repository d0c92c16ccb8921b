"""Hostile notebooks, graded for real, in the pages where a person gives points."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, Page

from autograder.assignments.course import Course
from tests.browser.hostile import ID, INJECTIONS, hostile_class
from tests.browser.lab import running_lab
from tests.browser.visiting import visit
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.jail]

STUDENTS = [f"student-{name}" for name in ("00", *INJECTIONS, "everything", "honest")]
THEIRS = ".text_cell_render *, .output *, .input_area *"  # of what formgrader shows
# What could act, within all that a student had a hand in; the grader's own verdicts have a style.
ACTIVE = """(within) => {
  const kinds = /^(script|style|iframe|object|embed|form|input|button|base|meta|link|svg|math)$/i;
  const own = (e) => e.closest('mjx-container, .formula, .formula-glyphs')
    || e.nextElementSibling?.matches('.cvb-checks');
  const bad = (e) => kinds.test(e.tagName)
    || [...e.attributes].some((a) => /^on|^data-/i.test(a.name))
    || (e.hasAttribute('style') && !/^((background-)?color: rgb[(][0-9,]+[)];? ?)+$/.test(
      e.getAttribute('style')))
    || (e.hasAttribute('href') && !/^(https?:|mailto:|#)/.test(e.getAttribute('href')))
    || (e.hasAttribute('src') && !e.getAttribute('src').startsWith('data:image/png;'));
  return [...document.querySelectorAll(within)]
    .filter((e) => !own(e) && bad(e)).map((e) => e.outerHTML.slice(0, 300));
}"""


@pytest.fixture(scope="module")
def grading(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class, graded."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "submissions").mkdir()
    for student, notebook in hostile_class(course).items():
        nbformat.write(notebook, folder / "submissions" / f"{student}.ipynb")
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", ID, "--submissions", folder / "submissions"],
        cwd=course.root, capture_output=True, text=True, check=False,
        env={**os.environ, "CONVBOOK_GRADING": str(folder / "grading")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "grading"


@pytest.fixture(scope="module")
def lab(course: Course, grading: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("lab")
    options = {"CONVBOOK_GRADING": str(grading)}
    with running_lab(folder, grading.parent, course.root, **options) as address:
        yield address


def _scores(grading: Path) -> dict[str, dict[str, tuple[float | None, float | None]]]:
    with Gradebook(f"sqlite:///{grading / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: {g.name: (g.auto_score, g.manual_score) for g in notebook.grades}
            for submission in gradebook.assignment_submissions(ID)
            for notebook in submission.notebooks
        }


def _page_of(grading: Path, student: str) -> str:
    with Gradebook(f"sqlite:///{grading / 'gradebook.db'}") as gradebook:
        return str(gradebook.find_submission_notebook(ID, ID, student).id)


@contextmanager
def _formgrader(browser: Browser, lab: str, grading: Path, student: str) -> Iterator[Page]:
    """Open the page of a submission; whatever it does that it must not do is a failure."""
    address = f"{lab}/formgrader/submissions/{_page_of(grading, student)}/?index=0"
    size = {"width": 1280, "height": 1000}
    with visit(browser, address, viewport=size) as (page, faults):
        page.wait_for_function("MathJax.loaded && formgrader.grades.length")
        yield page
        assert page.evaluate("window.taken") is None
        assert page.url.startswith(f"{lab}/formgrader/submissions/")
    assert faults == []


@pytest.mark.parametrize("student", STUDENTS)
def test_when_a_submission_is_opened_in_formgrader_then_nothing_in_it_acts(
    student: str, browser: Browser, lab: str, grading: Path
) -> None:
    before = _scores(grading)
    assert sum(auto or 0 for auto, _ in before[student].values()) == 17
    with _formgrader(browser, lab, grading, student) as page:
        assert page.evaluate(ACTIVE, THEIRS) == []
        assert page.locator("mjx-container a, mjx-container [class*=credit]").count() == 0
        assert page.locator("button.full-credit").count() == 5
        for link in page.locator(".text_cell_render a").all():
            link.hover(force=True)
    assert _scores(grading) == before


def test_when_an_answer_is_honest_then_formgrader_shows_it_as_meant(
    browser: Browser, lab: str, grading: Path
) -> None:
    with _formgrader(browser, lab, grading, "student-honest") as page:
        answer = page.locator(".nbgrader_cell .rendered_html", has_text="flips the kernel")
        assert answer.locator("mjx-container").count() == 3
        assert answer.locator("td").first.inner_text() == "x<y and y>z"
        assert answer.locator("sub").inner_text() == "2"
        assert answer.locator("img").evaluate("image => image.naturalWidth") == 60


@pytest.mark.parametrize("student", ["student-everything", "student-honest"])
def test_when_a_feedback_page_is_opened_then_nothing_in_it_acts(
    student: str, browser: Browser, grading: Path
) -> None:
    folder = grading / "feedback" / student / ID
    with served(folder) as address, visit(browser, f"{address}/{ID}.html") as (page, faults):
        assert page.evaluate("window.taken") is None
        assert page.evaluate(ACTIVE, "main *") == []
        assert "about:blank" not in page.url
    assert [fault for fault in faults if "favicon" not in fault] == []


def test_when_jupyterlab_opens_a_graded_notebook_then_nothing_in_it_acts(
    browser: Browser, lab: str, grading: Path
) -> None:
    path = f"grading/autograded/student-everything/{ID}/{ID}.ipynb"
    with visit(browser, f"{lab}/lab/tree/{path}?reset") as (page, faults):
        page.locator(".jp-MarkdownCell .jp-RenderedHTMLCommon").first.wait_for(timeout=60_000)
        page.wait_for_timeout(2_000)  # for what would act late
        assert page.evaluate("window.taken") is None
        assert (
            page.locator(".jp-Notebook script, .jp-Notebook iframe, .jp-Notebook form").count() == 0
        )
    assert [fault for fault in faults if "another host" in fault] == []


def test_when_plain_nbgrader_grades_a_hostile_notebook_then_it_shows_the_same(
    course: Course, grading: Path, tmp_path: Path
) -> None:
    shutil.copytree(grading, tmp_path / "grading")
    written = f"autograded/student-everything/{ID}/{ID}.ipynb"
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", ID, "--student=student-everything",
         "--force", "--GradeInJail.seed=3"],
        cwd=course.root, capture_output=True, text=True, check=False,
        env={**os.environ, "CONVBOOK_GRADING": str(tmp_path / "grading")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "\x1b]" not in done.stderr
    first, second = (
        nbformat.read(folder / written, as_version=4) for folder in (grading, tmp_path / "grading")
    )
    assert [cell.source for cell in second.cells] == [cell.source for cell in first.cells]
    assert second.metadata == first.metadata
    for cell in second.cells:
        assert set(cell.metadata) <= {"nbgrader"}
        assert "<script" not in cell.source or cell.cell_type == "code"
        assert not cell.get("attachments")

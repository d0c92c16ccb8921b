"""What a report on a class says: numbers, bars, hints, reasons to look; text, page and JSON."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser
from rich.console import Console

from autograder.assignments.course import Course
from autograder.commands.table import grades_table
from autograder.gradebook.roll import Difference
from autograder.grading.kept import handed_in_alike, keep_report, report_path
from autograder.grading.report import Notice, Report, Verdict
from autograder.run import Graded
from autograder.summary.page import links, summary_page
from autograder.summary.summary import Summary, distribution, summarise
from autograder.summary.tables import summary_tables
from tests.autograder.reports import made_up_assignment, report
from tests.browser.visiting import visit
from tests.serving import served

SKIPPED = Notice(Verdict.TAMPERED, "test_f", "the cell carries <script>alert(1)</script>")
REPORTS: dict[str, Report] = {
    "student-01": report(),
    "student-02": report((0, Verdict.WRONG), (1, Verdict.WRONG), hint=True),
    "student-03": report((2, Verdict.WRONG), hint=True),
    "student-04": report((0, Verdict.TIMED_OUT), notices=(SKIPPED, SKIPPED)),
    "student-05": report(notices=(Notice(Verdict.NOT_RUN, "", "the file is not JSON"),)),
}
UNGRADED = Difference("student-06", "not graded", "submitted, but not graded; grade it again")


@pytest.fixture
def summary() -> Summary:
    waiting = {"why": [f"student-{n:02}" for n in range(1, 10)]}
    return summarise(made_up_assignment(), REPORTS, waiting, [UNGRADED])


def _text(summary: Summary) -> str:
    console = Console(width=80, record=True, file=io.StringIO())
    for part in summary_tables(summary):
        console.print(part)
    return console.export_text()


def test_when_a_class_is_summed_up_then_scores_and_rates_are_those_of_the_reports(
    summary: Summary,
) -> None:
    assert summary.scores == dict(zip(REPORTS, (5, 2, 3, 3, 5), strict=True))
    assert (summary.mean, summary.median, summary.full) == (3.6, 3, 2)
    assert [(c.name, c.passed, c.rate) for c in summary.checks] == [
        ("first", 3, 0.6),
        ("second", 4, 0.8),
        ("third", 4, 0.8),
    ]


def test_when_a_student_reads_a_hint_twice_then_it_counts_once(summary: Summary) -> None:
    (found,) = summary.misconceptions
    assert found.name == "not-flipped"
    assert found.students == ("student-02", "student-03")


def test_when_something_grave_happened_then_it_is_a_reason_to_look(summary: Summary) -> None:
    assert [(look.student, look.why) for look in summary.looks] == [
        ("student-06", "not graded"),
        ("student-04", "tampered"),
        ("student-04", "timed out"),
        ("student-05", "unreadable"),
    ]
    assert summary.looks[1].detail.endswith("(+1 more)")


@pytest.mark.parametrize(
    ("points", "bars", "width"), [(5, 6, 1), (17, 18, 1), (20, 21, 1), (50, 18, 3), (2.5, 4, 1)]
)
def test_when_points_are_many_then_bars_stay_few_and_hold_every_score(
    points: float, bars: int, width: float
) -> None:
    scores = [0, 0.5, points / 2, points - 0.5, points, points]
    found = distribution(scores, points)
    assert len(found) == bars
    assert found[0].high == width
    assert sum(bar.count for bar in found) == len(scores)
    assert found[-1].count == 2
    for bar in found[:-1]:
        assert bar.count == sum(bar.low <= score < bar.high for score in scores)


def test_when_shown_in_a_terminal_then_every_part_fits_into_80_columns(summary: Summary) -> None:
    text = _text(summary)
    assert max(map(len, text.splitlines())) <= 80
    for said in ("mean 3.6", "g <multiplies>", "60%", "not-flipped", "Read the kernel", "waiting"):
        assert said in text
    assert "and 3 more" in text
    assert re.search(r"^ *0 to 1 *$", text, flags=re.MULTILINE), "empty scores share a line"


def test_when_nothing_is_wrong_then_the_empty_parts_are_left_out() -> None:
    text = _text(summarise(made_up_assignment(), {"student-01": report()}))
    assert "misconceptions" not in text
    assert "look" not in text


def test_when_files_have_the_same_bytes_then_the_report_says_whose(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path))
    for student, of in (("student-01", "aa"), ("student-02", "bb"), ("student-03", "aa")):
        path = report_path(course, "07-made-up", student)
        keep_report(path, student, report(), of)
    alike = handed_in_alike(course, "07-made-up", REPORTS)
    assert alike == {("student-01", "student-03"): ("07-made-up.ipynb",)}
    summary = summarise(made_up_assignment(), REPORTS, alike=alike)
    assert ("student-01", "the same bytes", "also student-03: 07-made-up.ipynb") in [
        (look.student, look.why, look.detail) for look in summary.looks
    ]
    assert "the same bytes" in _text(summary)


def test_when_written_as_json_then_it_reads_back(summary: Summary) -> None:
    data = json.loads(json.dumps(summary.to_dict()))
    assert data["mean"] == 3.6
    assert data["checks"][0]["sentence"] == "f adds"
    assert data["waiting"]["why"][0] == "student-01"


def test_when_a_page_is_made_then_student_text_is_only_text(summary: Summary) -> None:
    page = summary_page(summary, REPORTS)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "g &lt;multiplies&gt;" in page


@pytest.mark.parametrize("where", ["report.html", "kept/report.html", "../beside.html"])
def test_when_students_have_pages_then_their_names_lead_there(
    where: str, summary: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    students = ["student-01", "student 04 #1?", "student-05"]
    pages = [(who, tmp_path / "feedback" / who / "a.html") for who in students]
    for _, page in pages[:2]:
        page.parent.mkdir(parents=True)
        page.touch()
    found = links(pages, Path(where))
    assert list(found) == students[:2], "one has no page"
    for (_, page), link in zip(pages, found.values(), strict=False):
        assert (Path(where).resolve().parent / unquote(link)).resolve() == page
    html = summary_page(summary, REPORTS, {"student-04": found[students[1]], "student-01": "x"})
    assert html.count(f'<a href="{found[students[1]]}">student-04</a>') == 3, "and where to look"
    assert "<td>student-05</td>" in html


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_when_the_page_is_opened_then_it_asks_nobody_and_fits_a_phone(
    scheme: str, summary: Summary, tmp_path: Path, browser: Browser
) -> None:
    (tmp_path / "report.html").write_text(summary_page(summary, REPORTS), encoding="utf-8")
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": scheme}
    with (
        served(tmp_path) as address,
        visit(browser, f"{address}/report.html", **phone) as (page, faults),
    ):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.get_by_role("img", name="Distribution of the scores").count() == 1
        assert page.locator("svg.plot rect").count() == 3
    assert [fault for fault in faults if "favicon" not in fault] == []


HOSTILE = (
    "a\x1b]52;c;eA==\x07\r\x1b[2J17 passed\n│ student-99 │ 17 │\x9b1A\u202e[red]b[/red][link=x]"
)


def test_when_a_text_tries_to_draw_in_the_terminal_then_it_stays_in_its_row() -> None:
    hostile = report(
        (0, Verdict.DIED), hint=True, notices=(Notice(Verdict.DIED, HOSTILE, HOSTILE),)
    )
    results = tuple(replace(result, hint=HOSTILE, hint_text=HOSTILE) for result in hostile.results)
    empty = report((0, Verdict.DIED), notices=(Notice(Verdict.DIED, "", ""),))
    reports = {
        "student-01": replace(hostile, results=results),
        "student-02": replace(hostile, results=results, notices=()),
        HOSTILE: hostile,
        "student-03": empty,
    }
    graded = [Graded(student, one, None) for student, one in reports.items()]
    graded += [Graded("student-04", None, fault=HOSTILE), Graded("student-05", None)]
    console = Console(file=io.StringIO(), width=200, force_terminal=True)
    summary = summarise(made_up_assignment(), reports, {"why": ("student-01", HOSTILE)})
    for part in (grades_table(made_up_assignment(), graded), *summary_tables(summary)):
        console.print(part)
    text = re.sub(r"\x1b\[[0-9;]*m", "", console.file.getvalue())  # type: ignore[attr-defined]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert not re.search(r"^.{0,3}student-99", text, flags=re.MULTILINE)
    assert "[red]b[/red]" in text
    assert "\x1b]8;" not in console.file.getvalue()  # type: ignore[attr-defined]

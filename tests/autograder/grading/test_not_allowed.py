"""A function that seems to use what its assignment forbids: who is told, and what it costs."""

from __future__ import annotations

import nbformat
import pytest

from autograder.assignments.a01_convolution import checks
from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.checks import Forbidden
from autograder.feedback.verdicts import notices_markdown, verdicts_html, verdicts_text
from autograder.gradebook.preprocessors import show_report
from autograder.grading.grade import look_through
from autograder.grading.report import Report, Result, Verdict
from autograder.grading.scan.findings import Scan, scan
from autograder.grading.scan.telling import tell
from autograder.grading.submission import cell_keys, parse_notebook, restore
from autograder.summary.summary import summarise
from autograder.trials.implementations import load_implementations, with_implementation
from tests.autograder.honest import VARIATIONS, odd
from tests.autograder.notebooks import cell_of

CELLS = {"f": "import numpy as np\ndef f(x, w):\n    return np.convolve(x, w)", "g": "g = f"}
TESTS = {"f": "test_f", "g": "test_g"}


def told(points: float, earned: float = 3.0, cells: dict[str, str] = CELLS):
    rule = Forbidden("numpy.convolve", points=points)
    results = [Result(name, "n", "s", earned, Verdict.PASSED) for name in TESTS]
    taken, notices = tell(scan(cells, TESTS, [rule]), results, cells, str)
    return Report("a", 0, (*results, *taken), notices)


def test_when_it_costs_nothing_then_a_notice_says_what_and_where_and_that_it_is_no_proof() -> None:
    report = told(0)
    assert report.score == report.points == 6
    assert report.verdict is Verdict.LOOK
    assert [notice.cell for notice in report.notices] == ["f", "g"]
    assert report.notices[0].text == (
        "it seems to use numpy.convolve (f, line 3: return np.convolve(x, w)). The assignment "
        "does not allow that in this function. This was read off the text of the notebook: a "
        "reason for a person to look, and no proof. It costs no points."
    )
    assert "numpy.convolve through f (f, line 3" in report.notices[1].text


def test_when_it_costs_points_then_each_function_loses_them_and_is_told_why() -> None:
    report = told(2)
    assert (report.score, report.points) == (2, 6)
    assert [sum(one.score for one in report.of(name)) for name in TESTS] == [1, 1]
    assert not report.notices
    text = verdicts_text(report.of("f"))
    assert "worth a look   -2  f does without what the assignment forbids: numpy.convolve" in text
    assert "hint (not-allowed)" in text
    assert "return np.convolve(x, w)" in verdicts_html(report.of("f"))


@pytest.mark.parametrize("earned", [0.0, 1.5])
def test_when_a_function_earned_less_then_it_loses_no_more(earned: float) -> None:
    report = told(2, earned)
    assert report.score == 0
    assert bool(report.notices) == (earned == 0)


def test_when_a_line_is_long_or_holds_html_then_it_is_cut_and_escaped() -> None:
    line = "    return np.convolve(x, w)  # <script>" + "x" * 5000
    report = told(0, cells={"f": f"import numpy as np\ndef f(x, w):\n{line}"})
    assert len(report.notices[0].text) < 600
    assert "<script>" not in notices_markdown(report.notices)


def test_when_a_cell_cannot_be_read_then_a_notice_says_that_it_was_not() -> None:
    (notice,) = told(0, cells={"f": "x" * 10**6}).notices
    assert (notice.verdict, notice.cell) == (Verdict.LOOK, "f")
    assert "too long or too deeply nested to be looked through" in notice.text


@pytest.fixture
def ready_made(right):
    """A right notebook whose author called NumPy for the first function."""
    source = "def conv1d(x, w, mode='full'):\n    {}\n    return np.convolve(x * 1.0, w, mode)"
    check = "if mode not in ('full', 'same', 'valid'): raise ValueError(mode)"
    cell_of(right, "conv1d").source = source.format(check)
    return right


@pytest.mark.jail
def test_when_the_first_assignment_meets_np_convolve_then_all_points_stay_and_all_are_told(
    graded, ready_made, assignment: Assignment
) -> None:
    report = graded(ready_made)
    assert report.score == report.points == 17
    assert report.verdict is Verdict.LOOK
    (notice,) = report.notices
    assert notice.cell == "conv1d"
    assert "numpy.convolve (conv1d, line 3: return np.convolve(x * 1.0, w, mode))" in notice.text
    (look,) = summarise(assignment, {"student-01": report}).looks
    assert (look.student, look.why) == ("student-01", "worth a look")
    restore(assignment, ready_made)
    show_report(assignment, report, ready_made)
    assert "numpy.convolve" in ready_made.cells[0].source


@pytest.mark.jail
def test_when_the_rule_takes_points_then_the_test_cell_gives_fewer_and_the_table_says_so(
    graded, ready_made, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "READY_MADE", Forbidden("numpy.convolve", points=2))
    report = graded(ready_made)
    assert (report.score, report.points) == (15, 17)
    summary = summarise(assignment, {"student-01": report})
    assert len(summary.checks) == 17
    assert [one.name for one in summary.misconceptions] == ["not-allowed"]
    restore(assignment, ready_made)
    show_report(assignment, report, ready_made)
    outputs = cell_of(ready_made, "test_conv1d").outputs
    assert outputs[-1].data["text/plain"] == "3"
    told = outputs[-2].metadata
    assert (told["checks"], told["passed"], told["fix"]["points"]) == (5, 5, 2)


@pytest.mark.jail
def test_when_np_convolve_only_compares_then_nobody_is_told(graded, right) -> None:
    below = "def mine_is_right(x, w):\n    return np.allclose(conv1d(x, w), np.convolve(x, w))"
    cell_of(right, "conv1d").source += f"\n\n{below}\nassert mine_is_right([1, 2], [3])"
    report = graded(right)
    assert (report.verdict, report.notices) == (Verdict.PASSED, ())


def test_when_a_notebook_is_odd_but_honest_then_nobody_is_accused(
    assignment: Assignment, right
) -> None:
    for name in VARIATIONS:
        notebook = parse_notebook(nbformat.writes(odd(right, name)).encode())
        restore(assignment, notebook)
        keyed = zip(cell_keys(notebook), notebook.cells, strict=True)
        code = {key: cell.source for key, cell in keyed if cell.cell_type == "code"}
        assert look_through(assignment, code) == Scan(), name


def test_when_the_library_of_implementations_is_looked_through_then_none_is_accused(
    course: Course, assignment: Assignment, right
) -> None:
    for kind in ("wrong", "right"):
        for one in load_implementations(course, assignment.id, kind):
            cells = {
                cell.id: cell.source
                for cell in with_implementation(right, one).cells
                if cell.cell_type == "code"
            }
            assert look_through(assignment, cells) == Scan(), one.name

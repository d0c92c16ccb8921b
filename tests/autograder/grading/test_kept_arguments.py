"""What a check says and costs where a function changes what it is given."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from autograder.assignments.a01_convolution import checks
from autograder.assignments.assignment import Assignment
from autograder.checks import Budget, Check, Hint, Student, check, expect_equal, expect_error
from autograder.grading.judging import judge
from autograder.grading.report import Result, Verdict
from autograder.grading.session import Session
from tests.autograder.notebooks import cell_of

pytestmark = pytest.mark.jail

NOTEBOOK = """
import numpy as np

def f(image, kernel):
    image += 1
    return kernel

def put_back(image):
    kept = image.copy()
    image[...] = 0
    image[...] = kept

def fail(image):
    image[...] = 0
    raise ValueError("no")

def negative(image):
    image *= -1
    return image
"""


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    opened = Session("numpy", {"a": NOTEBOOK}, Budget(submission=300.0), arguments_stay=True)
    opened.run_all()
    yield opened
    opened.close()


@check("f", points=1, arguments_stay=True)
def strict(student: Student, rng) -> None:
    """f adds"""
    expect_equal(student.f(np.zeros(2), 3), 3)


@check("f", points=1)
def lenient(student: Student, rng) -> None:
    """f adds"""
    expect_equal(student.f(np.zeros(2), 3), 3)


@check("f", points=1, arguments_stay=True)
def strict_about_errors(student: Student, rng) -> None:
    """f raises"""
    expect_error(lambda: student.fail(np.ones(2)), "ValueError")


@check("f", points=1, arguments_stay=True)
def wrong_and_changed(student: Student, rng) -> None:
    """f is negative"""
    expect_equal(student.negative(np.ones(2)), np.ones(2))


@check("f", points=1, arguments_stay=True)
def known_and_changed(student: Student, rng) -> None:
    """f is negative"""
    expect_equal(student.negative(np.ones(2)), np.ones(2), {Hint("negated", "-"): -np.ones(2)})


@check("f", points=1, arguments_stay=True)
def put_back(student: Student, rng) -> None:
    """f puts back"""
    expect_equal(student.put_back(np.ones(2)), None)


def test_when_arguments_must_stay_then_a_right_value_does_not_help(session: Session) -> None:
    result: Result = judge(strict, session, 0)
    assert (result.verdict, result.reason) == (Verdict.WRONG, "it changed its argument `image`")
    assert result.hint == "argument-changed"
    assert "You changed the argument `image`" in result.hint_text
    assert result.asked.startswith("f(\narray of shape (2,)")


@pytest.mark.parametrize("each", [lenient, put_back])
def test_when_arguments_may_change_or_are_put_back_then_nothing_is_lost(
    session: Session, each: Check
) -> None:
    assert judge(each, session, 0).verdict is Verdict.PASSED


def test_when_a_call_raises_as_it_should_then_its_arguments_must_stay_too(
    session: Session,
) -> None:
    assert judge(strict_about_errors, session, 0).hint == "argument-changed"


def test_when_the_value_is_wrong_too_then_the_value_comes_first(session: Session) -> None:
    result = judge(wrong_and_changed, session, 0)
    assert (result.reason, result.hint) == ("the value differs", "argument-changed")
    assert judge(known_and_changed, session, 0).hint == "negated"


def test_when_the_next_check_changes_nothing_then_it_is_not_blamed(session: Session) -> None:
    judge(strict, session, 0)
    assert judge(put_back, session, 0).verdict is Verdict.PASSED


@pytest.mark.parametrize("stay", [True, False])
def test_when_an_assignment_says_that_arguments_stay_then_all_its_checks_do(
    graded, right, assignment: Assignment, monkeypatch: pytest.MonkeyPatch, stay: bool
) -> None:
    monkeypatch.setattr(checks, "ARGUMENTS_STAY", stay, raising=False)
    cell_of(right, "conv1d").source += """
_right = conv1d
def conv1d(x, w, mode="full"):
    out = _right(x, w, mode)
    w += 1
    return out
"""
    report = graded(right)
    assert report.score == (13 if stay else 17)  # a mode that is unknown changes nothing
    assert {r.hint for r in report.results if r.score < r.points} == (
        {"argument-changed"} if stay else set()
    )


FORGED = ["[]", "[True, -1]", "['no name']", "[0] * 500"]


@pytest.mark.parametrize("said", FORGED)
def test_when_a_kernel_makes_up_what_changed_then_its_answer_is_not_read(said: str) -> None:
    patch = f"""
def f(image, kernel):
    return 3
kernel = type(get_ipython().kernel)
kernel._result = lambda *_: {{"value": ["int", "3"], "changed": {said}}}
"""
    session = Session("numpy", {"a": patch}, arguments_stay=True)
    session.run_all()
    try:
        assert judge(strict, session, 0).verdict is Verdict.TAMPERED
    finally:
        session.close()


def test_when_a_kernel_hides_what_changed_then_that_is_all_it_hides() -> None:
    hide = "\ntype(get_ipython().kernel)._do.__globals__['changed'] = lambda *_: []"
    session = Session("numpy", {"a": NOTEBOOK + hide}, arguments_stay=True)
    session.run_all()
    try:
        assert judge(strict, session, 0).verdict is Verdict.PASSED  # as if it had made a copy
        assert judge(wrong_and_changed, session, 0).verdict is Verdict.WRONG
    finally:
        session.close()

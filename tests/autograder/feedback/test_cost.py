"""Showing a submission is bounded like running it: in time, in memory, in what is kept."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.assignments.course import Course
from autograder.grading.report import Notice, Report, Result, Verdict
from autograder.harmless.limits import CODE, MARKDOWN, OUTPUT, Room, cut, cut_code
from autograder.harmless.outputs import kept_outputs
from autograder.harmless.text import coloured, one_line, plain, visible
from tests.autograder.bombs import NAMES

SECONDS = 12.0  # of processor time for all pages, on a slow machine that does other things as well
MEGABYTES = 300

Costs = dict[str, dict[str, float] | None]


@pytest.fixture(scope="module")
def costs(course: Course, request: pytest.FixtureRequest) -> Costs:
    """What the selected cases cost, each in a process of its own."""
    calls = (getattr(item, "callspec", None) for item in request.session.items)
    chosen = [call.params["bomb"] for call in calls if call and "bomb" in call.params]
    done = subprocess.run(
        [sys.executable, "-m", "tests.autograder.bombs", *chosen],
        cwd=course.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("bomb", NAMES)
def test_when_something_is_made_to_be_shown_slowly_then_it_is_cut_first(
    bomb: str, costs: Costs
) -> None:
    cost = costs[bomb]
    assert cost, "showing it failed"
    assert cost["own"] < SECONDS
    assert cost["megabytes"] < MEGABYTES


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters()))
def test_whatever_a_text_holds_then_no_place_of_it_obeys_or_raises(text: str) -> None:
    for shown in (plain(text), coloured(text), one_line(text), visible(text), cut_code(text)):
        assert not any(ord(sign) < 32 and sign not in "\n\t\x1b" for sign in shown)
        assert "\u202e" not in shown
    assert "\n" not in one_line(text)
    assert "\x1b" not in plain(text) + one_line(text) + visible(text)


@given(st.lists(st.text(max_size=40)), st.integers(0, 100), st.integers(0, 30))
def test_when_many_texts_share_a_room_then_they_stay_in_it(
    texts: list[str], size: int, most: int
) -> None:
    room = Room(size)
    shown = [room.cut(text, most) for text in texts]
    lengths = [len(a) if a == b else len(b.partition("[short")[0]) for a, b in zip(texts, shown)]  # noqa: B905
    assert sum(lengths) <= size + len(texts)
    assert room.left >= 0
    assert all(cut(text, most) == cut(cut(text, most), most) for text in texts)


def test_when_a_report_is_made_again_from_what_was_kept_then_it_is_the_same() -> None:
    outputs = {
        f"#{n}": [{"output_type": "stream", "name": "stdout", "text": "y" * 10**6}]
        for n in range(60)
    }
    texts = dict.fromkeys(("asked", "reason", "actual"), "\x1b[2J" * 10_000)
    result = Result("f", "n", "s", 1.0, Verdict.WRONG, **texts)
    notices = tuple(Notice(Verdict.TAMPERED, "c", f"{n}") for n in range(100))
    report = Report("a", 1, (result,), (*notices, Notice(Verdict.DIED, "", "x")), outputs)
    assert Report.from_dict(json.loads(json.dumps(report.to_dict()))) == report
    assert report.verdict is Verdict.TAMPERED
    assert len(json.dumps(report.to_dict())) < 3 * 10**6
    assert {notice.verdict for notice in report.notices} == {Verdict.TAMPERED, Verdict.DIED}


def test_when_something_is_shortened_then_it_says_so() -> None:
    for shown, most in ((cut("x" * 10**5, MARKDOWN), MARKDOWN), (cut_code("x\n" * 10**5), CODE)):
        assert f"[shortened: the first {most:,} of " in shown
    (output,) = kept_outputs(
        {"#0": [{"output_type": "stream", "name": "stdout", "text": "y" * 10**6}]}
    )["#0"]
    assert output["text"].endswith(
        f"\n[shortened: the first {OUTPUT:,} of 1,000,000 characters are shown]"
    )

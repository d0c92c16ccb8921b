"""One attack of each kind among honest students: nobody honest loses anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignments.course import Course
from autograder.grading import executors
from tests.autograder.attacking import graded_by, require_unhurt

pytestmark = pytest.mark.jail

MOST_MEBIBYTES = 400


def test_when_attacks_are_among_honest_students_then_these_lose_nothing(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path))
    mixed = graded_by(course, executors.processes(2))
    require_unhurt(mixed)
    assert mixed.memory["worker"] < MOST_MEBIBYTES

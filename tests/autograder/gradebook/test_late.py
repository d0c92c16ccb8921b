"""The time that the exchange noted reaches the gradebook, and nbgrader's late plugin."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.gradebook.recording import Recorder
from autograder.grading.grade import grade
from autograder.intake.collect import collect
from tests.autograder.downloads import ID, zipped


def test_when_the_exchange_noted_a_late_time_then_the_gradebook_knows_it(
    course: Course, assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path / "grading"))
    times = {"student-01": "2026-03-01 11:59:00.5 UTC", "student-02": "2026-03-01 14:00:00 CET"}
    files = [(f"inbound/{who}+{ID}+{when}/{ID}.ipynb", b"") for who, when in times.items()]
    collected = collect(zipped(tmp_path / "exchange.zip", files), assignment)
    recorder = Recorder(course, assignment)
    with Gradebook(f"sqlite:///{tmp_path}/grading/gradebook.db") as gradebook:
        gradebook.find_assignment(ID).duedate = datetime(2026, 3, 1, 12)
        gradebook.db.commit()
    for item in collected.received:
        report = grade(assignment, item.submission(), seed=1)
        recorder.record(item.student, item.submission(), report, item.timestamp)
    with Gradebook(f"sqlite:///{tmp_path}/grading/gradebook.db") as gradebook:
        graded = gradebook.assignment_submissions(ID)
        late = {one.student.id: one.total_seconds_late for one in graded}
    assert late == {"student-01": 0, "student-02": 3600}

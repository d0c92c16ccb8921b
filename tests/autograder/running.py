"""A small class, and the command that grades it, as a person runs it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.assignments.course import Course
from tests.autograder.throw_away import ID

SEED = "11"
Scores = dict[str, list[float]]


def words_to_grade(submissions: Path, *more: str) -> list[str]:
    program = str(Path(sys.executable).with_name("autograder"))
    return [program, "grade", ID, "--submissions", str(submissions), "--seed", SEED, *more]


def environment_of(grading: Path) -> dict[str, str]:
    return {**os.environ, "CONVBOOK_GRADING": str(grading), "COLUMNS": "100"}


def grade_there(
    course: Course, grading: Path, submissions: Path, *more: str
) -> subprocess.CompletedProcess[str]:
    words, environment = words_to_grade(submissions, *more), environment_of(grading)
    return subprocess.run(
        words, cwd=course.root, env=environment, capture_output=True, text=True, check=False
    )


def begin_there(
    course: Course, grading: Path, submissions: Path, *more: str
) -> subprocess.Popen[str]:
    """Start the same, and go on."""
    return subprocess.Popen(
        words_to_grade(submissions, *more),
        cwd=course.root,
        env=environment_of(grading),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def scores_in(url: str) -> Scores:
    with Gradebook(url) as gradebook:
        return {
            student.id: [
                grade.auto_score
                for notebook in gradebook.find_submission(ID, student.id).notebooks
                for grade in sorted(notebook.grades, key=lambda grade: grade.name)
            ]
            for student in gradebook.students
        }


def wait_for(condition, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)

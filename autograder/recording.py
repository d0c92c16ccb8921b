"""Writing a report where nbgrader keeps things: gradebook, autograded notebook, feedback page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, SaveAutoGrades
from nbgrader.utils import capture_log

from autograder.assignment import Assignment
from autograder.preprocessors import Processed, Resources, show_report
from autograder.report import Report
from autograder.submission import UnreadableSubmission, parse_notebook
from convbook.course import Course
from convbook.release import generate, nbgrader_api


class RecordingError(RuntimeError):
    """nbgrader could not record a report; the message carries its log."""


class Recorder:
    """The only writer to the gradebook of a course."""

    def __init__(self, course: Course, assignment: Assignment):
        """Open the course for ``assignment``, noting it in the gradebook where it is new."""
        self.course, self.assignment = course, assignment
        self.api = nbgrader_api(course)
        if not self._is_known():
            generate(course, assignment.id)

    def record(self, student: str, data: bytes, report: Report) -> Path:
        """Write ``report`` on the submitted file ``data``; return the feedback page.

        Raises:
            RecordingError: nbgrader refuses; nothing of the submission is lost.
        """
        self._keep(student, data)
        self._write_json(student, report)
        converter = Autograde(coursedir=self.api.coursedir, parent=self.api)
        converter.force = True
        converter.autograde_preprocessors = [
            self._shower(report),
            SaveAutoGrades,
            AssignLatePenalties,
            CheckCellMetadata,
        ]
        with self._naming(student):
            self._require(capture_log(converter))
        self._require(self.api.generate_feedback(self.assignment.id, student, force=True))
        return self._folder("feedback", student) / f"{self.assignment.id}.html"

    def _shower(self, report: Report) -> Any:
        def show(nb: nbformat.NotebookNode, resources: Resources) -> Processed:
            show_report(self.assignment, report, nb)
            return nb, resources

        return show

    def _keep(self, student: str, data: bytes) -> None:
        """Put the file where nbgrader looks; in place of an unreadable one, the release."""
        folder = self._folder("submitted", student)
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{self.assignment.id}.ipynb"
        try:
            nbformat.write(parse_notebook(data), target)
        except UnreadableSubmission:
            (folder / "as-submitted").write_bytes(data)
            shutil.copy(self.course.release(self.assignment.id), target)
        else:
            target.write_bytes(data)

    def _write_json(self, student: str, report: Report) -> None:
        path = self.course.grading / "reports" / self.assignment.id / f"{student}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(report.to_dict(), indent=1), encoding="utf-8")

    def _folder(self, step: str, student: str) -> Path:
        return self.course.grading / step / student / self.assignment.id

    def _is_known(self) -> bool:
        coursedir = self.api.coursedir
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            try:
                known = gradebook.find_notebook(self.assignment.id, self.assignment.id)
            except MissingEntry:
                return False
            return {cell.name for cell in known.source_cells} == {
                cell.grade_id for cell in self.assignment.cells
            }

    @contextmanager
    def _naming(self, student: str) -> Iterator[None]:
        coursedir = self.api.coursedir
        before = coursedir.assignment_id, coursedir.student_id
        coursedir.assignment_id, coursedir.student_id = self.assignment.id, student
        try:
            yield
        finally:
            coursedir.assignment_id, coursedir.student_id = before

    @staticmethod
    def _require(outcome: dict[str, Any]) -> None:
        if not outcome["success"]:
            raise RecordingError(f"nbgrader could not record:\n{outcome.get('log', '')}")

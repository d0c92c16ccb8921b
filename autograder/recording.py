"""Writing a report where nbgrader keeps things: gradebook, autograded notebook, feedback page."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import (
    AssignLatePenalties,
    SaveAutoGrades,
    getgrades,
    latesubmissions,
    saveautogrades,
)

from autograder.assignment import Assignment
from autograder.faults import describe_fault
from autograder.feedback_page import page_exporter
from autograder.preprocessors import show_report
from autograder.report import Report, keep_report, report_path
from autograder.shown import make_harmless
from autograder.submission import UnreadableSubmission, parse_notebook, restore
from convbook.course import Course
from convbook.gradebook import connect, explained
from convbook.release import generate, nbgrader_api

ATTEMPTS = 5  # a database that was restarted answers again after a while
WAIT_SECONDS = 2.0


class RecordingError(RuntimeError):
    """The gradebook or the disk refuses; the submission is not lost and can be graded again."""


class LastingGradebook(Gradebook):
    """A gradebook whose engine outlives `close`, so that each statement is compiled once."""

    def close(self) -> None:
        """Give the connection back; the next use takes it up again."""
        self.db.remove()

    @contextmanager
    def for_preprocessors(self) -> Iterator[None]:
        """Have nbgrader's preprocessors use this gradebook; each would open its own, and close it.

        That takes more than half of the time of recording.
        """
        modules = (getgrades, latesubmissions, saveautogrades)
        for module in modules:
            module.Gradebook = lambda db_url: self
        try:
            yield
        finally:
            for module in modules:
                module.Gradebook = Gradebook


class Recorder:
    """The only writer to the gradebook of a course.

    It runs nbgrader's own preprocessors on the notebook, without the file conversions around
    them, which take most of the time of ``nbgrader autograde``.
    """

    def __init__(self, course: Course, assignment: Assignment):
        """Open the course for ``assignment``, noting it in the gradebook where it is new."""
        self.course, self.assignment = course, assignment
        self.api = nbgrader_api(course)
        coursedir = self.api.coursedir
        self.gradebook = connect(coursedir, LastingGradebook, write=True)
        with explained(coursedir.db_url):
            known = self._is_known()
        if not known:
            generate(course, assignment.id)
        self.exporter = page_exporter()

    def record(
        self,
        student: str,
        data: bytes,
        report: Report,
        digest: str,
        timestamp: datetime | None = None,
    ) -> Path:
        """Write ``report`` on the submitted file ``data``; return the feedback page.

        The report itself is written last: where it is, everything else is.

        Args:
            student: the student's id.
            data: the file as submitted.
            report: what came of it.
            digest: of ``data``, kept to know the same file again.
            timestamp: when it was handed in, in UTC; nbgrader's late plugin reads it.

        Raises:
            RecordingError: nothing of the submission is lost.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._record(student, data, report, digest, timestamp)
            except Exception as error:  # one student's oddity must not stop the others
                if attempt == ATTEMPTS or not _database_is_away(error):
                    fault = describe_fault(error)
                    raise RecordingError(f"{student} could not be recorded: {fault}") from error
                time.sleep(WAIT_SECONDS * attempt)  # then everything is written again
        raise AssertionError("the last attempt returns or raises")

    def _record(
        self, student: str, data: bytes, report: Report, digest: str, timestamp: datetime | None
    ) -> Path:
        notebook = self._keep(student, data, timestamp)
        show_report(self.assignment, report, notebook)
        with self.gradebook.for_preprocessors():
            notebook = self._save(student, notebook, timestamp)
            make_harmless(self.assignment, notebook)  # the gradebook compares what was written
            self._write(self._folder("autograded", student), notebook)
            page = self._write_feedback(student, notebook)
        keep_report(self._json(student), student, report, digest)
        return page

    def recorded(self, student: str, digest: str) -> Report | None:
        """Return the report recorded for the same file; a damaged report counts as none."""
        try:
            kept = json.loads(self._json(student).read_text(encoding="utf-8"))
            return Report.from_dict(kept) if kept["digest"] == digest else None
        except (FileNotFoundError, ValueError, LookupError, TypeError):
            return None

    def feedback_page(self, student: str) -> Path:
        """Return where the feedback page of ``student`` is."""
        return self._folder("feedback", student) / f"{self.assignment.id}.html"

    def _keep(self, student: str, data: bytes, timestamp: datetime | None) -> NotebookNode:
        """Put the notebook where nbgrader looks, in a form that it can read.

        In place of a file that is no notebook it finds the release, and the file beside it.
        """
        folder = self._folder("submitted", student)
        folder.mkdir(parents=True, exist_ok=True)
        for stale in ("timestamp.txt", "as-submitted"):
            (folder / stale).unlink(missing_ok=True)
        if timestamp:
            (folder / "timestamp.txt").write_text(f"{timestamp:%Y-%m-%d %H:%M:%S} UTC\n")
        try:
            notebook = parse_notebook(data)
        except UnreadableSubmission:
            (folder / "as-submitted").write_bytes(data)
            notebook = nbformat.read(self.course.release(self.assignment.id), as_version=4)
        nbformat.write(notebook, folder / f"{self.assignment.id}.ipynb")
        restore(self.assignment, notebook)
        return notebook

    def _save(
        self, student: str, notebook: NotebookNode, timestamp: datetime | None
    ) -> NotebookNode:
        """Enter student, submission and points in the gradebook, as ``nbgrader autograde`` does."""
        when = {"timestamp": timestamp.replace(tzinfo=None)} if timestamp else {}
        with self.gradebook as gradebook:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(self.assignment.id, student, **when)
        resources = self._resources(student)
        for preprocessor in (SaveAutoGrades, AssignLatePenalties):
            notebook, resources = preprocessor(parent=self.api).preprocess(notebook, resources)
        return notebook

    def _write_feedback(self, student: str, notebook: NotebookNode) -> Path:
        page = self.feedback_page(student)
        page.parent.mkdir(parents=True, exist_ok=True)
        html, _ = self.exporter.from_notebook_node(notebook, self._resources(student))
        page.write_text(html, encoding="utf-8")
        return page

    def _write(self, folder: Path, notebook: NotebookNode) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{self.assignment.id}.ipynb"
        target.unlink(missing_ok=True)  # nbgrader leaves it read-only
        nbformat.write(notebook, target)

    def _resources(self, student: str) -> dict[str, Any]:
        names = {"student": student, "assignment": self.assignment.id}
        names |= {"notebook": self.assignment.id, "db_url": self.api.coursedir.db_url}
        return {"nbgrader": names, "unique_key": self.assignment.id}

    def _json(self, student: str) -> Path:
        return report_path(self.course, self.assignment.id, student)

    def _folder(self, step: str, student: str) -> Path:
        return self.course.grading / step / student / self.assignment.id

    def _is_known(self) -> bool:
        with self.gradebook as gradebook:
            try:
                known = gradebook.find_notebook(self.assignment.id, self.assignment.id)
            except MissingEntry:
                return False
            return {cell.name for cell in known.source_cells} == {
                cell.grade_id for cell in self.assignment.cells
            }


def _database_is_away(error: BaseException | None) -> bool:
    """Return whether a lost connection is behind ``error``; nbgrader wraps the driver's own."""
    while error is not None:
        if type(error).__name__ == "OperationalError":
            return True
        error = error.__cause__ or error.__context__
    return False

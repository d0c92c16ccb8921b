"""Writing a report where nbgrader keeps things: gradebook, autograded notebook, feedback page.

All of it or nothing: see `autograder.transaction`.
"""

from __future__ import annotations

import json
import os
import sqlite3
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
from sqlalchemy.exc import DBAPIError

from autograder.assignment import Assignment
from autograder.faults import describe_fault
from autograder.feedback_page import page_exporter
from autograder.hand import Answers, GivenByHand, answers, answers_in
from autograder.originals import digest, keep_original, read_original, write_whole
from autograder.preprocessors import show_report
from autograder.report import Report, keep_report, report_path
from autograder.shown import make_harmless
from autograder.submission import UnreadableSubmission, parse_notebook, restore
from autograder.transaction import LastingGradebook, NewFiles
from convbook.course import Course
from convbook.release import generate, nbgrader_api

ATTEMPTS = 5  # a database that was restarted answers again after a while
WAIT_SECONDS = 2.0
JOURNAL = ".journal"  # a report whose recording has begun; see `autograder.transaction`


class RecordingError(RuntimeError):
    """The gradebook or the disk refuses; the submission is not lost and can be graded again."""


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
        self.gradebook = LastingGradebook(coursedir.db_url, coursedir.course_id)
        if not self._is_known():
            generate(course, assignment.id)
        self.exporter = page_exporter()
        self._source: Path | None = None

    def spare(self, source: Path) -> None:
        """Write nothing below ``source``, where the files lie that were handed in."""
        self._source = source.resolve()

    def record(
        self,
        student: str,
        data: bytes,
        report: Report,
        digest: str,
        timestamp: datetime | None = None,
    ) -> Path:
        """Write ``report`` on the submitted file ``data``; return the feedback page.

        Args:
            student: the student's id.
            data: the file as submitted, which is kept as it is.
            report: what came of it.
            digest: of ``data``, kept to know the same file again.
            timestamp: when it was handed in, in UTC; nbgrader's late plugin reads it.

        Raises:
            RecordingError: nothing of the submission is lost, and what was recorded before stands.
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

    def complete(self) -> list[str]:
        """Do again what an earlier run began to record and did not end.

        Returns:
            A line about each that cannot be done now; it stays to be done.
        """
        faults = []
        for journal in _journals(self.course, self.assignment.id):
            kept = _read_json(journal)
            student, of = str(kept.get("student")), str(kept.get("digest"))
            data = self._original(student, of)
            if data is None:  # damaged from outside: the next run grades the file anew
                journal.unlink()
                continue
            when = kept.get("timestamp")
            try:
                report, timestamp = Report.from_dict(kept), when and datetime.fromisoformat(when)
                self.record(student, data, report, of, timestamp)
            except RecordingError as error:
                faults.append(f"an earlier recording did not end: {error}")
        return faults

    def _record(
        self, student: str, data: bytes, report: Report, digest: str, timestamp: datetime | None
    ) -> Path:
        keep_original(self.course, self.assignment.id, student, data)
        self._show_to_nbgrader(student, data, timestamp)
        notebook = self._restored(data)
        now = answers(self.assignment, notebook)
        show_report(self.assignment, report, notebook)
        page, journal = self.feedback_page(student), self._json(student).with_suffix(JOURNAL)
        files, begun = NewFiles(), journal.exists()
        try:
            with self.gradebook.transaction(), self._for_preprocessors():
                notebook = self._save(student, notebook, timestamp, now)
                make_harmless(self.assignment, notebook)  # the gradebook compares what was written
                files.write(self._autograded(student), nbformat.writes(notebook))
                html, _ = self.exporter.from_notebook_node(notebook, self._resources(student))
                files.write(page, html)
                keep_report(journal, student, report, digest, timestamp)
        except BaseException as error:
            files.discard()
            if not begun and not _may_be_committed(error):
                journal.unlink(missing_ok=True)
            raise
        files.put()
        os.replace(journal, self._json(student))
        return page

    def recorded(self, student: str, digest: str) -> Report | None:
        """Return the report recorded for the same file; a damaged report counts as none."""
        kept = _read_json(self._json(student))
        try:
            return Report.from_dict(kept) if kept["digest"] == digest else None
        except (ValueError, LookupError, TypeError):
            return None

    def feedback_page(self, student: str) -> Path:
        """Return where the feedback page of ``student`` is."""
        return self._folder("feedback", student) / f"{self.assignment.id}.html"

    def _show_to_nbgrader(self, student: str, data: bytes, timestamp: datetime | None) -> None:
        """Put the file where nbgrader's own programs look, unless that would touch a source.

        What lies there gives way only where it is one of the originals, which are kept.
        """
        folder = self._folder("submitted", student)
        if self._source and folder.resolve().is_relative_to(self._source):
            return
        target = folder / f"{self.assignment.id}.ipynb"
        there = target.read_bytes() if target.is_file() else None
        if there == data or (there is not None and self._original(student, digest(there)) is None):
            return
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(target, data)
        if timestamp:
            write_whole(folder / "timestamp.txt", f"{timestamp:%Y-%m-%d %H:%M:%S} UTC\n".encode())
        else:
            (folder / "timestamp.txt").unlink(missing_ok=True)

    def _restored(self, data: bytes) -> NotebookNode:
        """Return the notebook in ``data`` in the shape of its release; of no notebook, that."""
        try:
            notebook = parse_notebook(data)
        except UnreadableSubmission:
            notebook = nbformat.read(self.course.release(self.assignment.id), as_version=4)
        restore(self.assignment, notebook)
        return notebook

    def _earlier(self, student: str) -> bytes | None:
        """Return the file that was recorded last, if it is known."""
        kept = _read_json(self._json(student))
        return self._original(student, str(kept.get("digest", "")))

    def _original(self, student: str, of: str) -> bytes | None:
        return read_original(self.course, self.assignment.id, student, of)

    def _save(
        self,
        student: str,
        notebook: NotebookNode,
        timestamp: datetime | None,
        now: Answers,
    ) -> NotebookNode:
        """Enter student, submission and points in the gradebook, as ``nbgrader autograde`` does.

        What a person gave stands where the answer, or the points of the checks, did not change.
        """
        when = {"timestamp": timestamp.replace(tzinfo=None)} if timestamp else {}
        by_hand = GivenByHand(self.gradebook, self.assignment.id, student)
        self.gradebook.update_or_create_student(student)
        self.gradebook.update_or_create_submission(self.assignment.id, student, **when)
        resources = self._resources(student)
        for preprocessor in (SaveAutoGrades, AssignLatePenalties):
            notebook, resources = preprocessor(parent=self.api).preprocess(notebook, resources)
        if by_hand:
            before = answers_in(self.assignment, self._earlier(student))
            by_hand.stand(self.gradebook, before, now)
        return notebook

    @contextmanager
    def _for_preprocessors(self) -> Iterator[None]:
        """Have nbgrader's preprocessors use this gradebook; each would open its own, and close it.

        That takes more than half of the time of recording, and would commit by itself.
        """
        modules = (getgrades, latesubmissions, saveautogrades)
        for module in modules:
            module.Gradebook = lambda db_url: self.gradebook
        try:
            yield
        finally:
            for module in modules:
                module.Gradebook = Gradebook

    def _resources(self, student: str) -> dict[str, Any]:
        names = {"student": student, "assignment": self.assignment.id}
        names |= {"notebook": self.assignment.id, "db_url": self.api.coursedir.db_url}
        return {"nbgrader": names, "unique_key": self.assignment.id}

    def _autograded(self, student: str) -> Path:
        return self._folder("autograded", student) / f"{self.assignment.id}.ipynb"

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


def complete_recordings(course: Course, assignment: Assignment) -> list[str]:
    """Do again what was begun to be recorded, if anything; see `Recorder.complete`."""
    if not _journals(course, assignment.id):
        return []
    return Recorder(course, assignment).complete()


def _journals(course: Course, assignment: str) -> list[Path]:
    return sorted(report_path(course, assignment, "x").parent.glob(f"*{JOURNAL}"))


def _database_is_away(error: BaseException | None) -> bool:
    """Tell whether to try again later: a server does not answer, or a file is held."""
    driver = _behind(error)
    if isinstance(driver, sqlite3.Error):
        return driver.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    return type(driver).__name__ == "OperationalError"


def _may_be_committed(error: BaseException) -> bool:
    """Tell whether the gradebook may hold what failed: its server went as it was told to commit."""
    return _database_is_away(error) and not isinstance(_behind(error), sqlite3.Error)


def _behind(error: BaseException | None) -> BaseException | None:
    """Return what the database's own driver raised; SQLAlchemy and nbgrader wrap it."""
    while error is not None:
        if isinstance(error, DBAPIError):
            return error.orig
        error = error.__cause__ or error.__context__
    return None


def _read_json(path: Path) -> dict[str, Any]:
    """Return what a report's file holds; a damaged or missing one holds nothing."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}

"""Writing a report where nbgrader keeps things: gradebook, autograded notebook, feedback page.

All of it or nothing: see `autograder.gradebook.transaction`.
"""

from __future__ import annotations

import time
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import AssignLatePenalties

from autograder.assignments.assignment import Assignment, load_assignment
from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.feedback.page import page_exporter
from autograder.feedback.shown import make_harmless
from autograder.gradebook.cells import changes, enter_cells, known_cells
from autograder.gradebook.opening import connect, explained, is_handed_in
from autograder.gradebook.preprocessors import SaveGrades, show_report, using
from autograder.gradebook.release import generate, nbgrader_api
from autograder.gradebook.submitted import Submitted
from autograder.gradebook.transaction import (
    LastingGradebook,
    NewFiles,
    alone,
    database_is_away,
    require_replaceable,
)
from autograder.grading.faults import describe_fault
from autograder.grading.kept import (
    keep_report,
    kept_submission,
    read_kept,
    recorded_original,
    report_path,
)
from autograder.grading.report import Report
from autograder.grading.submission import UnreadableSubmission, parse_notebook, restore
from autograder.intake.originals import digest, keep_submission

ATTEMPTS = 5  # a database that was restarted answers again after a while
WAIT_SECONDS = 2.0
JOURNAL = ".journal"  # a report whose recording has begun; see `autograder.gradebook.transaction`


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
        self.gradebook = connect(coursedir, LastingGradebook, write=True)
        with explained(coursedir.db_url):
            known = self._is_known()
        if not known:
            generate(course, assignment.id)
        self.exporter = page_exporter(self.api.config)
        self.submitted = Submitted(course, assignment.id)

    def close(self) -> None:
        """Close the gradebook."""
        self.gradebook.end()

    def keep(self, student: str, submission: Submission) -> None:
        """Keep all that was handed in as it is, before anything is made of it."""
        keep_submission(self.course, self.assignment.id, student, submission)

    def kept(self, student: str, original: str, report: Report) -> Submission:
        """Return what ``report`` is on, of which the notebook has the digest ``original``.

        Raises:
            RecordingError: it is not there any more as it was.
        """
        found = kept_submission(self.course, self.assignment.id, student, original, report.files)
        if found is None:
            raise RecordingError(f"a file of {student} that was kept is gone: grade it again")
        return found

    def record(
        self,
        student: str,
        submission: Submission,
        report: Report,
        timestamp: datetime | None = None,
    ) -> Path:
        """Write ``report`` on ``submission``; return the feedback page.

        Args:
            student: the student's id.
            submission: what was handed in, which is kept as it is.
            report: what came of it.
            timestamp: when it was handed in, in UTC; nbgrader's late plugin reads it.

        Raises:
            RecordingError: nothing of the submission is lost, and what was recorded before stands.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with alone(self.course.grading):
                    return self._record(student, submission, report, timestamp)
            except Exception as error:  # one student's oddity must not stop the others
                if attempt == ATTEMPTS or not database_is_away(error):
                    fault = describe_fault(error)
                    raise RecordingError(f"{student} could not be recorded: {fault}") from error
                time.sleep(WAIT_SECONDS * attempt)  # then everything is written again
        raise AssertionError("the last attempt returns or raises")

    def complete(self) -> list[str]:
        """Do again what an earlier run began to record and did not end.

        Returns:
            A line about each that cannot be done now; it stays to be done.
        """
        return [
            line
            for journal in _journals(self.course, self.assignment.id)
            if (line := self._complete(journal))
        ]

    def _complete(self, journal: Path) -> str:
        kept = read_kept(journal)
        try:
            student, when, report = kept["student"], kept["timestamp"], Report.from_dict(kept)
            submission = self.kept(student, kept["original"], report)
            timestamp = datetime.fromisoformat(when) if when else None
        except (LookupError, TypeError, ValueError, RecordingError):
            journal.unlink(missing_ok=True)  # damaged, or ended meanwhile by who had begun it
            return ""
        try:
            self.record(student, submission, report, timestamp)
        except RecordingError as error:
            return f"an earlier recording did not end: {error}"
        if journal.exists():
            return f"{student} is in the gradebook, but not all files could be put in place"
        return ""

    def _record(
        self, student: str, submission: Submission, report: Report, timestamp: datetime | None
    ) -> Path:
        originals = keep_submission(self.course, self.assignment.id, student, submission)
        self.submitted.show(student, originals, timestamp)
        notebook = self._restored(submission.notebook)
        show_report(self.assignment, report, notebook)
        journal = self._json(student).with_suffix(JOURNAL)
        files, begun = NewFiles(), journal.exists()
        original = digest(submission.notebook)
        require_replaceable(self._json(student))
        try:
            with self.gradebook.transaction(), using(self.gradebook):
                notebook = self._save(student, notebook, timestamp)
                make_harmless(self.assignment, notebook)  # the gradebook compares what was written
                files.write(self._autograded(student), nbformat.writes(notebook))
                html, _ = self.exporter.from_notebook_node(notebook, self._resources(student))
                files.write(self.feedback_page(student), html)
                keep_report(journal, student, report, submission.digest, timestamp, original)
        except BaseException as error:
            files.discard()
            if not begun and not self.gradebook.may_hold(error):
                journal.unlink(missing_ok=True)
            raise
        with suppress(OSError):  # the gradebook has it: the journal stays, to be completed
            files.put()
            journal.replace(self._json(student))
        return self.feedback_page(student)

    def recorded(self, student: str, digest: str) -> Report | None:
        """Return the report recorded for the same submission, of which the gradebook knows.

        A damaged report counts as none.
        """
        kept = read_kept(self._json(student))
        if not self._is_entered(student):
            return None
        try:
            return Report.from_dict(kept) if kept["digest"] == digest else None
        except (ValueError, LookupError, TypeError):
            return None

    def feedback_page(self, student: str) -> Path:
        """Return where the feedback page of ``student`` is."""
        return self._folder("feedback", student) / f"{self.assignment.id}.html"

    def _restored(self, data: bytes) -> NotebookNode:
        """Return the notebook in ``data`` in the shape of its release; of no notebook, that."""
        try:
            notebook = parse_notebook(data)
        except UnreadableSubmission:
            notebook = nbformat.read(self.course.release(self.assignment.id), as_version=4)
        restore(self.assignment, notebook)
        return notebook

    def _save(
        self, student: str, notebook: NotebookNode, timestamp: datetime | None
    ) -> NotebookNode:
        """Enter student, submission and points in the gradebook, as ``nbgrader autograde`` does."""
        when = {"timestamp": timestamp.replace(tzinfo=None)} if timestamp else {}
        self.gradebook.update_or_create_student(student)
        self.gradebook.update_or_create_submission(self.assignment.id, student, **when)
        resources = self._resources(student)
        earlier = recorded_original(self.course, self.assignment.id, student)
        resources["nbgrader"]["earlier"] = earlier
        for preprocessor in (SaveGrades, AssignLatePenalties):
            notebook, resources = preprocessor(parent=self.api).preprocess(notebook, resources)
        return notebook

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

    def _is_entered(self, student: str) -> bool:
        with self.gradebook as gradebook:
            try:
                return bool(gradebook.find_submission(self.assignment.id, student))
            except MissingEntry:
                return False

    def _is_known(self) -> bool:
        """Tell whether the gradebook has the cells of the assignment; texts are brought up to date.

        Raises:
            ValueError: it has others, and grades in them.
        """
        with self.gradebook as gradebook:
            known = known_cells(gradebook, self.assignment.id)
            if known is None:
                return False
            if changed := changes(known, self.assignment):
                if is_handed_in(gradebook, self.assignment.id):
                    raise ValueError(
                        f"{self.assignment.id} was changed after it was graded "
                        f"({'; '.join(changed)}): run autograder regrade {self.assignment.id} first"
                    )
                return False
            enter_cells(gradebook, self.assignment)
            gradebook.db.commit()
            return True


def complete_recordings(course: Course, assignment: str) -> list[str]:
    """Do again what was begun to be recorded, if anything; see `Recorder.complete`."""
    if not _journals(course, assignment):
        return []
    recorder = Recorder(course, load_assignment(course, assignment))
    with closing(recorder):
        return recorder.complete()


def _journals(course: Course, assignment: str) -> list[Path]:
    return sorted(report_path(course, assignment, "x").parent.glob(f"*{JOURNAL}"))

"""The files beside a notebook as the report names them: what was read, what is missing."""

from __future__ import annotations

from autograder.assignments.assignment import Assignment
from autograder.assignments.handed_in import Submission
from autograder.grading.report import FileRead, Notice, Verdict
from autograder.intake.originals import digest


def read_files(assignment: Assignment, submission: Submission) -> tuple[FileRead, ...]:
    """Return a line for each file that ``assignment`` takes."""
    found = []
    for wanted in assignment.files:
        note, data = submission.notes.get(wanted.name, ""), submission.files.get(wanted.name)
        if data is None:
            found.append(FileRead(wanted.name, note=note or wanted.missing))
        else:
            found.append(FileRead(wanted.name, len(data), digest(data), note))
    return tuple(found)


def missing_files(assignment: Assignment, files: tuple[FileRead, ...]) -> tuple[Notice, ...]:
    """Return a notice for each required file of which nothing was read."""
    required = {wanted.name for wanted in assignment.files if wanted.required}
    return tuple(
        Notice(Verdict.NOT_RUN, file.name, file.note)
        for file in files
        if not file.digest and file.name in required
    )

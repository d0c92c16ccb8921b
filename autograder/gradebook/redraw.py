"""Feedback pages made again: each is drawn as a whole before it takes the place of the old one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import DBAPIError

from autograder.feedback.page import page_exporter
from autograder.gradebook.preprocessors import using
from autograder.gradebook.transaction import LastingGradebook
from autograder.grading.faults import describe_fault
from autograder.intake.originals import write_whole


def redraw(
    coursedir: CourseDirectory,
    gradebook: LastingGradebook,
    assignment: str,
    students: Iterable[str],
) -> Iterator[tuple[str, str]]:
    """Make the pages of ``students``; yield each of them with what went wrong, if anything did.

    A page that cannot be drawn or written leaves the one that stood.
    """
    exporter = page_exporter(coursedir.config)
    with using(gradebook):
        for student in students:
            names = {"student": student, "assignment": assignment, "notebook": assignment}
            names["db_url"] = coursedir.db_url
            graded = _file(coursedir, "autograded", student, assignment, "ipynb")
            page = _file(coursedir, "feedback", student, assignment, "html")
            try:
                notebook = nbformat.read(graded, as_version=4)
                html, _ = exporter.from_notebook_node(
                    notebook, {"nbgrader": names, "unique_key": assignment}
                )
                page.parent.mkdir(parents=True, exist_ok=True)
                write_whole(page, html.encode())
            except DBAPIError:  # not one student's
                raise
            except Exception as error:  # one student's oddity must not stop the others
                yield student, describe_fault(error)
            else:
                yield student, ""


def _file(coursedir: CourseDirectory, step: str, student: str, assignment: str, kind: str) -> Path:
    return Path(coursedir.root) / step / student / assignment / f"{assignment}.{kind}"

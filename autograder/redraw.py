"""Feedback pages made again: each is drawn as a whole before it takes the place of the old one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import DBAPIError

from autograder.faults import describe_fault
from autograder.feedback_page import page_exporter
from autograder.recording import LastingGradebook


def redraw(
    coursedir: CourseDirectory,
    gradebook: LastingGradebook,
    assignment: str,
    students: Iterable[str],
) -> Iterator[tuple[str, str]]:
    """Make the pages of ``students``; yield each of them with what went wrong, if anything did.

    A page that cannot be drawn or written leaves the one that stood.
    """
    exporter = page_exporter()
    with gradebook.for_preprocessors():
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
                replace_text(page, html)
            except DBAPIError:  # not one student's
                raise
            except Exception as error:  # one student's oddity must not stop the others
                yield student, describe_fault(error)
            else:
                yield student, ""


def replace_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` in one step: what stood there stays until all is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _file(coursedir: CourseDirectory, step: str, student: str, assignment: str, kind: str) -> Path:
    return Path(coursedir.root) / step / student / assignment / f"{assignment}.{kind}"

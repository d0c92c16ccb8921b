"""Where the parts of a course are: its root, its assignments, the folder that grading uses."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

MARKER = "nbgrader_config.py"
CHECKS = "checks.py"
GRADING = "CONVBOOK_GRADING"  # the variable that moves the grading folder
BOOK = "CONVBOOK_BOOK"  # the variable that says at which address students read the book
BUILT = Path("_build") / "html"
PAGE_DEPTH = 3  # folders between the grading folder and a feedback page


@dataclass(frozen=True)
class Course:
    """A checkout of the course; `grading` is nbgrader's course directory.

    Args:
        root: the folder that holds ``nbgrader_config.py``.
        db: the address of the gradebook; empty for the one that the configuration names.
        folder: the grading folder; empty for what the variable ``CONVBOOK_GRADING`` says.
    """

    root: Path
    db: str = ""
    folder: str = ""

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """Return the course that ``start`` (or the working directory) lies in.

        Raises:
            FileNotFoundError: no folder above holds ``nbgrader_config.py`` and ``solutions/``.
        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / MARKER).is_file() and (folder / "solutions").is_dir():
                return cls(folder)
        raise FileNotFoundError(
            f"{here} is not inside the course: change to the folder that holds {MARKER}"
        )

    @property
    def grading(self) -> Path:
        """Where submissions, gradebook and feedback live."""
        return self.root / (self.folder or os.environ.get(GRADING, "grading"))

    @property
    def book(self) -> str:
        """The address of the book for links in feedback pages; empty where none is known.

        If ``CONVBOOK_BOOK`` names none, it is the book that was built here, seen from a page,
        which serves whoever reads pages in the folder of the course.
        """
        address = os.environ.get(BOOK, "").rstrip("/")
        if address or not self.grading.is_relative_to(self.root):
            return address
        up = len(self.grading.relative_to(self.root).parts) + PAGE_DEPTH
        return (Path(*[".."] * up) / BUILT).as_posix()

    def assignments(self) -> list[str]:
        """Return the ids of all assignments, in order."""
        return sorted(path.stem for path in (self.root / "solutions").glob("*.md"))

    def solution(self, assignment: str) -> Path:
        """Return the text notebook that ``assignment`` is made from.

        Raises:
            ValueError: there is no such assignment.
        """
        path = self.root / "solutions" / f"{assignment}.md"
        if not path.is_file():
            known = ", ".join(self.assignments())
            raise ValueError(f"assignment (={assignment!r}) must be one of {known}")
        return path

    def folder_of(self, assignment: str) -> Path:
        """Return the folder of the checks and the library of ``assignment``.

        It is ``solutions/<id>/`` where a course brings its own, or else that of the grader.
        """
        own = self.root / "solutions" / assignment
        return own if own.is_dir() else Path(__file__).parent / package_of(assignment)

    def own_checks(self, assignment: str) -> str | None:
        """Return the text of the checks that the course brings; none where the grader's count.

        Raises:
            ValueError: neither the course nor the grader has checks for ``assignment``.
        """
        path = self.folder_of(assignment) / CHECKS
        if not path.is_file():
            raise ValueError(
                f"{assignment} has no {path}: write the checks there, or those of a course of "
                f"your own into solutions/{assignment}/{CHECKS}"
            )
        return None if path.parents[1] == Path(__file__).parent else path.read_text("utf-8")

    def release(self, assignment: str) -> Path:
        """Return where the student notebook of ``assignment`` is."""
        return self.root / "notebooks" / assignment / f"{assignment}.ipynb"

    def read_solution(self, assignment: str) -> NotebookNode:
        """Return the solution as a notebook whose cell ids do not change from run to run."""
        import jupytext  # here, since workers read no solution and it takes a while

        notebook: NotebookNode = jupytext.read(self.solution(assignment))
        notebook.nbformat_minor = 5
        for number, cell in enumerate(notebook.cells):
            cell.id = cell.metadata.get("nbgrader", {}).get("grade_id", f"cell-{number}")
        return notebook


def package_of(assignment: str) -> str:
    """Return the name of the package in which the grader keeps ``assignment``.

    Example:
        >>> package_of("01-convolution")
        'a01_convolution'
    """
    return f"a{assignment.replace('-', '_')}"

"""The folder ``submitted``, in which nbgrader's own programs look for what came in.

It may be what was handed over to be graded, so only what was put there from here is replaced. That
is known by its time of change, which is that of the original to a nanosecond.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from autograder.assignments.course import Course
from autograder.intake.originals import is_part, write_whole

CLOCK = "timestamp.txt"


class Submitted:
    """What stands there of one assignment."""

    def __init__(self, course: Course, assignment: str):
        """Look below ``course.grading``."""
        self._root, self._assignment = course.grading / "submitted", assignment
        self._source: Path | None = None

    def spare(self, source: Path) -> None:
        """Write nothing where the files lie that were handed in, neither in it nor around it."""
        self._source = source.resolve()

    def show(self, student: str, originals: Mapping[str, Path], timestamp: datetime | None) -> None:
        """Put copies of ``originals`` there by name, unless something there is not ours.

        Raises:
            OSError: the disk refuses.
        """
        folder = self._root / student / self._assignment
        notebook = originals[f"{self._assignment}.ipynb"]
        if self._is_source() or not _is_ours(folder, notebook.parent):
            return
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if path.name not in originals:  # of an earlier submission
                path.unlink()
        if timestamp:
            text = f"{timestamp:%Y-%m-%d %H:%M:%S} UTC\n"
            write_whole(folder / CLOCK, text.encode(), notebook.stat().st_mtime_ns)
        for name, original in originals.items():
            write_whole(folder / name, original.read_bytes(), original.stat().st_mtime_ns)

    def _is_source(self) -> bool:
        if self._source is None:
            return False
        root = self._root.resolve()
        return root.is_relative_to(self._source) or self._source.is_relative_to(root)


def _is_ours(folder: Path, originals: Path) -> bool:
    """Tell whether all that stands in ``folder`` was put there by `Submitted.show`."""
    if not folder.is_dir():
        return not folder.exists()
    ours = {path.stat().st_mtime_ns for path in originals.iterdir()}
    there = [path for path in folder.iterdir() if not is_part(path)]
    return all(path.is_file() and path.stat().st_mtime_ns in ours for path in there)

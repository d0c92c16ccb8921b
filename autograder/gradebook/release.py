"""From `solutions/<id>.md` to what students receive, through nbgrader's own generator."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import warnings
import zipfile
from pathlib import Path

import nbformat
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Application, Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.assignments.course import MARKER, Course
from autograder.assignments.releases import release_in, remember_release
from autograder.gradebook.opening import is_handed_in, opened

CODE_STUB = {"python": 'raise NotImplementedError("replace this line with your code")'}
WITHOUT_GRADEBOOK = {"SaveCells": {"enabled": False}, "GenerateAssignment": {"no_database": True}}
ZIP_DATE = (2026, 1, 1, 0, 0, 0)  # the same files make the same zip


class ReleaseError(RuntimeError):
    """nbgrader could not make the release; the message carries its log."""


def release(course: Course, assignment: str) -> Path:
    """Write the student notebook of ``assignment`` and its zip; return the notebook's path.

    nbgrader generates it, and notes its cells in the gradebook on the way.

    Raises:
        ValueError: there is no such assignment.
        ReleaseError: nbgrader refuses the source.
        GradebookError: the gradebook cannot be written to.
    """
    target = course.release(assignment)
    remember_release(course, assignment, release_in(target))
    generate(course, assignment)
    made = course.grading / "release" / assignment / f"{assignment}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_tidy(made), encoding="utf-8")
    _write_zip(course, assignment, target)
    remember_release(course, assignment, release_in(target))
    return target


def generate(course: Course, assignment: str) -> None:
    """Run nbgrader's generate_assignment: the release folder and the gradebook's entry.

    The entry of an assignment that somebody has handed in stays: ``autograder regrade`` changes
    it, together with the grades.

    Raises:
        ValueError: there is no such assignment.
        ReleaseError: nbgrader refuses the source.
        GradebookError: the gradebook cannot be written to.
    """
    course.solution(assignment)
    write_sources(course)
    api = nbgrader_api(course)
    with opened(api.coursedir, write=True) as gradebook:
        if is_handed_in(gradebook, assignment):
            api.update_config(Config(WITHOUT_GRADEBOOK))
    outcome = api.generate_assignment(assignment, force=True, create=True)
    if not outcome["success"]:
        raise ReleaseError(f"{assignment} cannot be released:\n{outcome.get('log', '')}")


def write_sources(course: Course) -> None:
    """Convert every text notebook to ``grading/source`` where it is missing or older."""
    _make_folders(course)
    for assignment in course.assignments():
        target = course.grading / "source" / assignment / f"{assignment}.ipynb"
        text = course.solution(assignment)
        if target.is_file() and target.stat().st_mtime >= text.stat().st_mtime:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(course.read_solution(assignment), target)


def prepare_nbgrader() -> None:
    """Let nbgrader find alembic in an environment not activated; hide warnings it cannot help."""
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = folder + os.pathsep + os.environ["PATH"]
    warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")


def nbgrader_runs() -> bool:
    """Return whether this process is nbgrader, or a Jupyter server with its extensions."""
    kinds = type(Application._instance).__mro__
    return any(kind.__name__ in ("NbGrader", "ServerApp") for kind in kinds)


def nbgrader_config(course: Course) -> Config:
    """Return nbgrader's settings of ``course``, as plain nbgrader reads them."""
    config: Config = PyFileConfigLoader(MARKER, path=str(course.root)).load_config()
    config.CourseDirectory.root = str(course.grading)
    config.Exchange.root = str(course.grading / "exchange")
    if course.db:
        config.CourseDirectory.db_url = course.db
    return config


def nbgrader_api(course: Course) -> NbGraderAPI:
    """Return nbgrader's programming interface for ``course``; it logs warnings only."""
    prepare_nbgrader()
    _make_folders(course)
    logging.getLogger("traitlets").setLevel(logging.WARNING)
    config = nbgrader_config(course)
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    api.log_level = logging.WARNING
    return api


def _make_folders(course: Course) -> None:
    """Make the grading folder, and in it the one that nbgrader's exchange looks for."""
    (course.grading / "exchange").mkdir(parents=True, exist_ok=True)


def _tidy(notebook: Path) -> str:
    """Return the notebook as text that depends on nothing but its source."""
    node = nbformat.read(notebook, as_version=4)
    node.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return f"{nbformat.writes(node)}\n"


def _write_zip(course: Course, assignment: str, notebook: Path) -> None:
    data = notebook.read_bytes()
    cells = nbformat.reads(data.decode(), as_version=4).cells
    points = sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in cells)
    manifest = {
        "assignment": assignment,
        "points": points,
        "files": {notebook.name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}},
    }
    target = course.root / "dist" / f"{assignment}.zip"
    target.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            (notebook.name, data),
            ("manifest.json", (json.dumps(manifest, indent=2) + "\n").encode()),
        ):
            archive.writestr(zipfile.ZipInfo(f"{assignment}/{name}", ZIP_DATE), content)

"""What students receive: exactly what the release makes, with no answer in it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from autograder.assignments.assignment import load_assignment
from autograder.assignments.course import Course
from autograder.gradebook.release import ReleaseError, release

IDS = Course.find(Path(__file__)).assignments()
every_assignment = pytest.mark.parametrize("id", IDS)


@pytest.fixture
def made(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A copy of the course's text, with nothing released."""
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path / "grading"))
    for part in ("solutions", "nbgrader_config.py"):
        (tmp_path / part).symlink_to(course.root / part)
    return Course(tmp_path)


def test_when_released_anew_then_the_committed_notebook_is_the_same(
    course: Course, made: Course
) -> None:
    for assignment in course.assignments():
        committed = course.release(assignment).read_bytes()
        assert release(made, assignment).read_bytes() == committed, "run: make release"
    there = {path.parent.name for path in (course.root / "notebooks").glob("*/*.ipynb")}
    assert there == set(course.assignments())


@every_assignment
def test_when_released_then_no_line_of_a_solution_is_in_it(id: str, course: Course) -> None:
    text = course.release(id).read_text(encoding="utf-8")
    cells = course.read_solution(id).cells
    answers = [cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")]
    hidden = [answer.split("### BEGIN SOLUTION")[1].split("### END")[0] for answer in answers
              if "### BEGIN SOLUTION" in answer]  # fmt: skip
    assert len(hidden) >= len(load_assignment(course, id).tests)
    for line in (line.strip() for block in hidden for line in block.splitlines()):
        assert len(line) < 12 or json.dumps(line)[1:-1] not in text
    for word in ("SOLUTION", "HIDDEN TESTS", "autograder", "Misconception"):
        assert word not in text


@every_assignment
def test_when_run_then_it_stops_at_the_first_unsolved_cell(id: str, course: Course) -> None:
    notebook = nbformat.read(course.release(id), as_version=4)
    with pytest.raises(CellExecutionError, match="replace this line with your code"):
        NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    ran = [c for c in notebook.cells if c.cell_type == "code" and c.execution_count]
    assert ran[-1].metadata.nbgrader.grade_id == load_assignment(course, id).tests[0].grade_id


@every_assignment
def test_when_the_solution_runs_then_no_cell_fails(id: str, course: Course) -> None:
    notebook = course.read_solution(id)
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    assert all(c.execution_count for c in notebook.cells if c.cell_type == "code")


@every_assignment
def test_when_zipped_then_the_manifest_names_each_file_and_the_points(
    id: str, course: Course, made: Course
) -> None:
    release(made, id)
    path = made.root / "dist" / f"{id}.zip"
    first = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read(f"{id}/manifest.json"))
        data = archive.read(f"{id}/{id}.ipynb")
    assignment = load_assignment(course, id)
    tested = sum(test.points for test in assignment.tests)
    assert manifest["points"] == tested + assignment.by_hand
    assert manifest["files"][f"{id}.ipynb"]["sha256"] == hashlib.sha256(data).hexdigest()
    release(made, id)
    assert path.read_bytes() == first


def test_when_nbgrader_refuses_then_its_log_is_shown(made: Course) -> None:
    (made.root / "solutions").unlink()
    (made.root / "solutions").mkdir()
    broken = """---
kernelspec: {name: python3, display_name: Python 3, language: python}
---
```{code-cell}
:nbgrader: {"grade": true, "solution": false, "locked": true, "grade_id": "two words", "points": 1}
```
"""
    (made.root / "solutions" / "99-broken.md").write_text(broken)
    with pytest.raises(ReleaseError, match=r"99-broken cannot be released:\n.*ERROR"):
        release(made, "99-broken")


def test_when_outside_the_course_then_the_error_says_where_to_go(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"change to the folder that holds nbgrader_config"):
        Course.find(tmp_path)

"""The same attacks in plain nbgrader: a course with hidden tests, its own default autograding.

`make_course` prepares it. As a program, ``python -m tests.attacks.stock LABEL COURSE``, this
grades one attack in a copy of it; `bench/attacks.py` runs that in a sandbox of its own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from autograder.assignments.course import Course
from autograder.gradebook.release import prepare_nbgrader
from tests.attacks.corpus import ID, TESTS, build
from tests.attacks.run import jobs
from tests.attacks.surroundings import Surroundings

STUDENT = "student"

# The questions of the trusted checks as an instructor would write them without our grader.
HIDDEN = {
    "test_conv1d": """
for mode in ("full", "same", "valid"):
    x, w = np.random.normal(size=9), np.random.normal(size=4)
    with VisibleTests("conv1d") as test:
        test(mode, x, w, mode, gives=np.convolve(x, w, mode))
""",
    "test_cross_correlate2d": """
from scipy import signal
image, kernel = np.random.normal(size=(5, 7)), np.random.normal(size=(3, 2))
with VisibleTests("cross_correlate2d") as test:
    test("fresh", image, kernel, gives=signal.correlate2d(image, kernel, "valid"))
""",
    "test_conv2d": """
from scipy import signal
image, kernel = np.random.normal(size=(5, 7)), np.random.normal(size=(3, 2))
np.testing.assert_allclose(conv2d(image, kernel), signal.convolve2d(image, kernel, "valid"))
""",
    "test_filter_image": """
from scipy import ndimage
image, kernel = np.random.normal(size=(5, 7)), np.random.normal(size=(3, 5))
for padding in ("constant", "nearest", "mirror", "wrap"):
    right = ndimage.correlate(image, kernel, mode=padding)
    np.testing.assert_allclose(filter_image(image, kernel, padding), right)
""",
}


def make_course(course: Course, folder: Path) -> None:
    """Write into ``folder`` the course that nbgrader grades, released and in its gradebook."""
    notebook = course.read_solution(ID)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in TESTS:
            cell.source += f"\n### BEGIN HIDDEN TESTS{HIDDEN[grade_id]}### END HIDDEN TESTS"
    source = folder / "source" / ID / f"{ID}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(notebook, source)
    nbgrader(folder, "generate_assignment", ID).check_returncode()


def nbgrader(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run an nbgrader command in ``folder``, with no settings but its own."""
    prepare_nbgrader()
    program = [sys.executable, "-W", "ignore", "-m", "nbgrader", *words]
    return subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)


def autograde(label: str, folder: Path, surroundings: Surroundings) -> dict[str, object]:
    """Hand in the attack called ``label``, have it graded, and return what came of it."""
    attack, base = jobs()[label]
    notebook = build(Course.find(Path(__file__)), attack, base, surroundings.names)
    submitted = folder / "submitted" / STUDENT / ID / f"{ID}.ipynb"
    submitted.parent.mkdir(parents=True)
    nbformat.write(notebook, submitted)
    done = nbgrader(folder, "autograde", ID, "--create", f"--student={STUDENT}")
    graded = folder / "autograded" / STUDENT / ID / f"{ID}.ipynb"
    text = graded.read_text(encoding="utf-8") if graded.is_file() else ""
    return {
        "score": score(folder) if done.returncode == 0 else None,
        "leaked": surroundings.leaked(text),
        "touched": surroundings.touched(),
    }


def score(folder: Path) -> float:
    """Return the points that nbgrader gave by itself."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        notebooks = gradebook.find_submission(ID, STUDENT).notebooks
        return sum(grade.auto_score or 0.0 for book in notebooks for grade in book.grades)


def main(label: str, course: Path) -> None:
    """Grade one attack in a copy of ``course`` and print what came of it as JSON."""
    with TemporaryDirectory() as around, TemporaryDirectory() as parent:
        folder = Path(shutil.copytree(course, Path(parent) / "course"))
        with closing(Surroundings(Path(around))) as surroundings:
            print(json.dumps(autograde(label, folder, surroundings)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

"""A made assignment that takes a file beside the notebook, and what students hand in for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from safetensors.numpy import save

from autograder.assignments.assignment import Assignment, load_assignment
from autograder.assignments.course import Course
from autograder.checks.files import HandedIn
from autograder.gradebook.recording import Recorder

ID = "90-weights"
NB = f"{ID}.ipynb"
MODEL = "model.safetensors"
FILE = HandedIn(MODEL, "the trained weights", megabytes=1)
SHAPES = {"weight": (2, 3), "bias": (2,)}
RULES = {"grade": False, "locked": False, "schema_version": 3, "solution": True, "task": False}
TEST_RULES = RULES | {"grade": True, "locked": True, "solution": False}
RIGHT = "def linear(weights, x):\n    return weights['weight'] @ x + weights['bias']"
SIZE = "from pathlib import Path\nfile = Path('model.safetensors')\nsize = len(file.read_bytes())"
SPOIL = f"{SIZE}\nfile.write_bytes(b'spoiled')"
PARTS = {"linear": "", "test_linear": 2, "size": "size = 0", "test_size": 1}


CHECKS = f'''"""A linear layer whose weights are handed in."""

from autograder.checks import Hint, check, expect_close, expect_equal
from autograder.checks.files import HandedIn
from autograder.checks.tensorfile import tensors

FLAVOUR = "numpy"
FILES = (HandedIn({FILE.name!r}, {FILE.purpose!r}, megabytes={FILE.megabytes}),)
NO_BIAS = Hint("bias-left-out", "You left out the bias: it is added to every product.")


@check("linear", points=2)
def weighted_sum(student, rng):
    """linear applies the weights that were handed in"""
    weights, x = tensors(student.file({MODEL!r})), rng.normal(size=3)
    for name, shape in {SHAPES}.items():
        expect_equal(weights[name].shape, shape)
    product = weights["weight"] @ x
    expect_close(student.linear(weights, x), product + weights["bias"], {{NO_BIAS: product}})


@check("size", points=1)
def size_in_bytes(student, rng):
    """size is a number that no file is needed for"""
    expect_equal(isinstance(student.size.fetch(), int), True)
'''
WRONG = """\
[bias_left_out]
about = "The bias is read and never added."
old = " + weights['bias']"
new = ""
loses = 2
hint = "bias-left-out"
"""


def model(seed: int = 0, more: int = 0) -> bytes:
    """Return a file of weights, and of so many numbers more that nothing asks for."""
    rng = np.random.default_rng(seed)
    arrays = {name: rng.normal(size=shape) for name, shape in SHAPES.items()}
    arrays |= {"more": np.zeros(more)} if more else {}
    return save({name: array.astype(np.float32) for name, array in arrays.items()})


def handed_in(linear: str = RIGHT, size: str = SIZE, note: str = "") -> bytes:
    """Return a notebook of the assignment; ``note`` makes it another one."""
    cells = [_cell(part, {"linear": linear, "size": size}.get(part, "")) for part in PARTS]
    return nbformat.writes(new_notebook(cells=cells, metadata={"note": note})).encode()


@pytest.fixture(scope="session")
def weights_course(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course that holds just that assignment."""
    root = tmp_path_factory.mktemp("course")
    made = Course(root)
    for folder in ("solutions", f"notebooks/{ID}"):
        (root / folder).mkdir(parents=True)
    shutil.copy(course.root / "nbgrader_config.py", root)
    nbformat.write(nbformat.reads(handed_in("", ""), as_version=4), made.release(ID))
    solution = nbformat.reads(handed_in(), as_version=4)
    solution.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    jupytext.write(solution, root / "solutions" / f"{ID}.md", fmt="md:myst")
    folder = root / "solutions" / ID
    for path, text in {"checks.py": CHECKS, "wrong/linear.toml": WRONG}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "files").mkdir()
    (folder / "files" / MODEL).write_bytes(model())
    return made


@pytest.fixture(scope="session")
def weights(weights_course: Course) -> Assignment:
    return load_assignment(weights_course, ID)


@pytest.fixture(scope="session")
def _known(
    weights_course: Course, weights: Assignment, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder whose gradebook knows the assignment; to make one takes seconds."""
    folder = tmp_path_factory.mktemp("known")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONVBOOK_GRADING", str(folder))
        Recorder(weights_course, weights).close()
    return folder


@pytest.fixture
def folder(_known: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that grading writes to."""
    monkeypatch.setenv("CONVBOOK_GRADING", str(tmp_path / "graded"))
    shutil.copytree(_known, tmp_path / "graded")
    return tmp_path / "graded"


def _cell(part: str, source: str) -> nbformat.NotebookNode:
    test = part.startswith("test_")
    rules = (TEST_RULES | {"points": PARTS[part]} if test else RULES) | {"grade_id": part}
    return new_code_cell(source, id=part, metadata={"nbgrader": rules})

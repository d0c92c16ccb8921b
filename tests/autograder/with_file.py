"""A made assignment that takes a file beside the notebook, and what students hand in for it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import jupytext
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from numpy.random import Generator
from safetensors.numpy import save

from autograder.assignments.assignment import Assignment, load_assignment
from autograder.assignments.course import Course
from autograder.checks import Student, check, expect_close, expect_equal
from autograder.checks.files import HandedIn
from autograder.checks.tensorfile import tensors
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


@check("linear", points=2)
def weighted_sum(student: Student, rng: Generator) -> None:
    """linear applies the weights that were handed in"""
    weights, x = tensors(student.file(MODEL)), rng.normal(size=3)
    for name, shape in SHAPES.items():
        expect_equal(weights[name].shape, shape)
    expect_close(student.linear(weights, x), weights["weight"] @ x + weights["bias"])


@check("size", points=1)
def size_in_bytes(student: Student, rng: Generator) -> None:
    """size is a number that no file is needed for"""
    expect_equal(isinstance(student.size.fetch(), int), True)


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
def weights_course(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
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
    name = f"autograder.assignments.a{ID.replace('-', '_')}.checks"
    module = ModuleType(name)
    found = {"FLAVOUR": "numpy", "FILES": (FILE,), "first": weighted_sum, "second": size_in_bytes}
    vars(module).update(found)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, name, module)
        patch.setitem(sys.modules, name.rpartition(".")[0], ModuleType("a90_weights"))
        yield made


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

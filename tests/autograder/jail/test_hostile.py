"""Submissions that hang, crash, cheat or pry: none hangs the run, none gains a point."""

from collections.abc import Callable

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.grading.report import Report, Verdict
from tests.autograder.notebooks import add_cell, cell_of

pytestmark = pytest.mark.jail

Graded = Callable[..., Report]

# A cell of code, the verdict that it must lead to, and a word of what the report must say.
CELLS = {
    "infinite loop": ("while True: pass", Verdict.TIMED_OUT, "no answer within"),
    "loop that ignores interrupts": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        Verdict.TIMED_OUT,
        "no answer within",
    ),
    "os._exit": ("import os; os._exit(0)", Verdict.DIED, "ended"),
    "bad pointer": ("import ctypes; ctypes.string_at(0)", Verdict.DIED, "ended"),
    "30 GiB": ("hoard = bytearray(30 * 2**30)", Verdict.OUT_OF_MEMORY, "MemoryError"),
    "torch": ("import torch", Verdict.ERROR, "No module named 'torch'"),
    "scipy": ("import scipy.signal", Verdict.ERROR, "No module named 'scipy'"),
    "reference": (
        "from convbook import arithmetic",
        Verdict.ERROR,
        "cannot import name 'arithmetic'",
    ),
    "checks": ("import autograder.assignments", Verdict.ERROR, "No module named 'autograder'"),
    "socket": (
        "import socket; socket.create_connection(('127.0.0.1', 22), timeout=1)",
        Verdict.ERROR,
        "unreachable",
    ),
    "address": (
        "import socket; s = socket.socket(); s.settimeout(1); s.connect(('192.0.2.1', 80))",
        Verdict.ERROR,
        "unreachable",
    ),
    "output flood": ("while True: print('x' * 1000)", Verdict.TIMED_OUT, "no answer"),
}


@pytest.mark.parametrize("name", CELLS)
def test_when_a_cell_is_hostile_then_an_unsolved_notebook_gains_nothing(
    name: str, untouched: NotebookNode, graded: Graded
) -> None:
    code, verdict, said = CELLS[name]
    report = graded(add_cell(untouched, code, place=0))
    assert report.score == 0
    assert report.verdict is verdict
    assert said in report.notices[0].text


@pytest.mark.parametrize("name", CELLS)
def test_when_a_cell_is_hostile_then_the_solved_functions_keep_their_credit(
    name: str, right: NotebookNode, graded: Graded
) -> None:
    code, verdict, _ = CELLS[name]
    report = graded(add_cell(right, code, place=0))
    assert report.score == report.points
    assert report.verdict is verdict


def test_when_solutions_are_read_then_the_file_is_not_there(
    course, untouched: NotebookNode, graded: Graded
) -> None:
    paths = [course.solution("01-convolution"), course.root / "autograder" / "assignments"]
    paths += [course.grading, course.root]
    for path in paths:
        untouched = add_cell(untouched, f"import os; os.stat({str(path)!r})", place=0)
    report = graded(untouched)
    assert report.score == 0
    assert len(report.notices) == len(paths)
    assert all("No such file" in notice.text for notice in report.notices)


def test_when_the_file_system_is_searched_then_no_answer_is_found(
    untouched: NotebookNode, graded: Graded
) -> None:
    search = """
import os
found = []
for folder, _, names in os.walk("/"):
    if not folder.startswith(("/proc", "/usr/lib", "/libraries")):
        found += [f"{folder}/{n}" for n in names if "convolution" in n or "misconceptions" in n]
raise LookupError(f"found {found}")
"""
    report = graded(add_cell(untouched, search, place=0))
    assert report.notices[0].text == "LookupError: found []"


def test_when_a_test_cell_is_tagged_skip_execution_then_it_is_graded_and_named(
    untouched: NotebookNode, right: NotebookNode, graded: Graded
) -> None:
    for notebook, score in ((untouched, 0), (right, 17)):
        cell_of(notebook, "test_conv1d").metadata.tags = ["skip-execution"]
        report = graded(notebook)
        assert (report.score, report.verdict) == (score, Verdict.TAMPERED)
        assert "skip-execution" in report.notices[0].text


def test_when_a_test_cell_is_deleted_then_it_is_graded_and_named(
    untouched: NotebookNode, right: NotebookNode, graded: Graded
) -> None:
    for notebook, score in ((untouched, 0), (right, 17)):
        notebook.cells.remove(cell_of(notebook, "test_conv2d"))
        report = graded(notebook)
        assert (report.score, report.verdict) == (score, Verdict.TAMPERED)
        assert "missing" in report.notices[0].text
        assert "test_conv2d" in report.outputs


def test_when_a_test_cell_is_duplicated_then_it_counts_once_and_is_named(
    untouched: NotebookNode, right: NotebookNode, graded: Graded
) -> None:
    for notebook, score in ((untouched, 0), (right, 17)):
        again = nbformat.from_dict(cell_of(notebook, "test_conv2d"))
        again.update(id="again", source="pass")
        notebook.cells.append(again)
        report = graded(notebook)
        assert (report.score, report.verdict) == (score, Verdict.TAMPERED)
        assert "2 times" in report.notices[0].text


def test_when_a_test_cell_is_rewritten_and_its_points_raised_then_neither_counts(
    untouched: NotebookNode, graded: Graded
) -> None:
    cell = cell_of(untouched, "test_conv2d")
    cell.source = "pass"
    cell.metadata.nbgrader.points = 1000
    report = graded(untouched)
    assert (report.score, report.points) == (0, 17)
    assert {notice.text.split(";")[0] for notice in report.notices} == {
        "the locked cell was edited",
        "its points or its lock were changed",
    }


def test_when_a_function_loops_then_only_its_own_checks_time_out(
    right: NotebookNode, graded: Graded
) -> None:
    cell_of(right, "conv2d").source = "def conv2d(image, kernel):\n    while True: pass"
    report = graded(right)
    assert {r.verdict for r in report.of("conv2d")} == {Verdict.TIMED_OUT}
    assert report.score == 14


def test_when_a_function_ends_the_kernel_then_other_checks_keep_credit(
    right: NotebookNode, graded: Graded
) -> None:
    cell_of(right, "conv2d").source = "import os\n\ndef conv2d(image, kernel):\n    os._exit(0)"
    report = graded(right)
    assert {r.verdict for r in report.of("conv2d")} == {Verdict.DIED}
    assert report.score == 14


def test_when_a_function_is_greedy_then_its_verdict_is_out_of_memory(
    right: NotebookNode, graded: Graded
) -> None:
    cell_of(right, "conv2d").source = "def conv2d(image, kernel):\n    return np.ones((30, 2**30))"
    report = graded(right)
    assert {r.verdict for r in report.of("conv2d")} == {Verdict.OUT_OF_MEMORY}
    assert report.score == 14


def test_when_the_kernel_answers_nonsense_then_the_verdict_is_tampered(
    untouched: NotebookNode, graded: Graded
) -> None:
    forge = """
kernel = get_ipython().kernel
def forged(stream, ident, parent):
    kernel.session.send(stream, "call_reply", {"results": "passed"}, parent, ident=ident)
kernel.shell_handlers["call_request"] = forged
"""
    report = graded(add_cell(untouched, forge, place=0))
    assert report.score == 0
    assert {result.verdict for result in report.results} == {Verdict.TAMPERED}


def test_when_comparisons_and_transformers_are_patched_then_nothing_is_gained(
    untouched: NotebookNode, graded: Graded
) -> None:
    patch = """
import numpy as np
np.allclose = np.array_equal = lambda *args, **kwargs: True
get_ipython().input_transformers_cleanup.append(lambda lines: ["pass"])
"""
    report = graded(add_cell(untouched, patch, place=0))
    assert report.score == 0


def test_when_nothing_is_written_then_nothing_is_said_to_be_wrong(
    untouched: NotebookNode, graded: Graded
) -> None:
    report = graded(untouched)
    assert report.verdict is Verdict.NOT_RUN
    assert {result.verdict for result in report.results} == {Verdict.NOT_RUN}
    assert report.notices == ()
    assert "replace this line" in report.results[0].reason

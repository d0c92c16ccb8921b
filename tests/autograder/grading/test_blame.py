"""A cell is to blame for what it sets off, and no other; the same file has one result."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.assignments.assignment import Assignment
from autograder.assignments.handed_in import Submission
from autograder.checks import Budget
from autograder.grading.grade import grade
from autograder.grading.report import Report, Verdict
from autograder.grading.session import Session
from tests.autograder.honest import above, after
from tests.autograder.notebooks import add_cell, cell_of
from tests.autograder.odd_ends import ENDS, ending

pytestmark = pytest.mark.jail
SEED = 7
Graded = Callable[..., Report]


@pytest.fixture
def run() -> Iterator[Callable[..., Session]]:
    """Run cells in a session; the kernel is ended with the test."""
    opened: list[Session] = []

    def run(*cells: str) -> Session:
        opened.append(Session("numpy", {str(n): code for n, code in enumerate(cells)}))
        opened[-1].run_all()
        return opened[-1]

    yield run
    for session in opened:
        session.close()


def printed(session: Session, key: str) -> str:
    return "".join(output.get("text", "") for output in session.outputs[key])


@pytest.mark.parametrize("name", ENDS)
def test_when_a_cell_ends_its_kernel_then_it_alone_is_left_out(
    name: str, assignment: Assignment, right: NotebookNode
) -> None:
    first, second = (grade(assignment, Submission(ending(right, name)), SEED) for _ in range(2))
    assert first.results == second.results
    assert first.notices == second.notices
    assert first.score == ENDS[name][1]
    lost = {result.function for result in first.results if result.verdict is not Verdict.PASSED}
    assert lost <= {"conv2d"}
    if lost:
        (notice,) = first.notices
        assert (notice.cell, notice.verdict) == ("conv2d", Verdict.DIED)


def test_when_exit_stands_after_a_test_then_all_earlier_and_later_functions_keep_their_points(
    right: NotebookNode, graded: Graded
) -> None:
    after("test_conv1d", "exit()")(right)
    reports = [graded(right) for _ in range(3)]
    assert [report.score for report in reports] == [17, 17, 17]
    assert len({report.notices for report in reports}) == 1


def test_when_a_cell_died_then_what_ran_before_runs_again_and_it_does_not(
    run: Callable[..., Session],
) -> None:
    session = run("a = 1", "import os\nos._exit(0)", "print(a + 1)")
    assert session.excluded == {"1"}
    assert printed(session, "2") == "2\n"


def test_when_a_call_sets_off_an_end_then_that_check_died_and_the_next_does_not(
    right: NotebookNode, graded: Graded
) -> None:
    source = cell_of(right, "conv2d").source
    cell_of(right, "conv2d").source = (
        "import os, threading\n"
        + source.replace("def conv2d", "def right_one")
        + "\ndef conv2d(image, kernel):\n"
        "    threading.Timer(0.2, os._exit, [1]).start()\n"
        "    return right_one(image, kernel)\n"
    )
    report = graded(right)
    assert report.score == 14
    assert {result.verdict for result in report.of("conv2d")} == {Verdict.DIED}


def test_when_something_is_left_running_then_it_ends_itself_and_not_the_kernel(
    run: Callable[..., Session],
) -> None:
    late = "import os, threading\nthreading.Timer(4.0, {}, [1]).start()"
    session = run(late.format("os._exit"), late.format("get_ipython().ask_exit"))
    session.cells["wait"] = "import time\ntime.sleep(2.5)\nprint('alive')"
    session.run("wait")
    assert printed(session, "wait") == "alive\n"
    assert session.excluded == set()


def test_when_threads_of_a_pool_wait_for_work_then_nobody_waits_for_them(
    run: Callable[..., Session],
) -> None:
    pool = "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(2)\n"
    timed = "import time\nbegan = time.monotonic()"
    session = run(timed, pool + "pool.submit(int).result()", "print(time.monotonic() - began < 1)")
    assert printed(session, "2") == "True\n"


def test_when_the_kernel_itself_fails_then_that_is_seen_at_once(
    run: Callable[..., Session],
) -> None:
    broken = "get_ipython().kernel.aftermath.settle = None"
    session = run(broken, "print('on')")
    assert session.failures["0"].text.endswith("what it printed says how")
    assert any(output["output_type"] == "error" for output in session.outputs["0"])
    assert printed(session, "1") == "on\n"


def test_when_a_helper_is_defined_anew_below_then_the_function_above_keeps_its_points(
    right: NotebookNode, graded: Graded
) -> None:
    above("def pad(image, border):\n    return np.pad(image, border)", "conv2d")(right)
    cell = cell_of(right, "conv2d")
    cell.source = cell.source.replace("def conv2d", "def inner") + (
        "\ndef conv2d(image, kernel):\n    return inner(pad(image, 0), kernel)"
    )
    after("test_conv2d", "def pad(image, border, mode):\n    return None")(right)
    after("test_filter_image", "conv2d = conv1d = np = None")(right)
    assert graded(right).score == 17


def test_when_a_line_uses_a_name_of_the_visible_test_then_it_is_there(
    right: NotebookNode, graded: Graded
) -> None:
    above("smallest = conv1d(x, w).min()", "cross_correlate2d")(right)
    report = graded(right)
    assert report.score == 17
    assert report.notices == ()


def test_when_a_visible_test_fails_then_it_is_shown_and_earns_nothing(
    untouched: NotebookNode, graded: Graded
) -> None:
    cell_of(untouched, "conv1d").source = "def conv1d(x, w, mode='full'):\n    return None"
    report = graded(untouched)
    table, error = report.outputs["test_conv1d"]
    assert table["data"]["text/plain"].count("✗") == 9
    assert error["ename"] == "VisibleTestsFailed"
    assert report.score == 0
    assert report.notices == ()


def test_when_a_function_stands_below_its_test_then_it_is_found_in_the_end(
    right: NotebookNode, graded: Graded
) -> None:
    source = cell_of(right, "conv2d").source
    cell_of(right, "conv2d").source = "# see below"
    assert graded(add_cell(right, source)).score == 17
    cell_of(right, "conv2d").source = "def conv2d(image, kernel):\n    return helper(image, kernel)"
    add_cell(right, "def helper(image, kernel):\n    return _conv(image, kernel)")
    add_cell(right, source.replace("def conv2d", "def _conv"))
    right.cells.pop(-3)
    assert graded(right).score == 17


def test_when_the_time_is_up_while_a_cell_settles_then_the_kernel_lives(
    run: Callable[..., Session],
) -> None:
    sleeper = "import threading, time\nthreading.Thread(target=time.sleep, args=[9]).start()"
    cells = {"a": "a = 1", "b": f"{sleeper}\ntime.sleep(0.9)", "c": "print(a)"}
    session = Session("numpy", cells, Budget(cell=1.0))
    try:
        session.run_all()
    finally:
        session.close()
    assert printed(session, "c") == "1\n"


def test_when_a_file_is_graded_again_then_its_outputs_are_the_same(
    assignment: Assignment, right: NotebookNode
) -> None:
    after("setup", "print('one')\nexit()")(right)
    data = Submission(nbformat.writes(right).encode())
    assert grade(assignment, data, SEED) == grade(assignment, data, SEED)

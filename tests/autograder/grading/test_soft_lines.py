"""What Jupyter only prints a line about costs nothing; what is shown is cut, and runs on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from nbformat import NotebookNode

from autograder.assignments.assignment import Assignment
from autograder.assignments.handed_in import Submission
from autograder.checks import Budget
from autograder.grading.grade import grade
from autograder.grading.report import Verdict
from autograder.grading.session import Session
from tests.autograder.honest import honest_class

pytestmark = pytest.mark.jail


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    opened = Session("numpy", {}, Budget(submission=300.0))
    yield opened
    opened.close()


def said(session: Session, code: str) -> str:
    """Run ``code`` in a cell that must not fail, and return all that it printed."""
    key = str(len(session.cells))
    session.cells[key] = code
    session.run(key)
    assert key not in session.failures, session.failures[key]
    return "".join(output.get("text", "") for output in session.outputs[key])


@pytest.mark.parametrize(
    "line",
    [
        "!pip install torch",
        "!ls | wc -l",
        "!!ls",
        "files = !ls",
        "%pip install torch",
        "%system ls",
        "%sx ls",
        "%%bash\nls",
        "%%sh\nls",
        "%%script ruby\nputs 1",
        "%%python3\nprint(1)",
        "import os\nget_ipython().system('ls')",
    ],
)
def test_when_a_line_wants_a_program_then_it_is_left_out_with_a_word(
    line: str, session: Session
) -> None:
    text = said(session, line)
    assert "[grader] left out, and nothing is lost by it: the grader runs no programs" in text


@pytest.mark.parametrize("magic", ["notebook", "widget", "qt", "tk", "ipympl"])
def test_when_figures_want_a_window_then_they_are_drawn_inline(
    magic: str, session: Session
) -> None:
    assert "drawn inline" in said(session, f"%matplotlib {magic}\nimport matplotlib.pyplot as plt")
    said(session, "plt.plot([1, 2])\nplt.show()")
    assert "image/png" in session.outputs[list(session.cells)[-1]][-1]["data"]


@pytest.mark.parametrize("magic", ["%nosuch", "%load_ext autotime", "%tensorflow_version 2.x"])
def test_when_a_magic_is_not_here_then_the_cell_goes_on(magic: str, session: Session) -> None:
    text = said(session, f"{magic}\nprint('on')")
    assert text.startswith("[grader] left out") or "on\n" in text
    assert "does not work in the grader" in text


def test_when_a_cell_magic_is_not_here_then_the_cell_runs_without_it(session: Session) -> None:
    assert "does not know %%heat" in said(session, "%%heat\ndef warm():\n    return 1")
    assert said(session, "print(warm())") == "1\n"


def test_when_a_magic_runs_code_that_fails_then_that_is_the_codes_failure(
    session: Session,
) -> None:
    session.cells["timed"] = "%timeit -n1 -r1 1 / 0"
    session.run("timed")
    assert "ZeroDivisionError" in session.failures["timed"].text


def test_when_somebody_is_asked_then_an_empty_text_comes_and_a_loop_of_questions_ends(
    session: Session,
) -> None:
    text = said(
        session, "name = input('your name?')\nimport getpass\ngetpass.getpass()\nprint(name)"
    )
    assert "nobody answers in the grader: 'your name?'" in text
    session.cells["loop"] = "while not input():\n    pass"
    session.run("loop")
    assert "EOFError" in session.failures["loop"].text


@pytest.mark.parametrize(
    "stop", ["breakpoint()", "import pdb; pdb.set_trace()", "%debug", "%pdb on"]
)
def test_when_a_debugger_would_stop_then_the_cell_goes_on(stop: str, session: Session) -> None:
    assert "stops at no breakpoint" in said(session, f"{stop}\nwent = 'on'")
    assert said(session, "print(went)\ndel went") == "on\n"


def test_when_a_line_fails_then_functions_below_it_that_would_be_missing_are_defined(
    session: Session,
) -> None:
    session.cells["fails"] = (
        "def kept():\n    return 1\n"
        "count = int(input('how many?'))\n"
        "def kept():\n    return 2\n"
        "def missing():\n    return 3\n"
        "other = 4"
    )
    session.run("fails")
    assert "ValueError" in session.failures["fails"].text
    assert said(session, "print(kept(), missing(), 'other' in globals())") == "1 3 False\n"


def test_when_much_is_printed_then_it_is_cut_and_the_cell_goes_on(session: Session) -> None:
    for code in ("print('x' * 5_000_000)", "for n in range(300):\n    print(n, 'x' * 20_000)"):
        text = said(session, f"{code}\nafter = 1")
        assert "[cut: the grader" in text
        assert len(text) < 2**21
        assert said(session, "print(after)\ndel after") == "1\n"


def test_when_a_picture_is_too_large_then_it_is_left_out_and_a_small_one_is_not(
    session: Session,
) -> None:
    said(
        session,
        "import numpy as np, matplotlib.pyplot as plt\n"
        "noise = np.random.default_rng(0).normal(size=(1800, 1800))\n"
        "plt.figure(figsize=(9, 9), dpi=200)\nplt.imshow(noise, interpolation='nearest')\n"
        "plt.show()\nplt.plot([1])\nplt.show()",
    )
    large, small = session.outputs[list(session.cells)[-1]]
    assert large["data"]["text/plain"].startswith("[left out: an output of")
    assert "image/png" in small["data"]


def test_when_a_cell_floods_and_fails_then_its_error_is_still_told(session: Session) -> None:
    session.cells["flood"] = "print('x' * 5_000_000)\n1 / 0"
    session.run("flood")
    assert "ZeroDivisionError" in session.failures["flood"].text
    assert session.outputs["flood"][-1]["ename"] == "ZeroDivisionError"


def test_when_a_notebook_awaits_then_tasks_and_loops_are_as_in_jupyter(session: Session) -> None:
    code = (
        "import asyncio\n"
        "async def tick(n):\n    await asyncio.sleep(0.01)\n    return n\n"
        "print(await asyncio.gather(tick(1), tick(2)))\n"
        "task = asyncio.create_task(tick(3))"
    )
    assert said(session, code) == "[1, 2]\n"
    assert said(session, "print(await task)") == "3\n"
    assert said(session, "async with asyncio.timeout(5):\n    print(await tick(4))") == "4\n"
    session.cells["failing"] = "async def fail():\n    1 / 0\nawait fail()"
    session.run("failing")
    assert "ZeroDivisionError" in session.failures["failing"].text
    session.cells["run"] = "asyncio.run(tick(5))"
    session.run("run")
    assert "cannot be called from a running event loop" in session.failures["run"].text


def test_when_an_await_takes_too_long_then_it_is_interrupted_and_the_kernel_lives() -> None:
    cells = {"a": "a = 1", "b": "import asyncio\nawait asyncio.sleep(60)", "c": "print(a)"}
    session = Session("numpy", cells, Budget(cell=1.0))
    try:
        session.run_all()
    finally:
        session.close()
    assert session.failures["b"].verdict is Verdict.TIMED_OUT
    assert session.outputs["c"][0]["text"] == "1\n"


@pytest.mark.parametrize("name", ["helper", "kernel", "protocol", "shell", "start", "aftermath"])
def test_when_a_notebook_writes_a_module_then_it_can_import_it(name: str, session: Session) -> None:
    said(session, f"%%writefile {name}.py\nWHO = 'student'")
    assert said(session, f"import {name}\nprint({name}.WHO)") == "student\n"
    said(session, f"%%writefile {name}.py\nWHO = 'changed'")
    again = f"import importlib\nimportlib.reload({name})\nprint({name}.WHO)"
    assert said(session, again) == "changed\n"


def test_when_a_notebook_writes_a_module_of_a_librarys_name_then_the_library_stays(
    session: Session,
) -> None:
    said(session, "%%writefile colorsys.py\nraise SystemExit")
    assert said(session, "import colorsys\nprint(colorsys.rgb_to_hsv(0, 0, 1)[2])") == "1\n"


def test_when_a_notebook_logs_everything_then_the_kernel_stays_out_of_it(
    session: Session,
) -> None:
    said(session, "import logging\nlogging.basicConfig(level=logging.DEBUG)")
    text = said(session, "logging.getLogger('mine').info('hello')")
    assert text == "INFO:mine:hello\n"
    said(session, "logging.getLogger().setLevel(logging.WARNING)")


def test_when_a_package_lies_in_a_folder_then_it_is_found_there_too(session: Session) -> None:
    said(session, "import os\nos.makedirs('sub/pack')\nopen('sub/pack/__init__.py', 'w').close()")
    said(session, "%cd sub\nimport pack\n%cd ..")


def test_when_a_class_is_honest_and_odd_then_nobody_loses_a_point(
    assignment: Assignment, right: NotebookNode
) -> None:
    for name, data in honest_class(right, 12, seed=3):
        report = grade(assignment, Submission(data), seed=3)
        assert report.score == 17, (name, report.notices)

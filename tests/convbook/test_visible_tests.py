"""What a student sees of the visible tests: every one of them, whatever a function does."""

from __future__ import annotations

import ast
import re
import sys
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

from convbook.visible_tests import Line, Table, VisibleTests, VisibleTestsFailed
from tests.browser.axe import found_by_axe
from tests.browser.visiting import visit
from tests.serving import served

CELL = """\
with VisibleTests("double") as test:
    test("a number of one cell", np.array([1]), gives=[2])
    test("two cells", np.array([1, 2]), gives=[2, 4])
    test("text is refused", "text", raises=ValueError, mentions="text")
"""
RIGHT = """\
def double(x):
    if isinstance(x, str):
        raise ValueError(f"x (={x!r}) is text")
    return 2 * x
"""
HOSTILE = """\
class Sly:
    def __repr__(self):
        raise SystemExit
    __str__ = __eq__ = __array__ = __repr__


class SlyError(Exception):
    def __str__(self):
        raise KeyError


class Meta(type):
    __name__ = property(lambda cls: 1 / 0)


class NamelessError(Exception, metaclass=Meta):
    pass


class SlyText(str):
    __getitem__ = __len__ = __iter__ = split = lambda *_: 1 / 0


class SlyTextError(Exception):
    def __str__(self):
        return SlyText("<b>sly</b>")


class Posing(np.ndarray):
    def __eq__(self, other):
        return True
    __array_ufunc__ = None

"""


def shown(function: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Run the tests of ``function``; return the table as text, and the error."""
    names = {"VisibleTests": VisibleTests, "np": np}
    exec(HOSTILE + function, names)
    error = ""
    try:
        exec(CELL, names)
    except VisibleTestsFailed as failed:
        error = str(failed)
    return capsys.readouterr().out, error


def body(line: str) -> str:
    return f"def double(x):\n    {line}\n"


def test_when_every_test_passes_then_each_has_its_line_and_nothing_is_raised(capsys):
    table, error = shown(RIGHT, capsys)
    assert table.splitlines() == [
        "double: 3 of 3 tests passed",
        "✓ a number of one cell",
        "✓ two cells",
        "✓ text is refused",
    ]
    assert error == ""


FAULTS = {
    "returns nothing": ("pass", "it returned None, it must return an array: is a return missing?"),
    "a list": ("return [2, 4]", "it returned list, it must return an array"),
    "a shape": ("return np.zeros((2, 3))", "the shape is (2, 3), it must be (1,)"),
    "values": ("return x", "1 of 1 values differ"),
    "not a number": ("return x * np.nan", "1 of 1 values differ"),
    "objects": ("return np.array([Sly])", "the values have dtype object, they must be float64"),
    "complex": ("return x * (2 + 0j)", "dtype complex128, they must be float64"),
    "raises": ("return x[5]", "it raised IndexError: "),
    "sys.exit": ("raise SystemExit(3)", "it raised SystemExit: 3"),
    "recursion": ("return double(x)", "it raised RecursionError: "),
    "too many arguments": ("return double(x, 1)", "it raised TypeError: double() takes 1"),
    "unreadable error": ("raise SlyError", "it raised SlyError: its message cannot be read"),
    "unreadable value": ("return Sly()", "it returned Sly, it must return an array"),
    "error without a name": ("raise NamelessError('no')", "it raised NamelessError: no"),
    "value without a name": ("return NamelessError()", "returned NamelessError, it must return"),
    "sly message": ("raise SlyTextError", "it raised SlyTextError: <b>sly</b>"),
    "always equal": ("return x.view(Posing)", "1 of 1 values differ"),
    "not written": ("raise NotImplementedError('later')", "it raised NotImplementedError: later"),
    "endless message": ("raise ValueError('y' * 10**6)", "it raised ValueError: yyyy"),
    "a generator": ("yield 1", "it returned generator, it must return an array"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_when_a_function_goes_wrong_then_the_other_tests_still_have_their_line(case, capsys):
    line, said = FAULTS[case]
    table, error = shown(body(line), capsys)
    assert len(re.findall("^[✓✗] ", table, flags=re.MULTILINE)) == 3
    assert said in table
    assert len(table) < 3000
    assert re.match(r"[123] of 3 tests of double failed; '[a-z ]+': ", error)


def test_when_the_function_raises_then_the_line_says_where_in_the_students_own_cell(capsys):
    table, _ = shown(body("import json\n    return json.loads(x)"), capsys)
    said = "it raised TypeError: the JSON object must be str, bytes or bytearray, not ndarray"
    assert f"    {said} (line {HOSTILE.count(chr(10)) + 3})\n" in table


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("", "double is not defined: run the cell that defines it"),
        ("double = 3", "double is no function any more: run its cell again"),
    ],
)
def test_when_there_is_no_function_then_every_line_says_so(function, said, capsys):
    assert shown(function, capsys)[0].count(said) == 3


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("return x", "it returned 'text'\n    must raise a ValueError whose message contains"),
        ("raise ValueError('no')", "it raised ValueError: no\n    must raise a ValueError whose"),
        ("raise KeyError('text')", "it raised KeyError: 'text'"),
    ],
)
def test_when_another_error_comes_than_the_one_wanted_then_both_are_named(line, said, capsys):
    assert said in shown(body(line), capsys)[0]


def test_when_a_function_changes_its_argument_then_the_next_test_gets_it_whole():
    names = {"VisibleTests": VisibleTests, "x": np.array([1, 2]), "empty": lambda x: x.fill(0)}
    with pytest.raises(VisibleTestsFailed):
        exec("with VisibleTests('empty') as test: test('zeros', x, gives=[0, 0])", names)
    assert names["x"].tolist() == [1, 2]


def test_when_a_test_is_stopped_by_hand_then_what_ran_is_shown_and_the_rest_is_not_run(capsys):
    with pytest.raises(KeyboardInterrupt):
        shown(body("if len(x) > 1: raise KeyboardInterrupt\n    return 2 * x"), capsys)
    table = capsys.readouterr().out
    assert "✓ a number" in table
    assert "✗ two cells" in table
    assert "you stopped it" in table
    assert "refused" not in table


@pytest.mark.parametrize("wanted", [{}, {"gives": 1, "raises": ValueError}])
def test_when_a_test_does_not_say_what_must_come_then_its_author_is_told(wanted):
    with pytest.raises(TypeError, match="the test 'sum' must say gives=… or raises=…"):
        VisibleTests("sum")("sum", [1], **wanted)


@pytest.mark.parametrize(("given", "passes"), [((3, 4), True), ([3, 4], False), ((3, 5), False)])
def test_when_no_array_must_come_then_type_and_value_are_compared(given, passes, capsys):
    names = {"VisibleTests": VisibleTests, "same": lambda x: x, "given": given}
    cell = "with VisibleTests('same') as test: test('pair', given, gives=(3, 4))"
    failed = False
    try:
        exec(cell, names)
    except VisibleTestsFailed:
        failed = True
    assert failed is not passes


@given(st.text(), st.text())
def test_whatever_a_line_says_then_html_shows_it_as_text(teaches, fault):
    html = Table("f", (Line(teaches, fault),))._repr_html_()
    bare = unescape(re.sub(r"<style>.*?</style>|<[^<>]*>", "", html, flags=re.DOTALL))
    word = "✗ failed" if fault else "✓ passed"
    count = 0 if fault else 1
    assert bare == f"f: {count} of 1 tests passed{word}{teaches}{fault}"
    assert html.count("<") == Table("f", (Line("", fault),))._repr_html_().count("<")


@pytest.mark.browser
@pytest.mark.parametrize(("ink", "paper"), [("#000", "#fff"), ("#fff", "#111")])
def test_when_the_table_is_shown_then_axe_finds_nothing_and_it_fits(ink, paper, browser, tmp_path):
    lines = (Line("it adds"), Line("it multiplies", f"f({'1, ' * 60})\nit returned None"))
    body = f'<body style="color:{ink};background:{paper}"><main><h1>f</h1>'
    head = f"<!doctype html><html lang=en><meta charset=utf-8><title>f</title>{body}"
    (tmp_path / "page.html").write_text(f"{head}{Table('f', lines)._repr_html_()}</main>")
    for width in (1280, 390):
        screen = {"viewport": {"width": width, "height": 844}}
        with (
            served(tmp_path) as address,
            visit(browser, f"{address}/page.html", **screen) as (page, _),
        ):
            assert found_by_axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def run_in_a_kernel(function: str, **rules: object) -> NotebookNode:
    """Return the test cell of ``double`` after it ran where Jupyter shows things."""
    setup = "import numpy as np\nfrom convbook.visible_tests import VisibleTests"
    cells = [new_code_cell(source) for source in (setup, function, CELL)]
    cells[2].metadata["nbgrader"] = {"grade_id": "test_double", "schema_version": 3, **rules}
    notebook = new_notebook(cells=cells)
    NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True).execute()
    return cells[2]


def test_when_run_in_a_kernel_then_a_table_comes_before_one_line_of_error():
    table, error = run_in_a_kernel(body("x = 1 / 0")).outputs
    said = "it raised ZeroDivisionError: division by zero (line 2: x = 1 / 0)"
    assert said in table.data["text/plain"]
    assert table.data["text/html"].count('<th scope="row">✗ failed') == 3
    assert error.ename == "VisibleTestsFailed"
    assert error.traceback == [f"VisibleTestsFailed: {error.evalue}"]


@pytest.mark.parametrize(("function", "earned"), [(RIGHT, 4), (body("return x"), 0)])
def test_when_plain_nbgrader_runs_the_cell_then_one_failed_test_costs_its_points(function, earned):
    cell = run_in_a_kernel(function, grade=True, solution=False, points=4)
    assert determine_grade(cell) == (earned, 4)


def test_when_the_jail_has_the_file_then_it_needs_nothing_else_of_the_course():
    tree = ast.parse(Path(sys.modules[VisibleTests.__module__].__file__ or "").read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not [node for node in imports if "convbook" in ast.unparse(node)]

"""The library of an assignment: edits as they are written, and what is said of those that err."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignments.assignment import Assignment, ReleasedCell
from autograder.assignments.course import Course
from autograder.trials.edits import Edit, LibraryError, read_edits
from autograder.trials.implementations import load_implementations, solved, with_implementation
from tests.autograder.throw_away import ID, copy_of

BASE = '''\
"""What stands around a function counts, too."""

import functools

LIMIT = 3


class Layer:
    @functools.cache
    def size(self, n):
        return n - LIMIT + 1


def helper(n):
    return Layer().size(n)
'''
RULES = {"grade": True, "solution": False, "locked": True, "points": 2.0}
CELLS = tuple(ReleasedCell(f"test_{name}", "code", "", RULES) for name in ("Layer", "other"))
CHECKS = """
from autograder.checks import Hint
FLAVOUR = "numpy"
LATE = Hint("late", "You came late.")
"""
ASSIGNMENT = Assignment("42-made-up", CELLS, own_checks=CHECKS)
GOOD = {
    "about": "'Too many.'",
    "old": "'n - LIMIT + 1'",
    "new": "'n - LIMIT + 2'",
    "loses": "1",
    "hint": "'late'",
}


def table(**changes: str | None) -> str:
    """A table of TOML: a good edit but for the changes; None leaves a key out."""
    keys = {**GOOD, **changes}
    lines = (f"{key} = {value}" for key, value in keys.items() if value is not None)
    return "\n".join(["[too_many]", *lines, ""])


def read(folder: Path, text: str, base: str = BASE) -> list[Edit]:
    path = folder / "Layer.toml"
    path.write_text(text, encoding="utf-8")
    return list(read_edits(ASSIGNMENT, path, base))


def test_when_an_edit_is_read_then_its_code_is_the_whole_cell_with_the_change(
    tmp_path: Path,
) -> None:
    (edit,) = read(tmp_path, table())
    assert edit == Edit(
        "Layer_too_many", "Too many.", BASE.replace("+ 1", "+ 2"), {"test_Layer": 1.0}, "late"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("'@functools.cache'", "'@functools.lru_cache(1)'"),
        ("'LIMIT = 3'", "'LIMIT = 4'"),
        ("'return Layer().size(n)'", "'return 0'"),
        ("'import functools'", "'import functools, math'"),
        ("'    @functools.cache\\n'", "''"),
        ("['LIMIT = 3', 'LIMIT + 1']", "['LIMIT = 2', 'LIMIT + 2']"),
        ("['LIMIT + 1', 'LIMIT + 2 - 1']", "['LIMIT + 2 - 1', 'LIMIT']"),
    ],
)
def test_when_any_part_of_a_cell_is_edited_then_all_the_rest_stays(
    old: str, new: str, tmp_path: Path
) -> None:
    old, new = (text.replace("'", '"') for text in (old, new))
    (edit,) = read(tmp_path, table(old=old, new=new))
    assert ast.dump(ast.parse(edit.code)) != ast.dump(ast.parse(BASE))
    kept = [line for line in BASE.splitlines() if line in edit.code.splitlines()]
    assert len(kept) >= len(BASE.splitlines()) - 2


def test_when_the_idea_differs_then_code_stands_for_the_whole_cell(tmp_path: Path) -> None:
    text = table(old=None, new=None, code="'''\nclass Layer:\n    pass\n'''")
    (edit,) = read(tmp_path, text)
    assert edit.code == "class Layer:\n    pass\n"


def test_when_points_are_lost_in_several_cells_then_a_table_names_them(tmp_path: Path) -> None:
    (edit,) = read(tmp_path, table(loses="{test_Layer = 1, test_other = 0.5}"))
    assert edit.loses == {"test_Layer": 1.0, "test_other": 0.5}


ERRORS = {
    "not found": (table(old="'n + LIMIT'"), "must stand once in the solution's cell, not 0 times"),
    "found twice": (table(old="'LIMIT'"), "not 2 times: add what stands around the one you mean"),
    "empty": (table(old="''"), "not 0 times"),
    "nothing": (table(new="'n - LIMIT + 1'"), "changes nothing that Python sees"),
    "a comment": (table(new="'n - LIMIT + 1  # more'"), "changes nothing that Python sees"),
    "same code": (table(old=None, new=None, code=f"'''{BASE}'''"), "changes nothing"),
    "no Python": (table(new="'n -'"), "does not parse: invalid syntax"),
    "unknown cell": (
        table(loses="{test_layer = 1}"),
        "test cell (='test_layer') must be one of test_Layer, test_other",
    ),
    "points as text": (table(loses="'1'"), "loses (='1') must be a number above 0 and at most 2"),
    "points true": (table(loses="true"), "loses (=True) must be a number"),
    "points nan": (table(loses="nan"), "loses (=nan) must be a number"),
    "points infinite": (table(loses="inf"), "loses (=inf) must be a number"),
    "points negative": (table(loses="-1"), "loses (=-1) must be a number"),
    "too many points": (table(loses="2.5"), "loses (=2.5) must be a number above 0 and at most 2"),
    "points in a list": (table(loses="[1]"), "loses (=[1]) must be a number"),
    "unknown hint": (table(hint="'lat'"), "hint (='lat') must be one of late"),
    "hint of another kind": (table(hint="['late']"), "hint (=['late']) must be one of late"),
    "no hint": (table(hint=None), "hint is missing"),
    "nothing lost": (table(loses=None), "loses is missing"),
    "nothing said": (table(about="''"), "about is missing"),
    "no new": (table(new=None), "new (=None) must be text"),
    "a number for old": (table(old="3"), "old (=3) must be text"),
    "uneven": (table(old="['LIMIT = 3']", new="[]"), "has 1 old and 0 new texts"),
    "code and edit": (table(code="'x = 1'"), "has code beside old or new"),
    "misspelt key": (table(hnit="'late'"), "hnit is no key: use about, old"),
    "doubled name": (table() + table(), "too_many"),
    "no table": ("too_many = 3", "must be a table"),
    "no TOML": ("[too_many", "correct the file"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_when_an_edit_breaks_a_rule_then_the_error_names_file_edit_value_and_fix(
    name: str, tmp_path: Path
) -> None:
    text, said = ERRORS[name]
    with pytest.raises(LibraryError) as raised:
        read(tmp_path, text)
    assert said in str(raised.value)
    assert str(raised.value).startswith(f"{tmp_path}/Layer.toml: ")
    assert "too_many" in str(raised.value) or name == "no TOML"


def test_when_the_file_is_no_text_then_the_error_names_it(tmp_path: Path) -> None:
    (tmp_path / "Layer.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(LibraryError, match=r"Layer.toml: 'utf-8' codec"):
        list(read_edits(ASSIGNMENT, tmp_path / "Layer.toml", BASE))


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=60))
def test_when_any_text_is_edited_then_it_holds_the_change_or_an_error_says_why(
    tmp_path_factory: pytest.TempPathFactory, old: str, new: str, base: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    text = table(old=_toml(old), new=_toml(new))
    try:
        (edit,) = read(folder, text, base)
    except LibraryError:
        return
    assert base.count(old) == 1
    assert edit.code == base.replace(old, new)
    assert ast.dump(ast.parse(edit.code)) != ast.dump(ast.parse(base))


def _toml(text: str) -> str:
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


@pytest.fixture
def own(elsewhere: Course, tmp_path: Path) -> Course:
    return copy_of(elsewhere, tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("wrong/plcaes.toml", "", "there is no cell plcaes with checks: name the file after one"),
        ("right/other.py", "def f():\n    pass\n", "defines none of places, Stack: write one"),
        ("right/other.py", "def f(:\n", "does not parse: invalid syntax"),
    ],
)
def test_when_a_file_of_the_library_is_of_no_use_then_the_error_says_why(
    name: str, text: str, said: str, own: Course
) -> None:
    path = own.folder_of(ID) / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LibraryError, match=said) as raised:
        load_implementations(own, ID, name.split("/")[0])
    assert str(path) in str(raised.value)


def test_when_a_right_answer_is_a_class_or_a_value_then_it_counts_with_all_around_it(
    own: Course,
) -> None:
    (own.folder_of(ID) / "right" / "counted.py").unlink()
    code = (
        '"""By other means."""\nfrom functools import partial\n'
        "places = partial(lambda s, n, k, stride=1: (n - k) // stride + 1, 0)\n\n\n"
        "@staticmethod\ndef helper():\n    pass\n\n\nclass Stack:\n    pass\n"
    )
    (own.folder_of(ID) / "right" / "other.py").write_text(code, encoding="utf-8")
    (right,) = load_implementations(own, ID, "right")
    assert (right.functions, right.about) == (("places", "Stack"), "By other means.")
    cells = [cell.source for cell in with_implementation(solved(own, ID), right).cells]
    assert code in cells
    assert not [source for source in cells if "BEGIN SOLUTION" in source]

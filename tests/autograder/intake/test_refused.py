"""Everybody of whom something came in is received or refused, once."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from autograder.assignments.assignment import Assignment
from autograder.intake.collect import collect
from tests.autograder.downloads import (
    GOOD,
    NB,
    member,
    nested,
    notebook,
    students,
    unpacked,
    zipped,
)

LINK = 0o120777
OTHER = notebook("pool2d", "test_pool2d")
# What student-02 handed in, none of which can be graded.
NOTHING: dict[str, list[tuple[str | zipfile.ZipInfo, bytes]]] = {
    "a link": [(member(f"student-02/{NB}", LINK), b"/etc/passwd")],
    "text": [("student-02/answer.txt", b"my answer")],
    "no JSON under another name": [("student-02/answer.ipynb", b"PK")],
    "another assignment": [("student-02/answer.ipynb", OTHER)],
    "an empty zip": [("student-02/answer.zip", nested([]))],
    "a broken zip": [("student-02/answer.zip", b"PK\x03\x04")],
    "a zip in a zip": [("student-02/answer.zip", nested([("a.zip", nested([]))]))],
    "a zip of text": [("student-02/answer.zip", nested([("a.txt", b"")]))],
    "several of these": [
        ("student-02/a.txt", b""),
        ("student-02/b.zip", b"PK"),
        ("student-02/c.ipynb", OTHER),
    ],
}


@pytest.mark.parametrize("what", NOTHING)
def test_when_nothing_of_a_student_can_be_graded_then_it_is_refused_once_with_a_line(
    what: str, assignment: Assignment, tmp_path: Path
) -> None:
    files = [(f"student-01/{NB}", GOOD), *NOTHING[what], (f"student-03/{NB}", GOOD)]
    collected = collect(zipped(tmp_path / "in.zip", files), assignment)
    assert students(collected) == ["student-01", "student-03"]
    assert [one.who for one in collected.refused] == ["student-02"]
    assert collected.refused[0].line in collected.lines


def test_when_a_folder_cannot_be_read_then_its_student_is_refused(
    assignment: Assignment, tmp_path: Path
) -> None:
    unpacked(tmp_path, [(f"student-01/{NB}", GOOD), (f"student-02/{NB}", GOOD)])
    link = tmp_path / "student-02" / NB
    link.unlink()
    link.symlink_to(tmp_path / "student-01" / NB)
    collected = collect(tmp_path, assignment)
    assert students(collected) == ["student-01"]
    assert [one.who for one in collected.refused] == ["student-02"]


def test_when_names_are_no_ids_then_each_is_refused_by_its_own(
    assignment: Assignment, tmp_path: Path
) -> None:
    files = [(f"{name}/{NB}", GOOD) for name in ("a b", "..", "müller", "-x", "student-01")]
    files += [("a b/second.ipynb", GOOD)]
    collected = collect(zipped(tmp_path / "in.zip", files), assignment)
    assert students(collected) == ["student-01"]
    assert sorted(one.who for one in collected.refused) == ["-x", "..", "a b", "müller"]


def test_when_the_class_is_taken_in_then_everybody_is_received_or_refused_and_not_both(
    assignment: Assignment, tmp_path: Path
) -> None:
    files = [(f"student-01/{NB}", GOOD), ("student-01/x.txt", b""), (f"x y/{NB}", GOOD)]
    collected = collect(zipped(tmp_path / "in.zip", files), assignment)
    assert students(collected) == ["student-01"]
    assert [one.who for one in collected.refused] == ["x y"]
    assert json.loads(collected.received[0].read())


STRAY = {
    "s02.rar": b"Rar!\x1a\x07",
    "s02.pdf": b"%PDF-1.7",
    "adamsann_42_text.html": b"<p>my answer</p>",
    "s02.tar.gz": b"\x1f\x8b",
    "s02.json": b'{"answer": 1}',
}


@pytest.mark.parametrize("form", ["zip", "folder"])
@pytest.mark.parametrize("name", STRAY)
def test_when_something_else_lies_among_notebooks_then_it_is_refused_with_a_line(
    name: str, form: str, assignment: Assignment, tmp_path: Path
) -> None:
    make = zipped if form == "zip" else unpacked
    files = [("s01.ipynb", GOOD), (name, STRAY[name]), ("s03.ipynb", GOOD)]
    collected = collect(make(tmp_path / "in.zip", files), assignment)
    assert students(collected) == ["s01", "s03"]
    (refused,) = collected.refused
    assert refused.line in collected.lines
    assert name in str(refused.line)


@pytest.mark.parametrize("ending", [".txt", ".json", ".ipynb.txt", ".ipynb.json", ".IPYNB", ".nb"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_when_a_notebook_has_another_ending_then_it_is_taken_by_what_is_in_it(
    ending: str, encoding: str, assignment: Assignment, tmp_path: Path
) -> None:
    data = GOOD.decode().encode(encoding)
    files = [("s01.ipynb", GOOD), (f"s02{ending}", data), (f"s03/answer{ending}", data)]
    collected = collect(unpacked(tmp_path, files), assignment)
    assert students(collected) == ["s01", "s02", "s03"]
    assert collected.refused == ()

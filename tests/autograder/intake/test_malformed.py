"""What students hand in instead of a notebook: each has its message, and costs nobody else."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import nbformat
import pytest

from autograder.assignments.assignment import Assignment
from autograder.intake.collect import collect
from tests.autograder.downloads import (
    BAD,
    GOOD,
    ID,
    MINE,
    NB,
    OTHER,
    Files,
    member,
    nested,
    notebook,
    require_others,
    unpacked,
    zipped,
)

LATIN = BAD.replace(b"# conv1d", "# caf\u00e9".encode("latin-1"))
R = json.dumps({"kernelspec": {"name": "ir", "display_name": "R"}})


def older(data: bytes, version: int) -> bytes:
    """Return the notebook in an older format; format 2 differs by its number."""
    made = nbformat.convert(nbformat.reads(data.decode(), 4), 3)
    return json.dumps(made | {"nbformat": version}).encode()


# For each: what student-02 handed in, and what must be said.
CONTENT: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty: hand in the notebook again"),
    "blank": (b" \n\t\n", "the file is empty"),
    "only a byte order mark": (b"\xef\xbb\xbf", "the file is not JSON"),
    "not JSON": (b"print('hello')", r"the file is not JSON \(Expecting value"),
    "cut off": (BAD[:200], r"the file is not JSON \("),
    "a PDF": (b"%PDF-1.7 ...", "not JSON but a PDF file: hand in the .ipynb file itself"),
    "a web page": (b"\n<!DOCTYPE html>", "not JSON but a web page"),
    "a zip by another name": (nested([(NB, BAD)]), "not JSON but a zip archive"),
    "Latin-1": (LATIN, r"the file is not UTF-8 text .*0xe9.*: open it in Jupyter"),
    "marked as UTF-16": (b"\xff\xfe\x00", "not UTF-8 text, nor the UTF-16 it is marked as"),
    "nested too deep": (b'{"cells":' + b"[" * 100_000, "the file is not JSON"),
    "a list": (b"[1, 2]", "the file is not a Jupyter notebook: it is other JSON"),
    "format 5": (notebook("conv1d", nbformat=5), r"nbformat \(=5\) must be one of 2, 3, 4: save"),
    "format 1": (notebook("conv1d", nbformat="1"), r"nbformat \(='1'\) must be one of 2, 3, 4"),
    "no list of cells": (notebook(cells={}), "not a Jupyter notebook: it has no list of cells"),
    "a cell that is none": (notebook(cells=[7]), "not a Jupyter notebook: cell 1 is no cell but 7"),
    "broken format 3": (notebook(nbformat=3, worksheets=7), "not a Jupyter notebook of format 3"),
    "no cell of the assignment": (notebook(), "it has no graded cell"),
    "another assignment": (OTHER, r"graded cells are of another assignment \(pool2d, test_pool2d"),
    "an R notebook": (
        BAD.replace(b'"metadata": {}, "cells"', b'"metadata": ' + R.encode() + b', "cells"'),
        "its kernel is 'ir'; it is graded with the course's Python",
    ),
    "format 3": (older(BAD, 3), "it is in notebook format 3; it was brought up to date"),
    "format 2": (older(BAD, 2), "it is in notebook format 2; it was brought up to date"),
    "21 MB of text": (notebook("conv1d", notes=str([*range(3_000_000)])), "MB besides its outputs"),
}


@pytest.mark.parametrize("form", ["zip", "folder"])
@pytest.mark.parametrize("case", CONTENT)
def test_when_the_content_is_malformed_then_it_is_said_and_nobody_else_loses(
    case: str, form: str, assignment: Assignment, tmp_path: Path
) -> None:
    data, message = CONTENT[case]
    files = [(f"student-01/{NB}", GOOD), (MINE, data), (f"student-03/{NB}", notebook("conv2d"))]
    make, name = (zipped, "class.zip") if form == "zip" else (unpacked, "class")
    require_others(collect(make(tmp_path / name, files), assignment), message)


NAMES: dict[str, tuple[Files, str]] = {
    "an absolute path": ([("/etc/student-02/x.ipynb", BAD)], "its path in the zip is absolute"),
    "a drive": ([(member(f"C:\\in\\{NB}"), BAD)], "its path in the zip is absolute"),
    "a path that leads out": ([(f"student-02/../../{NB}", BAD)], "leads out of it"),
    "backslashes that lead out": ([(member(f"..\\..\\{NB}"), BAD)], "leads out of it"),
    "a link": ([(member(MINE, stat.S_IFLNK), b"/etc/passwd")], "it is a link; links are not"),
    "a device": ([(member(MINE, stat.S_IFCHR), b"")], "it is no regular file"),
    "a pipe": ([(member(MINE, stat.S_IFIFO), b"")], "it is no regular file"),
    "a folder with a notebook's name": (
        [(member(f"{MINE}/", stat.S_IFDIR), b"")],
        "it is a folder with the name of a notebook",
    ),
    "a zip bomb": ([(MINE, b" " * 2**24)], "it is a zip bomb: .* unpack to more than 1000 times"),
    "a name with control characters": (
        [("student-02/\x1b[2J\x07.ipynb", BAD)],
        r"handed in as '\\\\x1b\[2J\\\\x07.ipynb'; it counts as",
    ),
    "a student with control characters": (
        [(f"\x1b[31mstudent/{NB}", BAD)],
        r"student id \(='\\\\x1b\[31mstudent'\) must start with a letter or digit",
    ),
    "a student like an option": ([("-rf.ipynb", BAD)], r"\(='-rf'\) must start with"),
    "no student": ([(f"{ID} (1).ipynb", BAD)], "its name does not say whose it is"),
    "no notebook": ([("student-02/hw.pdf", b"")], "student-02 handed in no notebook but hw.pdf"),
    "only a checkpoint": (
        [(f"student-02/.ipynb_checkpoints/{ID}-checkpoint.ipynb", BAD)],
        r"__MACOSX and .ipynb_checkpoints \(1 in all\): left alone",
    ),
    "another name and no cells": (
        [("student-02/Untitled.ipynb", notebook())],
        "it has no graded cell and is not called 01-convolution: look at it",
    ),
    "another name and no notebook": ([("student-02/x.ipynb", b"")], "the file is empty"),
    "a zip that is none": ([("student-02/x.zip", b"PK")], "it is no zip that can be read"),
    "a zip in a zip in a zip": (
        [("student-02/x.zip", nested([("y.zip", nested([(NB, BAD)]))]))],
        "it is a zip in a zip in a zip",
    ),
    "a zip of too many files": (
        [("student-02/x.zip", nested((f"{n}.txt", b"") for n in range(1001)))],
        "it holds 1001 files, more than the 1000 that are looked at",
    ),
    "a bomb in a student's zip": (
        [("student-02/x.zip", nested([(NB, b" " * 2**24)]))],
        "it is a zip bomb",
    ),
    "a link in a student's zip": (
        [("student-02/x.zip", nested([(member(NB, stat.S_IFLNK), b"/etc/passwd")]))],
        "it is a link",
    ),
    "too many notebooks": (
        [(f"student-02/{n}.ipynb", notebook("conv1d", n=n)) for n in range(21)],
        "student-02 handed in 21 notebooks; 20 are looked at",
    ),
}


@pytest.mark.parametrize("case", NAMES)
def test_when_a_zip_is_malformed_then_it_is_said_and_nobody_else_loses(
    case: str, assignment: Assignment, tmp_path: Path
) -> None:
    files, message = NAMES[case]
    others = [(f"student-0{n}/{NB}", notebook("conv1d", n=n)) for n in (1, 3)]
    source = zipped(tmp_path / "in" / "class.zip", [others[0], *files, others[1]])
    require_others(collect(source, assignment), message)
    assert list(tmp_path.rglob("*")) == [tmp_path / "in", source]

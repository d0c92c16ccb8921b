"""What is odd but whole is graded; what is damaged costs nobody but the one it is from."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignments.assignment import Assignment
from autograder.intake.collect import collect
from tests.autograder.downloads import (
    BAD,
    GOOD,
    ID,
    MINE,
    NB,
    Files,
    member,
    nested,
    notebook,
    require_others,
    said,
    students,
    unpacked,
    zipped,
)

GRADED: dict[str, tuple[Files, str]] = {
    "renamed by the browser": ([(f"student-02/{ID} (1).ipynb", BAD)], "(1).ipynb'; it counts as"),
    "a copy": ([(f"student-02/Copy_of_{ID}.ipynb", BAD)], "it counts as '01-convolution.ipynb'"),
    "Untitled": ([("student-02/Untitled7.ipynb", BAD)], "handed in as 'Untitled7.ipynb'"),
    "UTF-16": ([(MINE, BAD.decode().encode("utf-16"))], ""),
    "UTF-8 with a byte order mark": ([(MINE, b"\xef\xbb\xbf" + BAD)], ""),
    "backslashes": ([(member(f"student-02\\{NB}"), BAD)], ""),
    "a zip": ([("student-02/work.zip", nested([(f"deep/{NB}", BAD)]))], ""),
    "a zip at the top": ([("student-02.zip", nested([(NB, BAD)]))], ""),
    "a name that is there twice": ([(MINE, GOOD), (MINE, BAD)], "2 notebooks; this one counts"),
    "a Mac's leftovers": (
        [(MINE, BAD), (f"__MACOSX/student-02/._{NB}", b"\0"), ("student-02/.DS_Store", b"\0")],
        "__MACOSX and .ipynb_checkpoints (2 in all): left alone",
    ),
    "3 MB of outputs": (
        [(MINE, BAD.replace(b'"outputs": []', b'"outputs": ["' + b"x" * 3_000_000 + b'"]'))],
        "its outputs were dropped: the file held",
    ),
}


@pytest.mark.parametrize("case", GRADED)
def test_when_a_notebook_is_odd_but_whole_then_it_is_graded(
    case: str, assignment: Assignment, tmp_path: Path
) -> None:
    files, message = GRADED[case]
    source = zipped(tmp_path / "class.zip", [(f"student-01/{NB}", GOOD), *files])
    collected = collect(source, assignment)
    assert students(collected) == ["student-01", "student-02"]
    assert b"test_conv2d" not in collected.received[1].read()
    assert message in said(collected)


def encrypted(data: bytes) -> bytes:
    """Set the flag of the last member, in its header and in the directory."""
    data = bytearray(data)
    data[data.rindex(b"PK\x03\x04") + 6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying(data: bytes) -> bytes:
    """Say of the last member that it holds a byte."""
    data = bytearray(data)
    place = data.rindex(b"PK\x01\x02") + 24
    data[place : place + 4] = (1).to_bytes(4, "little")
    return bytes(data)


def unknown_method(data: bytes) -> bytes:
    data = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        start = data.rindex(mark) + place
        data[start : start + 2] = (97).to_bytes(2, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (encrypted, "it is encrypted"),
        (lying, r"it cannot be read \(Bad CRC-32"),
        (unknown_method, r"it cannot be read \(.*compression"),
    ],
)
def test_when_a_member_of_a_zip_is_damaged_then_the_others_are_graded(
    harm: Callable[[bytes], bytes], message: str, assignment: Assignment, tmp_path: Path
) -> None:
    others = [(f"student-0{n}/{NB}", notebook("conv1d", n=n)) for n in (1, 3)]
    source = zipped(tmp_path / "class.zip", [*others, (MINE, BAD)])
    source.write_bytes(harm(source.read_bytes()))
    require_others(collect(source, assignment), message)


def link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def folder_link(path: Path) -> None:
    path.symlink_to("/etc", target_is_directory=True)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (link, "it is a link; links are not followed"),
        (folder_link, "it is a link; links are not followed"),
        (os.mkfifo, "it is no regular file"),
        (Path.mkdir, "it is a folder with the name of a notebook"),
    ],
)
def test_when_a_folder_holds_no_file_there_then_it_is_said_and_nobody_else_loses(
    make: Callable[[Path], None], message: str, assignment: Assignment, tmp_path: Path
) -> None:
    others = [(f"student-0{n}/{NB}", notebook("conv1d", n=n)) for n in (1, 3)]
    (unpacked(tmp_path, others) / "student-02").mkdir()
    make(tmp_path / MINE)
    require_others(collect(tmp_path, assignment), message)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_when_a_name_is_not_unicode_then_it_is_graded_and_shown_escaped(
    assignment: Assignment, tmp_path: Path
) -> None:
    (tmp_path / "student-02").mkdir()
    with open(os.fsencode(tmp_path) + b"/student-02/caf\xe9.ipynb", "wb") as file:
        file.write(BAD)
    collected = collect(tmp_path, assignment)
    assert students(collected) == ["student-02"]
    assert r"caf\\udce9.ipynb" in said(collected)
    said(collected).encode()

"""What was handed in is only read; every file is kept byte for byte, whatever comes later."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.intake.collect import collect
from autograder.intake.originals import digest, original_path, read_original
from autograder.run import Graded, grade_all
from tests.autograder.downloads import notebook, unpacked, zipped
from tests.autograder.intake.test_layouts import LAYOUTS
from tests.autograder.notebooks import add_cell
from tests.autograder.reports import all_passed, reporting

pytestmark = pytest.mark.jail
ID = "01-convolution"
Grade = Callable[[Path], list[Graded]]
Snapshot = dict[str, tuple[bytes, int, int]]


@pytest.fixture
def grade_folder(course: Course, assignment: Assignment, grading: Path) -> Grade:
    """Take in a source and record a made-up report on everybody in it."""

    def run(source: Path) -> list[Graded]:
        received = collect(source, assignment).received
        executor = reporting(all_passed(assignment))
        return grade_all(course, ID, received, 1, executor, source=source)

    return run


def snapshot(source: Path) -> Snapshot:
    """Return every file below ``source``, or itself: bytes, rights, time of the last change."""
    files = [path for path in [source, *source.rglob("*")] if path.is_file()]
    return {
        str(path.relative_to(source)): (
            path.read_bytes(),
            path.stat().st_mode,
            path.stat().st_mtime_ns,
        )
        for path in files
    }


def odd_file(number: int) -> bytes:
    """A notebook as some computer wrote it: with a byte order mark and line ends of Windows."""
    return b"\xef\xbb\xbf" + notebook("conv1d", str(number)).replace(b"\n", b"\r\n")


FORMS = [*[(layout, "folder") for layout in LAYOUTS], ("moodle", "zip"), ("canvas", "zip")]


@pytest.mark.parametrize(("layout", "form"), FORMS)
def test_when_a_source_is_graded_twice_then_every_byte_of_it_is_as_before(
    layout: str, form: str, grade_folder: Grade, course: Course, tmp_path: Path
) -> None:
    path, student = LAYOUTS[layout]
    files = [(path.format(number), odd_file(int(number))) for number in ("07", "08")]
    make, name = (zipped, "class.zip") if form == "zip" else (unpacked, "class")
    source = make(tmp_path / name, files)
    before = snapshot(source)
    for _ in range(2):
        assert all(one.report for one in grade_folder(source))
        assert snapshot(source) == before
    for number, (_, data) in zip(("07", "08"), files, strict=True):
        assert read_original(course, ID, student.format(number), digest(data)) == data


@pytest.mark.parametrize("depth", ["submitted", "."])
def test_when_the_source_is_nbgraders_own_folder_then_it_is_only_read(
    depth: str, grade_folder: Grade, course: Course, grading: Path
) -> None:
    files = [
        (f"submitted/student-01/{ID}/{ID}.ipynb", odd_file(1)),
        (f"submitted/student-01/{ID}/timestamp.txt", b"2026-03-01 12:00:00 CET"),
        (f"submitted/student-02/{ID}/{ID} (1).ipynb", odd_file(2)),
        (f"submitted/student-03/{ID}/{ID}.ipynb", b"no notebook"),
        (f"submitted/student-04/{ID}/as-submitted", odd_file(4)),
        (f"submitted/student-05/{ID}/deep/{ID}.ipynb", odd_file(5)),
    ]
    unpacked(grading, files)
    source = grading / "submitted"
    before = snapshot(source)
    for _ in range(2):
        assert grade_folder(grading / depth)
        assert snapshot(source) == before
    assert read_original(course, ID, "student-02", digest(odd_file(2))) == odd_file(2)
    assert read_original(course, ID, "student-03", digest(b"no notebook")) == b"no notebook"


def test_when_a_student_hands_in_again_then_both_files_are_kept(
    grade_folder: Grade, course: Course, grading: Path, tmp_path: Path
) -> None:
    for number in (1, 2, 1):
        source = unpacked(tmp_path / "in", [("student-01.ipynb", odd_file(number))])
        grade_folder(source)
        shown = grading / "submitted" / "student-01" / ID / f"{ID}.ipynb"
        assert shown.read_bytes() == odd_file(number)
    for number in (1, 2):
        data = odd_file(number)
        assert read_original(course, ID, "student-01", digest(data)) == data


def test_when_a_file_that_is_kept_nowhere_else_lies_in_submitted_then_it_stays(
    grade_folder: Grade, grading: Path, tmp_path: Path
) -> None:
    unpacked(grading, [(f"submitted/student-01/{ID}/{ID}.ipynb", odd_file(1))])
    grade_folder(unpacked(tmp_path / "in", [("student-01.ipynb", odd_file(2))]))
    shown = grading / "submitted" / "student-01" / ID / f"{ID}.ipynb"
    assert shown.read_bytes() == odd_file(1)


def test_when_nbgrader_collected_a_file_then_a_later_one_from_elsewhere_leaves_it_and_its_time(
    grade_folder: Grade, grading: Path, tmp_path: Path
) -> None:
    folder = grading / "submitted"
    collected = [(f"student-01/{ID}/{ID}.ipynb", odd_file(1))]
    collected += [(f"student-01/{ID}/timestamp.txt", b"2026-03-01 12:00:00.25 CET")]
    unpacked(folder, collected)
    before = snapshot(folder)
    grade_folder(folder)  # its file is an original now
    grade_folder(unpacked(tmp_path / "in", [("student-01.ipynb", odd_file(2))]))
    assert snapshot(folder) == before


def test_when_a_person_mends_the_copy_in_submitted_then_it_stays(
    grade_folder: Grade, grading: Path, tmp_path: Path
) -> None:
    grade_folder(unpacked(tmp_path / "in", [("student-01.ipynb", odd_file(1))]))
    shown = grading / "submitted" / "student-01" / ID / f"{ID}.ipynb"
    shown.write_bytes(odd_file(3))
    grade_folder(unpacked(tmp_path / "in", [("student-01.ipynb", odd_file(2))]))
    assert shown.read_bytes() == odd_file(3)


def test_when_the_same_file_comes_with_another_time_then_nbgrader_finds_that_one(
    grade_folder: Grade, grading: Path, tmp_path: Path
) -> None:
    clock = grading / "submitted" / "student-01" / ID / "timestamp.txt"
    for number, time in enumerate(("2026-03-01 12:00:00 UTC", "2026-03-02 12:00:00 UTC", None)):
        name = f"student-01+{ID}+{time}/{ID}.ipynb" if time else f"student-01/{ID}.ipynb"
        grade_folder(unpacked(tmp_path / str(number), [(name, odd_file(1))]))
        assert (clock.read_text().strip() if clock.exists() else None) == time


def test_when_a_big_file_is_graded_without_its_outputs_then_all_of_it_is_kept(
    grade_folder: Grade, course: Course, assignment: Assignment, grading: Path, tmp_path: Path
) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 3 * 2**20}
    cell = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "conv1d"}}, "source": ""}
    data = json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 4,
            "metadata": {},
            "cells": [cell | {"outputs": [output]}],
        }
    ).encode()
    source = zipped(tmp_path / "class.zip", [("student-01.ipynb", data)])
    (one,) = collect(source, assignment).received
    assert len(one.read()) < len(data) // 1000
    grade_folder(source)
    assert read_original(course, ID, "student-01", digest(data)) == data
    shown = grading / "submitted" / "student-01" / ID / f"{ID}.ipynb"
    assert shown.read_bytes() == data


@pytest.mark.parametrize("step", ["autograded", "feedback", "reports"])
def test_when_the_source_is_a_folder_that_grading_writes_to_then_it_is_refused(
    step: str, grade_folder: Grade, grading: Path, tmp_path: Path
) -> None:
    grade_folder(unpacked(tmp_path / "in", [("student-01.ipynb", odd_file(1))]))
    source = unpacked(grading / step, [(f"student-01/{ID}/{ID}.ipynb", odd_file(1))])
    before = snapshot(source)
    with pytest.raises(ValueError, match="is where grading writes to"):
        grade_folder(source)
    assert snapshot(source) == before


def test_when_an_original_was_damaged_then_the_same_file_handed_in_again_mends_it(
    grade_folder: Grade, course: Course, tmp_path: Path
) -> None:
    source = unpacked(tmp_path / "in", [("student-01.ipynb", odd_file(1))])
    grade_folder(source)
    path = original_path(course, ID, "student-01", digest(odd_file(1)))
    path.write_bytes(b"cut o")
    assert read_original(course, ID, "student-01", digest(odd_file(1))) is None
    grade_folder(source)
    assert path.read_bytes() == odd_file(1)


def test_when_a_notebook_is_tidied_for_grading_then_only_the_autograded_one_is(
    grade_folder: Grade, grading: Path, untouched: NotebookNode, tmp_path: Path
) -> None:
    add_cell(untouched, "")  # a blank cell, which grading drops
    data = nbformat.writes(untouched).encode("utf-16")
    grade_folder(unpacked(tmp_path / "in", [("student-01.ipynb", data)]))
    folder = Path("student-01") / ID / f"{ID}.ipynb"
    assert (grading / "submitted" / folder).read_bytes() == data
    nbformat.validate(nbformat.read(grading / "autograded" / folder, as_version=4))

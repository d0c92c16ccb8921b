"""Of each student one notebook is chosen, with its time; whatever else there is, is named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.assignments.assignment import Assignment
from autograder.intake.collect import IntakeError, collect
from tests.autograder.downloads import (
    GOOD,
    ID,
    NB,
    OTHER,
    notebook,
    said,
    students,
    unpacked,
    zipped,
)
from tests.autograder.notebooks import cell_of

SEVERAL = {
    "the latest": (
        {
            "a+01-convolution+2026-03-01 12:00:00 UTC/01-convolution.ipynb": b"",
            "a+01-convolution+2026-03-09 12:00:00 UTC/01-convolution.ipynb": b"this one",
            "a+01-convolution+2026-03-08 23:00:00 UTC/01-convolution.ipynb": b"",
        },
        "3 notebooks; this one counts, the latest",
    ),
    "the exact name": (
        {"a/x/01-convolution.ipynb": b"this one", "a/y/01-convolution (1).ipynb": b""},
        "2 notebooks; this one counts, the last with the exact name",
    ),
    "the last by name": (
        {"a/01-convolution (9).ipynb": b"", "a/01-convolution (10).ipynb": b"this one"},
        "2 notebooks; this one counts, the last by name",
    ),
}


@pytest.mark.parametrize("case", SEVERAL)
def test_when_one_student_handed_in_several_then_one_counts_and_a_line_names_the_rest(
    case: str, assignment: Assignment, tmp_path: Path
) -> None:
    files, message = SEVERAL[case]
    made = [(name, notebook("conv1d", mark=mark.decode())) for name, mark in files.items()]
    collected = collect(unpacked(tmp_path / "in", [*made, (f"b/{NB}", GOOD)]), assignment)
    assert b"this one" in collected.received[0].read()
    line = next(line for line in collected.lines if message in line.rule)
    assert all(name in str(line) for name in files)
    assert all((tmp_path / "in" / name).is_file() for name in files)


def test_when_a_broken_notebook_is_later_then_the_one_with_the_cells_counts(
    assignment: Assignment, tmp_path: Path
) -> None:
    files = [(f"a/one/{NB}", GOOD), (f"a/two/{NB}", b""), (f"b/{NB}", notebook("conv1d"))]
    collected = collect(zipped(tmp_path / "x.zip", files), assignment)
    assert collected.received[0].read() == GOOD
    assert "the one with the assignment's cells" in said(collected)


@pytest.mark.parametrize(
    ("released", "solved"),
    [
        (f"a/{NB}", "a/01-convolution (1).ipynb"),
        ("a/z.ipynb", "a/b.ipynb"),
        (
            f"a+{ID}+2026-03-09 12:00:00 UTC/{NB}",
            f"a+{ID}+2026-03-01 12:00:00 UTC/{NB}",
        ),
    ],
)
def test_when_a_release_nobody_touched_lies_beside_the_work_then_the_work_counts(
    released: str, solved: str, assignment: Assignment, untouched: NotebookNode, tmp_path: Path
) -> None:
    as_released = nbformat.writes(untouched).replace("\n", "\r\n").encode()
    cell_of(untouched, "conv1d").source = "def conv1d(x, w, mode='full'):\n    return x"
    work = nbformat.writes(untouched).encode()
    files = [(released, as_released), (solved, work), (f"b/{NB}", as_released)]
    collected = collect(unpacked(tmp_path / "in", files), assignment)
    first, second = collected.received
    assert first.read() == work
    assert second.read() == as_released, "one who handed in nothing else"
    assert "2 notebooks; this one counts, the one with work in it" in said(collected)


def test_when_two_students_handed_in_the_same_bytes_then_a_line_says_so(
    assignment: Assignment, tmp_path: Path
) -> None:
    files = [(f"student-0{n}/{NB}", GOOD if n < 3 else notebook("conv1d")) for n in (1, 2, 3)]
    collected = collect(zipped(tmp_path / "x.zip", files), assignment)
    assert students(collected) == ["student-01", "student-02", "student-03"]
    assert [line.rule for line in collected.lines] == [
        "student-01, student-02 handed in the same bytes"
    ]


@pytest.mark.parametrize(
    ("files", "hour", "message"),
    [
        ({f"a/{ID}/timestamp.txt": b"2026-03-01 10:00:00.5 UTC\n"}, 10, ""),
        ({f"a/{ID}/timestamp.txt": b"2026-03-01 10:00:00 +0200"}, 8, ""),
        ({f"a/{ID}/timestamp.txt": b"2026-03-01 10:00"}, 10, ""),
        ({f"a/{ID}/timestamp.txt": b"soon"}, None, "must look like 2026-03-01 12:00:00 UTC"),
        ({f"a/{ID}/timestamp.txt": b"1" * 300}, None, "holds more than"),
        ({}, None, ""),
    ],
)
def test_when_nbgrader_noted_the_time_then_it_is_known(
    files: dict[str, bytes], hour: int, message: str, assignment: Assignment, tmp_path: Path
) -> None:
    source = unpacked(tmp_path / "submitted", [*files.items(), (f"a/{ID}/{NB}", GOOD)])
    collected = collect(source, assignment)
    when = datetime(2026, 3, 1, hour, tzinfo=UTC) if hour is not None else None
    found = collected.received[0].timestamp
    assert (found and found.replace(microsecond=0)) == when
    assert message in said(collected)


def test_when_a_student_wrote_another_time_then_the_later_one_holds_and_a_line_says_so(
    assignment: Assignment, tmp_path: Path
) -> None:
    folder = f"a+{ID}+2026-03-02 00:00:00 UTC"
    files = [(f"{folder}/{NB}", GOOD), (f"{folder}/timestamp.txt", b"2026-03-01 00:00:00 UTC")]
    collected = collect(unpacked(tmp_path, files), assignment)
    assert collected.received[0].timestamp == datetime(2026, 3, 2, tzinfo=UTC)
    assert "give different times" in said(collected)


def test_when_a_student_uploads_a_timestamp_to_a_platform_then_it_is_no_time(
    assignment: Assignment, tmp_path: Path
) -> None:
    folder = "First Last_5_assignsubmission_file_"
    files = [(f"{folder}/{NB}", GOOD), (f"{folder}/timestamp.txt", b"2020-01-01 00:00:00 UTC")]
    assert collect(unpacked(tmp_path, files), assignment).received[0].timestamp is None


def test_when_a_student_names_a_folder_like_another_student_then_it_stays_their_own(
    assignment: Assignment, tmp_path: Path
) -> None:
    inside = f"student-02+{ID}+2026-03-01 12:00:00 UTC"
    files = [
        (f"student-01/{inside}/{NB}", GOOD),
        (f"student-01/Other_7_assignsubmission_file_/{NB}", GOOD),
        (f"student-03/{NB}", notebook("conv1d")),
    ]
    collected = collect(zipped(tmp_path / "x.zip", files), assignment)
    assert students(collected) == ["student-01", "student-03"]


def test_when_work_of_other_assignments_lies_beside_it_then_nothing_is_said(
    assignment: Assignment, tmp_path: Path
) -> None:
    files = [
        (f"a/{ID}/{NB}", GOOD),
        ("a/02-pooling/02-pooling.ipynb", OTHER),
        ("a/scratch.ipynb", notebook()),
        ("readme.txt", b"hello"),
    ]
    collected = collect(unpacked(tmp_path, files), assignment)
    assert (students(collected), collected.lines) == (["a"], ())


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("nowhere", None, "nowhere is not a folder or a zip"),
        ("a.ipynb", GOOD, "is not a folder or a zip: it is no zip that can be read"),
        ("cut.zip", b"PK\x03\x04 and no end", "no zip that can be read .*: download it again"),
        ("class.tar.gz", b"", "class.tar.gz is a tar archive: unpack it, and give the folder"),
        ("notes/readme.txt", b"", "holds no submission of 01-convolution: expected STUDENT"),
    ],
)
def test_when_nothing_can_be_understood_then_one_error_says_why(
    name: str, data: bytes | None, message: str, assignment: Assignment, tmp_path: Path
) -> None:
    target = tmp_path / name
    if data is not None:
        unpacked(tmp_path, [(name, data)])
    with pytest.raises(IntakeError, match=message):
        collect(target.parent if target.suffix == ".txt" else target, assignment)


def test_when_a_file_is_gone_before_it_is_read_then_the_error_names_the_student(
    assignment: Assignment, tmp_path: Path
) -> None:
    (item,) = collect(unpacked(tmp_path, [(f"student-01/{NB}", GOOD)]), assignment).received
    (tmp_path / "student-01" / NB).unlink()
    with pytest.raises(IntakeError, match="student-01: it cannot be read"):
        item.read()

"""The files beside a notebook are found as the notebook is, and belong to its attempt."""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignments.assignment import Assignment
from autograder.assignments.handed_in import Submission
from autograder.intake.collect import IntakeError, Received, collect
from tests.autograder.downloads import member, nested, packed, said, unpacked, zipped
from tests.autograder.with_file import (  # noqa: F401
    ID,
    MODEL,
    NB,
    handed_in,
    model,
    weights,
    weights_course,
)

# ruff: noqa: F811
WORK, OTHER_WORK = handed_in(), handed_in(note="earlier")
NEW, OLD = model(1), model(2)
MOODLE = "First Last_12{}_assignsubmission_file_"
LATER = f"+{ID}+2026-03-09 12:00:00 UTC"
EARLIER = f"+{ID}+2026-03-01 12:00:00 UTC"
INBOUND = "inbound/student-{0}" + LATER + "/"
LAYOUTS = {
    "student/assignment": ("student-{0}/" + f"{ID}/{NB}", "student-{0}/" + f"{ID}/{MODEL}"),
    "student": ("student-{0}/" + NB, "student-{0}/" + MODEL),
    "flat, ending": ("student-{0}.ipynb", "student-{0}.safetensors"),
    "flat, name": ("student-{0}.ipynb", "student-{0}_" + MODEL),
    "deep": ("student-{0}/a/" + NB, "student-{0}/a/weights/" + MODEL),
    "apart": ("student-{0}/work/" + NB, "student-{0}/weights/" + MODEL),
    "exchange": (INBOUND + NB, INBOUND + MODEL),
    "moodle": (f"{MOODLE}/{NB}", f"{MOODLE}/{MODEL}"),
    "moodle, old": (f"{MOODLE}{NB}", f"{MOODLE}{MODEL}"),
    "canvas": (f"lastfirst_12{{0}}_34_{NB}", f"lastfirst_12{{0}}_35_{MODEL}"),
    "canvas, again": (
        f"lastfirst_LATE_12{{0}}_34_{ID}-1.ipynb",
        "lastfirst_LATE_12{0}_35_model-2.safetensors",
    ),
}  # fmt: skip


def beside(source: Path, assignment: Assignment) -> tuple[Received, dict[str, bytes]]:
    """Return the first who is received, and the files."""
    first = collect(source, assignment).received[0]
    return first, dict(first.submission().files)


@pytest.mark.parametrize("form", ["zip", "folder"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_when_a_layout_is_known_then_each_student_has_the_own_file(
    layout: str, form: str, weights: Assignment, tmp_path: Path
) -> None:
    files = []
    for number in ("07", "08"):
        contents = (handed_in(note=number), model(int(number)))
        paths = (path.format(number) for path in LAYOUTS[layout])
        files += list(zip(paths, contents, strict=True))
    make, name = (zipped, "class.zip") if form == "zip" else (unpacked, "class")
    collected = collect(make(tmp_path / name, files), weights)
    found = [item.submission() for item in collected.received]
    assert [one.notebook for one in found] == [files[0][1], files[2][1]]
    assert [one.files for one in found] == [{MODEL: files[1][1]}, {MODEL: files[3][1]}]
    assert MODEL not in said(collected)


@pytest.mark.parametrize("pack", [nested, packed])
@pytest.mark.parametrize("depth", ["", "work/deep/"])
def test_when_a_student_packed_both_then_both_are_found(
    pack, depth: str, weights: Assignment, tmp_path: Path
) -> None:
    archive = pack([(f"{depth}{NB}", WORK), (f"{depth}{MODEL}", NEW)])
    ending = "zip" if pack is nested else "tgz"
    source = zipped(tmp_path / "x.zip", [(f"{MOODLE.format('07')}/work.{ending}", archive)])
    assert beside(source, weights)[1] == {MODEL: NEW}


ATTEMPTS = {
    "exchange": {
        f"a{LATER}/{NB}": WORK,
        f"a{LATER}/{MODEL}": NEW,
        f"a{EARLIER}/{NB}": OTHER_WORK,
        f"a{EARLIER}/{MODEL}": OLD,
    },
    "canvas": {
        f"a_1_20_{NB}": OTHER_WORK,
        f"a_1_21_{MODEL}": OLD,
        f"a_1_100_{ID}-1.ipynb": WORK,
        "a_1_101_model-1.safetensors": NEW,
    },
    "canvas, late": {
        f"a_1_20_{NB}": OTHER_WORK,
        f"a_1_21_{MODEL}": OLD,
        f"a_LATE_1_100_{NB}": WORK,
        f"a_LATE_1_101_{MODEL}": NEW,
    },
    "archives": {
        "a/one.zip": nested([(NB, OTHER_WORK), (MODEL, OLD)]),
        "a/two.zip": nested([(NB, WORK), (MODEL, NEW)]),
    },
    "folders": {
        f"a/1/{NB}": OTHER_WORK,
        f"a/1/{MODEL}": OLD,
        f"a/2/{NB}": WORK,
        f"a/2/{MODEL}": NEW,
    },
}


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("case", ATTEMPTS)
def test_when_there_are_several_attempts_then_the_file_is_of_the_one_that_counts(
    case: str, whole: bool, weights: Assignment, tmp_path: Path
) -> None:
    files = dict(ATTEMPTS[case])
    if not whole:  # the newest one lacks the file
        if case == "canvas, late":
            files = {"a_LATE_1_100_" + NB: WORK, f"a_1_21_{MODEL}": OLD}
        elif case == "archives":
            files["a/two.zip"] = nested([(NB, WORK)])
        else:
            files = {name: data for name, data in files.items() if data != NEW}
    files[f"b/{NB}"] = handed_in(note="b")
    first, found = beside(unpacked(tmp_path, files.items()), weights)
    assert first.submission().notebook == WORK
    assert found == ({MODEL: NEW} if whole else {})
    if not whole:
        assert "came with another attempt" in first.submission().notes[MODEL]


def test_when_one_student_is_on_two_platforms_then_what_can_be_told_is(
    weights: Assignment, tmp_path: Path
) -> None:
    (tmp_path / "roster.csv").write_text("id,name,moodle,canvas\nann,Ann Adams,5,1\n")
    for folder in ("_", "_/"):
        moodle = f"Ann Adams_5_assignsubmission_file{folder}"
        files = {f"adamsann_1_20_{NB}": OTHER_WORK, f"adamsann_1_90_{ID}-1.ipynb": WORK}
        source = unpacked(tmp_path / str(len(folder)), [*files.items(), (moodle + MODEL, NEW)])
        (first,) = collect(source, weights, tmp_path / "roster.csv").received
        assert first.submission().files == {MODEL: NEW}


def test_when_a_folder_is_of_another_assignment_then_its_file_is_not_taken(
    weights: Assignment, tmp_path: Path
) -> None:
    other = WORK.replace(b"test_linear", b"test_pool").replace(b"linear", b"pool")
    other = other.replace(b"size", b"shape")
    for number, files in enumerate(
        (
            {f"a/{ID}/{NB}": WORK, f"a/91-pool/{MODEL}": OLD},
            {f"a/{NB}": WORK, "a/91-pool/91-pool.ipynb": other, f"a/91-pool/{MODEL}": OLD},
            {f"a/{NB}": WORK, "a/deep/down/pool.ipynb": other, f"a/deep/down/{MODEL}": OLD},
        )
    ):
        assert beside(unpacked(tmp_path / str(number), files.items()), weights)[1] == {}


ODD = {
    "case": ({"Model.SAFETENSORS": NEW}, "handed in as 'Model.SAFETENSORS'; it counts as"),
    "download": ({"model (1).safetensors": NEW}, "'model (1).safetensors'; it counts as"),
    "ending": ({f"{MODEL}.txt": NEW}, "it counts as 'model.safetensors'"),
    "name": ({"best.safetensors": NEW}, "'best.safetensors'; it counts as"),
    "two": ({MODEL: NEW, "model (1).safetensors": OLD}, "2 files came for it; the last, 'model.s"),
    "beside another": ({f"0/{NB}": OTHER_WORK, f"0/{MODEL}": NEW}, "beside another notebook"),
    "empty": ({MODEL: b""}, "model.safetensors is empty: save it again"),
    "large": ({MODEL: b"x" * 1_000_001}, "more than 1 MB, the most that is taken: hand in a"),
    "missing": ({}, r"model.safetensors (the trained weights) is missing: hand it in"),
    "another kind": ({"model.pth": NEW}, "is missing, but model.pth came: hand it in with"),
    "folder": ({f"{MODEL}/data.pkl": NEW}, "model.safetensors is a folder: hand in the file"),
}  # fmt: skip
UNUSABLE = {"empty", "large", "missing", "another kind", "folder"}


@pytest.mark.parametrize("case", ODD)
def test_when_a_file_is_odd_then_a_sentence_says_so_and_the_notebook_is_not_lost(
    case: str, weights: Assignment, tmp_path: Path
) -> None:
    files, sentence = ODD[case]
    made = {f"b/{NB}": handed_in(note="b"), f"b/{MODEL}": model(9), f"a/{NB}": WORK}
    made |= {f"a/{name}": data for name, data in files.items()}
    collected = collect(unpacked(tmp_path, made.items()), weights)
    first, other = (item.submission() for item in collected.received)
    assert sentence in first.notes[MODEL]
    assert first.files == ({} if case in UNUSABLE else {MODEL: NEW})
    assert first.notebook == WORK
    assert sentence.partition(";")[0].partition(": ")[0] in said(collected)
    assert other.files == {MODEL: model(9)}


def test_when_a_zip_lies_about_a_file_or_bursts_then_little_is_read_and_a_line_says_so(
    weights: Assignment, tmp_path: Path
) -> None:
    source = tmp_path / "x.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ((f"a/{NB}", WORK), (f"b/{NB}", OTHER_WORK)):
            archive.writestr(name, data)
        with archive.open(f"a/{MODEL}", "w") as bomb:
            for _ in range(100):
                bomb.write(bytes(10**6))
        archive.writestr(member(f"b/{MODEL}", 0o120777), "/etc/passwd")
    packed_bytes = source.read_bytes()
    for claim in (0, 10**6, 2**32 - 2):  # what its headers say that it unpacks to
        found = packed_bytes.replace((10**8).to_bytes(4, "little"), claim.to_bytes(4, "little"))
        source.write_bytes(found)
        first, second = (i.submission() for i in collect(source, weights).received)
        assert (first.files, second.files) == ({}, {})
        assert re.search("more than 1 MB|it cannot be read", first.notes[MODEL])
        assert "model.safetensors cannot be used, it is a link" in second.notes[MODEL]


@pytest.mark.parametrize("kind", ["link", "pipe", "device", "folder", "loop"])
def test_when_something_else_has_the_name_of_the_file_then_it_is_not_opened(
    kind: str, weights: Assignment, tmp_path: Path
) -> None:
    unpacked(tmp_path, [(f"a/{NB}", WORK)])
    path = tmp_path / "a" / MODEL
    if kind == "link":
        path.symlink_to("/etc/passwd")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    first, found = beside(tmp_path, weights)
    assert (found, first.submission().notebook) == ({}, WORK)


@pytest.mark.parametrize("change", ["gone", "grown", "another"])
def test_when_a_file_changes_after_it_was_seen_then_it_is_read_whole_or_the_fault_is_named(
    change: str, weights: Assignment, tmp_path: Path
) -> None:
    path = unpacked(tmp_path, [(f"a/{NB}", WORK), (f"a/{MODEL}", NEW)]) / "a" / MODEL
    (first,) = collect(tmp_path, weights).received
    if change == "another":
        path.write_bytes(OLD)
        assert first.submission().files == {MODEL: OLD}
        return
    path.unlink() if change == "gone" else path.write_bytes(bytes(2 * 10**6))
    with pytest.raises(IntakeError, match=r"a: (it cannot be read|model.safetensors holds more)"):
        first.submission()


def test_when_two_hand_in_the_same_file_with_other_notebooks_then_a_line_says_so(
    weights: Assignment, tmp_path: Path
) -> None:
    files = [(f"{who}/{name}", data) for who, work in (("a", WORK), ("b", OTHER_WORK))
             for name, data in ((NB, work), (MODEL, NEW))]  # fmt: skip
    collected = collect(unpacked(tmp_path, files), weights)
    assert said(collected) == f"a/{MODEL}: a, b handed in the same bytes: look at it"


def test_when_a_loose_file_does_not_say_whose_it_is_then_it_waits(
    weights: Assignment, tmp_path: Path
) -> None:
    files = [("a.ipynb", WORK), (MODEL, NEW)]
    collected = collect(unpacked(tmp_path, files), weights)
    assert f"{MODEL}: its name does not say whose it is: call it STUDENT_{MODEL}" in said(collected)


def test_when_an_assignment_takes_no_files_then_nothing_is_said_of_any(
    weights: Assignment, tmp_path: Path
) -> None:
    files = [(f"a/{NB}", WORK), (f"a/{MODEL}", NEW), (f"b/{NB}", OTHER_WORK)]
    collected = collect(unpacked(tmp_path, files), replace(weights, files=()))
    assert said(collected) == ""
    assert [item.submission() for item in collected.received] == [
        Submission(WORK),
        Submission(OTHER_WORK),
    ]

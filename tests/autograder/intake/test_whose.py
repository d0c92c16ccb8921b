"""Whose file it is cannot be forged by the names that students choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignments.assignment import Assignment
from autograder.intake.collect import Collected, collect
from tests.autograder.downloads import (
    GOOD,
    ID,
    NB,
    member,
    notebook,
    said,
    students,
    unpacked,
    zipped,
)
from tests.fuzz.intake import fuzz

FORGED = notebook("conv1d", "test_conv1d", eve=True)
MOODLE = f"Ann Adams_42_assignsubmission_file_/{NB}"
MOODLE_FLAT = f"Ann Adams_42_assignsubmission_file_{NB}"
CANVAS = f"adamsann_42_5001_{NB}"

# The honest file of 42, a forged one of 17, and whom the forged one counts for without a roster.
FORGERIES = {
    "moodle: display name": (
        MOODLE,
        f"Eve_42_assignsubmission_file__17_assignsubmission_file_/{NB}",
        "17",
    ),
    "moodle: display name that ends in it": (
        MOODLE,
        f"x_42_assignsubmission_file_17_assignsubmission_file_/{NB}",
        "17",
    ),
    "moodle: the name of Ann": (MOODLE, f"Ann Adams_17_assignsubmission_file_/{NB}", "17"),
    "moodle: a folder of hers": (
        MOODLE,
        f"Eve_17_assignsubmission_file_/Ann Adams_42_assignsubmission_file_/{NB}",
        "17",
    ),
    "moodle, flat: display name": (
        MOODLE_FLAT,
        f"Eve_42_assignsubmission_file__17_assignsubmission_file_{NB}",
        None,
    ),
    "moodle, flat: file name": (
        MOODLE_FLAT,
        f"Eve_17_assignsubmission_file_Ann_42_assignsubmission_file_{NB}",
        None,
    ),
    "moodle, flat: digits of other scripts": (
        MOODLE_FLAT,
        f"Eve_４２_assignsubmission_file__17_assignsubmission_file_{NB}",
        "17",
    ),
    "canvas: display name": (CANVAS, f"eve_42_17_5002_{NB}", None),
    "canvas: display name of digits": (CANVAS, f"42_5_17_5002_{NB}", None),
    "canvas: display name that is late": (CANVAS, f"LATE_42_17_5002_{NB}", None),
    "canvas: display name of nobody": (CANVAS, f"anon_42_17_5002_{NB}", None),
    "moodle: display name like the exchange's": (
        MOODLE,
        f"42+01-convolution+2026-03-01 12:00:00 UTC_17_assignsubmission_file_/{NB}",
        "17",
    ),
    "moodle, flat: display name with a backslash": (
        MOODLE_FLAT,
        f"_42_assignsubmission_file_\\_17_assignsubmission_file_{NB}",
        None,
    ),
    "canvas: display name with a backslash": (CANVAS, f"42\\_17_5002_{NB}", "17"),
    "canvas: a dot before the name": (CANVAS, f".42_17_5002_{NB}", "17"),
    "moodle: a number with a zero": (
        MOODLE,
        f"Eve_042_assignsubmission_file__17_assignsubmission_file_/{NB}",
        "17",
    ),
    "canvas: file name": (CANVAS, f"eve_17_5002_adamsann_42_5001_{NB}", "17"),
    "canvas: a file name of Moodle's": (
        CANVAS,
        f"eve_17_5002_42_assignsubmission_file_{NB}",
        None,
    ),
}


def _files(collected: Collected) -> dict[str, bytes]:
    return {item.student: item.read() for item in collected.received}


@pytest.mark.parametrize("form", ["zip", "folder"])
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("name", FORGERIES)
def test_when_a_name_is_forged_then_the_honest_file_keeps_its_place(
    name: str, first: bool, form: str, assignment: Assignment, tmp_path: Path
) -> None:
    honest, forged, owner = FORGERIES[name]
    files = [(honest, GOOD), (forged, FORGED)]
    make = zipped if form == "zip" else unpacked
    collected = collect(make(tmp_path / "in.zip", files if first else files[::-1]), assignment)
    expected = {"42": GOOD} | ({owner: FORGED} if owner else {})
    assert _files(collected) == expected
    if owner is None:
        ((who, line),) = [(one.who, str(one.line)) for one in collected.refused]
        assert who == forged.split("/")[0]
        assert "its name can be that of" in line
        assert "give a roster" in line
    else:
        assert collected.refused == ()


ROSTERS = {
    "numbers": "id,name,moodle,canvas\nann,Ann Adams,42,42\neve,Eve,17,17\n",
    "one number": "id,name,moodle,canvas\nann,Ann Adams,42,42\n",
    "names": "id,name\nann,Ann Adams\neve,Eve\n",
}


@pytest.mark.parametrize("roster", ROSTERS)
@pytest.mark.parametrize("name", FORGERIES)
def test_when_there_is_a_roster_then_a_forged_name_takes_nobodys_place_either(
    name: str, roster: str, assignment: Assignment, tmp_path: Path
) -> None:
    honest, forged, _ = FORGERIES[name]
    (tmp_path / "roster.csv").write_text(ROSTERS[roster])
    source = zipped(tmp_path / "in.zip", [(forged, FORGED), (honest, GOOD)])
    collected = collect(source, assignment, tmp_path / "roster.csv")
    files = _files(collected)
    assert files.get("ann") in (GOOD, None)
    assert files.get("eve") in (FORGED, None)
    assert set(files) <= {"ann", "eve"}
    assert len(files) + len(collected.refused) == 2
    if roster == "numbers":
        assert files["ann"] == GOOD


def test_when_two_give_the_same_name_then_it_waits_for_a_number(
    assignment: Assignment, tmp_path: Path
) -> None:
    files = [
        (f"Ann Adams_{n}_assignsubmission_file_/{NB}", data)
        for n, data in ((42, GOOD), (17, FORGED))
    ]
    source, roster = zipped(tmp_path / "in.zip", files), tmp_path / "roster.csv"
    roster.write_text("id,name\nann,Ann Adams\n")
    collected = collect(source, assignment, roster)
    assert students(collected) == []
    assert len(collected.refused) == 2
    assert "several of moodle are ann by their names" in said(collected)
    roster.write_text("id,name,moodle\nann,Ann Adams,42\n")
    collected = collect(source, assignment, roster)
    assert _files(collected) == {"ann": GOOD}
    assert [one.who for one in collected.refused] == ["Ann Adams_17_assignsubmission_file_"]


def test_when_a_number_has_two_names_then_it_waits_for_a_roster(
    assignment: Assignment, tmp_path: Path
) -> None:
    files = [(f"{name}_42_assignsubmission_file_/{NB}", GOOD) for name in ("Ann Adams", "Eve")]
    source, roster = zipped(tmp_path / "in.zip", files), tmp_path / "roster.csv"
    collected = collect(source, assignment)
    assert (students(collected), len(collected.refused)) == ([], 2)
    roster.write_text("id,name,moodle\nann,Ann Adams,42\n")
    collected = collect(source, assignment, roster)
    assert students(collected) == ["ann"]
    assert [one.who for one in collected.refused] == ["Eve_42_assignsubmission_file_"]


def test_when_a_display_name_is_anothers_number_then_the_roster_does_not_take_it_for_one(
    assignment: Assignment, tmp_path: Path
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("id,moodle\nann,42\n")
    source = zipped(tmp_path / "in.zip", [(f"4-2_17_assignsubmission_file_/{NB}", FORGED)])
    collected = collect(source, assignment, roster)
    assert (students(collected), len(collected.refused)) == ([], 1)


@pytest.mark.parametrize("folder", ["submitted", "inbound", f"submitted/42/{ID}", ID])
def test_when_the_only_submission_holds_a_folder_of_nbgrader_then_it_stays_its_own(
    folder: str, assignment: Assignment, tmp_path: Path
) -> None:
    name = f"Eve_17_assignsubmission_file_/{folder}/{NB}"
    collected = collect(zipped(tmp_path / "in.zip", [(name, FORGED)]), assignment)
    assert _files(collected) == {"17": FORGED}


@pytest.mark.parametrize("name", ["./", ".", "", "/", "//", "/.", "..", "\0", "\0/x.ipynb", "a/."])
def test_when_a_member_has_no_name_then_the_others_are_taken_in(
    name: str, assignment: Assignment, tmp_path: Path
) -> None:
    files = [(member(name), b"x"), (f"student-01/{NB}", GOOD)]
    collected = collect(zipped(tmp_path / "in.zip", files), assignment)
    assert students(collected) == ["student-01"]


@pytest.mark.parametrize("seed", range(3))
def test_when_downloads_are_full_of_hostile_names_then_the_honest_file_counts_and_nobody_is_lost(
    seed: int,
) -> None:
    assert sum(fuzz(400, seed).values()) == 400


HONEST = {
    f"smithjane_12345_678910_{NB}": "12345",
    "smithjane_12345_678910_01_convolution.ipynb": "12345",
    "smithjane_12345_678910_lab_1_2_final.ipynb": "12345",
    "smithjane_LATE_12345_678910_01-convolution-2.ipynb": "12345",
    "smith2_12345_678910_Copy_of_01_convolution.ipynb": "12345",
    f"anon_ab12_678910_{NB}": "anon_ab12",
    f"Ann Adams_12345_assignsubmission_file_{NB}": "12345",
    "Ann_Adams_12345_assignsubmission_file_lab_1_2_3.ipynb": "12345",
    f"Ann Adams_5_assignsubmission_file_Ann Adams_5_assignsubmission_file_{NB}": "5",
    f"O'Neil-Łukasz 李_12345_assignsubmission_file_/{NB}": "12345",
}


@pytest.mark.parametrize("name", HONEST)
def test_when_a_name_is_honest_then_it_has_one_reading(
    name: str, assignment: Assignment, tmp_path: Path
) -> None:
    collected = collect(zipped(tmp_path / "in.zip", [(name, GOOD)]), assignment)
    assert _files(collected) == {HONEST[name]: GOOD}
    assert collected.refused == ()


def test_when_the_roster_speaks_for_one_reading_then_it_counts_unless_a_plain_name_does(
    assignment: Assignment, tmp_path: Path
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name,canvas\nann,Ann Adams,12345\n")
    odd, plain = "adamsann_12345_678910_2_conv.ipynb", f"adamsann_12345_678911_{NB}"
    collected = collect(zipped(tmp_path / "a.zip", [(odd, FORGED)]), assignment, roster)
    assert _files(collected) == {"ann": FORGED}
    files = [(plain, GOOD), (odd, FORGED)]
    collected = collect(zipped(tmp_path / "b.zip", files), assignment, roster)
    assert _files(collected) == {"ann": GOOD}
    assert [one.who for one in collected.refused] == [odd]

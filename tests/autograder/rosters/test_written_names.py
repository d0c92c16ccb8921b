"""Names as platforms and programs write them: groups, logins, code pages of old zips."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from pathlib import Path

import pytest

from autograder.assignments.assignment import Assignment
from autograder.intake.collect import Collected, collect
from tests.autograder.downloads import (
    GOOD,
    ID,
    NB,
    notebook,
    said,
    students,
    unpacked,
    zipped,
)

TIME = "2026-03-01 12:00:00.123456 UTC"
FORMS = {"folder": unpacked, "zip": zipped}
LOGINS = ("müller", "ann+lab@example.edu", "UNI\\ann", "UNI\\bob", "o.neil-2@uni.example")


def _exchange(login: str, time: str = TIME) -> str:
    return f"inbound/{login}+{ID}+{time}+aB_-1/{NB}"


def _roster(folder: Path, text: str) -> Path:
    path = folder / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _everybody(collected: Collected) -> list[str]:
    return sorted([*students(collected), *(one.who for one in collected.refused)])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("time", [TIME, "2026-03-01 12:00:00 +0100", "2026-03-01 12:00:00 +01:00"])
def test_when_logins_are_odd_then_the_exchange_gives_each_an_own_submission(
    time: str, form: str, assignment: Assignment, tmp_path: Path
) -> None:
    files = [(_exchange(login, time), notebook("conv1d", n=login)) for login in LOGINS]
    collected = collect(FORMS[form](tmp_path / "in.zip", files), assignment)
    assert students(collected) == sorted(LOGINS)
    assert all(item.timestamp for item in collected.received)


@pytest.mark.parametrize("form", FORMS)
def test_when_the_roster_has_a_login_as_name_then_its_id_counts(
    form: str, assignment: Assignment, tmp_path: Path
) -> None:
    files = [(_exchange(login), notebook("conv1d", n=login)) for login in (*LOGINS, "a b", "ann")]
    rows = "".join(f"s{n},{login}\n" for n, login in enumerate([*LOGINS, "a b"]))
    roster = _roster(tmp_path, f"id,name\n{rows}")
    collected = collect(FORMS[form](tmp_path / "in.zip", files), assignment, roster)
    assert students(collected) == ["ann", "o.neil-2@uni.example", "s0", "s1", "s2", "s3", "s5"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("above", ["", "submitted/"])
@pytest.mark.parametrize("login", ["müller", "UNI\\ann", "a b", "½", "４２"])
def test_when_a_folder_is_called_like_no_id_then_what_the_line_says_helps(
    login: str, above: str, form: str, assignment: Assignment, tmp_path: Path
) -> None:
    source = FORMS[form](
        tmp_path / "in.zip", [(f"{above}{login}/{ID}/{NB}", GOOD), (f"{above}bob/{ID}/{NB}", GOOD)]
    )
    collected = collect(source, assignment)
    assert _everybody(collected) == sorted(["bob", login])
    assert "give a roster with a row that has it as name, and an id" in said(collected)
    collected = collect(source, assignment, _roster(tmp_path, f"id,name\nstudent-01,{login}\n"))
    assert students(collected) == ["bob", "student-01"]


@pytest.mark.parametrize("form", FORMS)
def test_when_a_login_came_decomposed_then_it_is_the_same_student(
    form: str, assignment: Assignment, tmp_path: Path
) -> None:
    early, late = _exchange("müller"), _exchange("müller", "2026-03-02 12:00:00 UTC")
    files = [(early, notebook("conv1d")), (unicodedata.normalize("NFD", late), GOOD)]
    (item,) = collect(FORMS[form](tmp_path / "in.zip", files), assignment).received
    assert (item.student, item.read()) == ("müller", GOOD)


ROSTER = "id,name,moodle\nann,Ann Adams,\nzoe,Anne-Marie Müller,\nbob,Bob Brown,5103\n"


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("Lab group 2-Ann Adams_5101", "ann"),
        ("Lab-2-Anne-Marie Müller_5102", "zoe"),
        ("Lab-2-" + unicodedata.normalize("NFD", "Anne-Marie Müller") + "_5102", "zoe"),
        ("Lab group 2-ANN ADAMS_5101", "ann"),
        ("Group A-Robert_5103", "bob"),
        ("Lab group 2-Carl Clark_5104", None),
        ("Ann Adams-Lab group 2_5101", None),
    ],
)
def test_when_moodle_writes_the_group_before_the_name_then_the_name_is_found(
    name: str, student: str | None, assignment: Assignment, tmp_path: Path
) -> None:
    source = zipped(tmp_path / "x.zip", [(f"{name}_assignsubmission_file_/{NB}", GOOD)])
    collected = collect(source, assignment, _roster(tmp_path, ROSTER))
    assert students(collected) == ([student] if student else [])
    assert len(collected.refused) == (student is None)


def test_when_somebody_is_called_like_a_group_and_another_then_the_plain_name_counts(
    assignment: Assignment, tmp_path: Path
) -> None:
    files = [
        (f"{name}_assignsubmission_file_/{NB}", data)
        for name, data in (("Eve-Ann Adams_17", notebook("conv1d")), ("Ann Adams_42", GOOD))
    ]
    source = zipped(tmp_path / "x.zip", files)
    collected = collect(source, assignment, _roster(tmp_path, ROSTER))
    assert [item.read() for item in collected.received] == [GOOD]
    assert [one.who for one in collected.refused] == ["Eve-Ann Adams_17_assignsubmission_file_"]


def _old_zip(path: Path, names: list[str], page: str) -> Path:
    """Write a zip as programs do that know no UTF-8: names in a code page, and no word of it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(f"{name}_{number + 1}_assignsubmission_file_/{NB}", GOOD)
    data = buffer.getvalue()
    for name in names:
        encoded = name.encode(page)
        padded = encoded.ljust(len(name.encode()), b"_")
        data = data.replace(name.encode(), padded)
    changed = bytearray(data)
    for mark, flags in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        start = data.find(mark)
        while start >= 0:
            changed[start + flags] &= ~0x08
            start = data.find(mark, start + 1)
    path.write_bytes(changed)
    return path


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("cp1252", ["Zoë Müller", "José Núñez"]),
        ("cp437", ["Jürgen Müller"]),
        ("cp866", ["Иван Петров", "Анна Смирнова"]),
        ("cp852", ["Łukasz Żółty"]),
        ("utf-8", ["Łukasz Żółty", "Иван Петров"]),
    ],
)
def test_when_an_old_program_zipped_then_names_are_read_in_its_code_page(
    page: str, names: list[str], assignment: Assignment, tmp_path: Path
) -> None:
    source = _old_zip(tmp_path / "x.zip", names, page)
    roster = _roster(
        tmp_path, "id,name\n" + "".join(f"s{n},{name}\n" for n, name in enumerate(names))
    )
    collected = collect(source, assignment, roster)
    assert students(collected) == [f"s{n}" for n in range(len(names))]

"""Class lists are read as offices save them; what is wrong in one is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignments.assignment import Assignment
from autograder.intake.collect import IntakeError, collect
from autograder.rosters.codepages import codepage
from autograder.rosters.roster import Person, Roster
from tests.autograder.downloads import GOOD, NB, said, students, zipped

MOODLE = f"Ann Adams_5101_assignsubmission_file_/{NB}"
PLAIN = "id,name,moodle\nann,,5101\nbob,,5102\n"

READ = {
    "blank rows": "\n,,\nid,name,moodle\n\nann,,5101\n,,\nbob,,5102\n ; \n",
    "blanks around headings": "id, name , moodle\nann, ,5101\nbob,, 5102 \n",
    "capitals": "ID,Name,MOODLE\nann,,5101\n",
    "a slip": "id,name,moodel\nann,,5101\n",
    "another word": "Student ID,Full name,Moodle number\nann,,5101\n",
    "another order": "moodle,email,id\n5101,ann@example.org,ann\n",
    "columns of an office": "section,id,remark,moodle\nB,ann,\xbd paid,5101\n",
    "semicolons": PLAIN.replace(",", ";"),
    "tabs": PLAIN.replace(",", "\t"),
    "a line for spreadsheets": "sep=;\r\n" + PLAIN.replace(",", ";"),
    "quotes": 'id,name,moodle\n"ann","Adams, ""Annie""\nAnn","5101"\n',
    "quotes around another separator": 'id;name;moodle\nann;"Adams, Ann";"5101"\n',
    "trailing commas": "id,name,moodle,,\nann,,5101,,\n",
    "a number with a decimal": "id,moodle\nann,5101.0\nbob,\n",
    "a row twice": "id,moodle\nann,5101\nann,5101\n",
    "a name in one of two rows": "id,name,moodle\nann,,\nann,Ann,5101\nann,,\n",
    "numbers of two assignments": "id,name,moodle\nann,Ann,4101\nann,,5101\n",
    "a dash for no number": "id,moodle,canvas\nann,5101,-\nbob,-,-\ncyd,-,n/a\n",
    "old line ends": PLAIN.replace("\n", "\r"),
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")


def _roster(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", READ)
def test_when_an_office_saves_a_roster_then_its_students_are_found(
    form: str, encoding: str, assignment: Assignment, tmp_path: Path
) -> None:
    source, roster = zipped(tmp_path / "x.zip", [(MOODLE, GOOD)]), tmp_path
    collected = collect(source, assignment, _roster(roster, READ[form], encoding))
    assert students(collected) == ["ann"]
    assert ("column 'moodel' is read as 'moodle'" in said(collected)) == (form == "a slip")


NAMES = {
    "cp1252": ["Zoë Müller", "Ann O’Neil", "José Núñez"],
    "cp437": ["Jürgen Müller", "José"],
    "cp850": ["Søren Ødegård"],
    "cp866": ["Иван Петров", "Анна Смирнова"],
    "cp1251": ["Иван Петров", "Анна Смирнова"],
    "cp1250": ["Łukasz Żak"],
    "cp852": ["Łukasz Żółty"],
    "mac_roman": ["José Núñez"],
}


@pytest.mark.parametrize("page", NAMES)
def test_when_names_are_in_a_code_page_then_they_are_read_in_it(page: str, tmp_path: Path) -> None:
    encoded = [name.encode(page) for name in NAMES[page]]
    assert [name.decode(codepage(encoded)) for name in encoded] == NAMES[page]
    rows = "".join(f"s{n},{name}\n" for n, name in enumerate(NAMES[page]))
    roster = Roster.read(_roster(tmp_path, f"id,name\n{rows}", page))
    assert [roster.find("plain", name, "") for name in NAMES[page]] == [
        [f"s{n}"] for n in range(len(NAMES[page]))
    ]
    assert "it is not in UTF-8" in roster.notes[0][0]


@given(
    names=st.lists(st.text(st.characters(codec="utf-8")), max_size=5),
    separator=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_when_names_hold_anything_then_each_row_keeps_its_number(
    names: list[str], separator: str, encoding: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    rows = [f"s{n}{separator}{name}{separator}{n}" for n, name in enumerate(quoted, 1)]
    text = "\n".join([f"id{separator}name{separator}canvas", *rows])
    roster = Roster.read(_roster(tmp_path_factory.getbasetemp(), text, encoding))
    assert [person.canvas for person in roster.people] == [str(n + 1) for n in range(len(names))]


BROKEN = {
    "no columns": ("", "must start with a line that names its columns: id,name,"),
    "no id": ("name,moodle\nAnn,1\n", "id is needed, and its first line is 'name, moodle'"),
    "an empty id": ("id,name\n\nann,\n,Bob\n", "line 4: id is empty: give the student's id"),
    "no id for it": ("id\na b\n", r"line 2: id \(='a b'\) must start with a letter or digit"),
    "a comma in a name": ("id,name\nann,Adams, Ann\n", "line 2 has 3 cells, .*: put a name with"),
    "an open quote": ('id,name\nann,"Adams\nbob,B\n', "its quotes do not fit .*: write a quote"),
    "two of a column": ("id,name,name\n", "two columns are called 'name': rename one"),
    "an id for two": ("id,name\nann,Ann\nann,Bob\n", "lines 2 and 3 give the same id .*'ann'.* to"),
    "ids alike": ("id,name\nann,Ann\nAnn,Bob\n", "lines 2 and 3 give the same id"),
    "a number for two": ("id,canvas\na,7\nb,7.0\n", r"the same canvas \(='7'\) to a and b: each"),
    "a short number": ("id,moodle\nann,5.1E+05\n", r"moodle \(='5.1E\+05'\) was shortened by a"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_when_a_roster_is_wrong_then_the_error_says_where_and_what_to_do(
    case: str, assignment: Assignment, tmp_path: Path
) -> None:
    text, message = BROKEN[case]
    source = zipped(tmp_path / "x.zip", [(MOODLE, GOOD)])
    with pytest.raises(IntakeError, match=message):
        collect(source, assignment, _roster(tmp_path, text))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04...", "it is a spreadsheet: save it as CSV"),
        (b"\xd0\xcf\x11\xe0", "it is a spreadsheet: save it as CSV"),
        (b"\xff\xfei", "it cannot be read .*: save it as CSV in UTF-8"),
        (None, "it cannot be read .No such file or directory.: see that it is there"),
    ],
)
def test_when_a_roster_is_no_text_then_the_error_says_how_to_save_it(
    data: bytes | None, message: str, assignment: Assignment, tmp_path: Path
) -> None:
    source, roster = zipped(tmp_path / "x.zip", [(MOODLE, GOOD)]), tmp_path / "roster.xlsx"
    if data is not None:
        roster.write_bytes(data)
    with pytest.raises(IntakeError, match=message):
        collect(source, assignment, roster)


@pytest.mark.parametrize(
    ("row", "person"),
    [
        ("a,Ann Marie Adams,,,,7", Person("a", "Ann Marie", "Adams", "", "7")),
        ('a,"de la Cruz, Ann",,,a@example.org,', Person("a", "Ann", "de la Cruz", "a@example.org")),
        ("a,Cher,,,,adamsann", Person("a", "", "Cher")),
        ("a,,Ann,de la Cruz,,", Person("a", "Ann", "de la Cruz")),
    ],
)
def test_when_a_roster_has_names_then_first_and_last_are_told_apart(
    row: str, person: Person, tmp_path: Path
) -> None:
    text = f"id,name,first name,surname,e-mail,canvas\n{row}\n"
    assert Roster.read(_roster(tmp_path, text)).people == (person,)

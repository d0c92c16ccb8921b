"""What students pack up beside a notebook, and in what, costs them nothing and nobody else."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignments.assignment import Assignment
from autograder.intake import tars
from autograder.intake.archives import Item, Refused
from autograder.intake.collect import collect
from autograder.intake.tars import list_tar
from tests.autograder.downloads import (
    GOOD,
    NB,
    nested,
    notebook,
    packed,
    said,
    students,
    unpacked,
    zipped,
)

LEAVINGS = (
    *(f".venv/lib/python3.11/site-packages/p{n}/m.py" for n in range(1501)),
    *(f"venv/bin/{n}" for n in range(20)),
    *(f"env/Lib/site-packages/{n}.py" for n in range(20)),
    *("node_modules/a/example.ipynb", "__pycache__/x.pyc", "__MACOSX/._01-convolution.ipynb"),
    *(".ipynb_checkpoints/01-convolution-checkpoint.ipynb", "node_modules/a" * 99 + "/b"),
)


PACKERS: dict[str, Callable[[Iterable[tuple[str, bytes]]], bytes]] = {
    "work.zip": nested,
    "work.tar.gz": packed,
    "work.TGZ": packed,
    "work.tar": lambda files: gzip.decompress(packed(files)),
}


@pytest.mark.parametrize("name", PACKERS)
def test_when_an_environment_is_packed_beside_the_notebook_then_the_notebook_counts(
    name: str, assignment: Assignment, tmp_path: Path
) -> None:
    files = [*((f"hw/{leaving}", b"x") for leaving in LEAVINGS), (f"hw/{NB}", GOOD)]
    source = zipped(tmp_path / "x.zip", [(f"student-01/{name}", PACKERS[name](files))])
    collected = collect(source, assignment)
    assert [item.read() for item in collected.received] == [GOOD]
    assert collected.lines == ()


def test_when_a_folder_holds_an_environment_then_one_line_counts_it(
    assignment: Assignment, tmp_path: Path
) -> None:
    files = [(f"student-01/{leaving}"[:200], b"x") for leaving in LEAVINGS]
    collected = collect(unpacked(tmp_path, [*files, (f"student-01/{NB}", GOOD)]), assignment)
    assert students(collected) == ["student-01"]
    (line,) = collected.lines
    assert f"({len(LEAVINGS)} in all): left alone" in str(line)


@pytest.mark.parametrize("name", ["s02.tar.gz", "s02.tgz", "s02.zip", "s02.tar"])
def test_when_archives_lie_side_by_side_then_their_names_say_whose_they_are(
    name: str, assignment: Assignment, tmp_path: Path
) -> None:
    pack = PACKERS[f"work{name[3:]}" if name != "s02.tgz" else "work.TGZ"]
    files = [("s01.ipynb", notebook("conv1d")), (name, pack([("a/b.ipynb", GOOD)]))]
    assert students(collect(unpacked(tmp_path, files), assignment)) == ["s01", "s02"]


GOOD_FILE = [(NB, GOOD)]
HOSTILE = {
    "a link": (packed(GOOD_FILE, type=tarfile.SYMTYPE, linkname="/etc/passwd"), "it is a link"),
    "a hard link": (packed([(NB, b"")], type=tarfile.LNKTYPE, linkname="x"), "it is a link"),
    "a device": (packed([(NB, b"")], type=tarfile.CHRTYPE), "it is no regular file"),
    "a pipe": (packed([(NB, b"")], type=tarfile.FIFOTYPE), "it is no regular file"),
    "an absolute path": (packed([(f"/etc/{NB}", GOOD)]), "its path in the archive is absolute"),
    "a path that leads out": (packed([(f"a/../../{NB}", GOOD)]), "leads out of it"),
    "a deep path": (packed([("d/" * 60 + NB, GOOD)]), "its path has more than"),
    "too many files": (packed((f"{n}.txt", b"") for n in range(1002)), "it holds 1001 files, more"),
    "an archive in it": (packed([("a.tgz", packed(GOOD_FILE))]), "it is an archive in an archive"),
    "a zip in it": (packed([("a.zip", nested(GOOD_FILE))]), "it is an archive in an archive"),
    "a bomb": (packed([(NB, b" " * 2**25)]), "it is a zip bomb|unpacks to more than"),
    "no archive": (b"\x1f\x8b", "it is no tar archive that can be read"),
    "other text": (b"my answer" * 99, "it is no tar archive that can be read"),
    "nothing": (b"", "it is no tar archive that can be read"),
    "cut off": (packed([(NB, GOOD * 50)])[:-60], "it is no tar archive that can be read"),
    "a huge header": (
        packed(GOOD_FILE, pax_headers={"comment": "x " * 2**17}),
        "its headers hold more than is read",
    ),
    "a header of digits": (
        packed(GOOD_FILE, pax_headers={"comment": "1" * 9000}),
        "a number that is no size or time",
    ),
    "a size below 0": (packed(GOOD_FILE, pax_headers={"size": "-9999"}), "leads back into itself"),
    "many long headers": (
        packed((f"{n}{'x' * 9000}", b"") for n in range(900)),
        "its headers hold more than is read|it holds 1001",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_when_a_tar_archive_is_hostile_then_it_is_said_soon_and_nobody_else_loses(
    case: str, assignment: Assignment, tmp_path: Path
) -> None:
    data, message = HOSTILE[case]
    files = [(f"s01/{NB}", GOOD), ("s02/work.tgz", data), (f"s03/{NB}", notebook("conv1d"))]
    source = zipped(tmp_path / "in" / "x.zip", files)
    began = time.monotonic()
    collected = collect(source, assignment)
    assert time.monotonic() - began < 5
    assert students(collected) == ["s01", "s03"]
    assert [one.who for one in collected.refused] == ["s02"]
    assert re.search(message, said(collected))
    assert list(tmp_path.rglob("*")) == [tmp_path / "in", source]


@pytest.mark.parametrize(
    "name", ["{}", ".venv/{}", "é" * 200 + "{}", "a/" * 900 + ".venv/{}", "." * 900 + "{}"]
)
def test_when_a_zip_has_very_many_names_then_it_is_judged_soon(
    name: str, assignment: Assignment, tmp_path: Path
) -> None:
    many = nested(((name.format(n), b"") for n in range(5000)), 0)
    files = [(f"s01/{NB}", GOOD), ("s02/work.zip", many), (f"s03/{NB}", GOOD)]
    source = zipped(tmp_path / "x.zip", files)
    began = time.monotonic()
    assert students(collect(source, assignment)) == ["s01", "s03"]
    assert time.monotonic() - began < 5


def test_when_a_tar_archive_unpacks_to_too_much_then_reading_stops(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tars, "MAX_UNPACKED", 10**6)
    data = packed([("a.bin", bytes(range(256)) * 8000), *GOOD_FILE])
    with pytest.raises(Refused, match="it unpacks to more than 1 MB: have the notebook itself"):
        list_tar(Item(("a.tgz",), lambda: io.BytesIO(data)))


WHOLE = packed([(NB, GOOD), ("a/" + "x" * 200, b"y"), ("b.ipynb", b"{}")])


@given(data=st.data())
def test_when_a_tar_archive_is_damaged_anywhere_then_it_is_listed_or_refused(
    data: st.DataObject,
) -> None:
    raw = bytearray(gzip.decompress(WHOLE))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    made = bytes(raw[: data.draw(st.integers(0, len(raw)))])
    try:
        listing = list_tar(Item(("a.tar",), lambda: io.BytesIO(made)))
    except Refused:
        return
    for item in listing.items:
        with suppress(Refused):
            assert len(item.read()) <= len(made)

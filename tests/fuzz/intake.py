"""Downloads with hostile names and archives in them: ``python -m tests.fuzz.intake 100000``.

Each is a class of one platform: student 42, who is honest, and some others, who choose what
students can choose (the own name, the names of files, what is in a zip) and sometimes what none
can. Whatever comes, taking it in gives a `Collected` or an `IntakeError`, and 42's notebook and
the file beside it count byte for byte. The same seed, a second argument, makes the same downloads.
"""

from __future__ import annotations

import random
import re
import resource
import stat
import sys
import tempfile
import time
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from autograder.assignments.assignment import Assignment, load_assignment
from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.checks.files import HandedIn
from autograder.harmless.text import shown
from autograder.intake.collect import Collected, IntakeError, collect
from autograder.rosters.names import STUDENT_ID
from tests.autograder.downloads import GOOD, ID, NB, OTHER, member, nested, notebook, packed, zipped

HONEST = {
    "moodle": f"Ann Adams_42_assignsubmission_file_/{NB}",
    "moodle, flat": f"Ann Adams_42_assignsubmission_file_{NB}",
    "canvas": f"adamsann_42_5001_{NB}",
    "exchange": f"42+{ID}+2026-03-01 12:00:00 UTC+ab/{NB}",
    "plain": f"42/{NB}",
}
MODEL = HandedIn("model.safetensors", "the weights", megabytes=1)
WEIGHTS = b"the weights of 42"
PIECES = (
    *("42", "_42_", "Ann Adams", "adamsann", "_", "__", "+", "-", " ", ".", "..", "LATE", "LATE_"),
    *("assignsubmission_file_", "_42_assignsubmission_file_", "_42_5001_", "anon_42", "5001"),
    *(f"42+{ID}+2026-03-01 12:00:00 UTC", ID, "inbound", "submitted", "__MACOSX", ".ipynb"),
    *("\uff14\uff12", "042", "4\u200b2", "A\u0308", "\u00c4", "\u0391nn Adams", "ann adams"),
    *("\x1b[2J", "\r", "\n", "\u202e", "\0", "\\", "C:", "Eve", "eve_42", "42_5", "1" * 30),
    *("x" * 300, "_1" * 100, "\ud800", "%00", "~$", "timestamp.txt"),
)
ENDS = (".ipynb", ".ipynb", ".ipynb", ".zip", ".tgz", ".IPYNB", "", ".ipynb ", ".zip.ipynb")
ENDS += ("model.safetensors", ".safetensors", "model-1.safetensors")
ROSTERS = (
    "id,name,moodle,canvas\nann,Ann Adams,42,42\n",
    "id,name,moodle,canvas\nann,Ann Adams,42,42\neve,Eve,17,17\n",
)
KINDS = (0, 0, 0, 0, 0, 0, stat.S_IFREG, stat.S_IFLNK, stat.S_IFCHR, stat.S_IFDIR)


def make(rng: random.Random) -> tuple[str, list[tuple[zipfile.ZipInfo, bytes]]]:
    """Return a platform and the members of a download from it."""
    platform = rng.choice(sorted(HONEST))
    beside = HONEST[platform].replace(NB, MODEL.name)
    files = [(member(HONEST[platform]), GOOD), (member(beside), WEIGHTS)]
    for number in rng.sample(range(10, 40), rng.randrange(1, 5)):
        names = _names(rng, platform, number)
        files += [(_odd_member(rng, name), _content(rng)) for name in names]
    rng.shuffle(files)
    return platform, files


def _names(rng: random.Random, platform: str, number: int) -> list[str]:
    who, several = _text(rng), rng.choice((1, 1, 1, 2, 3))
    if rng.random() < 0.9:
        who = who.replace("\0", "x")
    late = rng.choice(("", "", "LATE_"))
    before = {
        "moodle": f"{who}_{number}_assignsubmission_file_/",
        "moodle, flat": f"{who}_{number}_assignsubmission_file_",
        "canvas": f"{_as_canvas(who)}_{late}{number}_6{number}_",
        "exchange": f"s{number}+{ID}+2026-03-0{rng.randrange(10)} 12:00:00 UTC+{number}/",
        "plain": f"s{number}/",
    }[platform]
    return [before + _file(rng, platform) for _ in range(several)]


def _as_canvas(name: str) -> str:
    """Return a display name as Canvas writes it."""
    return re.sub(r"_(\d+)_", r"-\1-", "".join(name.lower().split()))


def _file(rng: random.Random, platform: str) -> str:
    if platform in ("moodle, flat", "canvas"):
        return rng.choice((NB, _text(rng) + rng.choice(ENDS))) or "x"
    folders = "".join(f"{_text(rng)}/" for _ in range(rng.choice((0, 0, 1, 1, 2, 60))))
    return folders + rng.choice((NB, _text(rng) + rng.choice(ENDS)))


def _text(rng: random.Random) -> str:
    text = "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 5)))
    return text.replace("/", "").replace("\ud800", "")[:400] or "x"


def _odd_member(rng: random.Random, name: str) -> zipfile.ZipInfo:
    info = member(name, rng.choice(KINDS))
    info.compress_type = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    return info


def _content(rng: random.Random) -> bytes:
    kind = rng.randrange(10)
    if kind < 4:
        return notebook("conv1d", "test_conv1d", n=rng.randrange(100))
    if kind < 6:
        names = [_text(rng) + rng.choice(ENDS) for _ in range(rng.randrange(4))]
        return nested([(_odd_member(rng, name), notebook("conv2d")) for name in names])
    if kind < 7:
        names = [_text(rng) + rng.choice(ENDS) for _ in range(rng.randrange(4))]
        return packed((name.replace("\0", "x"), notebook("conv2d")) for name in names)
    return rng.choice((b"", b"PK", b"PK\x03\x04", OTHER, GOOD, notebook(), b"[" * 999, b"\xff\xfe"))


def damage(rng: random.Random, data: bytes) -> bytes:
    """Return a zip in which the flags of some entries of its directory are changed."""
    changed = bytearray(data)
    for match in re.finditer(rb"PK\x01\x02", data):
        entry = data[match.start() + 46 : match.start() + 300]
        if rng.random() < 0.05 and not any(
            name.removesuffix(NB).encode() in entry for name in HONEST.values()
        ):
            changed[match.start() + rng.choice((8, 9, 10, 24, 20))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def require_sound(collected: Collected) -> None:
    """Require what holds for whatever comes in."""
    received = [item.student for item in collected.received]
    refused = [one.who for one in collected.refused]
    assert len(set(received)) == len(received)
    assert not {*received} & {*refused}, refused
    assert all(STUDENT_ID.fullmatch(student) for student in received)
    said = [*map(str, collected.lines), *(str(one.line) for one in collected.refused), *refused]
    assert all(text.isprintable() for text in said)
    assert {str(one.line) for one in collected.refused} <= {str(line) for line in collected.lines}
    assert all(n.isprintable() for item in collected.received for n in item.notices)


def require_everybody(names: set[str], platform: str, collected: Collected) -> None:
    """Require that each top name of a download is of one who was received, or is refused."""
    students = {item.student for item in collected.received}
    who = students | {one.who for one in collected.refused}
    for name in names:
        number = re.findall(r"(?:^|_)(\d+)_(?:assignsub|6\d+_|5001)", name)
        own = {*number, name.split("+")[0], shown(name), *map(shown, name.split("\\"))}
        assert who & own, (platform, name, who)


def take_in(rng: random.Random, assignment: Assignment, folder: Path) -> str:
    """Make a download and take it in; return what came of it in a word."""
    platform, files = make(rng)
    source = zipped(folder / "class.zip", files)
    source.write_bytes(damage(rng, source.read_bytes()))
    roster = None
    if platform not in ("plain", "exchange") and rng.random() < 0.3:
        roster = folder / "roster.csv"
        roster.write_text(rng.choice(ROSTERS))
    try:
        collected = collect(source, assignment, roster)
    except IntakeError as error:
        assert str(error).isprintable()  # noqa: PT017 - whatever the error is
        return "IntakeError"
    require_sound(collected)
    mine = {item.student: item for item in collected.received}["ann" if roster else "42"]
    assert mine.submission() == Submission(GOOD, {MODEL.name: WEIGHTS})
    assert all(len(item.submission().files) <= 1 for item in collected.received)
    if not roster:
        tops = {info.filename.split("/")[0] for info, _ in files if _counts(info, platform)}
        require_everybody(tops, platform, collected)
    return f"{platform}{', with a roster' if roster else ''}"


def _counts(info: zipfile.ZipInfo, platform: str) -> bool:
    """Tell whether a file is handed in: not left by a system, no folder and no other work."""
    parts = re.split(r"[/\\]", info.filename)
    names = [part for part in parts if part not in ("", ".")]
    odd = (n for n in names if n.startswith((".", "~$")) and n != "..")
    left = any(n.startswith("._") or not re.search("_[0-9]+_", n) for n in odd)
    if left or "__MACOSX" in names or names[-1:] == ["timestamp.txt"]:
        return False
    other = platform == "plain" and len(names) == 3 and names[2] == f"{names[1]}.ipynb" != NB
    return parts[0] != "" and parts[-1] not in ("", ".") and not other


def fuzz(count: int, seed: int) -> Counter[str]:
    """Take in so many downloads; return how often each outcome came up."""
    rng = random.Random(seed)
    assignment = replace(load_assignment(Course.find(), ID), files=(MODEL,))
    with tempfile.TemporaryDirectory() as folder:
        return Counter(take_in(rng, assignment, Path(folder)) for _ in range(count))


if __name__ == "__main__":
    began = time.monotonic()
    print(fuzz(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{time.monotonic() - began:.0f} s, at most {peak} MiB")

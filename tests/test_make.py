"""What `make` does again after an edit, in a small course whose programs only say they ran."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.serving import need

ROOT = Path(__file__).parents[1]
FILES = (
    "requirements.lock", "pyproject.toml", "_config.yml", "_toc.yml", "book/intro.md",
    "convbook/shapes.py", "autograder/run.py", "autograder/gradebook/release.py",
    "autograder/assignments/assignment.py", "autograder/feedback/pages/page.css",
    "autograder/exports/exporters.py", "solutions/01-first.md", "solutions/02-more-of-it.md",
    "autograder/assignments/a01_first/checks.py", "autograder/assignments/a02_more_of_it/checks.py",
    "autograder/assignments/a01_first/wrong/f.toml",
    ".venv/installed",
)  # fmt: skip
PROGRAM = '#!/bin/sh\necho "${0##*/} $*" | tee -a diary\n'
BOOK = (
    '#!/bin/sh\necho book >> diary\nmkdir -p _build/html _build/.doctrees\n'
    'touch _build/html/index.html\ngrep -q bad book/intro.md && exit 1\nexit 0\n'
)  # fmt: skip
BOTH = ["autograder demo 01-first", "autograder demo 02-more-of-it"]


@pytest.fixture
def course(tmp_path):
    """A course in which everything was made a moment ago."""
    need("make")
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    write(tmp_path / ".ci" / "debian", "#!/bin/sh\n")
    for name in FILES:
        write(tmp_path / name)
    programs = {"autograder": PROGRAM, "convbook": PROGRAM, "jupyter-book": BOOK}
    for name, text in programs.items():
        write(tmp_path / ".venv" / "bin" / name, text)
        (tmp_path / ".venv" / "bin" / name).chmod(0o755)
    assert made(tmp_path) == [*BOTH, "book", "convbook release"]
    long_ago = max(path.stat().st_mtime for path in tmp_path.rglob("*")) - 100
    for path in tmp_path.rglob("*"):
        os.utime(path, (long_ago, long_ago))
    return tmp_path


def write(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def make(course, *arguments):
    (course / "diary").unlink(missing_ok=True)
    return subprocess.run(
        ["make", *arguments], cwd=course, capture_output=True, text=True, check=False
    )


def made(course, *arguments):
    done = make(course, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    diary = course / "diary"
    return sorted(diary.read_text(encoding="utf-8").splitlines()) if diary.exists() else []


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        ("README.md", []),
        ("autograder/assignments/a01_first/checks.py", BOTH[:1]),
        ("autograder/assignments/a02_more_of_it/hints.py", BOTH[1:]),
        ("autograder/assignments/a01_first/wrong/f.toml", BOTH[:1]),
        ("solutions/01-first.md", [BOTH[0], "convbook release"]),
        ("autograder/run.py", BOTH),
        ("autograder/assignments/assignment.py", BOTH),
        ("autograder/feedback/pages/page.css", []),
        ("autograder/exports/exporters.py", []),
        ("book/intro.md", ["book"]),
        ("convbook/shapes.py", ["book"]),
        ("requirements.lock", None),
    ],
)
def test_when_a_file_is_edited_then_make_does_again_what_depends_on_it(course, edited, expected):
    write(course / edited, "edited")
    if expected is None:  # a new environment, and everything in it
        for name in ("python", "pip"):
            write(course / ".venv" / "bin" / name, "#!/bin/sh\n")
            (course / ".venv" / "bin" / name).chmod(0o755)
        expected = [*BOTH, "book", "convbook release"]
    assert made(course) == expected


def test_when_an_assignment_is_added_then_its_class_alone_is_graded(course):
    write(course / "solutions" / "03-new.md")
    assert made(course) == ["autograder demo 03-new", "convbook release"]
    assert (course / "_build/demo/03-new/grades.txt").read_text() == "autograder demo 03-new\n"


def test_when_a_class_is_asked_for_then_it_is_graded_though_nothing_changed(course):
    assert made(course, "demo") == ["autograder demo"]
    assert made(course, "demo", "ID=01-first") == BOTH[:1]


def test_when_all_is_made_then_the_grades_of_every_class_are_shown(course):
    done = make(course)
    assert [line for line in done.stdout.splitlines() if "demo" in line] == BOTH


def test_when_the_book_does_not_build_then_the_next_build_reads_every_page(course):
    write(course / "book/intro.md", "bad")
    done = make(course)
    assert done.returncode != 0
    assert "_build/log/book.log" in done.stderr
    assert not (course / "_build/.doctrees").exists()


def test_when_the_makefile_is_read_then_it_names_no_assignment():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    ids = [path.stem for path in (ROOT / "solutions").glob("*.md")]
    assert ids
    assert not [name for name in ids if name in text]

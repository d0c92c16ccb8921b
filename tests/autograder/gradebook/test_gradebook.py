"""A gradebook that is held, broken, foreign or out of reach: one line, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from typer.testing import CliRunner, Result

import convbook.cli
from autograder.assignments.course import Course
from autograder.cli import app
from autograder.gradebook import opening as gradebook
from autograder.gradebook.opening import GradebookError, wait_for_gradebook
from tests.autograder.postgres import Server
from tests.autograder.recorded import ID, _recorded, gradebook_of, grading, page_of  # noqa: F401

READING = (("report", ID), ("export", ID, "--to", "-"), ("feedback", ID))
HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1])
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


def _run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def _grade(folder: Path) -> tuple[str, ...]:
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "student-01.ipynb").write_text("no notebook")
    return "grade", ID, "--submissions", str(folder / "in"), "--workers", "1"


@contextmanager
def _held(database: Path) -> Iterator[subprocess.Popen[str]]:
    """Hold ``database`` in another process until its input is closed."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(database)], **pipes) as holder:  # type: ignore[call-overload]
        assert holder.stdout.readline() == "held\n"
        yield holder


def _require_one_line(done: Result, *said: str) -> None:
    assert done.exit_code == 1, done.output
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("error:")]
    for words in said:
        assert words in line
    assert "Traceback" not in done.output


def test_when_there_is_no_gradebook_then_it_is_made_as_nbgrader_makes_it_without_its_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = tmp_path / "ours.db", tmp_path / "theirs.db"
    Gradebook(f"sqlite:///{theirs}").close()
    monkeypatch.setenv("PATH", "")  # nbgrader asks a program for the name of its newest version
    wait_for_gradebook(f"sqlite:///{ours}")
    Gradebook(f"sqlite:///{ours}").close()
    made, expected = (sorted(sqlite3.connect(path).iterdump()) for path in (ours, theirs))
    assert made == expected


def test_when_several_programs_make_the_gradebook_then_each_finds_it_whole(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: wait_for_gradebook(url), range(24)))
    Gradebook(url).close()


@pytest.mark.parametrize("words", [*READING, None])
def test_when_another_program_holds_the_gradebook_then_it_is_waited_for_and_named(
    words: tuple[str, ...] | None,
    grading: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gradebook, "PATIENCE", 0.5)
    with _held(grading / "gradebook.db"):
        done = _run(*(words or _grade(grading)))
    assert "waiting for the gradebook, held by another program" in done.stderr
    _require_one_line(done, str(grading / "gradebook.db"), "formgrader", "another run", "browser")
    assert all(page_of(grading, f"student-{n:02}").is_file() for n in (1, 2, 3))


def test_when_the_other_program_lets_go_then_the_command_goes_on(grading: Path) -> None:  # noqa: F811
    with _held(grading / "gradebook.db") as holder:
        assert holder.stdin
        threading.Timer(1.0, holder.stdin.close).start()
        done = _run("export", ID, "--to", "-")
    assert done.exit_code == 0, done.output
    assert done.stderr.count("waiting for the gradebook") == 1
    assert done.stdout.count("student-") == 3


def test_when_another_program_only_writes_then_a_report_is_not_kept_waiting(
    grading: Path,  # noqa: F811
) -> None:
    writer = sqlite3.connect(grading / "gradebook.db")
    writer.execute("BEGIN IMMEDIATE")
    done = _run("report", ID)
    writer.close()
    assert (done.exit_code, done.stderr) == (0, "")


def _not_a_database(path: Path) -> None:
    path.write_text("what a person saved under this name\n" * 400)


def _truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _of_version(version: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with sqlite3.connect(path) as database:
            database.execute("UPDATE alembic_version SET version_num = ?", (version,))
        database.close()

    return change


def _without_a_column(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE student DROP COLUMN lms_user_id")
    database.close()


def _of_another_program(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE photos (name TEXT)")
    database.close()


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


BROKEN = {
    _not_a_database: "is no gradebook: put a copy of the gradebook back",
    _truncated: "is damaged: put a copy of it back",
    _of_version("282d30a0218e"): "is of an older nbgrader: run nbgrader db upgrade",
    _of_version("000000000000"): "is of another nbgrader than the one installed here",
    _without_a_column: "is of another nbgrader than the one installed here",
    _of_another_program: "is no gradebook",
    _a_folder: "cannot be opened and written",
}


@pytest.mark.parametrize(("damage", "said"), BROKEN.items())
def test_when_the_gradebook_is_broken_then_every_command_names_it_and_the_fix(
    damage: Callable[[Path], None],
    said: str,
    grading: Path,  # noqa: F811
) -> None:
    path = grading / "gradebook.db"
    damage(path)
    before = path.read_bytes() if path.is_file() else b""
    for words in (*READING, _grade(grading)):
        _require_one_line(_run(*words), str(path), said)
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert all(page_of(grading, f"student-{n:02}").is_file() for n in (1, 2, 3))


@pytest.mark.usefixtures("grading")
def test_when_a_broken_gradebook_meets_a_release_then_it_is_one_line_too(
    course: Course,
    grading: Path,  # noqa: F811
) -> None:
    _not_a_database(grading / "gradebook.db")
    before = course.release(ID).read_bytes()
    done = CliRunner().invoke(convbook.cli.app, ["release", ID])
    _require_one_line(done, "is no gradebook")
    assert course.release(ID).read_bytes() == before


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_when_a_gradebook_is_cut_off_anywhere_then_it_counts_as_damaged(
    data: st.DataObject,
    grading: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    whole = (grading / "gradebook.db").read_bytes()
    size = data.draw(st.integers(1, len(whole) - 1))
    cut = tmp_path / "cut.db"
    cut.write_bytes(whole[:size])
    with pytest.raises(GradebookError, match=r"cut\.db is (damaged|no gradebook)"):
        wait_for_gradebook(f"sqlite:///{cut}", patience=0)


@pytest.fixture
def read_only(grading: Path) -> Iterator[Path]:  # noqa: F811
    """The grading folder on a disk that nobody may write to, root neither."""
    mounted = subprocess.run(
        ["mount", "--bind", grading, grading], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"this machine mounts nothing: {mounted.stderr!r}")
    subprocess.run(["mount", "-o", "remount,bind,ro", grading], check=True)
    yield grading
    subprocess.run(["umount", grading], check=True)


def test_when_the_gradebook_can_only_be_read_then_reports_and_exports_do_and_the_rest_says_so(
    read_only: Path, tmp_path: Path
) -> None:
    for words in (("report", ID), ("export", ID, "--to", "-")):
        assert _run(*words).exit_code == 0
    graded = _run(*_grade(tmp_path))
    _require_one_line(graded, "gradebook.db cannot be opened and written: see that")
    pages = _run("feedback", ID)
    assert pages.exit_code == 1
    assert "the page of student-01 stays as it was: OSError" in pages.stderr
    assert page_of(read_only, "student-01").is_file()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("gradebook.db", "must be an address such as postgresql://"),
        ("postgres://u:secret@h/d", "postgres://u:***@h/d is not in a database that"),
        ("mysql://u:secret@h/d", "must be an address such as postgresql://"),
        ("postgresql://u:secret@h:port/d", "must be an address such as postgresql://"),
        ("postgresql://u:secret@127.0.0.1:9/d", "Connection refused"),
        ("sqlite:////nowhere/gradebook.db", "/nowhere/gradebook.db cannot be opened"),
    ],
)
def test_when_the_address_of_the_gradebook_is_wrong_then_the_line_says_so_without_the_password(
    url: str,
    said: str,
    grading: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONVBOOK_DB", url)
    done = _run("export", ID, "--to", "-", "--db", url)
    _require_one_line(done, said)
    assert "secret" not in done.output


def test_when_postgresql_locks_refuses_or_is_down_then_the_line_says_so(
    grading: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONVBOOK_DB", "")
    monkeypatch.setattr(gradebook, "PATIENCE", 0.5)
    monkeypatch.setattr(gradebook, "SERVER_OPTIONS", {"options": "-c lock_timeout=300ms"})
    with TemporaryDirectory() as folder, Server(Path(folder)) as server:
        assert "gradebook does not know" in _run("report", ID, "--db", server.url).stderr
        with psycopg.connect(server.url) as other:
            other.execute("LOCK TABLE grade IN ACCESS EXCLUSIVE MODE")
            held = _run("export", ID, "--to", "-", "--db", server.url)
        assert "waiting for the gradebook" in held.stderr
        _require_one_line(held, "is held by another program", "lock timeout")
        unknown = server.url.replace("/postgres", "/nothing")
        _require_one_line(_run("report", ID, "--db", unknown), 'database "nothing" does not exist')
        (server.folder / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
        server.restart()
        wrong = server.url.replace("@", ":secret@")
        refused = _run("report", ID, "--db", wrong)
        _require_one_line(refused, "user, password and name", "authentication failed", ":***@")
        assert "secret" not in refused.output
        shutil.copy(server.folder / "pg_hba.conf", folder)
    _require_one_line(_run("report", ID, "--db", server.url), "see that its server runs")

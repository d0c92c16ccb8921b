"""A stage of the set-up: one line where it goes well, the reason where it does not."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
from pathlib import Path

import pytest

QUIETLY = Path(__file__).parents[1] / ".ci" / "quietly"
TOOK = r"\d+ s"


def stage(folder, script, what="Installing"):
    return subprocess.run(
        [QUIETLY, "stage", what, "bash", "-c", script],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def log(folder):
    return (folder / "_build/log/stage.log").read_text(encoding="utf-8")


def test_when_a_command_prints_warnings_and_succeeds_then_one_line_is_shown(tmp_path):
    done = stage(tmp_path, "echo progress; echo 'WARNING: running as root' >&2")
    assert done.returncode == 0
    assert re.fullmatch(rf"Installing \.\.\. {TOOK}\n", done.stdout)
    assert done.stderr == ""
    assert log(tmp_path) == "progress\nWARNING: running as root\n"


def test_when_a_command_fails_then_the_end_of_the_log_its_place_and_a_way_on_are_shown(tmp_path):
    done = stage(tmp_path, "seq 1000; echo 'no such package' >&2; exit 3")
    assert done.returncode == 3
    assert re.fullmatch(rf"Installing \.\.\. failed after {TOOK}\n", done.stdout)
    lines = done.stderr.splitlines()
    assert "no such package" in lines
    assert "1000" in lines
    assert "900" not in lines
    assert str(tmp_path / "_build/log/stage.log") in done.stderr
    assert "then make again" in done.stderr
    assert log(tmp_path).startswith("1\n")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_when_a_command_is_killed_then_that_is_said(tmp_path, number):
    done = stage(tmp_path, f"echo begun; kill -{number.value} $$")
    assert done.returncode == 128 + number
    assert f"It was killed: signal {number.value}, {number.name[3:]}" in done.stderr
    assert "memory ran out" in done.stderr
    assert "begun" in done.stderr


def test_when_a_program_is_missing_then_its_name_is_shown(tmp_path):
    done = subprocess.run(
        [QUIETLY, "stage", "Packing", "no-such-program"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 127
    assert "no-such-program" in done.stderr


PROGRAMS = {
    "dpkg-query": "exit 1",
    "sudo": 'shift; exec "$@"',
    "apt-get": 'echo "$*"; echo "debconf: no frontend" >&2; [ "$1" = update ] || exit $OUTCOME',
}


@pytest.mark.parametrize("outcome", [0, 100])
def test_when_packages_of_debian_are_installed_then_only_trouble_is_shown(tmp_path, outcome):
    for name, script in PROGRAMS.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        [QUIETLY.with_name("debian"), "nodejs", "chromium"],
        cwd=tmp_path, env=os.environ | {"PATH": path, "OUTCOME": str(outcome)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == outcome
    assert re.fullmatch(r"Installing from Debian: nodejs chromium \.\.\. .*\d s\n", done.stdout)
    assert ("install -y -qq nodejs chromium" in done.stderr) == bool(outcome)
    kept = (tmp_path / "_build/log/debian.log").read_text(encoding="utf-8")
    assert kept.count("debconf: no frontend") == 2


def on_a_terminal(folder, *command, typed=b""):
    """Return the exit status and what a terminal received; type once the command has begun."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execv(QUIETLY, [str(QUIETLY), "stage", "Installing", *command])
    seen = b""
    try:
        while piece := os.read(terminal, 4096):
            seen += piece
            if typed and (folder / "pids").exists():
                os.write(terminal, typed)
                typed = b""
    except OSError:  # the other end was closed
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen.decode()


def test_when_a_person_watches_then_something_moves_and_one_line_remains(tmp_path):
    status, seen = on_a_terminal(tmp_path, "sleep", "0.6")
    assert status == 0
    moves = seen.strip().split("\r")
    assert len(moves) > 3
    assert re.fullmatch(rf"\x1b\[KInstalling \.\.\. {TOOK}", moves[-1])
    assert "\n" not in seen.strip()


def test_when_a_person_interrupts_then_the_command_ends_and_nothing_is_left_moving(tmp_path):
    # No program in between: a shell that waits for one that ends well takes no interrupt.
    script = "echo $PPID $$ > processes; : > pids; exec sleep 60"
    status, _ = on_a_terminal(tmp_path, "bash", "-c", script, typed=b"\x03")
    assert status == -signal.SIGINT
    ended = (tmp_path / "processes").read_text().split()
    assert len(ended) == 2
    for pid in ended:
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)

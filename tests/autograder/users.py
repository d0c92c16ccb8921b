"""How a test that runs as root becomes an ordinary user."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assignments.course import Course


def as_nobody(folder: Path, course: Course) -> list[str]:
    """Return the command that runs Python as ``nobody`` in the course, with ``folder`` as home.

    Not one of pytest's folders: another run of pytest closes those to all but its own user.
    """
    shutil.chown(folder, "nobody")
    packages = [Path(path) for path in sys.path if path.endswith("site-packages")]
    root, *paths = (_for_everyone(path, folder) for path in (course.root, *packages))
    settings = [f"HOME={folder}", f"PYTHONPATH={':'.join(map(str, (root, *paths)))}"]
    enter = ["runuser", "-u", "nobody", "--", "env", "-C", str(root)]
    return [*enter, *settings, _python(), "-W", "ignore"]


def _for_everyone(path: Path, folder: Path) -> Path:
    """Return ``path`` if every user may go there, else a copy below ``folder`` that they may."""
    check = ["runuser", "-u", "nobody", "--", "ls", str(path)]
    if not subprocess.run(check, check=False, capture_output=True).returncode:
        return path
    copy = folder / path.name
    leave = shutil.ignore_patterns(".venv", "_build", ".git", "grading")
    shutil.copytree(path, copy, symlinks=True, ignore=leave, copy_function=_link)
    subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
    return copy


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _python() -> str:
    """Return an interpreter of this version that every user may run."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (os.path.realpath(sys.executable), f"/usr/bin/{name}"):
        check = ["runuser", "-u", "nobody", "--", candidate, "-c", ""]
        if not subprocess.run(check, check=False, capture_output=True).returncode:
            return candidate
    pytest.fail(f"an ordinary user can run no {name}: apt-get install {name}")


def all_pass(python: list[str], paths: list[Path], chosen: str) -> bool:
    """Tell whether tests of these files pass in that interpreter; print what it says if not.

    ``chosen`` says which, as pytest's option ``-k`` has it.
    """
    names = [str(path.relative_to(Path(__file__).parents[2])) for path in paths]
    command = [*python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", chosen, *names]
    command += ["-W", "ignore::ImportWarning"]  # of another Python's own packages
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout, done.stderr)
    return not done.returncode

"""How a test that runs as root becomes an ordinary user."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from convbook.course import Course


def as_nobody(folder: Path, course: Course) -> list[str]:
    """Return the command that runs Python as ``nobody``, whose home ``folder`` becomes.

    Not one of pytest's folders: another run of pytest closes those to all but its own user.
    """
    shutil.chown(folder, "nobody")
    paths = [str(course.root), *(path for path in sys.path if path.endswith("site-packages"))]
    settings = [f"HOME={folder}", f"PYTHONPATH={':'.join(paths)}"]
    return ["runuser", "-u", "nobody", "--", "env", *settings, _python(), "-W", "ignore"]


def _python() -> str:
    """Return an interpreter of this version that every user may run."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (os.path.realpath(sys.executable), f"/usr/bin/{name}"):
        check = ["runuser", "-u", "nobody", "--", candidate, "-c", ""]
        if not subprocess.run(check, check=False, capture_output=True).returncode:
            return candidate
    pytest.fail(f"an ordinary user can run no {name}: apt-get install {name}")

"""The built book, served on this machine only."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.once import Once
from tests.serving import served

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def html(once: Once) -> Path:
    """The folder of the built book; an unchanged book takes a few seconds."""
    once("book", lambda _: _build())
    return HTML


def _build() -> None:
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", ".", "-W", "-n", "--keep-going"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        # Without this a second build would read its pages from the failed one and pass.
        shutil.rmtree(ROOT / "_build" / ".doctrees", ignore_errors=True)
        pytest.fail(f"the book does not build:\n{done.stderr[-4000:]}", pytrace=False)


@pytest.fixture(scope="session")
def server(html: Path) -> Iterator[str]:
    """The address of the served book."""
    with served(html) as address:
        yield address


@pytest.fixture(params=["http", "file"])
def origin(request: pytest.FixtureRequest) -> str:
    """Where the book is read from: a server, or its folder."""
    if request.param == "http":
        return str(request.getfixturevalue("server"))
    return str(request.getfixturevalue("html").as_uri())

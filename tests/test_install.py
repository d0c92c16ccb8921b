"""What each part of an installation needs is what it declares, and what it loads."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
OURS = {"convbook": ("convbook",), "autograder": ("convbook", "autograder")}
DRAWING = "convbook/formulas"  # for who makes pages: the book, and the grader
NEEDS = [
    ("convbook", ()),
    ("autograder", ("grader",)),
    (DRAWING, ("book",)),
    (DRAWING, ("grader",)),
]


def imported(package: str) -> Iterator[str]:
    """The top names of all that the modules of ``package`` import, wherever they do."""
    paths = set((ROOT / package).rglob("*.py"))
    if package == "convbook":
        paths -= set((ROOT / DRAWING).rglob("*.py"))
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.split(".")[0]


def installed_with(lines: list[str]) -> set[str]:
    """The names of all packages that come with the requirements in ``lines``."""
    found: set[str] = set()
    waiting = [Requirement(line) for line in lines]
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += [Requirement(line) for line in requires(name) or []]
    return found


@pytest.mark.parametrize(("package", "extras"), NEEDS)
def test_when_a_package_imports_another_then_its_installation_brings_it(
    package: str, extras: tuple[str, ...]
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = list(project["dependencies"])
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    here = installed_with(lines)
    in_jail = {path.stem for path in (ROOT / "autograder/jail/inside").glob("*.py")}
    names = (
        set(imported(package)) - set(sys.stdlib_module_names) - set(OURS.get(package, ())) - in_jail
    )
    known = packages_distributions()
    assert not {
        name for name in names if not {canonicalize_name(one) for one in known[name]} & here
    }


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_when_convbook_starts_then_neither_nbgrader_nor_the_grader_is_loaded() -> None:
    done = run("import sys, convbook.cli; print(*{name.split('.')[0] for name in sys.modules})")
    assert done.returncode == 0, done.stderr
    assert {"convbook", "typer"} <= set(done.stdout.split())
    assert not {"nbgrader", "autograder", "nbformat"} & set(done.stdout.split())


def test_when_only_the_core_is_installed_then_release_says_what_to_install() -> None:
    code = """
import sys
sys.modules["nbgrader"] = None  # as where it is not installed
from convbook.cli import app
app(["release"])
"""
    done = run(code)
    assert done.returncode == 2
    assert "python -m pip install --editable '.[grader]'" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("program", ["convbook", "autograder"])
def test_when_the_configuration_is_read_then_nothing_is_written_and_the_environment_stays(
    program: str, tmp_path: Path
) -> None:
    code = f"""
import os, sys, warnings
import {program}.cli
os.environ["CONVBOOK_GRADING"] = {str(tmp_path / "grading")!r}
before, filters = dict(os.environ), list(warnings.filters)
from traitlets.config.loader import PyFileConfigLoader
PyFileConfigLoader("nbgrader_config.py", path=".").load_config()
assert dict(os.environ) == before
assert not os.path.exists(os.environ["CONVBOOK_GRADING"])
"""
    done = run(code)
    assert done.returncode == 0, done.stderr

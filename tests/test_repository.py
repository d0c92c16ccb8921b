"""The repository keeps its own promises: versions, names, sizes."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
CARD = ["jupyter-book", "jupyterlab", "torch", "numpy", "matplotlib", "nbgrader", "ipywidgets"]


@pytest.fixture(scope="module")
def lock() -> dict[str, Requirement]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def test_when_a_version_is_in_environment_yml_then_the_lock_says_the_same(
    lock: dict[str, Requirement],
) -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    (pip,) = [item["pip"] for item in environment["dependencies"] if isinstance(item, dict)]
    named = [Requirement(line) for line in pip if not line.startswith("-")]
    assert {requirement.name for requirement in named} == set(CARD)
    for requirement in named:
        assert requirement.specifier == lock[canonicalize_name(requirement.name)].specifier
    assert "-r requirements.lock" in pip


def test_when_the_project_needs_a_package_then_the_lock_pins_it(
    lock: dict[str, Requirement],
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = chain.from_iterable(project["optional-dependencies"].values())
    for requirement in map(Requirement, chain(project["dependencies"], extras)):
        pinned = lock[canonicalize_name(requirement.name)]
        (version,) = (spec.version for spec in pinned.specifier if spec.operator == "==")
        assert requirement.specifier.contains(version), requirement


def test_when_a_dependency_is_declared_then_its_line_gives_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text().split("[project.scripts]")[0]
    for line in re.findall(r'^  "[a-z].*$', text, re.MULTILINE):
        assert re.search(r'",\s+# \w', line), line


def test_when_a_folder_is_at_the_top_then_the_readme_names_it() -> None:
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    folders = {name.split("/")[0] for name in files.stdout.splitlines() if "/" in name}
    readme = (ROOT / "README.md").read_text()
    assert not [folder for folder in folders if f"`{folder}/`" not in readme]


@pytest.mark.parametrize("bench", sorted(path.stem for path in (ROOT / "bench").glob("*.py")))
def test_when_the_code_moves_then_every_bench_still_finds_what_it_measures(bench: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import bench.{bench}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

"""The library of implementations in the jail, and what a planted survivor does."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.assignments.course import Course
from autograder.cli import app
from autograder.grading.report import Verdict
from autograder.trials.implementations import Implementation
from autograder.trials.matrix import matrix_table
from autograder.trials.mutation import Trial, Tried, try_library
from tests.autograder.reports import PASSED, report

ID = "01-convolution"
CAUGHT = Trial(0, report((0, Verdict.WRONG), hint=True).results)


def _tried(kind: str, trial: Trial, loses: float = 2.0, hint: str = "not-flipped") -> Tried:
    lost = {"test_f": loses} if kind == "wrong" else {}
    return Tried(Implementation("f_wrong", "", "", ("f",), lost, hint), kind, (trial,))


@pytest.mark.parametrize(
    ("tried", "problem"),
    [
        (_tried("wrong", CAUGHT), ""),
        (_tried("right", Trial(0, PASSED)), ""),
        (_tried("wrong", Trial(0, PASSED)), "survives: every check passes"),
        (_tried("wrong", CAUGHT, loses=3.0), "loses 2 in test_f; LOSES says 3 in test_f"),
        (_tried("wrong", CAUGHT, hint="late"), "names not-flipped; HINT says late"),
        (_tried("right", CAUGHT), "is right, but loses 2 in test_f"),
    ],
)
def test_when_an_implementation_is_tried_then_only_the_unintended_is_a_problem(
    tried: Tried, problem: str
) -> None:
    assert problem in "".join(tried.problems)
    assert bool(tried.problems) == bool(problem)


def test_when_only_one_seed_shows_a_problem_then_the_row_and_the_sentence_are_of_that_seed() -> (
    None
):
    implementation = _tried("wrong", CAUGHT).implementation
    tried = Tried(implementation, "wrong", (CAUGHT, Trial(8, PASSED)))
    assert tried.problems == ["survives: every check passes (seed 8)"]
    table = matrix_table("07-made-up", [tried])
    assert [str(cell) for cell in table.columns[2].cells] == ["·· ·"]


@pytest.mark.jail
def test_when_the_real_library_is_tried_then_everything_is_as_intended(course: Course) -> None:
    tried = try_library(course, ID, [11])
    assert {item.implementation.name: item.problems for item in tried if item.problems} == {}
    assert {item.kind for item in tried} == {"wrong", "right"}
    files = list((course.root / "tests" / "mutants" / ID).glob("*/*.py"))
    assert len(tried) == len(files) > 40


@pytest.fixture
def planted(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course whose library holds one real wrong implementation and one that is not wrong."""
    for name in ("nbgrader_config.py", "solutions", "notebooks"):
        (tmp_path / name).symlink_to(course.root / name)
    folder = tmp_path / "tests" / "mutants" / ID / "wrong"
    folder.mkdir(parents=True)
    library = course.root / "tests" / "mutants" / ID
    wrong = next(iter(sorted((library / "wrong").glob("conv2d_*.py"))))
    shutil.copy(wrong, folder)
    right = next(iter(sorted((library / "right").glob("*.py")))).read_text(encoding="utf-8")
    text = f'{right}\nLOSES = {{"test_conv1d": 1.0}}\nHINT = "never"\n'
    (folder / "conv1d_planted.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return Course(tmp_path)


@pytest.mark.jail
@pytest.mark.usefixtures("planted")
def test_when_a_survivor_is_planted_then_the_command_fails_and_names_it() -> None:
    done = CliRunner().invoke(app, ["mutate", ID, "--seeds", "2"])
    assert done.exit_code == 1
    assert "conv1d_planted survives: every check passes (seed 0, 1)" in done.stdout
    assert "1 of 2 as intended" in done.stdout


@pytest.mark.jail
@pytest.mark.usefixtures("planted")
def test_when_json_is_asked_for_then_the_matrix_is_in_it() -> None:
    done = CliRunner().invoke(app, ["mutate", ID, "--json", "-"])
    assert done.exit_code == 1
    data = json.loads(done.stdout)
    (problem,) = data["problems"]
    assert re.match("conv1d_planted survives", problem)
    assert len(data["implementations"][0]["trials"][0]["results"]) == 17


def test_when_there_is_no_library_then_the_error_says_where_it_goes(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("nbgrader_config.py", "solutions", "notebooks"):
        (tmp_path / name).symlink_to(course.root / name)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["mutate", ID], env={"COLUMNS": "200"})
    assert done.exit_code == 2
    assert f"put some into tests/mutants/{ID}/wrong" in " ".join(done.stdout.split())

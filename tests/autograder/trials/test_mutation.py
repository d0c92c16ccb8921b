"""What is said of an implementation that was tried, and what a planted survivor does."""

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
from autograder.trials.mutation import Trial, Tried
from tests.autograder.reports import PASSED, report
from tests.autograder.throw_away import ID, PLACES_WRONG, copy_of

SAME = "(lambda size: size // stride)(n - kernel_size)"  # another program, the same number
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
        (_tried("wrong", CAUGHT, loses=3.0), "loses 2 in test_f; intended is 3 in test_f"),
        (_tried("wrong", CAUGHT, hint="late"), "names not-flipped; intended is late"),
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


@pytest.fixture
def planted(elsewhere: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course whose library holds one real wrong implementation and one that is not wrong."""
    made = copy_of(elsewhere, tmp_path)
    wrong = tmp_path / "solutions" / ID / "wrong"
    shutil.rmtree(wrong.parent / "right")
    (wrong / "Stack.toml").unlink()
    text = PLACES_WRONG.split("[another_idea]")[0].replace("-(-(n - kernel_size) // stride)", SAME)
    (wrong / "places.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return made


@pytest.mark.jail
@pytest.mark.usefixtures("planted")
def test_when_a_survivor_is_planted_then_the_command_fails_and_names_it() -> None:
    done = CliRunner().invoke(app, ["mutate", ID, "--seeds", "2"])
    assert done.exit_code == 1
    assert "places_ceil_for_floor survives: every check passes (seed 0, 1)" in done.stdout
    assert "1 of 2 as intended" in done.stdout


@pytest.mark.jail
@pytest.mark.usefixtures("planted")
def test_when_json_is_asked_for_then_the_matrix_is_in_it() -> None:
    done = CliRunner().invoke(app, ["mutate", ID, "--json", "-"])
    assert done.exit_code == 1
    data = json.loads(done.stdout)
    (problem,) = data["problems"]
    assert re.match("places_ceil_for_floor survives", problem)
    assert [len(item["trials"][0]["results"]) for item in data["implementations"]] == [2, 2]


def test_when_there_is_no_library_then_the_error_says_where_it_goes(planted: Course) -> None:
    folder = planted.root / "solutions" / ID
    shutil.rmtree(folder / "wrong")
    done = CliRunner().invoke(app, ["mutate", ID], env={"COLUMNS": "200"})
    assert done.exit_code == 2
    assert f"put some into {folder}/wrong" in " ".join(done.stdout.split())

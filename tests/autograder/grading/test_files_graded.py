"""A file beside the notebook on its whole way: graded, kept, shown, resumed, graded again."""

from __future__ import annotations

import dataclasses
import io
import pickle
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from nbgrader.api import Gradebook
from rich.console import Console
from rich.table import Table
from safetensors.numpy import save

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.assignments.handed_in import Submission
from autograder.commands.table import grades_table
from autograder.gradebook.regrade import carry_out, plan_regrade, read_class
from autograder.gradebook.release import nbgrader_api
from autograder.grading import executors
from autograder.grading.executors import Outcome, Task
from autograder.grading.faults import BrokenCheck
from autograder.grading.grade import grade
from autograder.grading.kept import handed_in_alike, recorded_submission
from autograder.grading.report import Report, Verdict
from autograder.intake.collect import collect
from autograder.intake.originals import digest
from autograder.run import Graded, grade_all
from autograder.summary.page import summary_page
from autograder.summary.summary import summarise
from autograder.trials.mutation import try_library
from autograder.trials.sample_class import UNTOUCHED, make_class, sample_class
from tests.autograder.conftest import SHORT
from tests.autograder.downloads import unpacked, zipped
from tests.autograder.with_file import (  # noqa: F401
    ID,
    MODEL,
    NB,
    SPOIL,
    _known,
    folder,
    handed_in,
    model,
    weights,
    weights_course,
)

# ruff: noqa: F811
pytestmark = pytest.mark.jail
WORK = handed_in()


def run(course: Course, source: Path, assignment: Assignment, **options: object) -> list[Graded]:
    received = collect(source, assignment).received
    return grade_all(course, ID, received, 1, source=source, budget=SHORT, **options)  # type: ignore[arg-type]


def rendered(table: Table) -> str:
    console = Console(record=True, width=160, file=io.StringIO())
    console.print(table)
    return console.export_text()


def verdicts(report: Report | None) -> list[Verdict]:
    assert report is not None
    return [result.verdict for result in report.results]


def test_when_the_notebook_writes_over_its_copy_then_the_check_gets_what_was_handed_in(
    weights: Assignment,
) -> None:
    ends = f"{SPOIL}\nimport os\nif size == {len(model())}:\n    os._exit(0)"
    for size in (SPOIL, ends):  # the second ends its kernel if it finds the file as handed in
        submission = pickle.loads(pickle.dumps(Submission(handed_in(size=size), {MODEL: model()})))
        report = grade(weights, submission, seed=1, budget=SHORT)
        assert report.results[0].verdict is Verdict.PASSED
        assert [(file.size, file.digest) for file in report.files] == [
            (len(model()), digest(model()))
        ]
    assert "the cell was stopped" in report.notices[0].text


@pytest.mark.parametrize(
    ("data", "verdict", "reason"),
    [
        (None, Verdict.NOT_RUN, r"model.safetensors \(the trained weights\) is missing: hand it"),
        (b"\x80\x04pickle", Verdict.WRONG, "the file is no safetensors file"),
        (save({"weight": np.ones(2)}), Verdict.WRONG, "weight has dtype float64; it must be"),
    ],
)
def test_when_the_file_is_missing_or_none_then_the_other_checks_keep_their_credit(
    data: bytes | None, verdict: Verdict, reason: str, weights: Assignment
) -> None:
    submission = Submission(handed_in(size="size = 3"), {} if data is None else {MODEL: data})
    report = grade(weights, submission, seed=1, budget=SHORT)
    assert verdicts(report) == [verdict, Verdict.PASSED]
    assert report.results[0].reason.startswith(reason.partition("\\")[0])
    assert bool(report.notices) is (data is None)


def test_when_a_class_is_graded_then_every_place_names_the_files(
    weights_course: Course, weights: Assignment, folder: Path, tmp_path: Path
) -> None:
    files = {f"student-01/{NB}": WORK, f"student-01/{MODEL}": model()}
    files |= {f"student-02/{NB}": handed_in(note="2"), f"student-02/{MODEL}": model()}
    files |= {f"student-03/{NB}": handed_in(size="size = 3")}
    graded = run(weights_course, unpacked(tmp_path / "in", files.items()), weights)
    reports = {one.student: one.report for one in graded if one.report}
    assert [report.score for report in reports.values()] == [3, 3, 1]
    read, missing = f"{MODEL} {len(model())} bytes {digest(model())[:8]}", f"{MODEL} missing"
    for student, text in (("student-01", read), ("student-03", missing)):
        assert text in (folder / "feedback" / student / ID / f"{ID}.html").read_text()
        assert text in rendered(grades_table(weights, graded))
        assert text in summary_page(summarise(weights, reports), reports)
    assert (folder / "submitted" / "student-01" / ID / MODEL).read_bytes() == model()
    assert (folder / "originals" / "student-01" / ID / f"{digest(model())}.safetensors").is_file()
    alike = handed_in_alike(weights_course, ID, reports)
    assert alike == {("student-01", "student-02"): (MODEL,)}
    looks = summarise(weights, reports, alike=alike).looks
    assert [(look.student, look.why) for look in looks] == [
        ("student-03", "no file"),
        ("student-01", "the same bytes"),
    ]


def test_when_only_the_file_is_new_then_resume_grades_again_and_otherwise_not(
    weights_course: Course, weights: Assignment, folder: Path, tmp_path: Path
) -> None:
    asked: list[str] = []

    def counting(assignment: Assignment, tasks: Iterable[Task]) -> Iterator[Outcome]:
        for task in tasks:
            asked.append(task.student)
            yield from executors.here(assignment, [task])

    contents = (None, model(), model(), model(2), None)
    for number, data in enumerate(contents):
        files = {f"a/{NB}": WORK} | ({} if data is None else {f"a/{MODEL}": data})
        source = zipped(tmp_path / f"{number}.zip", [*files.items(), (f"b/{NB}", b"no notebook")])
        options = {"resume": True, "executor": counting}
        first, _ = run(weights_course, source, weights, **options)
        assert verdicts(first.report)[0] is (Verdict.NOT_RUN if data is None else Verdict.PASSED)
        shown = folder / "submitted" / "a" / ID / MODEL
        assert (shown.read_bytes() if shown.exists() else None) == data
    assert asked == ["a", "b", "a", "a", "a"]
    assert recorded_submission(weights_course, ID, "a").files == {}  # type: ignore[union-attr]


def test_when_a_class_is_graded_again_then_the_kept_files_are_used(
    weights_course: Course, weights: Assignment, folder: Path, tmp_path: Path
) -> None:
    files = {f"{who}/{NB}": handed_in(note=who) for who in "ab"} | {f"a/{MODEL}": model()}
    files |= {f"b/{MODEL}": b""}
    source = unpacked(tmp_path / "in", files.items())
    run(weights_course, source, weights)
    for name in files:
        (source / name).unlink()
    (tmp_path / "plan").mkdir()
    before = read_class(weights_course, ID)
    plan = plan_regrade(
        weights_course, weights, before, executors.here, tmp_path / "plan", budget=SHORT
    )
    assert {move.student: move.after for move in plan.moves} == {"a": 3, "b": 0}
    assert carry_out(weights_course, weights, before, plan, tmp_path / "plan") == {}
    kept = {who: recorded_submission(weights_course, ID, who) for who in "ab"}
    assert kept["a"] == Submission(handed_in(note="a"), {MODEL: model()})
    assert "is empty" in kept["b"].notes[MODEL]  # type: ignore[union-attr]
    next((folder / "originals").glob("a/*/*.safetensors")).write_bytes(b"damaged")
    plan = plan_regrade(weights_course, weights, before, executors.here, tmp_path / "plan")
    assert "not kept any more" in plan.faults["a"]


def test_when_plain_nbgrader_grades_then_it_finds_the_file_as_students_name_it(
    weights_course: Course, weights: Assignment, folder: Path
) -> None:
    place = folder / "submitted" / "student-01" / ID
    unpacked(place, [(NB, WORK), ("Model (1).safetensors", model())])
    outcome = nbgrader_api(weights_course).autograde(ID, "student-01")
    assert outcome["success"], outcome
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission(ID, "student-01").score == 3
    kept = recorded_submission(weights_course, ID, "student-01")
    assert kept is not None
    assert kept.files == {MODEL: model()}
    assert "handed in as 'Model (1).safetensors'" in kept.notes[MODEL]


def test_when_the_file_came_later_than_the_notebook_then_its_time_counts(
    weights: Assignment, tmp_path: Path
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\nann,Ann\n")
    times = {"ann": "2026-03-01 12:00:00 UTC", "Ann": "2026-03-02 12:00:00 UTC"}
    files = {f"{who}/{ID}/timestamp.txt": time.encode() for who, time in times.items()}
    files |= {f"ann/{ID}/work.ipynb": WORK, f"Ann/{ID}/{MODEL}": model()}
    received = collect(unpacked(tmp_path / "in", files.items()), weights, roster).received
    assert [(one.student, one.timestamp) for one in received] == [
        ("ann", datetime.fromisoformat(times["ann"].replace(" UTC", "+00:00")))
    ]


def test_when_a_check_asks_for_a_file_that_is_not_taken_then_the_check_is_named_as_broken(
    weights: Assignment,
) -> None:
    plain = dataclasses.replace(weights, files=())
    with pytest.raises(BrokenCheck, match=r"weighted_sum is broken.* must be one of .* FILES"):
        grade(plain, Submission(WORK, {MODEL: model()}), 1, SHORT)


def test_when_the_checks_are_on_trial_then_the_file_of_the_library_is_handed_in(
    weights_course: Course,
) -> None:
    (tried,) = try_library(weights_course, ID, [1])
    assert tried.implementation.name == "linear_bias_left_out"
    assert tried.problems == []


def test_when_the_sample_class_is_made_then_the_file_lies_beside_each_notebook_but_one(
    weights_course: Course, folder: Path
) -> None:
    made = make_class(weights_course, ID)
    whose = {student for student, (what, _) in sample_class(weights_course, ID).items()
             if what != UNTOUCHED}  # fmt: skip
    assert {path.parent.name for path in made.rglob(MODEL)} == whose
    assert len(whose) >= 6

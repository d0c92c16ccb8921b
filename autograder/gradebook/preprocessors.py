"""What nbgrader runs instead of its own execution: restore, grade in the jail, show verdicts.

`SANITIZE` and `AUTOGRADE` are the two lists that nbgrader_config.py gives to
`nbgrader.converters.Autograde`.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader import api
from nbgrader.api import Gradebook
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
    getgrades,
    latesubmissions,
    saveautogrades,
)
from traitlets import Integer, Unicode

from autograder.assignments.assignment import TEST_PREFIX, Assignment, load_assignment
from autograder.assignments.course import Course
from autograder.feedback.fixing import is_untouched, to_fix
from autograder.feedback.shown import make_harmless
from autograder.feedback.verdicts import (
    files_markdown,
    notices_markdown,
    verdicts_html,
    verdicts_text,
)
from autograder.gradebook.hand import GivenByHand, answers, answers_in
from autograder.grading.grade import grade
from autograder.grading.kept import keep_report, recorded_original, report_path
from autograder.grading.report import Report, Verdict
from autograder.grading.submission import cell_keys, restore
from autograder.harmless.text import shown
from autograder.intake.beside import submission_in
from autograder.intake.originals import digest, keep_submission

Resources = dict[str, Any]
Processed = tuple[NotebookNode, Resources]


class _CoursePreprocessor(NbGraderPreprocessor):  # type: ignore[misc]
    course_root = Unicode(help="the folder that holds nbgrader_config.py").tag(config=True)

    @property
    def course(self) -> Course:
        return Course(Path(self.course_root))

    def assignment(self, resources: Resources) -> Assignment:
        return load_assignment(self.course, resources["nbgrader"]["assignment"])


class RestoreCells(_CoursePreprocessor):
    """Brings the submitted notebook back to the shape of its release."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Processed:
        """Restore ``nb`` in place, exactly as the grader does before it runs it."""
        for notice in restore(self.assignment(resources), nb):
            self.log.warning("%s: %s", shown(notice.cell), shown(notice.text))
        return nb, resources


class GradeInJail(_CoursePreprocessor):
    """Grades the submitted file in the jail and writes the verdicts into the notebook."""

    seed = Integer(-1, help="makes the random inputs; below 0 a fresh one").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Processed:
        """Grade what the student handed in and show the report in ``nb``."""
        assignment = self.assignment(resources)
        names = resources["nbgrader"]
        student = names["student"]
        folder = self.course.grading / "submitted" / student / names["assignment"]
        submission = submission_in(folder, assignment)
        seed = self.seed if self.seed >= 0 else secrets.randbits(32)
        report = grade(assignment, submission, seed)
        show_report(assignment, report, nb)
        names["earlier"] = recorded_original(self.course, assignment.id, student)
        keep_submission(self.course, assignment.id, student, submission)
        path = report_path(self.course, assignment.id, student)
        original = digest(submission.notebook)
        keep_report(path, student, report, submission.digest, original=original)
        return nb, resources


class SaveGrades(_CoursePreprocessor, SaveAutoGrades):  # type: ignore[misc]
    """Enters the points; what a person gave stands where what it was given for did not change."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Processed:
        """Do as nbgrader does, which has all that a person gave wait; then look what need not."""
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            by_hand = GivenByHand(gradebook, names["assignment"], names["student"])
        nb, resources = super().preprocess(nb, resources)
        if by_hand:
            before = answers_in(self.assignment(resources), names["earlier"])
            with Gradebook(names["db_url"]) as gradebook:
                by_hand.stand(gradebook, before, answers(nb))
                gradebook.db.commit()
        return nb, resources


class ShowHarmless(_CoursePreprocessor):
    """Leaves of the notebook what may be shown to those who grade."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Processed:
        """Clean ``nb`` in place, after the gradebook has compared what was written."""
        make_harmless(self.assignment(resources), nb)
        return nb, resources


@contextmanager
def using(gradebook: api.Gradebook) -> Iterator[None]:
    """Have the preprocessors use ``gradebook``; each would open its own, and close it.

    That takes more than half of the time of recording, and would commit by itself.
    """
    modules: tuple[Any, ...] = (getgrades, latesubmissions, sys.modules[__name__], saveautogrades)
    for module in modules:
        module.Gradebook = lambda db_url: gradebook
    try:
        yield
    finally:
        for module in modules:
            module.Gradebook = api.Gradebook


def show_report(assignment: Assignment, report: Report, nb: NotebookNode) -> None:
    """Give every cell of ``nb`` the outputs of ``report``, and test cells their verdicts.

    nbgrader reads the points of a test cell from its last output, so each gets a number that
    was made here, and no output of the student's that nbgrader could take for one.
    """
    tests = {test.grade_id for test in assignment.tests}
    for key, cell in zip(cell_keys(nb), nb.cells, strict=True):
        if cell.cell_type != "code":
            continue
        outputs = report.outputs.get(key, [])
        if key in tests:
            cell.outputs = _test_outputs(assignment, report, key, outputs)
        else:
            cell.outputs = [NotebookNode(output) for output in outputs]
    if report.files:
        nb.cells.insert(0, new_markdown_cell(files_markdown(report.files)))
    if report.notices:
        nb.cells.insert(0, new_markdown_cell(notices_markdown(report.notices, report.results)))


def _test_outputs(
    assignment: Assignment, report: Report, key: str, outputs: list[dict[str, Any]]
) -> list[NotebookNode]:
    results = report.of(key.removeprefix(TEST_PREFIX))
    verdicts = {"text/html": verdicts_html(results), "text/plain": verdicts_text(results)}
    score = sum(result.score for result in results)
    passed = sum(result.verdict is Verdict.PASSED for result in results)
    counts = {"checks": sum(result.is_check for result in results), "passed": passed}
    told = counts | {"fix": to_fix(assignment, results), "untouched": is_untouched(report)}
    return [
        new_output("stream", name="stdout", text=_visible(outputs)),
        new_output("display_data", data=verdicts, metadata=told),
        new_output("execute_result", data={"text/plain": f"{score:g}"}, execution_count=None),
    ]


def _visible(outputs: list[dict[str, Any]]) -> str:
    """Return what the visible test showed, as text that nbgrader takes for nothing else."""
    texts = list(filter(None, map(_text_of, outputs)))
    return "visible test: " + ("\n".join(texts) if texts else "passed") + "\n"


def _text_of(output: dict[str, Any]) -> str:
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    return str(output.get("text") or output.get("data", {}).get("text/plain", ""))


SANITIZE = [ClearOutput, OverwriteKernelspec, RestoreCells, OverwriteCells, CheckCellMetadata]
AUTOGRADE = [GradeInJail, SaveGrades, AssignLatePenalties, ShowHarmless, CheckCellMetadata]

"""What a person gave, kept when a submission is graded again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from autograder.assignments.assignment import Assignment
from autograder.assignments.marks import mark_of, same_text
from autograder.grading.submission import UnreadableSubmission, parse_notebook, restore

Answers = Mapping[str, NotebookNode]  # cells that a person grades, by grade id


def answers(notebook: NotebookNode) -> Answers:
    """Return the cells of a restored notebook that a person grades."""
    found = {mark_of(cell): cell for cell in notebook.cells}
    return {mark: cell for mark, cell in found.items() if mark and _is_answer(cell)}


def answers_in(assignment: Assignment, data: bytes | None) -> Answers:
    """Return the answers in a file that was handed in; none where it is no notebook."""
    if data is None:
        return {}
    try:
        notebook = parse_notebook(data)
    except UnreadableSubmission:
        return {}
    restore(assignment, notebook)
    return answers(notebook)


class GivenByHand:
    """The points a person gave to one submission, noted before nbgrader enters new ones.

    nbgrader lets every such score wait for a person again. It need not, where what the person saw
    is still so: the answer in words, or the points of the checks.
    """

    def __init__(self, gradebook: Gradebook, assignment: str, student: str):
        """Note which cells have points of a person's, and what the checks gave them."""
        self._where = (assignment, student)
        self._scored = {
            grade.name: grade.auto_score
            for grade in _grades(gradebook, assignment, student)
            if grade.manual_score is not None and not grade.needs_manual_grade
        }

    def __bool__(self) -> bool:
        """Tell whether there is anything to keep."""
        return bool(self._scored)

    def stand(self, gradebook: Gradebook, before: Answers, now: Answers) -> None:
        """Let what is as it was stand; what was changed waits, with its earlier points."""
        for grade in _grades(gradebook, *self._where):
            if grade.name not in self._scored:
                continue
            if grade.name in now:
                same = _same(before.get(grade.name), now[grade.name])
            else:
                same = grade.auto_score == self._scored[grade.name]
            grade.needs_manual_grade = not same


def _same(before: NotebookNode | None, now: NotebookNode) -> bool:
    if before is None:
        return False
    pictures = before.get("attachments", {}) == now.get("attachments", {})
    return pictures and same_text(before.source, now.source)


def _grades(gradebook: Gradebook, assignment: str, student: str) -> list[Any]:
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return []
    return [grade for notebook in submission.notebooks for grade in notebook.grades]


def _is_answer(cell: NotebookNode) -> bool:
    rules = cell.metadata.nbgrader
    return bool((rules.get("grade") and rules.get("solution")) or rules.get("task"))

"""Finds the work of students in cells that have lost their mark, or that never had one.

Some editors drop nbgrader's grade id when a cell is copied, split or merged, and some students
write their answer into a new cell below. Nobody loses a point by that: a released cell is known
again by its text, a function by its name, and an answer by where it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from nbformat import NotebookNode

from autograder.assignments.assignment import Assignment, ReleasedCell

Cells = Sequence[NotebookNode]
DEFINED = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)


def mark_of(cell: NotebookNode) -> str:
    """Return the grade id of a cell, or nothing."""
    rules = cell.metadata.get("nbgrader")
    found = rules.get("grade_id") if isinstance(rules, dict) else ""
    return found if isinstance(found, str) else ""


def same_text(one: str, other: str) -> bool:
    r"""Tell whether two cells differ at most in line ends, blanks at the end and code points.

    Example:
        >>> same_text("a = 1\r\nb = 2 \n\n", "a = 1\nb = 2")
        True
        >>> same_text("a = 1", "a  = 1")
        False
    """
    return _bare(one) == _bare(other)


def give_marks_back(assignment: Assignment, notebook: NotebookNode) -> None:
    """Give each released cell whose mark is nowhere in ``notebook`` the cell that it must be."""
    marked = {mark_of(cell) for cell in notebook.cells}
    plain = [cell for cell in notebook.cells if not mark_of(cell)]
    texts = [_bare(cell.source) for cell in plain]
    for released in assignment.cells:
        if released.grade_id not in marked:
            likely = _finder(released)
            found = (n for n, text in enumerate(texts) if likely(text) and not mark_of(plain[n]))
            if (place := next(found, None)) is not None:
                plain[place].metadata.nbgrader = NotebookNode(released.rules)


def _finder(released: ReleasedCell) -> Callable[[str], object]:
    """Return what tells whether a text is that of ``released``, or defines the same functions."""
    names = [] if released.locked else DEFINED.findall(released.source)
    patterns = [
        re.compile(rf"^(?:async +)?(?:def|class) +{name}\b", re.MULTILINE) for name in names
    ]
    bare = _bare(released.source)

    def likely(text: str) -> bool:
        defines = bool(patterns) and all(pattern.search(text) for pattern in patterns)
        return text == bare or defines

    return likely


def is_as_released(assignment: Assignment, notebook: NotebookNode) -> bool:
    """Tell whether a notebook holds nothing but what was released."""
    known = {_bare(cell.source) for cell in assignment.cells}
    known |= {_bare(text) for text in (*assignment.texts, "")}
    return all(_bare(cell.source) in known for cell in notebook.cells)


def find_answers(assignment: Assignment, notebook: NotebookNode) -> set[str]:
    """Move what stands beside an unwritten answer into its cell, so that a person is shown it.

    What counts is every cell of text of the student's own between the released cells around it;
    where there is none, the code there is copied. Returns the grade ids of the answers found.
    """
    order, answered = [cell.grade_id for cell in assignment.cells], set()
    released_texts = {_bare(text) for text in assignment.texts}
    for released in assignment.cells:
        if released.is_test or not released.rules["grade"]:
            continue
        place = _marked(notebook.cells, released.grade_id)
        if place is None or not same_text(notebook.cells[place].source, released.source):
            continue
        around = _around(notebook.cells, order, released.grade_id)
        own = [c for c in around if _bare(c.source) not in released_texts | {""}]
        texts = [c for c in own if c.cell_type != "code"]
        if own:
            answered.add(released.grade_id)
            _fill(notebook.cells[place], texts or own)
            notebook.cells = [c for c in notebook.cells if all(c is not t for t in texts)]
    return answered


def _fill(answer: NotebookNode, cells: Cells) -> None:
    """Put into ``answer`` what ``cells`` say and show."""
    answer.source = "\n\n".join(_shown(cell) for cell in cells)
    pictures = {name: data for c in cells for name, data in c.get("attachments", {}).items()}
    if pictures:
        answer.attachments = pictures


def _around(cells: Cells, order: list[str], grade_id: str) -> list[NotebookNode]:
    """Return the student's own cells between the released ones before and after ``grade_id``."""
    number = order.index(grade_id)
    before, after = (set(order[:number]), set(order[number + 1 :]))
    first = max((i for i, c in enumerate(cells) if mark_of(c) in before), default=-1)
    last = min((i for i, c in enumerate(cells) if mark_of(c) in after and i > first), default=None)
    return [cell for cell in cells[first + 1 : last] if not mark_of(cell)]


def _marked(cells: Cells, grade_id: str) -> int | None:
    return next((i for i, cell in enumerate(cells) if mark_of(cell) == grade_id), None)


def _shown(cell: NotebookNode) -> str:
    return f"```python\n{cell.source}\n```" if cell.cell_type == "code" else str(cell.source)


def _bare(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n")

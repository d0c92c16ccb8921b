"""What was found in the text of a notebook, in words: notices, and points that are taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from autograder.checks import Hint
from autograder.grading.report import Notice, Result, Verdict
from autograder.grading.scan.findings import Finding, Scan
from autograder.grading.scan.reader import Use

CODE = 100  # characters of a line of the student's that are quoted
PLACES = 3  # of a finding that are quoted
READ = "This was read off the text of the notebook: a reason for a person to look, and no proof."
NOT_ALLOWED = Hint(
    "not-allowed",
    "Here you write the arithmetic yourself. What is ready-made may check your results, outside "
    "of the function.",
)
Told = tuple[tuple[Result, ...], tuple[Notice, ...]]


def tell(
    found: Scan, results: Sequence[Result], cells: Mapping[str, str], name: Callable[[str], str]
) -> Told:
    """Return what takes points away, as results, and the rest as notices.

    Args:
        found: what was found.
        results: of the checks; a function loses no more than it earned.
        cells: the code by key.
        name: what a cell is called, by its key.
    """
    taken: list[Result] = []
    notices: list[Notice] = []
    for finding in found.findings:
        earned = sum(r.score for r in (*results, *taken) if r.function == finding.function)
        points = min(finding.rule.points, earned)
        text = f"{_places(finding, cells, name)} {READ}"
        if points:
            taken.append(_result(finding, points, text))
        else:
            text = f"it seems to use {text} It costs no points."
            notices.append(Notice(Verdict.LOOK, finding.function, text))
    return tuple(taken), (*notices, *_not_read(found, name))


def _result(finding: Finding, points: float, text: str) -> Result:
    without = ", ".join(finding.rule.names)
    return Result(
        function=finding.function,
        name=f"without_{finding.rule.names[0]}",
        sentence=f"{finding.function} does without what the assignment forbids: {without}",
        points=-points,
        verdict=Verdict.LOOK,
        reason=f"it seems to use {text}",
        hint=NOT_ALLOWED.name,
        hint_text=NOT_ALLOWED.text,
    )


def _places(finding: Finding, cells: Mapping[str, str], name: Callable[[str], str]) -> str:
    quoted = [_place(finding, use, cells[use.cell], name) for use in finding.uses[:PLACES]]
    more = len(finding.uses) - len(quoted)
    quoted += [f"and {more} places more"] if more else []
    return f"{'; '.join(quoted)}. The assignment does not allow that in this function."


def _place(finding: Finding, use: Use, cell: str, name: Callable[[str], str]) -> str:
    line = " ".join(cell.splitlines()[use.line - 1 : use.line]).strip()
    line = line if len(line) <= CODE else line[:CODE] + "…"
    through = "" if use.through == finding.function else f" through {use.through}"
    return f"{use.path}{through} ({name(use.cell)}, line {use.line}: {line})"


def _not_read(found: Scan, name: Callable[[str], str]) -> list[Notice]:
    """Say what was not looked through: no page of code is so long by itself."""
    long = "it is too long or too deeply nested to be looked through for what is not allowed"
    far = "it leads too far to be followed to what is not allowed"
    notices = [Notice(Verdict.LOOK, name(key), long) for key in found.unread]
    return [*notices, *(Notice(Verdict.LOOK, function, far) for function in found.unfollowed)]

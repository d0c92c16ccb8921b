"""The one pure function of the grader: an assignment, a submission and a seed make a report."""

from __future__ import annotations

from collections.abc import Mapping

from nbformat import NotebookNode

from autograder.assignments.assignment import TEST_PREFIX, Assignment
from autograder.assignments.handed_in import Submission
from autograder.checks import Budget, Check
from autograder.grading.faults import GraderFault, describe_fault
from autograder.grading.filesread import missing_files, read_files
from autograder.grading.judging import judge
from autograder.grading.report import FileRead, Notice, Report, Result, Verdict
from autograder.grading.scan.findings import Scan, scan
from autograder.grading.scan.telling import tell
from autograder.grading.session import Session
from autograder.grading.submission import UnreadableSubmission, cell_keys, parse_notebook, restore
from autograder.jail.bubblewrap import JailUnavailable
from autograder.jail.messages import Unshowable

MAY_STAND_BELOW = (Verdict.NOT_RUN, Verdict.ERROR)  # then what a check needs may come later


def grade(
    assignment: Assignment, submission: Submission, seed: int, budget: Budget | None = None
) -> Report:
    """Return the report on ``submission``.

    Runs the student's cells in a jailed kernel and makes every verdict out here. The same
    arguments give the same verdicts; another seed gives other inputs.

    Args:
        assignment: from `autograder.assignments.assignment.load_assignment`.
        submission: the notebook that was handed in, and the files beside it.
        seed: makes the random inputs of the checks; at least 0.
        budget: what the submission may use, if not what the assignment gives it.

    Raises:
        GraderFault: a check or the jail is broken; never the student's fault.
        autograder.jail.bubblewrap.JailUnavailable: this machine cannot lock student code in.
    """
    files = read_files(assignment, submission)
    try:
        notebook = parse_notebook(submission.notebook)
    except UnreadableSubmission as error:
        return _not_run(assignment, seed, str(error), files)
    notices = restore(assignment, notebook)
    session = Session(
        assignment.flavour,
        _code(notebook),
        budget or assignment.budget,
        tests={test.grade_id for test in assignment.tests},
        files={file.name: submission.files[file.name] for file in files if file.digest},
        absent={file.name: file.note for file in files if not file.digest},
        handed_out=assignment.handed_out,
    )
    try:
        results = _run_and_judge(assignment, session, seed)
    except (GraderFault, JailUnavailable):
        raise
    except Exception as error:
        raise GraderFault(f"it could not be graded: {describe_fault(error)}") from error
    finally:
        session.close()
    notices += missing_files(assignment, files) + _cell_notices(assignment, notebook, session)
    name = _cell_names(notebook).__getitem__
    taken, found = tell(look_through(assignment, session.cells), results, session.cells, name)
    report = Report(assignment.id, seed, results + taken, notices + found, session.outputs, files)
    return report.storable()


def look_through(assignment: Assignment, cells: Mapping[str, str]) -> Scan:
    """Return what the graded functions in ``cells`` seem to use that the assignment forbids."""
    tests = {check.function: TEST_PREFIX + check.function for check in assignment.checks}
    return scan(cells, tests, assignment.forbidden)


def _code(notebook: NotebookNode) -> dict[str, str]:
    """Return the code to run, by key and in order."""
    keyed = zip(cell_keys(notebook), notebook.cells, strict=True)
    return {key: cell.source for key, cell in keyed if cell.cell_type == "code"}


def _run_and_judge(assignment: Assignment, session: Session, seed: int) -> tuple[Result, ...]:
    """Run the cells in order, and judge each function right after its visible test.

    So a check meets what the reader of the notebook meets there. The test cell itself runs for
    the names that it leaves and for the feedback; it earns nothing.
    """
    results: dict[Check, Result] = {}
    for key in session.cells:
        session.run(key)
        for check in assignment.checks:
            if TEST_PREFIX + check.function == key:
                results[check] = judge(check, session, seed)
    for check in assignment.checks:
        result = results.get(check)
        if result is None or result.verdict in MAY_STAND_BELOW:
            again = judge(check, session, seed)
            results[check] = again if again.verdict is Verdict.PASSED else result or again
    return tuple(results[check] for check in assignment.checks)


def _not_run(assignment: Assignment, seed: int, reason: str, files: tuple[FileRead, ...]) -> Report:
    results = (
        Result(c.function, c.name, c.sentence, c.points, Verdict.NOT_RUN, reason=reason)
        for c in assignment.checks
    )
    notices = (Notice(Verdict.NOT_RUN, "", reason), *missing_files(assignment, files))
    return Report(assignment.id, seed, tuple(results), notices, files=files)


def _cell_notices(
    assignment: Assignment, notebook: NotebookNode, session: Session
) -> tuple[Notice, ...]:
    """Say which of the student's own cells did not run; an unwritten function is no news."""
    locked = {cell.grade_id for cell in assignment.cells if cell.locked}
    names = _cell_names(notebook)
    failed = tuple(
        Notice(failure.verdict, names[key], failure.text)
        for key, failure in session.failures.items()
        if key not in locked and failure.verdict is not Verdict.NOT_RUN
    )
    return failed + _dropped(session)


def _cell_names(notebook: NotebookNode) -> dict[str, str]:
    """Return what each cell is called: its grade id, or the place where it stands."""
    keys = enumerate(cell_keys(notebook), start=1)
    return {key: f"cell {place}" if key[0] == "#" else key for place, key in keys}


def _dropped(session: Session) -> tuple[Notice, ...]:
    """Say how much of what the kernel published was left out, and what was wrong with the first."""
    if not session.dropped:
        return ()
    total, (_, first) = session.dropped.total(), next(iter(session.dropped))
    messages = "one message was" if total == 1 else f"{total:,} messages were"
    mistake = all(kind is Unshowable for kind, _ in session.dropped)
    verdict = Verdict.ERROR if mistake else Verdict.TAMPERED
    return (Notice(verdict, "", f"{messages} left out, as Jupyter has no such output: {first}"),)

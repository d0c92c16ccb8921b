"""A check and the student's functions make a result."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from autograder.checks import Check, Mismatch, StudentError, argument_changed
from autograder.grading.faults import BrokenCheck, GraderFault, describe_fault
from autograder.grading.remote import Remote
from autograder.grading.report import Result, Verdict
from autograder.grading.session import Session, Unavailable, verdict_of, verdict_of_error
from autograder.jail.client import KernelLost


def judge(check: Check, session: Session, seed: int) -> Result:
    """Run one check with inputs made from ``seed``; return whatever comes of it as a result.

    Raises:
        BrokenCheck: it raised what no check may.
        GraderFault: what it compares with did not answer.
    """

    def result(verdict: Verdict, **payload: Any) -> Result:
        known = (check.function, check.name, check.sentence, check.points, verdict)
        asked = "" if verdict == Verdict.PASSED else session.asked()
        return Result(*known, asked=asked, **payload)

    session.asked, session.changed = str, None
    session.arguments_stay = bool(check.arguments_stay)
    try:
        _run(check, session, seed)
    except Mismatch as m:
        hint = {"hint": m.hint.name, "hint_text": m.hint.text} if m.hint else {}
        payload = {"reason": m.reason, "expected": m.expected, "actual": m.actual}
        return result(Verdict.WRONG, **payload, **hint)
    except StudentError as error:
        reason = f"it raised {error}" + (f" ({error.where})" if error.where else "")
        return result(verdict_of_error(error.kind, error.message), reason=reason)
    except Unavailable as error:
        return result(error.verdict, reason=str(error))
    except KernelLost as lost:
        return result(verdict_of(lost), reason=str(lost))
    except GraderFault:
        raise
    except Exception as error:
        name = f"{check.function}/{check.name}"
        raise BrokenCheck(f"check {name} is broken: {describe_fault(error)}") from error
    return result(Verdict.PASSED)


def _run(check: Check, session: Session, seed: int) -> None:
    """Run the check; arguments that changed are a mismatch where they must stay as they were."""
    rng = np.random.default_rng([seed, zlib.crc32(f"{check.function}/{check.name}".encode())])
    session.kernel()  # a restart is not on the clock of the check
    try:
        check.run(Remote(session, session.now() + session.budget.check, (), ""), rng)
    except Mismatch as mismatch:
        if session.arguments_stay and session.changed and not mismatch.hint:
            mismatch.hint = argument_changed(session.changed[0]).hint
        raise
    if session.arguments_stay and session.changed:
        names, session.asked = session.changed
        raise argument_changed(names)

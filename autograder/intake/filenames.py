"""Which file a name means, and whose it is, after browsers, students and systems changed it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import IntEnum

from autograder.checks.files import HandedIn
from autograder.intake.archives import Refused
from autograder.intake.candidates import Candidate
from autograder.intake.recognise import dashed


class Fit(IntEnum):
    """How much speaks for a name to mean the file that an assignment takes."""

    NOT = 0
    ENDING = 1  # only that
    LIKE = 2  # with what browsers and students add
    EXACT = 3


def whose(name: str, wanted: Sequence[HandedIn]) -> str:
    """Return the student in the name of a file that lies beside others', ``STUDENT_model.bin``.

    Raises:
        Refused: it is called like the file alone.

    Example:
        >>> whose("ann_model.bin", [HandedIn("model.bin", "the weights", 1)])
        'ann'
        >>> whose("ann.bin", [HandedIn("model.bin", "the weights", 1)])
        ''
    """
    for one in wanted:
        again = r"(?:[\s_-]*\(?\d+\)?)?"  # of a second download
        form = rf"(?:(.+?)[\s_.+-]+)?{re.escape(one.stem)}{again}\.{one.ending}"
        if match := re.fullmatch(form, name, re.IGNORECASE):
            if match[1]:
                return match[1]
            raise Refused("its name does not say whose it is", f"call it STUDENT_{one.name}")
    return ""


def fit(name: str, wanted: HandedIn) -> Fit:
    """Return how well ``name`` fits what it must be.

    Example:
        >>> model = HandedIn("model.bin", "the weights", 1)
        >>> [fit(name, model).name for name in ("model.bin", "Model (1).BIN", "a.bin", "a.txt")]
        ['EXACT', 'LIKE', 'ENDING', 'NOT']
    """
    name = unicodedata.normalize("NFC", name)
    if name == wanted.name:
        return Fit.EXACT
    stem, _, ending = name.rpartition(".")
    same = ending.casefold() == wanted.ending
    if (same and dashed(wanted.stem) in dashed(stem)) or dashed(wanted.name) in dashed(name):
        return Fit.LIKE
    return Fit.ENDING if same else Fit.NOT


def likely_files(
    wanted: HandedIn, others: Sequence[Candidate], all_wanted: Sequence[HandedIn]
) -> list[Candidate]:
    """Return the files that may be ``wanted``; one with only its ending where no other takes it."""
    mine = [
        one
        for one in others
        if fit(one.name, wanted) >= Fit.LIKE
        and all(fit(one.name, other) <= fit(one.name, wanted) for other in all_wanted)
    ]
    alone = sum(other.ending == wanted.ending for other in all_wanted) == 1
    return mine or [one for one in others if alone and fit(one.name, wanted)]

"""What came of taking in a class: who is received, who is refused, and what to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from autograder.assignments.handed_in import Submission
from autograder.intake.archives import Line, Refused
from autograder.intake.beside import Beside, as_submission
from autograder.intake.notebookfile import UnreadableSubmission
from autograder.intake.recognise import passed_on
from autograder.rosters.roster import Person


class IntakeError(ValueError):
    """Nothing can be understood in a source; the message says which layouts are."""


@dataclass(frozen=True)
class Received:
    """What counts of one student: the notebook, and files beside it.

    ``name`` is the file it counts as and ``timestamp`` when it was handed in, in UTC, where
    that is known. ``notices`` say what is odd about the file; the student may read them.
    ``platform`` and ``number`` are those of its name, and ``page`` is what its feedback must be
    called there for the platform to take it back.
    """

    student: str
    name: str
    timestamp: datetime | None
    notices: tuple[str, ...]
    load: Callable[[], bytes] = field(repr=False)
    platform: str = ""
    number: str = ""
    page: str = ""
    beside: tuple[Beside, ...] = ()

    def submission(self) -> Submission:
        """Return all that counts, byte for byte as it was handed in.

        Raises:
            IntakeError: a file is not there any more, or cannot be read.
        """
        try:
            return as_submission(self.load(), self.beside)
        except Refused as error:
            raise IntakeError(f"{self.student}: {error}") from error

    def read(self) -> bytes:
        """Return what is graded: the bytes handed in, of a big file those without its outputs.

        Raises:
            IntakeError: the file is not there any more, or not as it was.
        """
        return self.lean(self.original())

    def original(self) -> bytes:
        """Return the file byte for byte as it was handed in.

        Raises:
            IntakeError: it is not there any more, or cannot be read.
        """
        try:
            return self.load()
        except Refused as error:
            raise IntakeError(f"{self.student}: {error}") from error

    def lean(self, original: bytes) -> bytes:
        """Return of the ``original`` what is graded.

        Raises:
            IntakeError: it is too big all the same.
        """
        try:
            return passed_on(original)
        except UnreadableSubmission as error:
            raise IntakeError(f"{self.student}: {error}") from error


@dataclass(frozen=True)
class Refusal:
    """Somebody of whom something came in but nothing is graded: the student, or else the file."""

    who: str
    line: Line


@dataclass(frozen=True)
class Collected:
    """What came in, by student, and the lines that the instructor should read.

    The lines may name several students: they are not for feedback pages. Everybody of whom
    something came in is among ``received`` or among ``refused``. ``people`` are those of the
    roster, whether they handed in or not.
    """

    received: tuple[Received, ...]
    lines: tuple[Line, ...]
    refused: tuple[Refusal, ...] = ()
    people: tuple[Person, ...] = ()

"""One step for a gradebook and several files: after it all of them are new, or all are as before.

The files are written beside their places. Then a *journal*, which holds all that is needed to do
the whole step again, is put down; then the gradebook commits; then the files move to their places,
the journal last. A process that ends before the journal is there has changed nothing. One that
ends after it is made up for: whoever next finds the journal does the step again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.originals import part_of


class LastingGradebook(Gradebook):  # type: ignore[misc]
    """A gradebook whose engine outlives `close`, so that each statement is compiled once."""

    _within = False

    def close(self) -> None:
        """Give the connection back; the next use takes it up again."""
        if not self._within:
            self.db.remove()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit once, at the end; nbgrader's own commits within are held back.

        Raises:
            Exception: whatever was raised within; nothing has been entered then.
        """
        session = self.db()
        commit, session.commit, self._within = session.commit, session.flush, True
        try:
            yield
            commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            del session.commit
            self._within = False
            self.close()


class NewFiles:
    """Files written beside their places, to be put there all together."""

    def __init__(self) -> None:
        """Begin with none."""
        self._targets: list[Path] = []

    def write(self, target: Path, text: str) -> None:
        """Write what will stand at ``target``."""
        target.parent.mkdir(parents=True, exist_ok=True)
        self._targets.append(target)
        part_of(target).write_text(text, encoding="utf-8")

    def put(self) -> None:
        """Move every file to its place, the first one first."""
        for target in self._targets:
            os.replace(part_of(target), target)

    def discard(self) -> None:
        """Remove what was written; what stands at the places stays."""
        for target in self._targets:
            with suppress(OSError):
                part_of(target).unlink(missing_ok=True)

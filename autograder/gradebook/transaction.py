"""One step for a gradebook and several files: after it all of them are new, or all are as before.

The files are written beside their places. Then a *journal*, which holds all that is needed to do
the whole step again, is put down; then the gradebook commits; then the files move to their places,
the journal last. A process that ends before the journal is there has changed nothing. One that
ends after it is made up for: whoever next finds the journal does the step again.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nbgrader.api import Gradebook
from sqlalchemy.exc import DBAPIError, OperationalError

from autograder.intake.originals import part_of

LOCK = ".recording"  # held by the program that records; the system frees it when that ends
DISK_FULL = "53100"  # what PostgreSQL calls it


class LastingGradebook(Gradebook):  # type: ignore[misc]
    """A gradebook whose engine outlives `close`, so that each statement is compiled once."""

    _within = _committing = False

    def close(self) -> None:
        """Give the connection back; the next use takes it up again."""
        if not self._within:
            self.db.remove()

    def end(self) -> None:
        """Close all connections."""
        self.db.remove()
        self.engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit once, at the end; nbgrader's own commits within are held back.

        Raises:
            Exception: whatever was raised within; nothing has been entered then.
        """
        session = self.db()
        commit = session.commit

        def hold_back() -> None:
            session.flush()
            session.expire_all()  # as a commit does: sums of points are computed anew

        session.commit, self._within, self._committing = hold_back, True, False
        try:
            yield
            self._committing = True
            commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            del session.commit
            self._within = False
            self.close()

    def may_hold(self, error: BaseException) -> bool:
        """Tell whether what ``error`` ended may be entered all the same.

        It may where the commit had begun and no database said that it failed: a server went, or
        the person at the keyboard stopped the program.
        """
        wrapped = _of_database(error)
        local = wrapped and isinstance(wrapped.orig, sqlite3.Error)
        refused = wrapped and (local or not database_is_away(error))
        return self._committing and not refused


class NewFiles:
    """Files written beside their places, to be put there all together."""

    def __init__(self) -> None:
        """Begin with none."""
        self._targets: list[Path] = []
        self._folders: list[Path] = []

    def write(self, target: Path, text: str) -> None:
        """Write what will stand at ``target``.

        Raises:
            OSError: the disk refuses, or something stands there that no file can replace.
        """
        require_replaceable(target)
        self._make(target.parent)
        self._targets.append(target)
        part_of(target).write_text(text, encoding="utf-8")

    def put(self) -> None:
        """Move every file to its place, the first one first."""
        for target in self._targets:
            part_of(target).replace(target)

    def discard(self) -> None:
        """Remove what was written, and the folders made for it; what stood before stays."""
        for target in self._targets:
            with suppress(OSError):
                part_of(target).unlink(missing_ok=True)
        for folder in reversed(self._folders):
            with suppress(OSError):
                folder.rmdir()

    def _make(self, folder: Path) -> None:
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        self._folders += reversed(missing)
        folder.mkdir(parents=True, exist_ok=True)


def require_replaceable(target: Path) -> None:
    """Require that a file can be put at ``target``, before anything is decided.

    Raises:
        OSError: a folder stands there.
    """
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a folder, but a file belongs there: move it away")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other program records below ``folder``, and keep others out meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def database_is_away(error: BaseException | None) -> bool:
    """Tell whether to try again later: a server does not answer, or a file is held."""
    wrapped = _of_database(error)
    if not isinstance(wrapped, OperationalError):
        return False
    if isinstance(wrapped.orig, sqlite3.Error):
        return wrapped.orig.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    return getattr(wrapped.orig, "sqlstate", None) != DISK_FULL


def _of_database(error: BaseException | None) -> DBAPIError | None:
    """Return what a database said behind ``error``; nbgrader wraps it."""
    while error is not None:
        if isinstance(error, DBAPIError):
            return error
        error = error.__cause__ or error.__context__
    return None

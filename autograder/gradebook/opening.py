"""The gradebook, opened in one place: what keeps it closed is one line that says what to do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import typer
from alembic.script import ScriptDirectory
from nbgrader.api import Base, Gradebook, InvalidEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import URL, Connection, create_engine, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

PATIENCE = 30.0  # seconds that a command waits for a gradebook that another program holds
LOOK_SECONDS = 0.25
SERVER_OPTIONS = {"connect_timeout": "10", "options": "-c lock_timeout=5s"}  # as SQLite waits
WAITING = "waiting for the gradebook, held by another program"
CALLED = "--db (or CONVBOOK_DB)"

# What a database says (the beginning of SQLite's or PostgreSQL's code), and what to do about it.
HELD = "is held by another program: close what may hold it (formgrader, another run of the grader, \
a database browser) and run the command again"
RIGHTS = "cannot be opened and written: see that its folder is there and that you may write both"
DAMAGED = "is damaged: put a copy of it back; sqlite3 with .recover may save what is in it"
FOREIGN = "is no gradebook: put a copy of the gradebook back, or name another one"
OLDER = "is of an older nbgrader: run nbgrader db upgrade, which keeps a copy"
NEWER = "is of another nbgrader than the one installed here: install the one that made it"
ADDRESS = f"is not in a database that the grader knows: {CALLED} must be an address such as \
postgresql://USER@HOST/NAME or sqlite:////FOLDER/gradebook.db"
UNREACHED = f"cannot be used: see that its server runs, and that user, password and name in \
{CALLED} are right"
FIXES = {
    ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "57P03", "53300", "40P01"): HELD,
    ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH", "25006", "42501"): RIGHTS,
    ("SQLITE_CORRUPT", "SQLITE_IOERR"): DAMAGED,
    ("SQLITE_NOTADB",): FOREIGN,
    ("SQLITE_FULL", "53100"): "has no room: free space on its disk and run the command again",
    ("SQLITE_ERROR", "42703", "42P01"): NEWER,
}

Book = TypeVar("Book", bound=Gradebook)


class GradebookError(RuntimeError):
    """The gradebook cannot be used; the message names it, what is wrong and what to do."""


class _Unfit(Exception):
    """The database answers, and is not what this nbgrader can use."""


@contextmanager
def opened(
    coursedir: CourseDirectory,
    kind: type[Gradebook] = Gradebook,
    write: bool = False,
) -> Iterator[Any]:
    """Open the gradebook for a ``with`` block, and close it; the way in for every command.

    Args:
        coursedir: nbgrader's, which knows where the gradebook is.
        kind: nbgrader's own class, or one that does more.
        write: also see that it can be written to.

    Raises:
        GradebookError: now or within the block.
    """
    with explained(coursedir.db_url):
        gradebook = connect(coursedir, kind, write)
        try:
            yield gradebook
        finally:
            Gradebook.close(gradebook)  # that of a lasting one would keep the connection


def connect(coursedir: CourseDirectory, kind: type[Book], write: bool = False) -> Book:
    """Return the gradebook as a ``kind``, for whoever keeps it open longer than a block.

    Raises:
        GradebookError: it cannot be used; one that is held is waited for first.
    """
    wait_for_gradebook(coursedir.db_url, write)
    with explained(coursedir.db_url):
        gradebook: Book = kind(_patient(_parsed(coursedir.db_url)), coursedir.course_id)
        return gradebook


def wait_for_gradebook(
    url: str,
    write: bool = False,
    patience: float | None = None,
    say: Callable[[str], None] = lambda line: typer.echo(line, err=True),
) -> None:
    """Return as soon as the gradebook at ``url`` can be used.

    Args:
        url: such as ``sqlite:///gradebook.db``.
        write: whether it must be free to be written to.
        patience: seconds to wait for another program; `PATIENCE` by default.
        say: is told once that the command waits.

    Raises:
        GradebookError: it is still held, or cannot be used for another reason.
    """
    end = time.monotonic() + (PATIENCE if patience is None else patience)
    told = False
    while True:
        try:
            with explained(url):
                return _try(_parsed(url), write)
        except GradebookError as error:
            if not is_held(error.__cause__) or time.monotonic() >= end:
                raise
        if not told:
            say(WAITING)
            told = True
        time.sleep(LOOK_SECONDS)


def is_handed_in(gradebook: Gradebook, assignment: str) -> bool:
    """Return whether the gradebook holds a submission of ``assignment``."""
    return bool(gradebook.assignment_submissions(assignment))


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn what the database at ``url`` says in the block into a `GradebookError`."""
    try:
        yield
    except (DBAPIError, InvalidEntry, _Unfit) as error:
        if not _fix(error):
            raise
        raise GradebookError(_line(url, error)) from error


def is_held(error: BaseException | None) -> bool:
    """Return whether another program that has the database locked is behind ``error``."""
    return _fix(error) == HELD


def _try(url: URL, write: bool) -> None:
    """Read all that nbgrader will read, write what changes nothing, and take it back.

    An empty database becomes a gradebook, as nbgrader makes it; nbgrader itself would start a
    program to learn the name of its newest version, which takes longer than all the rest.
    """
    try:
        engine = create_engine(_patient(url), poolclass=NullPool)
    except (ArgumentError, ModuleNotFoundError) as error:  # of a database with no driver here
        raise _Unfit(ADDRESS) from error
    with engine.connect() as connection:
        _require_sound(connection)
        tables = set(inspect(connection).get_table_names())
        if not tables:
            return _make(connection)
        _require_own(connection, tables)
        if write:
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
        connection.rollback()


def _make(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # else each table would come by itself
        if inspect(connection).get_table_names():  # another program was first
            return connection.rollback()
    Base.metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    newest = {"newest": ScriptDirectory(ALEMBIC_DIR).get_current_head()}
    connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:newest)"), newest)
    connection.commit()


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:  # a port that is no number
        raise _Unfit(ADDRESS) from error


def _patient(url: URL) -> URL:
    """Return ``url`` such that a server that does not answer is not waited for without end."""
    options = SERVER_OPTIONS if url.get_backend_name() == "postgresql" else {}
    return url.update_query_dict({k: v for k, v in options.items() if k not in url.query})


def _require_sound(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")  # the caller waits, and says so
        sound = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"
        page = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        file = connection.exec_driver_sql("PRAGMA database_list").all()[0][2]
        if not sound or Path(file).stat().st_size % page:  # SQLite fills up what was cut off
            raise _Unfit(DAMAGED)


def _require_own(connection: Connection, tables: set[str]) -> None:
    """See that the tables are nbgrader's, and of the nbgrader that is installed."""
    if not tables & set(Base.metadata.tables):
        raise _Unfit(FOREIGN)
    known = [script.revision for script in ScriptDirectory(ALEMBIC_DIR).walk_revisions()]
    version = None
    if "alembic_version" in tables:
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if version != known[0]:
        raise _Unfit(OLDER if version is None or version in known else NEWER)
    for table in Base.metadata.sorted_tables:
        connection.execute(select(table).limit(1))


def _line(url: str, error: BaseException) -> str:
    driver = None if isinstance(error, _Unfit) else _behind(error)
    said = f" ({' '.join(str(driver).split())})" if driver else ""
    return f"{_name(url)} {_fix(error)}{said}"


def _name(url: str) -> str:
    """Return how to call the database: its file, or its address without the password."""
    try:
        parts = _parsed(url)
    except _Unfit:
        return f"the gradebook in {CALLED}"
    if parts.get_backend_name() == "sqlite" and parts.database:
        return f"the gradebook {parts.database}"
    return f"the gradebook {parts.render_as_string(hide_password=True)}"


def _fix(error: BaseException | None) -> str:
    """Return what is wrong and what to do, or nothing where the database is not to blame."""
    if isinstance(error, _Unfit):
        return str(error)
    driver: Any = _behind(error)
    code = getattr(driver, "sqlite_errorname", "") or getattr(driver, "sqlstate", "") or ""
    for codes, fix in FIXES.items():
        if code.startswith(codes):
            return fix
    return UNREACHED if type(driver).__name__ == "OperationalError" else ""


def _behind(error: BaseException | None) -> BaseException | None:
    """Return what the database's own driver raised; nbgrader and SQLAlchemy wrap it."""
    while error is not None:
        if isinstance(error, DBAPIError):
            return error.orig
        error = error.__cause__ or error.__context__
    return None

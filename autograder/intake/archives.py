"""The files that came in: what is known of one before it is read, and those of a folder."""

from __future__ import annotations

import io
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from autograder.harmless.text import shown
from autograder.intake.notebookfile import MAX_FILE, MB

CHUNK = 2**20
MAX_RATIO = 1000  # text that repeats itself stays below; only what is made to burst comes near
MAX_PATH, MAX_DEPTH = 1000, 50  # characters and folders of a path
LEFT_BEHIND = {"__MACOSX", "Thumbs.db", "desktop.ini", "__pycache__", "node_modules"}
LEFT_BEHIND |= {"venv", "site-packages"}  # an environment, the packages of one by any name
FIRST = 100  # folders of a path that tell whether it is left behind
MAX_MEMBERS = 1000  # of an archive within the source: a student made it
HIDDEN = re.compile(r"\.(?!\.\Z|\.?\\)|~\$")  # but for .. and what starts a path of Windows
NUMBERED = re.compile(r"\A(?!\._).*_[0-9]+_", re.DOTALL)  # by a platform, whatever the name before
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError)
HAND_IN_AGAIN = "have it handed in again"


class Refused(Exception):
    """A file that is not taken: the rule that it breaks, and what to do."""

    def __init__(self, rule: str, advice: str = HAND_IN_AGAIN):
        """Keep both sentences."""
        super().__init__(f"{rule}: {advice}")
        self.rule, self.advice = rule, advice


@dataclass(frozen=True)
class Line:
    """One line for the instructor about one file: the rule it met, and what to do.

    Example:
        >>> str(Line("student-01.ipynb", "it is a link; links are not followed", "hand it in"))
        'student-01.ipynb: it is a link; links are not followed: hand it in'
    """

    file: str
    rule: str
    advice: str
    student: str = ""

    def __str__(self) -> str:
        """Return the line as it is shown."""
        return f"{self.file}: {self.rule}: {self.advice}"


@dataclass(frozen=True)
class Item:
    """One file; nothing of it is read until asked."""

    parts: tuple[str, ...]
    open: Callable[[], IO[bytes]]
    packed: int | None = None  # bytes in the zip
    written: str = ""  # the name in the zip, where a backslash in it was taken for a /

    @property
    def shown(self) -> str:
        """The path as it may be printed."""
        return shown("/".join(self.parts))

    def read(self, limit: int = MAX_FILE) -> bytes:
        """Return the bytes of the file; what the headers of a zip promise is not trusted.

        Raises:
            Refused: it holds more than ``limit`` bytes, bursts, or cannot be read.
        """
        held = io.BytesIO()
        try:
            with self.open() as file:
                while chunk := file.read(CHUNK):
                    held.write(chunk)
                    self._require_bounded(held.tell(), limit)
        except (*BROKEN_ZIP, NotImplementedError) as error:
            raise Refused(f"it cannot be read ({error})") from error
        return held.getvalue()

    def head(self, count: int) -> bytes:
        """Return the first ``count`` bytes of the file.

        Raises:
            Refused: it cannot be read.
        """
        try:
            with self.open() as file:
                return file.read(count)
        except (*BROKEN_ZIP, NotImplementedError) as error:
            raise Refused(f"it cannot be read ({error})") from error

    def _require_bounded(self, size: int, limit: int) -> None:
        if size > limit:
            raise Refused(
                f"it holds more than {limit // MB} MB, the most that is read",
                "have the outputs cleared and handed in again",
            )
        if self.packed is not None and size > CHUNK and size > MAX_RATIO * self.packed:
            raise Refused(
                f"it is a zip bomb: {self.packed} bytes unpack to more than {MAX_RATIO} times that"
            )


@dataclass
class Listing:
    """What a folder or a zip holds: files, lines about some, and how many were left behind.

    A file that is not taken is among the files, so that it is known whose it is; reading it
    raises the rule that it breaks.
    """

    items: list[Item] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    left_behind: int = 0

    def set_aside(
        self, parts: tuple[str, ...], rule: str, advice: str = HAND_IN_AGAIN, written: str = ""
    ) -> None:
        """Add a file that is not taken, and the line about it."""

        def refuse() -> IO[bytes]:
            raise Refused(rule, advice)

        self.say(parts, rule, advice)
        self.items.append(Item(parts, refuse, written=written))

    def require_few(self) -> None:
        """Require that there are not too many files for an archive that a student made.

        Raises:
            Refused: there are.
        """
        if len(self.items) > MAX_MEMBERS:
            raise Refused(
                f"it holds {len(self.items)} files, more than the {MAX_MEMBERS} that are looked at",
                "have the notebook handed in without the other files",
            )

    def say(self, parts: tuple[str, ...], rule: str, advice: str) -> None:
        """Add a line about a file or folder."""
        self.lines.append(Line(shown("/".join(parts)), rule, advice))


def list_folder(root: Path) -> Listing:
    """Return the files below ``root``; links are not followed."""
    listing = Listing()

    def unreadable(error: OSError) -> None:
        parts = Path(str(error.filename)).relative_to(root).parts or (root.name,)
        listing.set_aside(parts, f"it cannot be read ({error.strerror})")

    for folder, folders, files in os.walk(root, onerror=unreadable):
        folders.sort()
        above = Path(folder).relative_to(root).parts
        if is_left_behind(above):
            listing.left_behind += len(files)
            continue
        if rule := overlong("/".join(above)):
            listing.set_aside(above, rule, "put the notebook itself there")
            folders.clear()
            continue
        for name in sorted(files) + [f for f in folders if Path(folder, f).is_symlink()]:
            _note_file(listing, Path(folder, name), (*above, name))
        for name in folders:
            note_folder(listing, (*above, name))
    return listing


def _note_file(listing: Listing, path: Path, parts: tuple[str, ...]) -> None:
    if is_left_behind(parts):
        listing.left_behind += 1
    elif path.is_symlink():
        listing.set_aside(
            parts, "it is a link; links are not followed", "put the file itself there"
        )
    elif not path.is_file():
        listing.set_aside(parts, "it is no regular file", "put the notebook itself there")
    else:
        listing.items.append(Item(parts, _file_opener(path)))


def note_folder(listing: Listing, parts: tuple[str, ...]) -> None:
    """Add a line about a folder that is called like a notebook."""
    if parts and parts[-1].lower().endswith(".ipynb") and not is_left_behind(parts):
        rule = "it is a folder with the name of a notebook"
        listing.say(parts, rule, "look inside; notebooks in it are considered")


def overlong(path: str) -> str:
    """Return the rule that a path breaks by its length, or nothing."""
    if len(path) > MAX_PATH or path.count("/") > MAX_DEPTH:
        return f"its path has more than {MAX_PATH} characters or {MAX_DEPTH} folders"
    return ""


def steps(path: str) -> tuple[str, ...]:
    """Return the folders of a path in an archive and the name at its end."""
    return tuple(part for part in path.split("/") if part not in ("", "."))


def leads_behind(path: str) -> bool:
    """Tell whether a path in an archive is left behind; one that is too long, by its beginning."""
    first = path.split("/", FIRST)[:FIRST]
    return is_left_behind(tuple(part for part in first if part not in ("", ".")))


def is_left_behind(parts: tuple[str, ...]) -> bool:
    """Tell what systems and tools leave: hidden files, checkpoints, caches, environments."""
    hidden = (HIDDEN.match(part) and not NUMBERED.search(part) for part in parts)
    return any(hidden) or not LEFT_BEHIND.isdisjoint(parts)


def _file_opener(path: Path) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        # It may have become a link or a pipe since it was listed.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError("it is no regular file")
        return os.fdopen(descriptor, "rb")

    return opened

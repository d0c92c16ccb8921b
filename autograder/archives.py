"""The files of a folder or a zip, listed and read without ever writing one to disk."""

from __future__ import annotations

import io
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from autograder.harmless import shown
from autograder.notebookfile import MAX_FILE, MB

CHUNK = 2**20
MAX_RATIO = 1000  # text that repeats itself stays below; only what is made to burst comes near
MAX_MEMBERS = 1000  # of a zip within the zip: a student made it
MAX_PATH, MAX_DEPTH = 1000, 50  # characters and folders of a path
LEFT_BEHIND = {"__MACOSX", "Thumbs.db", "desktop.ini"}
DIRECTORY_ENTRY = b"PK\x01\x02"
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

    def set_aside(self, parts: tuple[str, ...], rule: str, advice: str = HAND_IN_AGAIN) -> None:
        """Add a file that is not taken, and the line about it."""

        def refuse() -> IO[bytes]:
            raise Refused(rule, advice)

        self.say(parts, rule, advice)
        self.items.append(Item(parts, refuse))

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
        if rule := _overlong("/".join(above)):
            listing.set_aside(above, rule, "put the notebook itself there")
            folders.clear()
            continue
        for name in sorted(files) + [f for f in folders if Path(folder, f).is_symlink()]:
            _note_file(listing, Path(folder, name), (*above, name))
        for name in folders:
            _note_folder(listing, (*above, name))
    return listing


def list_zip(file: Path) -> Listing:
    """Return the files in the zip ``file``, which stays open.

    Raises:
        Refused: it is no zip that can be read.
    """
    archive = _opened(file)
    listing = Listing()
    for info, parts in _members(archive, listing, ()):
        listing.items.append(Item(parts, _opener(archive, info), info.compress_size))
    return listing


def list_nested(outer: Item) -> Listing:
    """Return the files in a zip that lies in the source itself; it is read again for each.

    Raises:
        Refused: it is no zip that can be read, or holds too many files.
    """
    data = outer.read()
    # What the end of a zip says about its directory may be a lie; the entries themselves are not.
    if (members := data.count(DIRECTORY_ENTRY)) > MAX_MEMBERS:
        raise Refused(f"it holds {members} files, more than the {MAX_MEMBERS} that are looked at")
    listing = Listing()
    for info, parts in _members(_opened(io.BytesIO(data)), listing, outer.parts):
        listing.items.append(Item(parts, _nested_opener(outer, info), info.compress_size))
    return listing


def _note_file(listing: Listing, path: Path, parts: tuple[str, ...]) -> None:
    if _is_left_behind(parts):
        listing.left_behind += 1
    elif path.is_symlink():
        listing.set_aside(
            parts, "it is a link; links are not followed", "put the file itself there"
        )
    elif not path.is_file():
        listing.set_aside(parts, "it is no regular file", "put the notebook itself there")
    else:
        listing.items.append(Item(parts, _file_opener(path)))


def _note_folder(listing: Listing, parts: tuple[str, ...]) -> None:
    if parts[-1].lower().endswith(".ipynb") and not _is_left_behind(parts):
        rule = "it is a folder with the name of a notebook"
        listing.say(parts, rule, "look inside; notebooks in it are considered")


def _members(
    archive: zipfile.ZipFile, listing: Listing, above: tuple[str, ...]
) -> Iterator[tuple[zipfile.ZipInfo, tuple[str, ...]]]:
    """Yield the members that may be read; note the others."""
    for info in archive.infolist():
        name = _name(info)
        steps = name[:MAX_PATH].split("/")
        parts = (*above, *(part for part in steps if part not in ("", ".")))
        if _is_left_behind(parts):
            listing.left_behind += not info.is_dir()
        elif rule := _broken_rule(info, name):
            listing.set_aside(parts or (name,), rule, "it is not read; have it zipped again")
        elif name.endswith("/"):
            _note_folder(listing, parts)
        else:
            yield info, parts


def _broken_rule(info: zipfile.ZipInfo, name: str) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "its path in the zip is absolute"
    if ".." in name.split("/"):
        return "its path in the zip leads out of it (..)"
    if kind == stat.S_IFLNK:
        return "it is a link; links are not followed"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "it is no regular file"
    if info.flag_bits & 1:
        return "it is encrypted"
    return _overlong(name)


def _overlong(path: str) -> str:
    if len(path) > MAX_PATH or path.count("/") > MAX_DEPTH:
        return f"its path has more than {MAX_PATH} characters or {MAX_DEPTH} folders"
    return ""


def _name(info: zipfile.ZipInfo) -> str:
    """Return the member's name with / between folders, in UTF-8 where the zip forgot to say so."""
    name = info.orig_filename.split("\0")[0]
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/")


def _is_left_behind(parts: tuple[str, ...]) -> bool:
    """Tell what systems and editors leave: hidden files, checkpoints, resource forks."""
    hidden = (part.startswith((".", "~$")) and part != ".." for part in parts)
    return any(hidden) or not LEFT_BEHIND.isdisjoint(parts)


def _opened(file: Path | IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (*BROKEN_ZIP, ValueError, NotImplementedError) as error:
        raise Refused(f"it is no zip that can be read ({error})", "download it again") from error


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _nested_opener(outer: Item, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: _opened(io.BytesIO(outer.read())).open(info)


def _file_opener(path: Path) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        # It may have become a link or a pipe since it was listed.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError("it is no regular file")
        return os.fdopen(descriptor, "rb")

    return opened

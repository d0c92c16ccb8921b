"""The files of a tar archive that a student made, gzipped or not: a stream, read forwards only."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
from collections.abc import Callable, Iterator
from typing import IO, cast

from autograder.intake.archives import (
    BROKEN_ZIP,
    MAX_PATH,
    MAX_RATIO,
    Item,
    Listing,
    Refused,
    leads_behind,
    note_folder,
    overlong,
    steps,
)
from autograder.intake.notebookfile import MAX_FILE, MB

ENDINGS = (".tar", ".tar.gz", ".tgz")
GZIP = b"\x1f\x8b"
MAX_UNPACKED = 2 * MAX_FILE  # bytes that are passed over in search of a notebook
MAX_HEADERS = 8 * 2**20  # bytes of all headers together
MAX_HEADER = 2**14  # bytes of a header with a long name
DIGITS = re.compile(rb"[0-9]{30}")  # tarfile takes the square of their number in steps
BROKEN = (*BROKEN_ZIP, tarfile.TarError, ValueError, OverflowError, RecursionError)
ALONE = "have the notebook itself handed in"


def is_tar(name: str) -> bool:
    """Tell whether a file is a tar archive by its name."""
    return name.lower().endswith(ENDINGS)


def list_tar(outer: Item) -> Listing:
    """Return the files in a tar archive that lies in the source; it is read again for each.

    Raises:
        Refused: it is no archive that can be read, or holds too much.
    """
    data = outer.read()
    listing = Listing()
    try:
        for number, (info, _) in enumerate(_entries(data)):
            parts = (*outer.parts, *steps(info.name[:MAX_PATH]))
            if leads_behind(info.name):
                listing.left_behind += not info.isdir()
            elif info.isdir():
                note_folder(listing, parts)
            elif rule := _broken_rule(info):
                listing.set_aside(parts, rule, "it is not read; have it packed again")
            else:
                listing.items.append(Item(parts, _opener(outer, number), len(data)))
            listing.require_few()
    except BROKEN as error:
        raise Refused(f"it is no tar archive that can be read ({error})") from error
    return listing


def _broken_rule(info: tarfile.TarInfo) -> str:
    if info.name.startswith("/"):
        return "its path in the archive is absolute"
    if ".." in info.name.split("/"):
        return "its path in the archive leads out of it (..)"
    if info.issym() or info.islnk():
        return "it is a link; links are not followed"
    if not info.isreg() or info.issparse():
        return "it is no regular file"
    return overlong(info.name)


def _opener(outer: Item, wanted: int) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        try:
            for number, (info, stream) in enumerate(_entries(outer.read())):
                if number == wanted:
                    return stream.part(info.offset_data, info.size)
        except BROKEN as error:
            raise OSError(str(error)) from error
        raise OSError("it is not there any more")

    return opened


def _entries(data: bytes) -> Iterator[tuple[tarfile.TarInfo, _Stream]]:
    with _Stream(data) as stream:
        archive = tarfile.TarFile(fileobj=cast(IO[bytes], stream))
        while info := archive.next():
            archive.members = []  # type: ignore[attr-defined]  # else it keeps them all
            yield info, stream


class _Stream(io.RawIOBase):
    """What `tarfile` reads an archive from: it goes forwards, within bounds, and gives headers."""

    def __init__(self, data: bytes):
        super().__init__()
        packed = io.BytesIO(data)
        self._file = gzip.GzipFile(fileobj=packed) if data.startswith(GZIP) else packed
        self._most = min(MAX_UNPACKED, MAX_RATIO * len(data) + 2**20)
        self._place = self._headers = 0

    def tell(self) -> int:
        return self._place

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or place < self._place:
            raise Refused("it is a tar archive that leads back into itself")
        self._require_few(place)
        while self._place < place and (passed := self._file.read(min(2**20, place - self._place))):
            self._place += len(passed)
        return self._place

    def read(self, size: int = -1) -> bytes:
        self._headers += size
        if not 0 <= size <= MAX_HEADER or self._headers > MAX_HEADERS:
            raise Refused("its headers hold more than is read of a tar archive", ALONE)
        self._require_few(self._place + size)
        header = self._file.read(size)
        self._place += len(header)
        if size > tarfile.BLOCKSIZE and DIGITS.search(header):
            raise Refused("it has a header with a number that is no size or time", ALONE)
        return header

    def part(self, place: int, size: int) -> IO[bytes]:
        self.seek(place)
        return cast(IO[bytes], _Part(self._file, min(size, self._most - place)))

    def _require_few(self, size: int) -> None:
        if size > self._most:
            raise Refused(f"it unpacks to more than {self._most // MB} MB", ALONE)


class _Part(io.RawIOBase):
    """The next bytes of a file, read as a file of its own."""

    def __init__(self, file: IO[bytes] | gzip.GzipFile, left: int):
        super().__init__()
        self._file, self._left = file, left

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

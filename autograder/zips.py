"""The files of a zip, and of a zip in it, listed and read without ever writing one to disk."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from autograder.archives import (
    BROKEN_ZIP,
    MAX_PATH,
    Item,
    Listing,
    Refused,
    is_left_behind,
    note_folder,
    overlong,
)

MAX_MEMBERS = 1000  # of a zip within the zip: a student made it
DIRECTORY_ENTRY = b"PK\x01\x02"


def list_zip(file: Path) -> Listing:
    """Return the files in the zip ``file``, which stays open.

    Raises:
        Refused: it is no zip that can be read.
    """
    archive = _opened(file)
    listing = Listing()
    for info, parts in _members(archive, listing, ()):
        opener = _opener(archive, info)
        listing.items.append(Item(parts, opener, info.compress_size, _written(info)))
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


def _members(
    archive: zipfile.ZipFile, listing: Listing, above: tuple[str, ...]
) -> Iterator[tuple[zipfile.ZipInfo, tuple[str, ...]]]:
    """Yield the members that may be read; note the others."""
    for info in archive.infolist():
        name = _name(info).replace("\\", "/")
        steps = (part for part in name[:MAX_PATH].split("/") if part not in ("", "."))
        parts = (*above, *steps) or (name[:MAX_PATH],)
        if not overlong(name) and is_left_behind(parts):
            listing.left_behind += not name.endswith("/")
        elif rule := _broken_rule(info, name):
            advice = "it is not read; have it zipped again"
            listing.set_aside(parts, rule, advice, _written(info))
        elif name.rpartition("/")[2] in ("", "."):
            note_folder(listing, parts)
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
    if "\0" in name:
        return "its name holds a zero byte"
    if info.flag_bits & 1:
        return "it is encrypted"
    return overlong(name)


def _name(info: zipfile.ZipInfo) -> str:
    """Return the member's name, in UTF-8 where the zip forgot to say so."""
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name


def _written(info: zipfile.ZipInfo) -> str:
    name = _name(info)
    return name[:MAX_PATH] if "\\" in name else ""


def _opened(file: Path | IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (*BROKEN_ZIP, ValueError, NotImplementedError) as error:
        raise Refused(f"it is no zip that can be read ({error})", "download it again") from error


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _nested_opener(outer: Item, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: _opened(io.BytesIO(outer.read())).open(info)

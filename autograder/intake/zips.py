"""The files of a zip, and of a zip in it, listed and read without ever writing one to disk."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from autograder.intake.archives import (
    BROKEN_ZIP,
    MAX_PATH,
    Item,
    Listing,
    Refused,
    leads_behind,
    note_folder,
    overlong,
    steps,
)
from autograder.rosters.codepages import codepage

MAX_ENTRIES = 50_000  # of a zip that a student made, with all that is left behind of it
SAMPLES, SAMPLE = 500, 100  # names that tell their code page, and bytes of each
DIRECTORY_ENTRY = b"PK\x01\x02"


def list_zip(file: Path) -> Listing:
    """Return the files in the zip ``file``, which stays open.

    Raises:
        Refused: it is no zip that can be read.
    """
    archive = _opened(file)
    listing = Listing()
    for info, parts, written in _members(archive, listing, ()):
        opener = _opener(archive, info)
        listing.items.append(Item(parts, opener, info.compress_size, written))
    return listing


def list_nested(outer: Item) -> Listing:
    """Return the files in a zip that lies in the source itself; it is read again for each.

    Raises:
        Refused: it is no zip that can be read, or holds too many files.
    """
    data = outer.read()
    # What the end of a zip says about its directory may be a lie; the entries themselves are not.
    if (entries := data.count(DIRECTORY_ENTRY)) > MAX_ENTRIES:
        raise Refused(f"it holds {entries} entries, more than the {MAX_ENTRIES} that are read")
    listing = Listing()
    for info, parts, _ in _members(_opened(io.BytesIO(data)), listing, outer.parts):
        listing.items.append(Item(parts, _nested_opener(outer, info), info.compress_size))
    listing.require_few()
    return listing


def _members(
    archive: zipfile.ZipFile, listing: Listing, above: tuple[str, ...]
) -> Iterator[tuple[zipfile.ZipInfo, tuple[str, ...], str]]:
    """Yield the members that may be read, with path and name as written; note the others.

    A backslash stands for a / where a name holds no /: no program writes both.
    """
    infos = archive.infolist()
    for info, written in zip(infos, _names(infos), strict=True):
        name = written.replace("\\", "/")
        path = written if "/" in written else name
        parts = (*above, *steps(path[:MAX_PATH])) or (path[:MAX_PATH],)
        odd = written[:MAX_PATH] if path != written else ""
        if leads_behind(path):
            listing.left_behind += not path.endswith("/")
        elif rule := _broken_rule(info, name):
            listing.set_aside(parts, rule, "it is not read; have it zipped again", odd)
        elif path.rpartition("/")[2] in ("", "."):
            note_folder(listing, parts)
        else:
            yield info, parts, odd


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


def _names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return the members' names: in UTF-8 even where the zip forgot to say so, else guessed."""
    raw = [b"" if _is_marked(info) else info.orig_filename.encode("cp437") for info in infos]
    page = codepage([name[:SAMPLE] for name in raw if not _is_utf8(name)][:SAMPLES])
    return [
        info.orig_filename
        if _is_marked(info)
        else name.decode("utf-8" if _is_utf8(name) else page, "replace")
        for info, name in zip(infos, raw, strict=True)
    ]


def _is_marked(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & 0x800)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _opened(file: Path | IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (*BROKEN_ZIP, ValueError, NotImplementedError) as error:
        raise Refused(f"it is no zip that can be read ({error})", "download it again") from error


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _nested_opener(outer: Item, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: _opened(io.BytesIO(outer.read())).open(info)

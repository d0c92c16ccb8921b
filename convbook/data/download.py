"""Downloading a file once: from the first mirror that has it, going on where a try broke off."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path

import pooch
import requests
from filelock import FileLock
from pooch.hashes import hash_matches
from tqdm.auto import tqdm
from urllib3.exceptions import HTTPError

from convbook.data.disk import DiskError, writing

CACHE_VARIABLE = "CONVBOOK_CACHE"
DATA_VARIABLE = "CONVBOOK_DATA"
ELSEWHERE = f"set {CACHE_VARIABLE} to a folder elsewhere"
TIMEOUT = 30  # seconds without a byte
PIECE = 2**16  # bytes


class DownloadError(OSError):
    """No mirror gave the file; the message lists them, each with its reason."""


@dataclass(frozen=True)
class Remote:
    """A file on the web.

    Args:
        name: of the file, the same on every mirror and in the cache.
        mirrors: addresses of folders, each with a slash at its end, the first to try first.
        checksum: the SHA-256 in hexadecimal digits, or another digest as in ``"md5:8d4f…"``.
    """

    name: str
    mirrors: Sequence[str]
    checksum: str


def cache_folder() -> Path:
    """Return where downloads are kept: ``CONVBOOK_CACHE``, or else a place of the user's own."""
    return Path(os.environ.get(CACHE_VARIABLE) or pooch.os_cache("convbook")).expanduser()


def fetch(remote: Remote, folder: str) -> Path:
    """Return the path of a file in the cache, downloaded unless it is there already.

    A download goes into ``name.part``, from which a later one continues. Only a file with the
    right checksum gets its name. A second process waits for the first.

    Args:
        remote: what to fetch.
        folder: where in the cache to keep it.

    Raises:
        DownloadError: no mirror gave a file with the right checksum.
        DiskError: the cache cannot be written, or has no room.
    """
    path = cache_folder() / folder / remote.name
    with writing(path.parent, remote.name, ELSEWHERE):
        if path.is_file() and hash_matches(path, remote.checksum):
            return path  # also where the cache may only be read
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f"{path.name}.lock")):
            return _first_answer(remote, path)


def _first_answer(remote: Remote, path: Path) -> Path:
    reasons = []
    for mirror in remote.mirrors:
        url = mirror + remote.name
        try:
            return _from_mirror(url, path, remote.checksum)
        except (requests.RequestException, HTTPError, ValueError) as error:
            reasons.append(f"  {url}: {_root(error)}\n")
    raise DownloadError(
        f"{remote.name} could not be downloaded:\n{''.join(reasons)}Connect to the internet and "
        f"try again, or set {DATA_VARIABLE} to a folder that holds the files."
    )


def _from_mirror(url: str, path: Path, checksum: str) -> Path:
    """Let pooch download to a nameless file, check its sum, and only then move it to ``path``."""
    pooch.get_logger().setLevel(logging.WARNING)
    part = path.with_name(f"{path.name}.part")
    get = partial(pooch.retrieve, url, checksum, path.name, path.parent)
    download = partial(_download, part)
    if part.exists():
        with suppress(ValueError):  # what was there is of another file: from the start, then
            return Path(get(downloader=download))
    return Path(get(downloader=download))


def _download(part: Path, url: str, output_file: str, _: object) -> None:
    """Complete ``part`` and make it pooch's ``output_file``."""
    have = part.stat().st_size if part.exists() else 0
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
        nothing_left = response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        if not (have and nothing_left):
            _write(response, part)
    os.replace(part, output_file)


def _write(response: requests.Response, part: Path) -> None:
    """Append what the server sends; start over if it does not know ranges."""
    response.raise_for_status()
    continued = response.status_code == HTTPStatus.PARTIAL_CONTENT
    have = part.stat().st_size if continued else 0
    size = have + int(response.headers.get("Content-Length", 0))
    bar = tqdm(total=size or None, initial=have, desc=part.stem, unit="B", unit_scale=True)
    room = writing(part.parent, f"{part.stem} ({size:,} bytes)", ELSEWHERE)
    try:
        with room, bar, part.open("ab" if continued else "wb") as file:
            for piece in response.raw.stream(PIECE, decode_content=False):
                file.write(piece)
                bar.update(len(piece))
    except DiskError:
        part.unlink(missing_ok=True)
        raise


def _root(error: BaseException) -> BaseException:
    """Return what first went wrong, such as a refused connection."""
    while isinstance(error.__context__, OSError | HTTPError):
        error = error.__context__
    return error

"""From the bytes of a file to its JSON, in bounded memory: encodings, sizes, outputs dropped."""

from __future__ import annotations

import json
import re
from typing import Any

from autograder.harmless.bounded_json import UnboundedJson, loads

MAX_FILE = 200 * 2**20  # bytes of a file as it was handed in
MAX_REST = 20 * 2**20  # bytes of what is left of it without its outputs
MAX_PARTS = 200_000  # of what is left: more than 20,000 cells, or as many lines of code
MAX_OUTPUT_PARTS = 10**7  # strings and brackets that are passed over to find where outputs end
MB = 10**6

# Possessive repeats (++) keep the memory of a match flat, however long a string is.
STRING_REST = rb'[^"\\]*+(?:\\.[^"\\]*+)*+"'
DROPPED = re.compile(
    rb'"(?:(outputs"\s*+:\s*+\[|application/vnd\.jupyter\.widget-state\+json"\s*+:\s*+\{)'
    rb"|" + STRING_REST + rb"|())",
    re.DOTALL,
)
BRACKET = re.compile(rb'([\[{])|([\]}])|"' + STRING_REST + rb'|(")', re.DOTALL)
OPENED, UNENDED = 1, 2  # groups of DROPPED
LONE_SURROGATE = re.compile(
    rb"(?<!\\)((?:\\\\)*+)(?:(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
CONFLICT = re.compile(rb"^(?:<{7}|>{7}) ", re.MULTILINE)
OTHER_FILES = {
    b"PK\x03\x04": "a zip archive",
    b"%PDF": "a PDF file",
    b"<": "a web page",
    b"\x1f\x8b": "a gzip archive",
}


class UnreadableSubmission(ValueError):
    """The file is not a notebook; the message is for the instructor and the student."""


def read_json(data: bytes) -> Any:
    """Return the JSON in ``data`` without what notebooks keep as outputs.

    Reads UTF-8, with or without a byte order mark, and UTF-16 or UTF-32.

    Raises:
        UnreadableSubmission: the file is empty, too big, no text or no JSON.

    Example:
        >>> read_json(b'{"cells": [{"outputs": [1, 2]}]}')
        {'cells': [{'outputs': []}]}
    """
    rest = compact(data)
    try:
        return loads(_without_lone_surrogates(rest), MAX_PARTS)
    except UnboundedJson as error:
        raise UnreadableSubmission(
            f"the file is not JSON that a notebook holds ({error}): delete what is not your work, "
            "or hand in a copy with the cells that are"
        ) from error
    except ValueError as error:
        raise UnreadableSubmission(_why(rest, error)) from error


def compact(data: bytes) -> bytes:
    """Return the text of a notebook file as UTF-8, without outputs and saved widget states.

    Nothing that is dropped is parsed, so the memory is that of ``data``.

    Raises:
        UnreadableSubmission: the file is empty or too big, or not in the encoding it is marked as.

    Example:
        >>> compact(b'{"outputs": [{"text": "a]"}], "source": "x"}')
        b'{"outputs": [], "source": "x"}'
    """
    if len(data) > MAX_FILE:
        raise UnreadableSubmission(
            f"the file holds {len(data) // MB} MB; it must hold at most {MAX_FILE // MB}: "
            "clear the outputs in Jupyter and hand it in again"
        )
    if not re.search(rb"[^\s\x00]", data):
        raise UnreadableSubmission("the file is empty: hand in the notebook again")
    return without_outputs(_utf8(data)).removeprefix(b"\xef\xbb\xbf")


def without_outputs(data: bytes) -> bytes:
    """Return JSON text with every list ``outputs`` and every widget state empty.

    What is not JSON comes back as it is from where that shows.

    Raises:
        UnreadableSubmission: too much is left, or too much is in the outputs.

    Example:
        >>> without_outputs(b'{"outputs": [[1], "]"]}')
        b'{"outputs": []}'
    """
    kept, place = bytearray(), 0
    match = DROPPED.search(data)
    while match and match[UNENDED] is None:
        after = match.end()
        _require_small(len(kept) + after - place)
        if match[OPENED]:
            end = _closing(data, after)
            if end < 0:
                break
            kept += memoryview(data)[place:after]
            place = after = end
        match = DROPPED.search(data, after)
    _require_small(len(kept) + len(data) - place)
    return bytes(kept) + data[place:] if kept else data


def _require_small(rest: int) -> None:
    if rest > MAX_REST:
        raise UnreadableSubmission(
            f"the file holds more than {MAX_REST // MB} MB besides its outputs, the most that is "
            "read: take out pasted pictures and data, and hand it in again"
        )


def _closing(data: bytes, place: int) -> int:
    """Return where the bracket that was opened before ``place`` is closed, or -1."""
    depth = 1
    for number, match in enumerate(BRACKET.finditer(data, place)):
        if match[3]:
            return -1
        depth += bool(match[1]) - bool(match[2])
        if not depth:
            return match.start()
        if number > MAX_OUTPUT_PARTS:
            raise UnreadableSubmission(
                f"the outputs of a cell hold more than {MAX_OUTPUT_PARTS:,} parts, the most that "
                "is passed over: clear the outputs in Jupyter and hand it in again"
            )
    return -1


def _utf8(data: bytes) -> bytes:
    encoding = json.detect_encoding(data[:4])
    if encoding.startswith("utf-8"):
        return data
    if len(data) > 2 * MAX_REST:
        raise UnreadableSubmission(
            f"the file is {encoding.upper()} of {len(data) // MB} MB; only UTF-8 may hold more "
            f"than {2 * MAX_REST // MB}: clear the outputs in Jupyter and hand it in again"
        )
    try:
        return data.decode(encoding).encode("utf-8")
    except UnicodeError as error:
        raise UnreadableSubmission(
            f"the file is not UTF-8 text, nor the {encoding.upper()} it is marked as ({error}): "
            "open the notebook in Jupyter and save it again"
        ) from error


def _why(rest: bytes, error: Exception) -> str:
    if CONFLICT.search(rest):
        return (
            "the file holds git's conflict marks (<<<<<<< and >>>>>>>): settle the conflict, open "
            "the notebook in Jupyter, and hand it in again"
        )
    for mark, kind in OTHER_FILES.items():
        if rest.lstrip().startswith(mark):
            return f"the file is not JSON but {kind}: hand in the .ipynb file itself"
    if isinstance(error, UnicodeDecodeError):
        return f"the file is not UTF-8 text ({error}): open it in Jupyter and save it again"
    return f"the file is not JSON ({error}): hand in the .ipynb file that Jupyter saved"


def _without_lone_surrogates(text: bytes) -> bytes:
    r"""Return JSON text with ``?`` for halves of characters, which no file could hold.

    Example:
        >>> _without_lone_surrogates(rb'["\ud800", "\\ud800", "\ud83d\ude00"]')
        b'["?", "\\\\ud800", "\\ud83d\\ude00"]'
    """
    kept, place = bytearray(), 0  # a join of millions of pieces takes 80 bytes for each
    for found in LONE_SURROGATE.finditer(text):
        if found[2] is None:
            kept += text[place : found.end(1)] + b"?"
            place = found.end()
    return bytes(kept) + text[place:] if kept else text

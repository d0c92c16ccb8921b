"""What a kernel sends, read as bytes from an enemy: the one place that knows the protocol.

A message is bounded and held to the fields that the Jupyter protocol gives its type before
anything else looks at it; only those fields are passed on.

Source of the fields: https://jupyter-client.readthedocs.io/en/stable/messaging.html
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from autograder.harmless.bounded_json import loads
from autograder.harmless.text import coloured

DELIMITER = b"<IDS|MSG>"
VERSION = "5.3"
MOST_IDENTITIES = 3  # frames before the delimiter
PARTS = 500_000  # of JSON: more than the longest honest list that a notebook shows
HEADER_BYTES = 2**14
METADATA_BYTES = 2**20
CONTENT_BYTES = 2**23
NAME = 100  # characters of a message type
KEPT_MIME = ("text/plain", "image/png")  # nothing that a browser would run


class NotAMessage(ValueError):
    """What came is not a message of the protocol; the text says what about it."""


class Unshowable(NotAMessage):
    """An output that a notebook can bring about by mistake, such as a number for a text."""


@dataclass(frozen=True)
class Message:
    """A message of a known form.

    ``parent`` is the id of the request that it belongs to, empty where it belongs to none, and
    ``size`` counts the bytes of what it says.
    """

    kind: str
    parent: str
    content: dict[str, Any]
    buffers: list[bytes] = field(default_factory=list, repr=False)
    size: int = 0


def request(kind: str, content: Mapping[str, Any]) -> tuple[str, list[bytes]]:
    """Return the id of a new request, which cannot be guessed, and its frames."""
    identity = secrets.token_hex(16)
    header = {
        "msg_id": identity,
        "msg_type": kind,
        "username": "",
        "session": "grader",
        "date": datetime.now(UTC).isoformat(),
        "version": VERSION,
    }
    parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
    return identity, [DELIMITER, b"", *parts]


def read(frames: Sequence[bytes]) -> Message:
    """Return the message in ``frames``.

    Raises:
        NotAMessage: it is not one, or larger than any that the grader waits for.

    Example:
        >>> head, parent = b'{"msg_id": "2", "msg_type": "status"}', b'{"msg_id": "1"}'
        >>> said = b'{"execution_state": "idle", "more": 1}'
        >>> read([DELIMITER, b"", head, parent, b"{}", said]).content
        {'execution_state': 'idle'}
    """
    if DELIMITER not in frames[: MOST_IDENTITIES + 1]:
        raise NotAMessage("it does not begin as one")
    parts = frames[frames.index(DELIMITER) + 2 :]  # a signature proves nothing: the key is in there
    if len(parts) < 4:
        raise NotAMessage("it lacks a part")
    header, parent, metadata, content = parts[:4]
    kind = _header(header)
    parent_id = _object(parent, HEADER_BYTES, "parent header").get("msg_id", "")
    if not isinstance(parent_id, str):
        raise NotAMessage("its parent header has an id that is not text")
    if len(metadata) > METADATA_BYTES:
        raise NotAMessage(f"its metadata holds more than {METADATA_BYTES:,} bytes")
    said = _content(kind, _object(content, CONTENT_BYTES, "content"))
    return Message(kind, parent_id, said, list(parts[4:]), len(content) + len(metadata))


def _header(data: bytes) -> str:
    header = _object(data, HEADER_BYTES, "header")
    for name in ("msg_id", "msg_type"):
        if not isinstance(header.get(name), str):
            raise NotAMessage(f"its header has no {name}, or one that is not text")
    kind: str = header["msg_type"]
    if len(kind) > NAME:
        raise NotAMessage(f"its msg_type has more than {NAME} characters")
    return kind


def _object(data: bytes, most: int, what: str) -> dict[str, Any]:
    if len(data) > most:
        raise NotAMessage(f"its {what} holds more than {most:,} bytes")
    try:
        value = loads(data, PARTS)
    except ValueError as error:
        raise NotAMessage(f"its {what} is not JSON that can be read") from error
    if not isinstance(value, dict):
        raise NotAMessage(f"its {what} is not an object")
    return value


def _content(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that a message of this kind has; of an unknown kind none."""
    said = {}
    for name, reads in FIELDS.get(kind, {}).items():
        try:
            said[name] = reads(content[name])
        except (KeyError, TypeError) as error:
            raise NotAMessage(f"its {name} is missing or not what a {kind} has") from error
    return said


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return coloured(value)


def _stream_name(value: Any) -> str:
    if value not in ("stdout", "stderr"):
        raise TypeError
    return str(value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _texts(value: Any) -> list[str]:
    return [_text(item) for item in _list(value)]


def _unread(value: Any) -> Any:
    """Return ``value``, which `autograder.grading.remote` reads part by part."""
    return value


def _bundle(value: Any) -> dict[str, str]:
    """Return what is kept of the forms in which something is shown; each of those is text."""
    if not isinstance(value, dict):
        raise TypeError
    kept = {mime: value[mime] for mime in KEPT_MIME if mime in value}
    for mime, shown in kept.items():
        if not isinstance(shown, str):
            raise Unshowable(f"its {mime} is not text")
    return {mime: coloured(shown) for mime, shown in kept.items()}


FIELDS: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "stream": {"name": _stream_name, "text": _text},
    "error": {"ename": _text, "evalue": _text, "traceback": _texts},
    "display_data": {"data": _bundle},
    "execute_result": {"data": _bundle},
    "status": {"execution_state": _text},
    "execute_reply": {"status": _text},
    "kernel_info_reply": {"status": _text},
    "call_reply": {"results": _unread},
    "ended_reply": {},
    "failed_reply": {},
}

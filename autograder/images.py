"""Telling an image from something that only says it is one."""

from __future__ import annotations

from base64 import b64decode

PNG = b"\x89PNG\r\n\x1a\n"


def is_png(data: object) -> bool:
    """Return whether ``data`` is a PNG image in base64, and so nothing else.

    >>> is_png("iVBORw0KGgo=")
    True
    >>> is_png('"><script>')
    False
    """
    try:
        return b64decode(str(data).replace("\n", ""), validate=True).startswith(PNG)
    except ValueError:
        return False

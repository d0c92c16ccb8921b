"""Telling a picture from something that only says it is one, and from one that fills a memory."""

from __future__ import annotations

import binascii
import re
import warnings
from base64 import b64decode
from io import BytesIO

from PIL import Image

from autograder.harmless.limits import PICTURE, PIXELS

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF"}
DATA_URL = re.compile(r"data:(image/(?:png|jpeg|gif));base64,([A-Za-z0-9+/=]++)")
SPACE = re.compile(r"\s+")


def picture(mime: str, data: object) -> str:
    """Return a picture in base64 as the address that an ``img`` shows, or nothing.

    Only its first bytes are read: what it is, and its width and height.

    Args:
        mime: what it is said to be.
        data: base64, perhaps on several lines.

    Example:
        >>> gif = "R0lGODlhAQABAAAAACwAAAAAAQABAAAC"
        >>> picture("image/gif", gif) == f"data:image/gif;base64,{gif}"
        True
        >>> picture("image/png", gif), picture("image/svg+xml", gif), picture("image/gif", '">')
        ('', '', '')
    """
    if mime not in FORMATS or not isinstance(data, str) or len(data) > PICTURE:
        return ""
    text = SPACE.sub("", data)
    try:
        content = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return f"data:{mime};base64,{text}" if _is_small(content, FORMATS[mime]) else ""


def picture_at(address: str) -> str:
    """Return ``address`` if it is a picture in itself, and nothing else.

    Example:
        >>> picture_at("data:text/html;base64,AAAA"), picture_at("https://example.org/x.png")
        ('', '')
    """
    match = DATA_URL.fullmatch(address)
    return picture(match[1], match[2]) if match else ""


def is_png(data: object) -> bool:
    """Return whether ``data`` is a PNG picture in base64 that may be shown."""
    return bool(picture("image/png", data))


def _is_small(content: bytes, kind: str) -> bool:
    """Return whether ``content`` is a picture of this kind with a number of pixels that fits."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own limit is above ours
            with Image.open(BytesIO(content), formats=[kind]) as image:
                width, height = image.size
                return 0 < width * height <= PIXELS and image.format == kind
    except Exception:  # the readers raise whatever a broken file makes them
        return False

"""Photographs inside figures, packed as a page needs them: a third of their weight.

Matplotlib writes an image into an SVG as PNG with transparency. Few colours are packed without any
loss, many (a photograph that was made smaller) so that no eye finds the difference.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from sphinx.application import Sphinx

EMBEDDED = re.compile(r"data:image/png;base64,([\w+/=\s]+)")
COLOURS, QUALITY = 256, 92  # up to so many colours are kept exactly


def packed(match: re.Match[str]) -> str:
    """Return the address of an image in WebP, or of the PNG where that is no larger."""
    png = b64decode(match[1])
    image, buffer = Image.open(BytesIO(png)), BytesIO()
    few = image.convert("RGB").getcolors(COLOURS) is not None
    image.save(buffer, "WEBP", lossless=few, quality=100 if few else QUALITY, method=6)
    if len(buffer.getvalue()) >= len(png):
        return match[0]
    return f"data:image/webp;base64,{b64encode(buffer.getvalue()).decode()}"


def pack_figures(app: Sphinx, exception: Exception | None) -> None:
    """Rewrite the figures of an HTML build that hold a PNG."""
    if exception is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir, "_images").glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        if EMBEDDED.search(text):
            path.write_text(EMBEDDED.sub(packed, text), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("build-finished", pack_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""A mirror on this machine that can break off, ignore ranges, or send something else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from tests.serving import QuietHandler, served

UNREACHABLE = "http://127.0.0.1:1/"


@dataclass
class Mirror:
    """Gives `content`, whole or by file name; `asked` notes the range of each request."""

    content: bytes | dict[str, bytes]
    knows_ranges: bool = True
    breaks_after: int | None = None
    asked: list[str | None] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[str]:
        mirror = self

        class Handler(QuietHandler):
            def send_head(self) -> BytesIO | None:
                return mirror.answer(self)

        with served(Path(), Handler) as address:
            yield f"{address}/"

    def answer(self, request: QuietHandler) -> BytesIO | None:
        wanted = request.headers["Range"]
        self.asked.append(wanted)
        content = self.content
        if isinstance(content, dict):
            content = content[request.path.removeprefix("/")]
        start = 0
        if wanted and self.knows_ranges:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(content):
            request.send_error(416)
            return None
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(content) - start))
        request.end_headers()
        return BytesIO(content[start:][: self.breaks_after])

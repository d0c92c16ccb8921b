"""What a jailed kernel says: of what one request shows it sends so much, and no more.

A limit on what is shown must not end what is run, so the kernel itself stops sending; the trusted
side has limits of its own, for a kernel that does not.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from ipykernel.iostream import OutStream
from jupyter_client.session import Session

SENT_BYTES = 2**21  # for each request
LONGEST_ESCAPE = 6  # bytes of JSON that a character can take
OUTPUTS = ("stream", "display_data", "update_display_data", "execute_result")


CUT = "\n[cut: the grader shows no more of what this cell prints; it ran to its end]\n"


class BriefSession(Session):
    """A session that counts what it sends as output, by the request that it belongs to."""

    _sent: Counter[str] = Counter()

    def send(self, stream: Any, msg_or_type: Any, *args: Any, **kwargs: Any) -> Any:
        """Send a message; of an output only what fits, with a word about the rest."""
        if isinstance(msg_or_type, dict) and msg_or_type["header"]["msg_type"] in OUTPUTS:
            if self._sent[_request(msg_or_type)] >= SENT_BYTES:
                return None
            self._shorten(msg_or_type)
        return super().send(stream, msg_or_type, *args, **kwargs)

    def _shorten(self, message: dict[str, Any]) -> None:
        content, request = message["content"], _request(message)
        left = SENT_BYTES - self._sent[request]
        size = len(json.dumps(content, ensure_ascii=False, default=str).encode(errors="replace"))
        if size > left and message["header"]["msg_type"] == "stream":
            content["text"] = content["text"][: left // LONGEST_ESCAPE] + CUT
        elif size > left:
            content["data"] = {"text/plain": f"[left out: an output of {size:,} bytes]"}
            size = 0  # there may be room for smaller ones
        self._sent[request] += size


def _request(message: dict[str, Any]) -> str:
    return str(message["parent_header"].get("msg_id", ""))


class CalmStream(OutStream):
    """A standard stream that has nothing to flush where nothing was written.

    ipykernel flushes both streams after each message, which takes half of the time of a call.
    """

    written = False

    def write(self, string: str) -> int | None:  # type: ignore[override]
        """Send ``string`` to the grader, soon."""
        self.written = True
        return super().write(string)

    def flush(self) -> None:
        """Send what was written since the last time."""
        if self.written:
            self.written = False
            super().flush()

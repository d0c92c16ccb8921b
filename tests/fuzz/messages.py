"""Messages that a hostile kernel may send: ``python -m tests.fuzz.messages 1000000``.

Each is put together from parts that fit and parts that do not, then some of its bytes are changed,
before or behind the framing of ZMTP. Whatever comes, the boundary gives a sound message or one of
its documented refusals. The same seed, a second argument, makes the same messages.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections import Counter
from typing import Any

from autograder.jail.messages import DELIMITER, FIELDS, Message, NotAMessage, read
from autograder.jail.wire import COMMAND, LONG, MORE, READY, Reader, TooLarge, WireError, frame

HANDSHAKE = frame(READY + b"\x0bSocket-Type\x00\x00\x00\x06ROUTER", COMMAND)
MOST_BYTES, MOST_FRAMES = 2**16, 64
VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**70, 0.5, float("nan"), "", "x", "idle", "stdout", "\x1b[2J", "\udcff"),
    *([], {}, ["a"], [[]], [None], {"text/plain": "3"}, {"text/plain": 5}, {"image/png": []}),
    *({"msg_id": "1"}, {"msg_id": []}, {"": {"": {"": []}}}, "y" * 3000, list(range(500))),
)
FITS: dict[str, Any] = {"name": "stdout", "data": {"text/plain": "3"}, "traceback": ["line 1"]}
RAW = (b"", b"{", b"[" * 5000, b"\xff\xfe\x00", b'"\\ud800"', b"1e999", b"-", b"1" * 5000, b"{}x")


def make(rng: random.Random) -> list[bytes]:
    """Return the frames of one message, sound or not."""
    kind: Any = rng.choice(sorted(FIELDS)) if rng.random() < 0.9 else rng.choice(VALUES)
    header = {"msg_id": "2", "msg_type": kind, "version": "5.3"}
    parent = {"msg_id": "1"}
    fields = FIELDS.get(kind, {}) if isinstance(kind, str) else {}
    content = {name: _value(rng, name) for name in fields}
    parts: list[Any] = [header, parent, {}, content]
    for number in range(4):
        if rng.random() < 0.05:
            parts[number] = rng.choice(VALUES)
    frames = [b"topic"] * rng.choice((0, 1, 1, 1, 1, 1, 3, 9))
    frames += [DELIMITER, b"", *(json.dumps(part).encode() for part in parts)]
    frames += [bytes(rng.randrange(40))] * rng.choice((0, 0, 0, 0, 0, 0, 1, 1, 1, 70))
    if rng.random() < 0.1:
        frames[rng.randrange(len(frames))] = rng.choice(RAW)
    if rng.random() < 0.05:
        del frames[rng.randrange(len(frames))]
    return frames


def _value(rng: random.Random, name: str) -> Any:
    return FITS.get(name, "text") if rng.random() < 0.8 else rng.choice(VALUES)


def send(rng: random.Random, frames: list[bytes]) -> bytes:
    """Return ``frames`` as they cross, at times damaged, cut off or with false promises."""
    data = bytearray(HANDSHAKE if rng.random() < 0.98 else b"")
    for number, body in enumerate(frames):
        data += frame(body, MORE if number < len(frames) - 1 else 0)
    if rng.random() < 0.1:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    if rng.random() < 0.02:
        data += bytes([LONG | MORE]) + rng.randbytes(8)
    if rng.random() < 0.02:
        del data[rng.randrange(len(data)) :]
    return bytes(data)


def receive(data: bytes) -> str:
    """Read ``data`` as the grader does; return what came of it in a word."""
    try:
        messages = Reader(MOST_BYTES, MOST_FRAMES).feed(data)
    except (WireError, TooLarge) as error:
        return type(error).__name__
    for frames in messages:
        try:
            require_sound(read(frames))
        except NotAMessage as error:
            return type(error).__name__
    return "sound" if messages else "unfinished"


def require_sound(message: Message) -> None:
    """Require that every field is of the type that its readers rely on."""
    assert isinstance(message.kind, str)
    assert isinstance(message.parent, str)
    assert set(message.content) == set(FIELDS.get(message.kind, ()))
    for name, value in message.content.items():
        if name == "data":
            assert all(isinstance(text, str) for pair in value.items() for text in pair)
        elif name == "traceback":
            assert all(isinstance(line, str) for line in value)
        elif name != "results":
            assert isinstance(value, str)


def fuzz(count: int, seed: int) -> Counter[str]:
    """Send so many messages; return how often each outcome came up."""
    rng = random.Random(seed)
    return Counter(receive(send(rng, make(rng))) for _ in range(count))


if __name__ == "__main__":
    began = time.monotonic()
    print(fuzz(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{time.monotonic() - began:.0f} s, at most {peak} MiB")

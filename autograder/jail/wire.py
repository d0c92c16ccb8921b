"""One connection to a socket of a kernel: ZMTP 3.0, as much of it as the grader needs.

The other end belongs to the student. libzmq bounds a frame but not a message of many frames, and
takes memory for what a frame only promises; here both are bounded while the bytes arrive.

Source of the format: https://rfc.zeromq.org/spec/23/
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
READY = b"\x05READY"
SUBSCRIBE_TO_ALL = b"\x01"
MORE, LONG, COMMAND = 1, 2, 4  # bits of the first byte of a frame
COMMAND_BYTES = 512  # of a handshake; a sane one holds about 40
CHUNK = 2**18


class WireError(Exception):
    """What arrived is not ZMTP."""


class TooLarge(Exception):
    """A message holds more bytes or frames than the reader was told to take."""


class Reader:
    """Makes messages out of the bytes that arrive; keeps at most one unfinished one in memory.

    Args:
        most_bytes: of a message, all its frames together.
        most_frames: of a message.

    Example:
        >>> reader = Reader(100, 10)
        >>> reader.feed(frame(READY, COMMAND) + frame(b"a", MORE) + frame(b"b"))
        [[b'a', b'b']]
    """

    def __init__(self, most_bytes: int, most_frames: int):
        """Expect the end of a handshake."""
        self.most_bytes, self.most_frames = most_bytes, most_frames
        self._arrived = bytearray()
        self._frames: list[bytes] = []
        self._bytes = 0  # of the message so far
        self._ready = False

    def feed(self, data: bytes) -> list[list[bytes]]:
        """Return the messages that ``data`` completes.

        Raises:
            WireError: the bytes are not ZMTP 3.
            TooLarge: a message is larger than allowed; nothing after it can be read.
        """
        self._arrived += data
        messages = []
        while (found := self._next_frame()) is not None:
            flags, body = found
            if flags & COMMAND or not self._ready:
                self._obey(flags, body)
                continue
            self._frames.append(body)
            if not flags & MORE:
                messages.append(self._frames)
                self._frames, self._bytes = [], 0
        return messages

    def _next_frame(self) -> tuple[int, bytes] | None:
        """Return flags and body of the next frame, if all of it has arrived."""
        arrived = self._arrived
        if not arrived:
            return None
        flags = arrived[0]
        if flags & ~(MORE | LONG | COMMAND) or (flags & COMMAND and flags & MORE):
            raise WireError("a frame has unknown flags")
        start = 9 if flags & LONG else 2
        if len(arrived) < start:
            return None
        size = int.from_bytes(arrived[1:start], "big")
        self._require_bounded(flags, size)
        if len(arrived) < start + size:
            return None
        body = bytes(memoryview(arrived)[start : start + size])
        del arrived[: start + size]
        if not flags & COMMAND:
            self._bytes += size
        return flags, body

    def _require_bounded(self, flags: int, size: int) -> None:
        """Refuse a frame by what it promises, before it has arrived."""
        if flags & COMMAND:
            if size > COMMAND_BYTES:
                raise WireError("a command is too long")
        elif self._bytes + size > self.most_bytes:
            raise TooLarge(f"a message of more than {self.most_bytes:,} bytes")
        elif len(self._frames) >= self.most_frames:
            raise TooLarge(f"a message of more than {self.most_frames:,} frames")

    def _obey(self, flags: int, command: bytes) -> None:
        if self._ready or not flags & COMMAND or not command.startswith(READY):
            raise WireError("a command is missing or has no place here")
        self._ready = True


class Connection:
    """A connected socket that sends and receives messages.

    Args:
        connected: a stream socket.
        kind: of ours, ``"DEALER"`` or ``"SUB"``; the latter asks for everything.
        reader: bounds what arrives.
        seconds: for the greeting of the other end.

    Raises:
        OSError: nobody answers.
        WireError: what answers does not speak ZMTP 3 in the clear.
    """

    def __init__(self, connected: socket.socket, kind: str, reader: Reader, seconds: float):
        """Exchange greetings."""
        self.socket, self._reader = connected, reader
        connected.settimeout(seconds)
        connected.sendall(GREETING)
        _read_greeting(connected)
        value = kind.encode()
        ready = READY + b"\x0bSocket-Type" + struct.pack(">I", len(value)) + value
        everything = frame(SUBSCRIBE_TO_ALL) if kind == "SUB" else b""
        connected.sendall(frame(ready, COMMAND) + everything)

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return self.socket.fileno()

    def send(self, frames: Sequence[bytes], seconds: float) -> None:
        """Send one message.

        Raises:
            OSError: the other end is gone, or did not take it within ``seconds``.
        """
        self.socket.settimeout(seconds)
        flags = [MORE] * (len(frames) - 1) + [0]
        self.socket.sendall(b"".join(map(frame, frames, flags)))

    def receive(self) -> list[list[bytes]] | None:
        """Return the messages that the bytes which are there complete; None after the last byte.

        Raises:
            WireError: the bytes are not ZMTP 3.
            TooLarge: a message is larger than the reader takes.
        """
        self.socket.setblocking(False)
        try:
            data = self.socket.recv(CHUNK)
        except BlockingIOError:
            return []
        except ConnectionError:
            return None
        return self._reader.feed(data) if data else None


def connected_pair() -> tuple[socket.socket, socket.socket]:
    """Return a listening socket and one connected to it, which nobody else can join.

    libzmq accepts connections but takes none over, so there has to be a path for a moment.
    """
    listener, connected = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    with TemporaryDirectory(prefix="convbook-") as folder:
        path = str(Path(folder, "socket"))
        listener.bind(path)
        listener.listen(1)
        connected.connect(path)
    return listener, connected


def _read_greeting(connected: socket.socket) -> None:
    greeting = b""
    while len(greeting) < len(GREETING):
        part = connected.recv(len(GREETING) - len(greeting))
        if not part:
            raise ConnectionError("the connection was closed before a greeting")
        greeting += part
    signed = greeting[0] == 0xFF and greeting[9] == 0x7F and greeting[10] >= 3
    if not signed or greeting[12:32] != GREETING[12:32]:
        raise WireError("its greeting is not that of ZMTP 3 in the clear")


def frame(body: bytes, flags: int = 0) -> bytes:
    """Return ``body`` as a frame.

    Example:
        >>> frame(b"ab", MORE)
        b'\\x01\\x02ab'
    """
    if len(body) > 255:
        return bytes([flags | LONG]) + struct.pack(">Q", len(body)) + body
    return bytes([flags, len(body)]) + body

"""ZMTP against libzmq itself, and against bytes that are none of it, in bounded memory."""

from __future__ import annotations

import random
import socket
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
import zmq
from hypothesis import given
from hypothesis import strategies as st

from autograder.jail.wire import (
    COMMAND,
    GREETING,
    LONG,
    MORE,
    READY,
    Connection,
    Reader,
    TooLarge,
    WireError,
    connected_pair,
    frame,
)

SECONDS = 5.0
HANDSHAKE = frame(READY + b"\x0bSocket-Type\x00\x00\x00\x06ROUTER", COMMAND)
Messages = list[list[bytes]]


@contextmanager
def _peer(kind: int, ours: str) -> Iterator[tuple[zmq.Socket[bytes], Connection]]:
    """A socket of libzmq that listens, and our connection to it."""
    listener, connected = connected_pair()
    context = zmq.Context()
    theirs = context.socket(kind)
    theirs.setsockopt(zmq.USE_FD, listener.detach())
    theirs.setsockopt(zmq.RCVTIMEO, int(1000 * SECONDS))
    theirs.bind("ipc:///x")
    try:
        yield theirs, Connection(connected, ours, Reader(2**22, 100), SECONDS)
    finally:
        connected.close()
        context.destroy(linger=0)


def _take(connection: Connection, count: int) -> Messages:
    taken: Messages = []
    while len(taken) < count:
        assert zmq.select([connection], [], [], SECONDS)[0], f"{len(taken)} of {count} came"
        arrived = connection.receive()
        assert arrived is not None
        taken += arrived
    return taken


PARTS = [[b"a"], [b"", b"", b""], [b"x" * 255, b"y" * 256, b"z" * 100_000], [bytes(2**21)]]


def test_when_libzmq_sends_then_its_messages_arrive_whole() -> None:
    with _peer(zmq.XPUB, "SUB") as (theirs, connection):
        assert theirs.recv() == b"\x01"  # our subscription to everything
        for parts in PARTS:
            theirs.send_multipart(parts)
        assert _take(connection, len(PARTS)) == PARTS


def test_when_we_send_then_libzmq_gets_our_messages_whole() -> None:
    with _peer(zmq.ROUTER, "DEALER") as (theirs, connection):
        for parts in PARTS:
            connection.send(parts, SECONDS)
            identity, *got = theirs.recv_multipart()
            assert got == parts
        theirs.send_multipart([identity, b"back"])
        assert _take(connection, 1) == [[b"back"]]


def test_when_the_other_end_closes_then_that_is_told() -> None:
    with _peer(zmq.ROUTER, "DEALER") as (theirs, connection):
        theirs.close(linger=0)
        while (arrived := connection.receive()) == []:
            zmq.select([connection], [], [], SECONDS)
        assert arrived is None


def test_when_the_other_end_does_not_read_then_sending_stops_in_time() -> None:
    ours, theirs = socket.socketpair()
    theirs.sendall(GREETING + HANDSHAKE)
    connection = Connection(ours, "DEALER", Reader(100, 10), SECONDS)
    with pytest.raises(TimeoutError):
        connection.send([bytes(2**24)], 0.2)
    ours.close()
    theirs.close()


@pytest.mark.parametrize(
    "greeting", [b"HTTP/1.1 200 OK\r\n".ljust(64), GREETING[:12] + b"CURVE".ljust(52, b"\0"), b""]
)
def test_when_the_greeting_is_another_then_there_is_no_connection(greeting: bytes) -> None:
    ours, theirs = socket.socketpair()
    theirs.sendall(greeting)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises((WireError, ConnectionError), match="greeting"):
        Connection(ours, "DEALER", Reader(100, 10), SECONDS)
    ours.close()
    theirs.close()


def _wire(messages: Messages) -> bytes:
    return b"".join(
        frame(part, MORE if number < len(parts) - 1 else 0)
        for parts in messages
        for number, part in enumerate(parts)
    )


@given(
    messages=st.lists(st.lists(st.binary(max_size=600), min_size=1, max_size=5), max_size=6),
    cuts=st.randoms(use_true_random=False),
)
def test_when_bytes_arrive_in_any_pieces_then_the_messages_are_the_same(
    messages: Messages, cuts: random.Random
) -> None:
    data = HANDSHAKE + _wire(messages)
    reader, got = Reader(10_000, 10), Messages()
    while data:
        size = cuts.randint(1, len(data))
        got += reader.feed(data[:size])
        data = data[size:]
    assert got == messages


@given(data=st.binary(max_size=2000) | st.lists(st.binary(max_size=9)).map(b"".join))
def test_when_bytes_are_anything_then_nothing_else_is_raised(data: bytes) -> None:
    for start in (b"", HANDSHAKE):
        reader = Reader(1000, 10)
        with suppress(WireError, TooLarge):
            messages = reader.feed(start + data)
            assert all(len(m) <= 10 and sum(map(len, m)) <= 1000 for m in messages)


ENDLESS: dict[str, Callable[[], bytes]] = {
    "a promised frame": lambda: bytes([LONG]) + (2**62).to_bytes(8, "big"),
    "frames without an end": lambda: frame(bytes(2**16), MORE),
    "empty frames without an end": lambda: frame(b"", MORE) * 1000,
    "frames that grow": lambda: frame(bytes(1000), MORE) + frame(bytes(2**18), MORE),
}


def _feed_for_ever(reader: Reader, more: Callable[[], bytes]) -> None:
    for _ in range(10_000):
        reader.feed(more())


@pytest.mark.parametrize("name", ENDLESS)
def test_when_a_message_never_ends_then_it_is_refused_before_it_fills_the_memory(name: str) -> None:
    reader = Reader(2**22, 20_000)
    reader.feed(HANDSHAKE)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="more than"):
            _feed_for_ever(reader, ENDLESS[name])
        assert tracemalloc.get_traced_memory()[1] < 2 * 2**22
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "data",
    [
        frame(b"before the handshake"),
        HANDSHAKE + HANDSHAKE,
        HANDSHAKE + frame(b"\x04PING", COMMAND),
        HANDSHAKE + frame(b"a", MORE) + frame(READY, COMMAND),
        HANDSHAKE + b"\xff\x00",
        frame(READY + bytes(1000), COMMAND),
    ],
)
def test_when_a_frame_has_no_place_then_it_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        Reader(100, 10).feed(data)

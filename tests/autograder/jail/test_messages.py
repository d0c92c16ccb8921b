"""The boundary between kernel and grader: what is a message, and everything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from autograder.grading.report import Report, Verdict
from autograder.jail.messages import DELIMITER, FIELDS, Message, NotAMessage, read, request
from tests.autograder.notebooks import add_cell
from tests.fuzz.messages import fuzz, require_sound

HEADER: dict[str, Any] = {"msg_id": "2", "msg_type": "stream"}
STREAM: dict[str, Any] = {"name": "stdout", "text": "hello\n"}


def frames(header: Any = HEADER, parent: Any = None, content: Any = STREAM) -> list[bytes]:
    """Return a message with these parts."""
    parts = (header, {"msg_id": "1"} if parent is None else parent, {}, content)
    return [b"topic", DELIMITER, b"", *(json.dumps(part).encode() for part in parts)]


def _of(kind: str, **content: Any) -> list[bytes]:
    return frames(HEADER | {"msg_type": kind}, content=content)


def test_when_a_message_is_sound_then_its_fields_and_nothing_else_are_passed_on() -> None:
    message = read([*frames(content=STREAM | {"more": [1]}), b"buffer"])
    assert message == Message("stream", "1", STREAM, [b"buffer"], message.size)
    assert message.size > len("hello")


def test_when_a_request_is_made_then_it_can_be_read_and_its_id_is_new() -> None:
    (first, sent), (second, _) = request("kernel_info_request", {}), request("x", {})
    assert read(sent).kind == "kernel_info_request"
    assert first != second
    assert len(first) == 32


def test_when_something_is_shown_in_many_forms_then_the_kept_ones_are_passed_on() -> None:
    data = {"text/plain": "3", "text/html": "<b>", "application/json": {"a": [1]}}
    message = read(_of("display_data", data=data, metadata={}, transient={}))
    assert message.content == {"data": {"text/plain": "3"}}


# What a message may be, in which a student had a hand, and a word of what is said about it.
FORGED: dict[str, tuple[Callable[[], list[bytes]], str]] = {
    "no frames": (lambda: [], "begin"),
    "no delimiter": (lambda: [b"a"] * 9, "begin"),
    "late delimiter": (lambda: [b"a"] * 9 + frames(), "begin"),
    "nothing behind it": (lambda: [DELIMITER], "lacks"),
    "no content": (lambda: frames()[:-1], "lacks"),
    "header is a list": (lambda: frames([]), "header"),
    "header is text": (lambda: frames("x"), "header"),
    "header is nothing": (lambda: frames(None), "header"),
    "no type": (lambda: frames({"msg_id": "2"}), "msg_type"),
    "type is a number": (lambda: frames(HEADER | {"msg_type": 5}), "msg_type"),
    "type is a list": (lambda: frames(HEADER | {"msg_type": ["stream"]}), "msg_type"),
    "type is long": (lambda: frames(HEADER | {"msg_type": "x" * 1000}), "msg_type"),
    "id is a number": (lambda: frames(HEADER | {"msg_id": 2}), "msg_id"),
    "parent is a list": (lambda: frames(parent=[]), "parent header"),
    "parent is a number": (lambda: frames(parent=1), "parent header"),
    "parent id is a list": (lambda: frames(parent={"msg_id": []}), "parent header"),
    "parent id is nothing": (lambda: frames(parent={"msg_id": None}), "parent header"),
    "content is a list": (lambda: frames(content=[]), "content"),
    "stream without a name": (lambda: frames(content={"text": "x"}), "name"),
    "stream of another name": (lambda: frames(content=STREAM | {"name": "file"}), "name"),
    "stream name is a list": (lambda: frames(content=STREAM | {"name": []}), "name"),
    "stream without text": (lambda: frames(content={"name": "stdout"}), "text"),
    "stream text is a list": (lambda: frames(content=STREAM | {"text": ["x"]}), "text"),
    "error name is a list": (lambda: _of("error", ename=[], evalue="", traceback=[]), "ename"),
    "error value is a number": (lambda: _of("error", ename="", evalue=1, traceback=[]), "evalue"),
    "traceback is text": (lambda: _of("error", ename="", evalue="", traceback="x"), "traceback"),
    "traceback of lists": (lambda: _of("error", ename="", evalue="", traceback=[[]]), "traceback"),
    "no traceback": (lambda: _of("error", ename="", evalue=""), "traceback"),
    "data is a list": (lambda: _of("display_data", data=[]), "data"),
    "data is text": (lambda: _of("execute_result", data="x"), "data"),
    "no data": (lambda: _of("display_data"), "data"),
    "text/plain is a number": (lambda: _of("display_data", data={"text/plain": 5}), "text/plain"),
    "image is a dictionary": (lambda: _of("display_data", data={"image/png": {}}), "image/png"),
    "state is a number": (lambda: _of("status", execution_state=0), "execution_state"),
    "no results": (lambda: _of("call_reply"), "results"),
    "header of a megabyte": (lambda: frames(HEADER | {"more": "x" * 2**20}), "header"),
    "metadata of two megabytes": (
        lambda: [*frames()[:5], b'"' + b"x" * 2**21 + b'"', frames()[6]],
        "metadata",
    ),
    "no JSON": (lambda: [*frames()[:-1], b"{"], "JSON"),
    "no text": (lambda: [*frames()[:-1], b"\xff\xfe"], "JSON"),
    "nested deep": (lambda: [*frames()[:-1], b"[" * 10**5 + b"]" * 10**5], "JSON"),
    "many parts": (lambda: [*frames()[:-1], b'{"a":[' + b"[]," * 10**6 + b"0]}"], "JSON"),
    "a long number": (lambda: [*frames()[:-1], b'{"a":' + b"1" * 10**5 + b"}"], "JSON"),
}


@pytest.mark.parametrize("name", FORGED)
def test_when_a_message_is_none_of_the_protocol_then_what_is_wrong_is_named(name: str) -> None:
    made, said = FORGED[name]
    with pytest.raises(NotAMessage, match=said):
        read(made())


def test_when_a_message_is_of_a_kind_that_is_not_kept_then_nothing_of_it_is_passed_on() -> None:
    assert read(_of("comm_open", data=[5], comm_id={})).content == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
KINDS = st.sampled_from(sorted(FIELDS)) | JSON
FIELD_NAMES = sorted({name for fields in FIELDS.values() for name in fields})
CONTENTS = st.dictionaries(st.sampled_from(FIELD_NAMES), JSON | st.just({"text/plain": 5}))
HEADERS = st.fixed_dictionaries({}, optional={"msg_id": JSON | st.just("1"), "msg_type": KINDS})


@settings(max_examples=500)
@given(
    parts=st.tuples(HEADERS | JSON, HEADERS | JSON, JSON, CONTENTS | JSON),
    cut=st.integers(0, 9),
    raw=st.none() | st.binary(max_size=50),
)
def test_when_parts_are_anything_then_a_message_is_sound_or_refused(
    parts: tuple[Any, ...], cut: int, raw: bytes | None
) -> None:
    sent = [DELIMITER, b"", *(json.dumps(part).encode() for part in parts)]
    if raw is not None:
        sent[cut % len(sent)] = raw
    with suppress(NotAMessage):
        require_sound(read(sent))


def test_when_messages_are_damaged_at_random_then_nothing_but_the_documented_comes_of_it() -> None:
    outcomes = fuzz(20_000, seed=1)
    assert set(outcomes) == {
        "sound", "unfinished", "NotAMessage", "Unshowable", "WireError", "TooLarge",
    }  # fmt: skip


PUBLISH = """
kernel = get_ipython().kernel
parent = kernel.get_parent("shell")
def publish(kind, content, parent=parent):
    kernel.session.send(kernel.iopub_socket, kind, content, parent)
def send(parent, content):
    header = b'{"msg_id": "1", "msg_type": "stream"}'
    kernel.iopub_socket.send_multipart([b"<IDS|MSG>", b"", header, parent, b"{}", content])
"""
# What a cell may publish, and the place that the notice names.
PUBLISHED = {
    "stream without a name": ("publish('stream', {'text': 'x'})", "name"),
    "error whose name is a list": (
        "publish('error', {'ename': [], 'evalue': '', 'traceback': []})",
        "ename",
    ),
    "display data that is a list": ("publish('display_data', {'data': []})", "data"),
    "number for text": ("display({'text/plain': 5}, raw=True)", "text/plain"),
    "type that is a number": ("publish(5, {})", "msg_type"),
    "parent that is a list": ("send(b'[]', b'{}')", "parent"),
    "parent whose id is a list": ("""send(b'{"msg_id": []}', b'{}')""", "parent"),
    "content nested deep": ("send(b'{}', b'[' * 9**6)", "content"),
    "content of many parts": ("send(b'{}', b'[' + b'[],' * 10**6 + b'0]')", "content"),
}


@pytest.mark.jail
@pytest.mark.parametrize("name", PUBLISHED)
def test_when_a_cell_publishes_what_is_no_message_then_it_is_dropped_and_noted(
    name: str, right: NotebookNode, graded: Callable[..., Report]
) -> None:
    code, said = PUBLISHED[name]
    report = graded(add_cell(right, f"{PUBLISH}\n{code}\nprint('after it')", place=0))
    assert report.score == report.points
    (notice,) = [n for n in report.notices if "left out" in n.text]
    mistake = name == "number for text"
    assert notice.verdict is (Verdict.ERROR if mistake else Verdict.TAMPERED)
    assert said in notice.text
    assert "after it" in json.dumps(report.outputs)

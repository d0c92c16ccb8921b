"""JSON is counted before it is parsed."""

from __future__ import annotations

import json
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.harmless.bounded_json import UnboundedJson, holds_more, loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def _parts(value: Any) -> int:
    """Count by walking what `holds_more` counts in the text."""
    if isinstance(value, list | dict):
        items = list(value.values()) if isinstance(value, dict) else value
        return 1 + max(0, len(items) - 1) + sum(map(_parts, items))
    return 0


@given(value=VALUES, ascii_only=st.booleans())
def test_when_a_value_is_small_then_it_comes_back_and_its_parts_are_counted(
    value: Any, ascii_only: bool
) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert loads(data, 10**6) == value
    parts = _parts(value)
    assert not holds_more(data, parts)
    assert not parts or holds_more(data, parts - 1)


@pytest.mark.parametrize(
    "data",
    [
        b"[" + b"{}," * 6_600_000 + b"0]",
        b"[" * 20_000_000,
        b'["a"' + b',""' * 6_600_000 + b"]",
        b'{"' + b'\\"' * 9_000_000 + b'":[' + b"[]," * 600_000 + b"0]}",
        b"[" + b"1" * 1_000_000 + b"]",
        b"[" * 100_000 + b"]" * 100_000,
    ],
)
def test_when_a_text_would_fill_the_memory_then_it_is_refused_before_it_does(data: bytes) -> None:
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(UnboundedJson, match=r"more than 500,000|deep|too long"):
            loads(data, 500_000)
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "data",
    [
        b'["' + b'\\",' * 5_000_000,
        b'["' + b'a",' * 5_000_000 + b'"',
        b'"",' * 7_000_000,
        b'""' * 10_000_000,
        b'["' + b"," * 20_000_000 + b'"]',
        b'["' + b"\\\\" * 10_000_000 + b'",' + b"," * 1_000_000,
        b'["' + b"[" * 20_000_000,
    ],
)
def test_when_a_text_is_made_to_count_slowly_then_it_is_counted_in_a_second(data: bytes) -> None:
    began = time.process_time()
    holds_more(data, 500_000)
    assert time.process_time() - began < 2


@given(data=st.binary() | st.text('[]{},"\\:0a \n').map(str.encode))
def test_when_a_text_is_anything_then_the_outcome_is_that_of_json(data: bytes) -> None:
    try:
        expected = json.loads(data.decode("utf-8"))
    except ValueError as error:
        with pytest.raises(type(error)):
            loads(data, 10**6)
    else:
        assert loads(data, 10**6) == expected or expected != expected


def test_when_an_array_is_long_and_text_is_full_of_brackets_then_only_what_counts_is_counted() -> (
    None
):
    text = json.dumps({"a": "[{," * 10**6, "b": [1, 2]}).encode()
    assert (holds_more(text, 3), holds_more(text, 4)) == (True, False)
    assert loads(text, 4)["b"] == [1, 2]

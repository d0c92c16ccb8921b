"""Values cross the wall unchanged; nothing else crosses at all."""

from contextlib import suppress
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.checks import Mismatch, StudentError
from autograder.grading.remote import Remote
from autograder.grading.session import Unavailable
from autograder.jail.client import Forged
from autograder.jail.inside.protocol import DTYPES, ProtocolError, decode, encode

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)
TAGS = [
    "none",
    "bool",
    "int",
    "float",
    "complex",
    "str",
    "list",
    "tuple",
    "dict",
    "array",
    "number",
    "tensor",
    "rng",
    "there",
]


@given(PLAIN)
def test_when_plain_values_cross_then_type_and_value_are_kept(value: object) -> None:
    buffers: list[bytes] = []
    back = decode(encode(value, buffers), buffers)
    assert back == value
    assert type(back) is type(value)


@given(
    hnp.arrays(
        st.sampled_from(sorted(DTYPES)).map(np.dtype), hnp.array_shapes(min_dims=0, min_side=0)
    )
)
def test_when_arrays_cross_then_every_byte_is_kept(array: np.ndarray) -> None:
    buffers: list[bytes] = []
    back = decode(encode(array, buffers), buffers)
    assert (back.dtype, back.shape, back.tobytes()) == (array.dtype, array.shape, array.tobytes())


@given(
    JSON | st.lists(JSON).map(lambda rest: [*rest]), st.sampled_from(TAGS), st.lists(st.binary())
)
def test_when_a_reply_is_forged_then_it_is_a_value_or_refused(
    junk: object, tag: str, buffers: list[bytes]
) -> None:
    for tree in (junk, [tag, junk], [tag, junk, junk], ["array", "<f8", junk, 0]):
        try:
            decode(tree, buffers)
        except ProtocolError:
            continue


class Forger:
    """Stands for a session whose kernel answers whatever it likes."""

    failures: ClassVar[dict[str, object]] = {}
    arguments_stay = True

    def __init__(self, reply: object):
        self.reply = reply

    def ask(self, *_: object) -> object:
        return self.reply


KINDS = st.sampled_from(["value", "error", "missing", "unfit"]) | st.text(max_size=5)
RESULTS = st.lists(JSON | st.dictionaries(KINDS, JSON, max_size=2), max_size=3)
REPLIES = st.fixed_dictionaries(
    {}, optional={"content": JSON | st.fixed_dictionaries({"results": RESULTS}), "buffers": JSON}
)


@given(JSON | REPLIES)
def test_when_a_whole_reply_is_forged_then_it_is_a_verdict_not_a_crash(reply: object) -> None:
    student = Remote(Forger(reply), 0.0, (), "")  # type: ignore[arg-type]
    with suppress(StudentError, Mismatch, Unavailable, Forged):
        list(student.conv2d.each([(1,), (2,)]))


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1, 2},
        np.array([object()]),
        np.array(["text"]),
        np.ma.masked_array([1.0], [True]).astype(object),
        type("Sneaky", (float,), {})(1.0),
        type("Forged", (dict,), {})(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_when_a_value_is_not_plain_then_the_error_says_what_to_return(value: object) -> None:
    with pytest.raises(ProtocolError, match="cannot be graded"):
        encode(value, [])


def test_when_a_list_holds_itself_then_it_is_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(ProtocolError, match="deep"):
        encode(loop, [])


def test_when_an_array_is_too_large_then_the_limit_is_named() -> None:
    with pytest.raises(ProtocolError, match="at most 16,777,216"):
        encode(np.zeros(2**22), [])


@pytest.mark.parametrize(
    "tree",
    [
        ["array", "|O", [1], 0],
        ["array", "<f8", [2**62, 2**62], 0],
        ["array", "<f8", [-1], 0],
        ["array", "<f8", [True], 0],
        ["array", "<f8", [1], 5],
        ["number", "<f8", [2], 0],
        ["int", "9" * 5000],
        ["dict", [[["list", []], ["none"]]]],
        ["eval", "1"],
        ["rng", "numpy", "1"],
        ["there", ["open"]],
        ["tensor", "<f8", [3], 0],
        [["none"]],
        "none",
        [],
    ],
)
def test_when_a_tree_is_not_one_then_it_is_refused(tree: object) -> None:
    with pytest.raises(ProtocolError):
        decode(tree, [b"\0" * 16])


def test_when_a_tree_has_too_many_parts_then_it_is_refused() -> None:
    with pytest.raises(ProtocolError, match="too many parts"):
        decode(["list", [["none"]] * 20_000], [])


def test_when_the_arrays_of_a_value_are_too_large_together_then_it_is_refused() -> None:
    with pytest.raises(ProtocolError, match="more than 16,777,216 bytes"):
        decode(["none"], [bytes(10 * 2**20)] * 2)


def test_when_an_array_has_crossed_then_it_can_be_written_to() -> None:
    buffers: list[bytes] = []
    back = decode(encode(np.arange(3), buffers), buffers)
    back += 1
    assert back.tolist() == [1, 2, 3]

"""A safetensors file of a stranger's: honest ones are read whole, all else is refused in words."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from safetensors.numpy import save

from autograder.checks import Mismatch
from autograder.checks.files import HandedIn, require_fitting
from autograder.checks.tensorfile import MAX_HEADER, MAX_TENSORS, tensors

SHAPES = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
FINITE = {"allow_nan": False, "allow_infinity": False, "width": 32}
WEIGHTS = arrays.arrays(np.float32, SHAPES, elements=st.floats(**FINITE))
COUNTERS = arrays.arrays(np.int64, SHAPES)


def made(header: Any, body: bytes = b"") -> bytes:
    """Return a file with a header of one's own."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def one(dtype: str = "F32", shape: Any = (1,), offsets: Any = (0, 4)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


@given(st.dictionaries(st.text("abc.01é", min_size=1), WEIGHTS | COUNTERS, max_size=4))
def test_when_weights_and_counters_are_saved_then_they_come_back_as_they_were(
    saved: dict[str, Any],
) -> None:
    found = tensors(save(saved))
    assert found.keys() == saved.keys()
    for name, array in saved.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


@given(st.binary(max_size=200) | st.builds(made, st.binary(max_size=60), st.binary(max_size=20)))
def test_when_bytes_are_no_such_file_then_only_a_mismatch_is_raised(data: bytes) -> None:
    try:
        found = tensors(data)
    except Mismatch:
        return
    assert all(isinstance(array, np.ndarray) for array in found.values())


@given(st.data())
def test_when_a_good_file_is_damaged_anywhere_then_only_a_mismatch_is_raised(data: Any) -> None:
    whole = bytearray(save({"a": np.ones((2, 3), np.float32), "n": np.array([3])}))
    whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = tensors(bytes(whole))
    except Mismatch:
        return
    assert all(np.isfinite(array).all() for array in found.values())


HALF = {"a": np.ones(2, np.float16)}
BAD = {
    "nothing": (b"", "ends before its header does"),
    "a pickle": (b"\x80\x04\x95" + bytes(20), "ends before its header does"),
    "a promise": (struct.pack("<Q", 2**60) + b"{}", "ends before its header does"),
    "a huge header": (made(b" " * (MAX_HEADER + 1)), "the header of the file holds"),
    "no JSON": (made(b"{"), "no safetensors file .*: save it with safetensors.torch.save_file"),
    "deep JSON": (made(b'{"a":' * 9000), "no safetensors file"),
    "an overlap": (made({"a": one(), "b": one()}, b"1234"), "invalid offset"),
    "a gap": (made({"a": one(offsets=(4, 8))}, bytes(8)), "invalid offset"),
    "a rest": (made({"a": one()}, bytes(8)), "not fully covered"),
    "an overflow": (made({"a": one(shape=(2**62, 8))}, bytes(4)), "overflow"),
    "a huge side": (made({"a": one(shape=(2**63, 0, 2), offsets=(0, 0))}), "no shape that"),
    "many axes": (made({"a": one(shape=(1,) * 90)}, bytes(4)), "no shape that an array can have"),
    "a negative side": (made({"a": one(shape=(-1,))}, bytes(4)), "no safetensors file"),
    "halves": (save(HALF), "a has dtype float16; it must be float32 or int64: convert it"),
    "brain floats": (made({"a": one("BF16", (2,))}, bytes(4)), "a has dtype BF16; it must be"),
    "a new dtype": (made({"a": one("F4", (8,))}, bytes(4)), "a has dtype F4; it must be"),
    "NaN": (save({"a.b": np.array([np.nan], np.float32)}), "some values of a.b are NaN or inf"),
    "infinity": (save({"a": np.array([-np.inf], np.float32)}), "are NaN or infinite"),
    "too many": (save({str(n): np.zeros(0) for n in range(MAX_TENSORS + 1)}), "must hold at most"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_when_a_file_is_not_what_it_must_be_then_the_student_reads_why(case: str) -> None:
    data, message = BAD[case]
    with pytest.raises(Mismatch, match=message):
        tensors(data)


def test_when_a_check_takes_more_then_it_says_so() -> None:
    assert tensors(save(HALF), dtypes=("float16",))["a"].dtype == np.float16
    data = save({"a": np.array([np.inf], np.float32)})
    assert tensors(data, finite=False)["a"][0] == np.inf


@pytest.mark.parametrize(
    ("name", "megabytes", "message"),
    [
        ("Model.bin", 1, "must be small letters"),
        ("../model.bin", 1, "must be small letters"),
        ("model", 1, "with one ending"),
        ("more.ipynb", 1, "none of gz, ipynb"),
        ("all.zip", 1, "none of gz, ipynb"),
        ("model.bin", 0, "above 0"),
        ("model.bin", 500, "the most that crosses to the jail"),
    ],
)
def test_when_an_author_names_a_file_that_cannot_be_taken_then_the_error_says_why(
    name: str, megabytes: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        HandedIn(name, "the weights", megabytes)


def test_when_the_files_of_an_assignment_do_not_fit_together_then_the_error_says_why() -> None:
    big = [HandedIn(f"{letter}.bin", "weights", 16) for letter in "abc"]
    with pytest.raises(ValueError, match="48 MB together; at most 32 fit"):
        require_fitting(tuple(big))
    with pytest.raises(ValueError, match="at most 8 different names"):
        require_fitting((big[0], big[0]))

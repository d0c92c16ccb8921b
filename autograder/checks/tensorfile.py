"""A safetensors file that a stranger made, read in bounds: nothing in it is run or believed.

A check loads the weights into the student's own network, which stays in the jail::

    state = {name: torch.from_numpy(array) for name, array in tensors(data).items()}
    model = student.build_model.create()
    model.load_state_dict.create(state)  # what it returns cannot cross
    model.eval.create()
    logits = model(images)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, deserialize

from autograder.checks import Mismatch
from autograder.harmless.text import shown

LENGTH_BYTES = 8  # of a safetensors file: how long its header is
MAX_HEADER = 2**20  # bytes, of thousands of tensors
MAX_TENSORS = 2_000
DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "|u1"}


def tensors(
    data: bytes, dtypes: Collection[str] = ("float32", "int64"), finite: bool = True
) -> dict[str, NDArray[Any]]:
    """Return the tensors in a safetensors file that a stranger made, as arrays by name.

    Args:
        data: the bytes of the file.
        dtypes: those that are taken; int64 is what batch normalisation counts with.
        finite: whether NaN and infinity are refused.

    Raises:
        Mismatch: it is no such file, or holds what is not taken; the student reads why.

    Example:
        >>> from safetensors.numpy import save
        >>> tensors(save({"bias": np.zeros(3, dtype=np.float32)}))
        {'bias': array([0., 0., 0.], dtype=float32)}
    """
    _require_small_header(data)
    try:
        found = deserialize(data)  # type: ignore[no-untyped-call]
    except SafetensorError as error:
        raise _unreadable(shown(str(error).rpartition("deserializing: ")[2])) from error
    if len(found) > MAX_TENSORS:
        raise Mismatch(f"the file holds {len(found):,} tensors; it must hold at most {MAX_TENSORS}")
    return dict(_arrays(sorted(found, key=lambda one: one[0]), dtypes, finite))


def _require_small_header(data: bytes) -> None:
    size = int.from_bytes(data[:LENGTH_BYTES], "little")
    if len(data) < LENGTH_BYTES or size > len(data) - LENGTH_BYTES:
        raise _unreadable("it ends before its header does")
    if size > MAX_HEADER:
        raise Mismatch(f"the header of the file holds {size:,} bytes; at most {MAX_HEADER:,} fit")


def _arrays(
    found: list[tuple[str, dict[str, Any]]], dtypes: Collection[str], finite: bool
) -> Iterator[tuple[str, NDArray[Any]]]:
    for name, one in found:
        dtype = np.dtype(DTYPES[one["dtype"]]).name if one["dtype"] in DTYPES else one["dtype"]
        if dtype not in dtypes or one["dtype"] not in DTYPES:
            raise Mismatch(
                f"{shown(name)} has dtype {shown(dtype)}; it must be {' or '.join(dtypes)}: "
                "convert it before you save"
            )
        try:
            array = np.frombuffer(one["data"], DTYPES[one["dtype"]]).reshape(one["shape"])
        except (ValueError, OverflowError) as error:
            raise _unreadable(f"{shown(name)} has no shape that an array can have") from error
        if finite and not np.isfinite(array).all():
            raise Mismatch(f"some values of {shown(name)} are NaN or infinite")
        yield name, array


def _unreadable(why: str) -> Mismatch:
    return Mismatch(
        f"the file is no safetensors file ({why}): save it with safetensors.torch.save_file"
    )

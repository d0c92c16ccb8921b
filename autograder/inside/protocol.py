"""Values that cross the wall of the jail: arrays as dtype, shape and bytes, and plain types.

A value becomes a *tree* of JSON lists whose first item is a tag, and a list of byte buffers
that the trees of arrays point into. Nothing is ever pickled. `encode` runs on the side that
owns the value; `decode` trusts nothing about where its tree came from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

Tree = list[Any]
NAMES = "bool i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16"
DTYPES = frozenset(np.dtype(name).str for name in NAMES.split())


class ProtocolError(ValueError):
    """A value cannot cross, or what crossed is not a value."""


@dataclass(frozen=True)
class Bounds:
    """The most that may cross in one message."""

    depth: int = 20
    nodes: int = 10_000
    text: int = 1_000_000
    array_bytes: int = 16 * 2**20


BOUNDS = Bounds()


def encode(value: object, buffers: list[bytes], depth: int = BOUNDS.depth) -> Tree:
    """Return the tree of ``value`` and append the bytes of its arrays to ``buffers``.

    Args:
        value: None, bool, int, float, complex, str, list, tuple, dict, a NumPy array or number.
        buffers: where the bytes of arrays go.
        depth: how many containers may still be nested.

    Raises:
        ProtocolError: a type, dtype or nesting that does not cross.

    >>> buffers = []
    >>> encode([1, "a"], buffers)
    ['list', [['int', '1'], ['str', 'a']]]
    """
    if depth < 0:
        raise ProtocolError(f"a value nested more than {BOUNDS.depth} deep cannot be graded")
    if isinstance(value, np.ndarray | np.generic):
        return _encode_array(np.asarray(value), isinstance(value, np.generic), buffers)
    kind = type(value)
    if value is None:
        return ["none"]
    if kind in (bool, str):
        return [kind.__name__, value]
    if kind is int:
        return ["int", format(value, "d")]
    if kind is float:
        return ["float", float.hex(value)]  # type: ignore[arg-type]
    if kind is complex:
        return ["complex", value.real.hex(), value.imag.hex()]  # type: ignore[attr-defined]
    if kind in (list, tuple):
        return [kind.__name__, [encode(item, buffers, depth - 1) for item in value]]  # type: ignore[attr-defined]
    if kind is dict:
        pairs = [
            [encode(key, buffers, depth - 1), encode(item, buffers, depth - 1)]
            for key, item in value.items()  # type: ignore[attr-defined]
        ]
        return ["dict", pairs]
    raise ProtocolError(
        f"a value of type {kind.__name__} cannot be graded: return an array, a number, a string, "
        "a list, a tuple or a dict of these"
    )


def _encode_array(array: np.ndarray[Any, Any], number: bool, buffers: list[bytes]) -> Tree:
    if array.dtype.str not in DTYPES:
        array = array.astype(array.dtype.newbyteorder("<")) if array.dtype.kind in "iufc" else array
    if array.dtype.str not in DTYPES:
        raise ProtocolError(f"an array of dtype {array.dtype} cannot be graded: use a number dtype")
    if array.nbytes > BOUNDS.array_bytes:
        raise ProtocolError(
            f"an array of {array.nbytes:,} bytes is too large: at most {BOUNDS.array_bytes:,}"
        )
    buffers.append(np.ascontiguousarray(array).tobytes())
    return ["number" if number else "array", array.dtype.str, list(array.shape), len(buffers) - 1]


def decode(tree: object, buffers: Sequence[bytes | memoryview], bounds: Bounds = BOUNDS) -> Any:
    """Return the value of ``tree``, or refuse it; its arrays may be written to.

    Raises:
        ProtocolError: the tree is not one that `encode` could have written within ``bounds``.

    >>> decode(["tuple", [["int", "1"], ["none"]]], [])
    (1, None)
    """
    if sum(map(len, buffers)) > bounds.array_bytes:
        raise ProtocolError(f"a value holds more than {bounds.array_bytes:,} bytes of arrays")
    return _Decoder(buffers, bounds).value(tree, bounds.depth)


class _Decoder:
    def __init__(self, buffers: Sequence[bytes | memoryview], bounds: Bounds):
        self.buffers, self.bounds, self.nodes = buffers, bounds, 0

    def value(self, tree: object, depth: int) -> Any:
        self.nodes += 1
        if depth < 0 or self.nodes > self.bounds.nodes:
            raise ProtocolError("a value came back nested too deep or with too many parts")
        if not isinstance(tree, list) or not tree or not isinstance(tree[0], str):
            raise ProtocolError("a reply is not a value")
        read = self.READERS.get(tree[0])
        if read is None:
            raise ProtocolError("a reply has an unknown type")
        try:
            return read(self, tree, depth)
        except ProtocolError:
            raise
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise ProtocolError("a reply is not a well-formed value") from error

    def read_none(self, tree: Tree, depth: int) -> None:
        (_,) = tree

    def read_boolean(self, tree: Tree, depth: int) -> bool:
        (_, value) = tree
        if not isinstance(value, bool):
            raise ProtocolError("a reply is not a truth value")
        return value

    def read_text(self, tree: Tree, depth: int) -> str:
        (_, value) = tree
        if not isinstance(value, str) or len(value) > self.bounds.text:
            raise ProtocolError(f"a string is not text of at most {self.bounds.text:,} characters")
        return value

    def read_integer(self, tree: Tree, depth: int) -> int:
        return int(self.read_text(tree, depth))

    def read_real(self, tree: Tree, depth: int) -> float:
        return float.fromhex(self.read_text(tree, depth))

    def read_complex(self, tree: Tree, depth: int) -> complex:
        (_, real, imaginary) = tree
        return complex(float.fromhex(real), float.fromhex(imaginary))

    def read_items(self, tree: Tree, depth: int) -> list[Any]:
        (_, items) = tree
        if not isinstance(items, list):
            raise ProtocolError("a reply is not a list")
        return [self.value(item, depth - 1) for item in items]

    def read_tuple(self, tree: Tree, depth: int) -> tuple[Any, ...]:
        return tuple(self.read_items(tree, depth))

    def read_dict(self, tree: Tree, depth: int) -> dict[Any, Any]:
        (_, pairs) = tree
        return {self.value(key, depth - 1): self.value(item, depth - 1) for key, item in pairs}

    def read_array(self, tree: Tree, depth: int) -> np.ndarray[Any, Any]:
        (_, dtype, shape, index) = tree
        if dtype not in DTYPES or not isinstance(shape, list) or len(shape) > 32:
            raise ProtocolError("an array came back without a known dtype and shape")
        if not all(type(size) is int and size >= 0 for size in (*shape, index)):
            raise ProtocolError("an array came back with a shape that is not one")
        if index >= len(self.buffers):
            raise ProtocolError("an array came back without its values")
        # A copy of its own: a function may write to what it was given.
        return np.frombuffer(bytearray(self.buffers[index]), dtype=dtype).reshape(shape)

    def read_number(self, tree: Tree, depth: int) -> np.generic:
        value = self.read_array(tree, depth)[()]
        if not isinstance(value, np.generic):
            raise ProtocolError("a number came back with a shape")
        return value

    READERS: ClassVar[dict[str, Callable[[_Decoder, Tree, int], Any]]] = {
        "none": read_none,
        "bool": read_boolean,
        "str": read_text,
        "int": read_integer,
        "float": read_real,
        "complex": read_complex,
        "list": read_items,
        "tuple": read_tuple,
        "dict": read_dict,
        "array": read_array,
        "number": read_number,
    }

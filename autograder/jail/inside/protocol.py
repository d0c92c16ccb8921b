"""Values that cross the wall of the jail: arrays as dtype, shape and bytes, and plain types.

A value becomes a *tree* of JSON lists whose first item is a tag, and a list of byte buffers
that the trees of arrays point into. Nothing is ever pickled. `encode` runs on the side that
owns the value; `decode` trusts nothing about where its tree came from.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
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


class Argument(ABC):
    """What only an argument can be: no reply with its tag is ever read."""

    @abstractmethod
    def _tree(self) -> Tree:
        """Return the tree that crosses in its place."""


def encode(value: object, buffers: list[bytes], depth: int = BOUNDS.depth) -> Tree:
    """Return the tree of ``value`` and append the bytes of its arrays to ``buffers``.

    Args:
        value: None, bool, int, float, complex, str, list, tuple, dict, a NumPy array or number,
            a dense torch tensor (its gradient stays behind), an `Argument`.
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
    if is_tensor(value):
        return _encode_tensor(value, buffers)
    if isinstance(value, Argument):
        return value._tree()
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


def is_tensor(value: object) -> bool:
    """Tell whether ``value`` is a torch tensor, without importing torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _encode_tensor(tensor: Any, buffers: list[bytes]) -> Tree:
    try:
        array = tensor.detach().cpu().resolve_conj().resolve_neg().numpy()
    except (TypeError, RuntimeError) as error:
        raise ProtocolError(
            f"a tensor of dtype {tensor.dtype} and layout {tensor.layout} cannot be graded: "
            "return a dense one of a NumPy dtype, such as tensor.float()"
        ) from error
    return ["tensor", *_encode_array(array, False, buffers)[1:]]


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
    return Decoder(buffers, bounds).value(tree, bounds.depth)


class Decoder:
    """Reads trees by their tags."""

    def __init__(self, buffers: Sequence[bytes | memoryview], bounds: Bounds):
        """Take the bytes of the arrays, and the most that a value may hold."""
        self.buffers, self.bounds, self.nodes = buffers, bounds, 0

    def value(self, tree: object, depth: int) -> Any:
        """Return the value of ``tree``, which may nest ``depth`` deep.

        Raises:
            ProtocolError: it is not the tree of a value.
        """
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

    def _read_none(self, tree: Tree, depth: int) -> None:
        (_,) = tree

    def _read_boolean(self, tree: Tree, depth: int) -> bool:
        (_, value) = tree
        if not isinstance(value, bool):
            raise ProtocolError("a reply is not a truth value")
        return value

    def _read_text(self, tree: Tree, depth: int) -> str:
        (_, value) = tree
        if not isinstance(value, str) or len(value) > self.bounds.text:
            raise ProtocolError(f"a string is not text of at most {self.bounds.text:,} characters")
        return value

    def _read_integer(self, tree: Tree, depth: int) -> int:
        return int(self._read_text(tree, depth))

    def _read_real(self, tree: Tree, depth: int) -> float:
        return float.fromhex(self._read_text(tree, depth))

    def _read_complex(self, tree: Tree, depth: int) -> complex:
        (_, real, imaginary) = tree
        return complex(float.fromhex(real), float.fromhex(imaginary))

    def _read_items(self, tree: Tree, depth: int) -> list[Any]:
        (_, items) = tree
        if not isinstance(items, list):
            raise ProtocolError("a reply is not a list")
        return [self.value(item, depth - 1) for item in items]

    def _read_tuple(self, tree: Tree, depth: int) -> tuple[Any, ...]:
        return tuple(self._read_items(tree, depth))

    def _read_dict(self, tree: Tree, depth: int) -> dict[Any, Any]:
        (_, pairs) = tree
        return {self.value(key, depth - 1): self.value(item, depth - 1) for key, item in pairs}

    def _read_array(self, tree: Tree, depth: int) -> np.ndarray[Any, Any]:
        (_, dtype, shape, index) = tree
        if dtype not in DTYPES or not isinstance(shape, list) or len(shape) > 32:
            raise ProtocolError("an array came back without a known dtype and shape")
        if not all(type(size) is int and size >= 0 for size in (*shape, index)):
            raise ProtocolError("an array came back with a shape that is not one")
        if index >= len(self.buffers):
            raise ProtocolError("an array came back without its values")
        # A copy of its own: a function may write to what it was given, and resize it.
        return np.frombuffer(self.buffers[index], dtype=dtype).reshape(shape).copy()

    def _read_number(self, tree: Tree, depth: int) -> np.generic:
        value = self._read_array(tree, depth)[()]
        if not isinstance(value, np.generic):
            raise ProtocolError("a number came back with a shape")
        return value

    def _read_tensor(self, tree: Tree, depth: int) -> Any:
        array = self._read_array(tree, depth)
        torch = sys.modules.get("torch")
        if torch is None:  # a forged reply must not have the reader load it
            raise ProtocolError("a tensor came back where nothing imports torch")
        return torch.from_numpy(array)

    READERS: ClassVar[Mapping[str, Callable[[Any, Tree, int], Any]]] = {
        "none": _read_none,
        "bool": _read_boolean,
        "str": _read_text,
        "int": _read_integer,
        "float": _read_real,
        "complex": _read_complex,
        "list": _read_items,
        "tuple": _read_tuple,
        "dict": _read_dict,
        "array": _read_array,
        "number": _read_number,
        "tensor": _read_tensor,
    }

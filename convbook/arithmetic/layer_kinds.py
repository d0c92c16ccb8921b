"""What a layer of a counted network may be: its kinds, their fields, defaults and limits."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Layer = Mapping[str, Any]


@dataclass(frozen=True)
class Whole:
    """A field that is a whole number; with ``pair`` also two of them, rows and columns.

    Args:
        least: the smallest number.
        most: the largest.
        default: what a layer without the field has.
        like: the field whose value it takes instead. Without either it must be given.
        pair: whether rows and columns may differ.
    """

    least: int
    most: int
    default: int | None = None
    like: str = ""
    pair: bool = False

    @property
    def rule(self) -> str:
        """What the field must be."""
        one = f"a whole number from {self.least:,} to {self.most:,}"
        return f"{one}, or two of them as [rows, columns]" if self.pair else one

    def read(self, value: Any) -> int | list[int] | None:
        """Return ``value`` as plain whole numbers, or None where it breaks the rule."""
        if self.pair and isinstance(value, (list, tuple)) and len(value) == 2:
            both = [whole for whole in map(self._one, value) if whole is not None]
            return both if len(both) == 2 else None
        return self._one(value)

    def _one(self, value: Any) -> int | None:
        if isinstance(value, bool):
            return None
        try:
            whole = operator.index(value)
        except TypeError:
            return None
        return whole if self.least <= whole <= self.most else None


@dataclass(frozen=True)
class Flag:
    """A field that is true or false."""

    default: bool

    rule = "True or False"

    def read(self, value: Any) -> bool | None:
        """Return ``value``, or None where it is not a truth value."""
        return value if isinstance(value, bool) else None


@dataclass(frozen=True)
class Choice:
    """A field that is one of a few words."""

    values: tuple[str, ...]
    default: str

    @property
    def rule(self) -> str:
        """What the field must be."""
        return f"one of {', '.join(self.values)}"

    def read(self, value: Any) -> str | None:
        """Return ``value``, or None where it is not one of the words."""
        return value if isinstance(value, str) and value in self.values else None


Field = Whole | Flag | Choice

_CHANNELS = Whole(1, 65_536)
_KERNEL = Whole(1, 1_024, pair=True)
_STRIDE = Whole(1, 1_024, default=1, pair=True)
_PADDING = Whole(0, 1_024, default=0, pair=True)
_ACTIVATION = Choice(("none", "relu", "sigmoid", "tanh", "softmax"), default="none")
_POOL: dict[str, Field] = {
    "kernel_size": _KERNEL,
    "stride": Whole(1, 1_024, like="kernel_size", pair=True),
    "padding": _PADDING,
}

KINDS: dict[str, dict[str, Field]] = {
    "conv": {
        "out_channels": _CHANNELS,
        "kernel_size": _KERNEL,
        "stride": _STRIDE,
        "padding": _PADDING,
        "dilation": _STRIDE,
        "groups": Whole(1, 65_536, default=1),
        "bias": Flag(True),
        "activation": _ACTIVATION,
    },
    "max_pool": _POOL,
    "avg_pool": _POOL,
    "global_avg_pool": {},
    "relu": {},
    "sigmoid": {},
    "tanh": {},
    "batch_norm": {"activation": _ACTIVATION},
    "local_response_norm": {},
    "dropout": {},
    "flatten": {},
    "dense": {
        "out_features": Whole(1, 1_000_000),
        "bias": Flag(True),
        "activation": _ACTIVATION,
    },
    "softmax": {},
    "residual": {"out_channels": _CHANNELS, "stride": Whole(1, 1_024, default=1)},
    "inception": {
        "conv1x1": _CHANNELS,
        "reduce3x3": _CHANNELS,
        "conv3x3": _CHANNELS,
        "reduce5x5": _CHANNELS,
        "conv5x5": _CHANNELS,
        "pool_projection": _CHANNELS,
    },
}


def read_layer(layer: Layer) -> dict[str, Any]:
    """Return ``layer`` as plain words and numbers, with only the fields it gives.

    Raises:
        ValueError: the kind is unknown, or a field is missing, unknown or breaks its rule.

    >>> read_layer({"kind": "conv", "out_channels": 8, "kernel_size": (3, 5)})
    {'kind': 'conv', 'out_channels': 8, 'kernel_size': [3, 5]}
    """
    if not isinstance(layer, Mapping):
        raise ValueError(f"{layer!r} must be a mapping with a kind, such as {{'kind': 'relu'}}")
    kind = layer.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"kind (={kind!r}) must be one of {', '.join(KINDS)}")
    for name in layer:
        if name != "kind" and name not in KINDS[kind]:
            known = ", ".join(KINDS[kind]) or "none"
            raise ValueError(f"{name} is not a field of {kind}: leave it out; its fields: {known}")
    fields = KINDS[kind].items()
    given = {
        name: _read(name, field, layer) for name, field in fields if _needed(field, name, layer)
    }
    return {"kind": kind} | given


def place(number: int, layer: Layer) -> str:
    """Return how a message names a layer: its number, and its kind where it has one.

    >>> place(4, {"kind": "conv"}), place(5, {})
    ('layer 4 (conv)', 'layer 5')
    """
    kind = layer.get("kind") if isinstance(layer, Mapping) else None
    known = isinstance(kind, str) and kind in KINDS
    return f"layer {number} ({kind})" if known else f"layer {number}"


def filled(layer: Layer) -> dict[str, Any]:
    """Return a layer that `read_layer` gave with every field of its kind, defaults included.

    >>> filled({"kind": "max_pool", "kernel_size": 2})
    {'kind': 'max_pool', 'kernel_size': 2, 'stride': 2, 'padding': 0}
    """
    full = {"kind": layer["kind"]}
    for name, field in KINDS[layer["kind"]].items():
        full[name] = layer[name] if name in layer else _default(field, layer)
    return full


def details(layer: Layer) -> str:
    """Return a layer's numbers in words, without what is at its default.

    >>> details({"kind": "conv", "out_channels": 96, "kernel_size": 11, "stride": 4})
    '11×11, 96 channels, stride 4'
    """
    full = filled(layer)
    if layer["kind"] == "inception":
        one, three, wide, five, wider, pool = (full[name] for name in KINDS["inception"])
        return f"{one} + {three}→{wide} + {five}→{wider} + {pool}"
    words = [
        _twice(full["kernel_size"]) if "kernel_size" in full else "",
        f"{full['out_channels']:,} channels" if "out_channels" in full else "",
        f"{full['out_features']:,} features" if "out_features" in full else "",
        *(f"{name} {_once(full[name])}" for name in _unusual(full)),
        f"{full['groups']:,} groups" if full.get("groups", 1) > 1 else "",
        "" if full.get("bias", True) else "no bias",
        "" if full.get("activation", "none") == "none" else full["activation"],
    ]
    return ", ".join(word for word in words if word)


def pair(value: int | list[int]) -> tuple[int, int]:
    """Return rows and columns of a field that may be one number for both.

    >>> pair(3), pair([3, 5])
    ((3, 3), (3, 5))
    """
    rows, columns = (value, value) if isinstance(value, int) else value
    return rows, columns


def _needed(field: Field, name: str, layer: Layer) -> bool:
    must_be_given = isinstance(field, Whole) and field.default is None and not field.like
    return name in layer or must_be_given


def _read(name: str, field: Field, layer: Layer) -> Any:
    if name not in layer:
        raise ValueError(f"{name} is missing: give {field.rule}")
    value = field.read(layer[name])
    if value is None:
        said = list(layer[name]) if isinstance(layer[name], tuple) else layer[name]
        raise ValueError(f"{name} (={said!r}) must be {field.rule}")
    return value


def _default(field: Field, layer: Layer) -> Any:
    return layer[field.like] if isinstance(field, Whole) and field.like else field.default


def _unusual(full: dict[str, Any]) -> list[str]:
    """The steps that are not what a layer without the field has."""
    fields = KINDS[full["kind"]]
    steps = [name for name in ("stride", "padding", "dilation") if name in fields]
    return [name for name in steps if pair(full[name]) != pair(_default(fields[name], full))]


def _twice(value: int | list[int]) -> str:
    return "×".join(map(str, pair(value)))


def _once(value: int | list[int]) -> str:
    rows, columns = pair(value)
    return str(rows) if rows == columns else f"{rows}×{columns}"

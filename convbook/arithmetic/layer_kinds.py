"""The course's one language of layers: its kinds, their fields, defaults and limits.

The table is ``layer_kinds.json``, which the JavaScript of the widgets reads too. A kind ``takes``
maps or a vector where it does not take both; a layer that ``ends_map`` makes a vector of maps.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from convbook.arithmetic.layer_fields import Choice, Field, Flag, Whole
from convbook.wording import amount

Layer = Mapping[str, Any]


TABLE: dict[str, Any] = json.loads(
    Path(__file__).with_name("layer_kinds.json").read_text(encoding="utf-8")
)


def _whole(rule: str, **more: Any) -> Whole:
    numbers = {name: value for name, value in TABLE["rules"][rule].items() if name != "type"}
    return Whole(**numbers, **more, counts=rule in ("channels", "features"))


def _field(rule: str, **more: Any) -> Field:
    match TABLE["rules"][rule]["type"]:
        case "flag":
            return Flag(**more)
        case "choice":
            return Choice(TABLE["rules"][rule]["values"], **more)
        case _:
            return _whole(rule, **more)


KINDS: dict[str, dict[str, Field]] = {
    kind: {name: _field(**field) for name, field in entry["fields"].items()}
    for kind, entry in TABLE["kinds"].items()
}
CHANNELS, SIDE = (_whole(TABLE["input_shape"][name]) for name in ("channels", "side"))


def takes(kind: str) -> str:
    """Return ``"maps"`` or ``"vector"``, or nothing for a kind that takes both."""
    return str(TABLE["kinds"][kind].get("takes", ""))


def ends_map(kind: str) -> bool:
    """Tell whether a kind makes a vector of maps, so that nothing after it has a place."""
    return bool(TABLE["kinds"][kind].get("ends_map", False))


def pools(kind: str) -> bool:
    """Tell whether a kind pools."""
    return bool(TABLE["kinds"][kind].get("pools", False))


def refusal(kind: str, is_map: bool) -> str:
    """Return why a kind cannot follow maps, or a vector; nothing where it can.

    >>> refusal("dense", is_map=True)
    'dense takes a vector: put flatten before it'
    """
    if takes(kind) == ("vector" if is_map else "maps"):
        return {
            "maps": f"{kind} takes maps of shape (C, H, W): put it before flatten",
            "vector": f"{kind} takes a vector: put flatten before it",
        }[takes(kind)]
    return ""


def read_layer(layer: Layer, counted: bool = True) -> dict[str, Any]:
    """Return ``layer`` as plain words and numbers, with only the fields it gives.

    Args:
        layer: its kind and fields.
        counted: whether its channels or features must be given; no receptive field needs them.

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
        name: _read(name, field, layer)
        for name, field in fields
        if name in layer or _must_be_given(field, counted)
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

    >>> filled({"kind": "avg_pool", "kernel_size": 2})
    {'kind': 'avg_pool', 'kernel_size': 2, 'stride': 2, 'padding': 0}
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
        amount(full["out_channels"], "channel") if "out_channels" in full else "",
        amount(full["out_features"], "feature") if "out_features" in full else "",
        *(f"{name} {_once(full[name])}" for name in _unusual(full)),
        amount(full["groups"], "group") if full.get("groups", 1) > 1 else "",
        "" if full.get("bias", True) else "no bias",
        "" if full.get("activation", "none") == "none" else full["activation"],
    ]
    return ", ".join(word for word in words if word)


def kind_text(kind: str) -> str:
    """Return a kind as a person says it.

    >>> kind_text("global_avg_pool")
    'global avg pool'
    """
    return kind.replace("_", " ")


def pair(value: int | list[int]) -> tuple[int, int]:
    """Return rows and columns of a field that may be one number for both.

    >>> pair(3), pair([3, 5])
    ((3, 3), (3, 5))
    """
    rows, columns = (value, value) if isinstance(value, int) else value
    return rows, columns


def _must_be_given(field: Field, counted: bool) -> bool:
    if not isinstance(field, Whole) or field.like or field.default is not None:
        return False
    return counted or not field.counts


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

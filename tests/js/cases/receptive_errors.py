"""Stacks whose receptive field cannot be said: the messages, written by hand."""

from __future__ import annotations

from typing import Any

from tests.js.cases.counting_errors import KINDS, PAIR
from tests.js.cases.receptive import CONV3, GLOBAL

_FLATTEN = {"kind": "flatten"}
_WHOLE_MAP = (
    "it sees the whole map, whose size depends on the input's: give the input size n, or leave "
    "out this layer and those after it"
)
# Layers, message.
ERRORS: list[tuple[list[Any], str]] = [
    ([CONV3, {"kind": "pool"}], f"layer 2: kind (='pool') must be one of {KINDS}"),
    ([{"kernel_size": 3}], f"layer 1: kind (=None) must be one of {KINDS}"),
    (
        [{**CONV3, "size": 2}],
        "layer 1 (conv): size is not a field of conv: leave it out; its fields: out_channels, "
        "kernel_size, stride, padding, dilation, groups, bias, activation",
    ),
    (
        [{"kind": "max_pool"}],
        f"layer 1 (max_pool): kernel_size is missing: give {PAIR}",
    ),
    ([{**CONV3, "stride": 0}], f"layer 1 (conv): stride (=0) must be {PAIR}"),
    (
        [{**CONV3, "padding": -1}],
        f"layer 1 (conv): padding (=-1) must be {PAIR.replace('from 1', 'from 0')}",
    ),
    ([{**CONV3, "dilation": 1.5}], f"layer 1 (conv): dilation (=1.5) must be {PAIR}"),
    (
        [CONV3, _FLATTEN, {"kind": "dense"}, {"kind": "relu", "slope": 1}],
        "layer 4 (relu): slope is not a field of relu: leave it out; its fields: none",
    ),
    (
        [CONV3, _FLATTEN, CONV3],
        "layer 3 (conv): its input is a vector, but conv takes maps of shape (C, H, W): "
        "put it before flatten",
    ),
    (
        [CONV3, {"kind": "dense", "out_features": 10}],
        "layer 2 (dense): its input is a map, but dense takes a vector: put flatten before it",
    ),
    (
        [{**CONV3, "kernel_size": [3, 5]}],
        "layer 1 (conv): kernel_size (=[3, 5]) must be the same for rows and columns here: "
        "`convbook.arithmetic.counting.count` follows both",
    ),
    (
        [{"kind": "avg_pool", "kernel_size": 3, "padding": 2}],
        "layer 1 (avg_pool): padding (=2) must be at most 1, half of kernel_size (=3): "
        "use less padding or a larger kernel",
    ),
    ([CONV3, GLOBAL, _FLATTEN], f"layer 2 (global_avg_pool): {_WHOLE_MAP}"),
]


def impossible_fields() -> list[dict[str, Any]]:
    """Stacks that must be refused, and what the message says."""
    return [{"layers": layers, "message": message} for layers, message in ERRORS]


GOLDEN = {"impossible_fields": impossible_fields}

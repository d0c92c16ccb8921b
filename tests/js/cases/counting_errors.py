"""Networks that cannot be: the messages, written by hand."""

from __future__ import annotations

from typing import Any

_CONV = {"kind": "conv", "out_channels": 8, "kernel_size": 3}
_DENSE = {"kind": "dense", "out_features": 4}
_INCEPTION = {
    "kind": "inception",
    **dict.fromkeys(["conv1x1", "reduce3x3", "conv3x3", "reduce5x5", "conv5x5"], 2),
    "pool_projection": 5,
}
PAIR = "a whole number from 1 to 1,024, or two of them as [rows, columns]"
_POOL = {"kind": "max_pool", "kernel_size": 3}
_EXACT = "are past what is counted exactly: use fewer channels, a smaller input or less stride"
_HUGE = {"kind": "conv", "out_channels": 65_536, "kernel_size": 3, "padding": 1}
KINDS = (
    "conv, max_pool, avg_pool, global_avg_pool, relu, sigmoid, tanh, batch_norm, "
    "local_response_norm, dropout, flatten, dense, softmax, residual, inception"
)
_SHAPE = "must be three whole numbers [C, H, W]: C from 1 to 65,536, H and W from 1 to 4,096"
_CHANNELS = "must be a whole number from 1 to 65,536"
_MAPS = "takes maps of shape (C, H, W): put it before flatten"
_FITS = "use a smaller kernel, less dilation or more padding"
# Input shape, layers, message.
ERRORS: list[tuple[list[Any], list[Any], str]] = [
    ([1, 0, 28], [], f"input_shape (=[1, 0, 28]) {_SHAPE}"),
    ([1, 28], [], f"input_shape (=[1, 28]) {_SHAPE}"),
    ([1, 28, 4097], [], f"input_shape (=[1, 28, 4097]) {_SHAPE}"),
    ([1, 28, 2.5], [], f"input_shape (=[1, 28, 2.5]) {_SHAPE}"),
    ([1, 9, 9], [{"kind": "dens"}], f"layer 1: kind (='dens') must be one of {KINDS}"),
    ([1, 9, 9], [_CONV, {}], f"layer 2: kind (=None) must be one of {KINDS}"),
    (
        [1, 9, 9],
        [_CONV, {"kind": "dense"}],
        "layer 2 (dense): out_features is missing: give a whole number from 1 to 1,000,000",
    ),
    (
        [1, 9, 9],
        [{"kind": "avg_pool", "kernel_size": 2, "dilation": 1}],
        "layer 1 (avg_pool): dilation is not a field of avg_pool: leave it out; its fields: "
        "kernel_size, stride, padding",
    ),
    (
        [1, 9, 9],
        [{"kind": "relu", "slope": 1}],
        "layer 1 (relu): slope is not a field of relu: leave it out; its fields: none",
    ),
    ([1, 9, 9], [{**_CONV, "out_channels": 0}], f"layer 1 (conv): out_channels (=0) {_CHANNELS}"),
    ([1, 9, 9], [{**_CONV, "groups": True}], f"layer 1 (conv): groups (=True) {_CHANNELS}"),
    ([1, 9, 9], [{**_CONV, "stride": "2"}], f"layer 1 (conv): stride (='2') must be {PAIR}"),
    ([1, 9, 9], [{**_CONV, "stride": [1, 0]}], f"layer 1 (conv): stride (=[1, 0]) must be {PAIR}"),
    ([1, 9, 9], [{**_POOL, "stride": [3]}], f"layer 1 (max_pool): stride (=[3]) must be {PAIR}"),
    (
        [1, 9, 9],
        [{**_CONV, "padding": -1}],
        f"layer 1 (conv): padding (=-1) must be {PAIR.replace('from 1', 'from 0')}",
    ),
    ([1, 9, 9], [{**_CONV, "bias": 1}], "layer 1 (conv): bias (=1) must be True or False"),
    (
        [1, 9, 9],
        [{**_CONV, "activation": "gelu"}],
        "layer 1 (conv): activation (='gelu') must be one of none, relu, sigmoid, tanh, softmax",
    ),
    (
        [1, 6, 28],
        [_CONV, {"kind": "max_pool", "kernel_size": 2}, {"kind": "relu"}, _CONV],
        "layer 4 (conv): the kernel reaches over 3 cells (kernel_size=3, dilation=1) but the "
        f"padded input has only 2 (n=2, padding=0): {_FITS}",
    ),
    (
        [1, 28, 6],
        [{**_CONV, "kernel_size": [1, 3], "dilation": 3}],
        "layer 1 (conv): the kernel reaches over 7 cells (kernel_size=3, dilation=3) but the "
        f"padded input has only 6 (n=6, padding=0): {_FITS}",
    ),
    (
        [3, 9, 9],
        [{**_CONV, "groups": 2}],
        "layer 1 (conv): groups (=2) must divide in_channels (=3) and out_channels (=8): "
        "use 1, or change the channels",
    ),
    (
        [3, 9, 9],
        [{**_POOL, "padding": [1, 2]}],
        "layer 1 (max_pool): padding (=2) must be at most 1, half of kernel_size (=3): "
        "use less padding or a larger kernel",
    ),
    *(
        (
            [3, 9, 9],
            [{"kind": "flatten"}, layer],
            f"layer 2 ({layer['kind']}): its input has shape (243,), but {layer['kind']} {_MAPS}",
        )
        for layer in (
            *(_CONV, _POOL, {"kind": "avg_pool", "kernel_size": 2}, {"kind": "global_avg_pool"}),
            *({"kind": "local_response_norm"}, {"kind": "residual", "out_channels": 3}, _INCEPTION),
        )
    ),
    (
        [3, 9, 9],
        [_CONV, _DENSE],
        "layer 2 (dense): its input has shape (8, 7, 7), but dense takes a vector: "
        "put flatten before it",
    ),
    (
        [3, 4096, 4096],
        [_HUGE, _HUGE],
        f"layer 2 (conv): 9,007,199,254,740,992 multiply-accumulates or more {_EXACT}",
    ),
    (
        [1, 64, 64],
        [{"kind": "avg_pool", "kernel_size": 2, "stride": 1024, "padding": 1}] * 7,
        f"layer 7 (avg_pool): 9,007,199,254,740,992 cells of receptive field or more {_EXACT}",
    ),
]


def impossible_networks() -> list[dict[str, Any]]:
    """Networks that must be refused, and what the message says."""
    names = ("input_shape", "layers", "message")
    return [dict(zip(names, case, strict=True)) for case in ERRORS]


GOLDEN = {"impossible_networks": impossible_networks}

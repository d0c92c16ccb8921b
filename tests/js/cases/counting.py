"""Counting layers: PyTorch's own modules, run on the meta device; receptive fields by gradient."""

from __future__ import annotations

from typing import Any

from tests.js.torch_layers import Layers, layer_counts, measured_fields, network

RECTANGULAR = {"kind": "conv", "out_channels": 6, "kernel_size": [3, 5], "stride": 2, "padding": 1}
# Input shape, layers: non-square inputs, floor division, dilation, groups, pairs, blocks.
STACKS: list[tuple[list[int], Layers]] = [
    ([2, 17, 22], [RECTANGULAR, {"kind": "max_pool", "kernel_size": 2}]),
    (
        [4, 19, 23],
        [
            {"kind": "conv", "out_channels": 8, "kernel_size": 3, "dilation": 2, "groups": 2},
            {"kind": "max_pool", "kernel_size": 3, "stride": 2, "padding": 1},
            {"kind": "max_pool", "kernel_size": 2, "stride": 1, "dilation": 2},
            {"kind": "conv", "out_channels": 4, "kernel_size": 2, "stride": 3, "bias": False},
        ],
    ),
    (
        [3, 20, 13],
        [
            {"kind": "conv", "out_channels": 5, "kernel_size": [1, 7], "padding": [0, 3]},
            {"kind": "avg_pool", "kernel_size": [2, 3]},
            {"kind": "batch_norm", "activation": "relu"},
            {"kind": "conv", "out_channels": 7, "kernel_size": 3, "stride": [2, 1]},
        ],
    ),
    (
        [6, 15, 14],
        [
            {"kind": "residual", "out_channels": 6},
            {"kind": "residual", "out_channels": 6, "stride": 2},
            {"kind": "residual", "out_channels": 9},
            {"kind": "avg_pool", "kernel_size": 3, "stride": 1, "padding": 1},
        ],
    ),
    (
        [5, 9, 12],
        [
            {
                "kind": "inception",
                "conv1x1": 3,
                "reduce3x3": 2,
                "conv3x3": 4,
                "reduce5x5": 1,
                "conv5x5": 2,
                "pool_projection": 5,
            },
            {"kind": "local_response_norm"},
            {"kind": "conv", "out_channels": 3, "kernel_size": 3, "dilation": [1, 3]},
        ],
    ),
]
_HEAD: Layers = [
    {"kind": "flatten"},
    {"kind": "batch_norm"},
    {"kind": "dense", "out_features": 12, "bias": False, "activation": "sigmoid"},
    {"kind": "dropout"},
    {"kind": "tanh"},
    {"kind": "dense", "out_features": 3},
    {"kind": "softmax"},
]
# What follows the stacks: no gradient is measured through these.
HEADS: list[Layers] = [
    _HEAD,
    [{"kind": "relu"}, *_HEAD],
    [{"kind": "softmax"}, {"kind": "sigmoid"}, *_HEAD],
    [{"kind": "flatten"}, {"kind": "flatten"}],
    [],
]


def network_counts() -> list[dict[str, Any]]:
    """Stacks with PyTorch's count of each layer, and the fields measured before the head."""
    cases = []
    for (input_shape, stack), head in zip(STACKS, HEADS, strict=True):
        layers = [*stack, *head]
        expected = layer_counts(network(layers, input_shape), input_shape)
        fields = measured_fields(stack, input_shape[0])
        case = {"layers": layers, "input_shape": input_shape, "expected": expected}
        cases.append({**case, "receptive_fields": fields})
    return cases


GOLDEN = {"network_counts": network_counts}

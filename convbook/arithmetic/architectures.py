"""The networks of the course in its language of layers, by their names in `networks`."""

from __future__ import annotations

from typing import Any, TypedDict

Layers = list[dict[str, Any]]


class Architecture(TypedDict):
    """What `convbook.arithmetic.counting.count` takes: ``count(**architecture)``."""

    layers: Layers
    input_shape: list[int]


def _conv(
    channels: int, kernel_size: int, activation: str = "relu", **fields: Any
) -> dict[str, Any]:
    layer = {"kind": "conv", "out_channels": channels, "kernel_size": kernel_size, **fields}
    return layer if activation == "none" else {**layer, "activation": activation}


def _dense(features: int, activation: str) -> dict[str, Any]:
    return {"kind": "dense", "out_features": features, "activation": activation}


def _max_pool(kernel_size: int, **fields: int) -> dict[str, Any]:
    return {"kind": "max_pool", "kernel_size": kernel_size, **fields}


_FLATTEN = {"kind": "flatten"}
_DROPOUT = {"kind": "dropout"}
_NORM = {"kind": "local_response_norm"}
_RELU_NORM = {"kind": "batch_norm", "activation": "relu"}
_CLASSIFIER = [
    _dense(4096, "relu"),
    _DROPOUT,
    _dense(4096, "relu"),
    _DROPOUT,
    _dense(1000, "softmax"),
]


def _small_cnn() -> Layers:
    convolutions = [_conv(32, 3), _max_pool(2), _conv(64, 3), _max_pool(2), _conv(64, 3)]
    return [*convolutions, _FLATTEN, _dense(64, "relu"), _dense(10, "softmax")]


def _lenet5() -> Layers:
    """LeNet-5 with every map of C3 connected, average pooling without weights, softmax."""
    pool = {"kind": "avg_pool", "kernel_size": 2}
    convolutions = [_conv(6, 5, "tanh"), pool, _conv(16, 5, "tanh"), pool, _FLATTEN]
    return [*convolutions, _dense(120, "tanh"), _dense(84, "tanh"), _dense(10, "softmax")]


def _alexnet(groups: int = 1) -> Layers:
    """Krizhevsky, Sutskever and Hinton (2012); ``groups`` is 2 where two GPUs shared the maps."""
    apart: dict[str, Any] = {"groups": groups} if groups > 1 else {}
    pool = _max_pool(3, stride=2)
    return [
        *(_conv(96, 11, stride=4), _NORM, pool),
        *(_conv(256, 5, padding=2, **apart), _NORM, pool),
        _conv(384, 3, padding=1),
        _conv(384, 3, padding=1, **apart),
        *(_conv(256, 3, padding=1, **apart), pool),
        *(_FLATTEN, *_CLASSIFIER),
    ]


def _alexnet_single_tower() -> Layers:
    """Krizhevsky (2014) in the sizes of torchvision.

    Its average to 6×6 cells leaves the 6×6 cells of a 224×224 input as they are.
    """
    pool = _max_pool(3, stride=2)
    return [
        *(_conv(64, 11, stride=4, padding=2), pool),
        *(_conv(192, 5, padding=2), pool),
        _conv(384, 3, padding=1),
        _conv(256, 3, padding=1),
        *(_conv(256, 3, padding=1), pool),
        {"kind": "avg_pool", "kernel_size": 1},
        *(_FLATTEN, _DROPOUT, _dense(4096, "relu"), _DROPOUT),
        *(_dense(4096, "relu"), _dense(1000, "softmax")),
    ]


def _vgg(convolutions: tuple[int, ...], batch_norm: bool = False) -> Layers:
    """Simonyan and Zisserman (2015): how many convolutions each of the five blocks has."""
    layers: Layers = []
    for repeats, channels in zip(convolutions, (64, 128, 256, 512, 512), strict=True):
        one = [_conv(channels, 3, padding=1)]
        if batch_norm:
            one = [_conv(channels, 3, "none", padding=1), _RELU_NORM]
        layers += [*one * repeats, _max_pool(2)]
    return [*layers, _FLATTEN, *_CLASSIFIER]


def _resnet18() -> Layers:
    """He et al. (2016), table 1."""
    stem = [_conv(64, 7, "none", stride=2, padding=3, bias=False), _RELU_NORM]
    blocks: Layers = []
    for channels, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        first = {"kind": "residual", "out_channels": channels}
        blocks += [first | ({"stride": stride} if stride > 1 else {}), first]
    end = [{"kind": "global_avg_pool"}, _FLATTEN, _dense(1000, "softmax")]
    return [*stem, _max_pool(3, stride=2, padding=1), *blocks, *end]


def _inception() -> Layers:
    """The first module of GoogLeNet, 3a (Szegedy et al., 2015, table 1)."""
    names = ("conv1x1", "reduce3x3", "conv3x3", "reduce5x5", "conv5x5", "pool_projection")
    sizes = zip(names, (64, 96, 128, 16, 32, 32), strict=True)
    return [{"kind": "inception", **dict(sizes)}]


def _network(layers: Layers, *input_shape: int) -> Architecture:
    return {"layers": layers, "input_shape": list(input_shape)}


ARCHITECTURES: dict[str, Architecture] = {
    "small-cnn": _network(_small_cnn(), 1, 28, 28),
    "lenet-5": _network(_lenet5(), 1, 32, 32),
    "alexnet-ungrouped": _network(_alexnet(), 3, 227, 227),
    "alexnet": _network(_alexnet(groups=2), 3, 227, 227),
    "alexnet-single-tower": _network(_alexnet_single_tower(), 3, 224, 224),
    "vgg-11": _network(_vgg((1, 1, 2, 2, 2)), 3, 224, 224),
    "vgg-13": _network(_vgg((2, 2, 2, 2, 2)), 3, 224, 224),
    "vgg-16": _network(_vgg((2, 2, 3, 3, 3)), 3, 224, 224),
    "vgg-16-bn": _network(_vgg((2, 2, 3, 3, 3), batch_norm=True), 3, 224, 224),
    "vgg-19": _network(_vgg((2, 2, 4, 4, 4)), 3, 224, 224),
    "resnet-18": _network(_resnet18(), 3, 224, 224),
    "inception-module": _network(_inception(), 192, 28, 28),
}

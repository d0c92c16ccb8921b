"""Thousands of random configurations: PyTorch, our Python and the page's JavaScript agree."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from convbook.arithmetic.convolution import correlate2d
from convbook.arithmetic.counting import count
from convbook.arithmetic.pooling import pool2d
from tests.serving import need

COUNTS = {"correlation": 1200, "pooling": 800, "counting": 400}
SCRIPT = Path(__file__).parents[1] / "js" / "sweep.mjs"
TORCH_MODES = {"constant": "constant", "nearest": "replicate", "mirror": "reflect"}
TORCH_MODES["wrap"] = "circular"
Case = dict[str, Any]


def correlation(rng: np.random.Generator) -> Case:
    """A cross-correlation with every option; null where PyTorch refuses it."""
    image = rng.integers(-9, 10, rng.integers(1, 12, 2))
    kernel = rng.integers(-4, 5, rng.integers(1, 6, 2)) / 2
    mode = str(rng.choice(list(TORCH_MODES)))
    stride, padding, dilation = (int(rng.integers(least, 4)) for least in (1, 0, 1))
    tensor = torch.from_numpy(image.astype(float))[None, None]
    try:
        padded = torch.nn.functional.pad(tensor, [padding] * 4, mode=TORCH_MODES[mode])
        made = torch.nn.functional.conv2d(
            padded, torch.from_numpy(kernel)[None, None], stride=stride, dilation=dilation
        )
        expected = made[0, 0].tolist()
    except RuntimeError:
        expected = None
    options = {"stride": stride, "padding": padding, "dilation": dilation, "mode": mode}
    return {"image": image.tolist(), "kernel": kernel.tolist(), **options, "expected": expected}


def pooling(rng: np.random.Generator) -> Case:
    """Maximum, average or L2 pooling; null where the window is larger than the image."""
    image = rng.integers(-9, 10, rng.integers(1, 10, 2))
    size, stride = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    kind = str(rng.choice(["max", "average", "l2"]))
    functional = torch.nn.functional
    pool = {
        "max": functional.max_pool2d,
        "average": functional.avg_pool2d,
        "l2": lambda x, size, stride: functional.lp_pool2d(x.abs(), 2, size, stride),
    }[kind]
    try:
        expected = pool(torch.from_numpy(image.astype(float))[None], size, stride)[0].tolist()
    except RuntimeError:
        expected = None
    case = {"image": image.tolist(), "kind": kind, "size": size, "stride": stride}
    return case | {"expected": expected}


def counting(rng: np.random.Generator) -> Case:
    """A convolution after a pooling layer: shape and parameters, as PyTorch has them."""
    groups = int(rng.integers(1, 4))
    channels, out_channels = groups * int(rng.integers(1, 5)), groups * int(rng.integers(1, 9))
    shape = [channels, *(int(side) for side in rng.integers(8, 30, 2))]
    kernel = [int(side) for side in rng.integers(1, 5, 2)]
    stride, padding, dilation = (int(rng.integers(least, 3)) for least in (1, 0, 1))
    bias, size = bool(rng.integers(2)), int(rng.integers(1, 4))
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    layer = torch.nn.Conv2d(channels, out_channels, kernel, bias=bias, device="meta", **options)
    model = torch.nn.Sequential(torch.nn.MaxPool2d(size), layer)
    fields = {"out_channels": out_channels, "kernel_size": kernel, "bias": bias, **options}
    layers = [{"kind": "max_pool", "kernel_size": size}, {"kind": "conv", **fields}]
    try:
        made = list(model(torch.empty(1, *shape, device="meta")).shape[1:])
        expected = [made, sum(weights.numel() for weights in layer.parameters())]
    except RuntimeError:
        expected = None
    return {"layers": layers, "input_shape": shape, "expected": expected}


def counted(layers: list[Case], input_shape: list[int]) -> list[Any]:
    network = count(layers, input_shape)
    return [list(network.output_shape), network.parameters]


MAKE = {"correlation": correlation, "pooling": pooling, "counting": counting}
OURS = {"correlation": correlate2d, "pooling": pool2d, "counting": counted}


@pytest.fixture(scope="module")
def cases() -> dict[str, list[Case]]:
    rng = np.random.default_rng(20)
    return {name: [MAKE[name](rng) for _ in range(number)] for name, number in COUNTS.items()}


@pytest.mark.parametrize("name", MAKE)
def test_when_configurations_vary_then_python_agrees_with_pytorch(cases, name):
    possible = [case for case in cases[name] if case["expected"] is not None]
    assert COUNTS[name] / 2 < len(possible) < COUNTS[name]
    for case in cases[name]:
        arguments = {key: value for key, value in case.items() if key != "expected"}
        if case["expected"] is None:
            with pytest.raises(ValueError, match="="):
                OURS[name](**arguments)
        elif name == "counting":
            assert OURS[name](**arguments) == case["expected"]
        else:
            np.testing.assert_allclose(OURS[name](**arguments), case["expected"], atol=1e-12)


def test_when_configurations_vary_then_javascript_agrees_with_pytorch(cases, tmp_path):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(cases), encoding="utf-8")
    done = subprocess.run(
        [need("node", "nodejs"), SCRIPT, path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == COUNTS

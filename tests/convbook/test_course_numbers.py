"""The figures that the chapters quote, each counted with and without PyTorch."""

from __future__ import annotations

from math import prod

import pytest
import torch
from torch import nn

from convbook.arithmetic.counting import count
from convbook.arithmetic.shapes import output_size
from convbook.models import describe

FLATTEN = {"kind": "flatten"}


def dense(out_features):
    return {"kind": "dense", "out_features": out_features, "bias": False}


def conv(out_channels, kernel_size, **fields):
    return {"kind": "conv", "out_channels": out_channels, "kernel_size": kernel_size, **fields}


def built(layer, input_shape):
    """The same layer in PyTorch, without memory for its weights."""
    fields = dict(layer)
    with torch.device("meta"):
        if fields.pop("kind") == "conv":
            return nn.Sequential(nn.Conv2d(input_shape[0], **fields))
        return nn.Sequential(nn.Flatten(), nn.Linear(prod(input_shape), **fields))


@pytest.mark.parametrize(
    ("layer", "input_shape", "parameters", "output_shape"),
    [
        # chapter 2: a dense neuron for a small and for a larger image; ten for eight megapixels
        (dense(1), (3, 32, 32), 3_072, (1,)),
        (dense(1), (3, 200, 200), 120_000, (1,)),
        (dense(10), (3, 2_000, 4_000), 240_000_000, (10,)),
        # chapter 4
        (conv(1, 5, bias=False), (1, 28, 28), 25, (1, 24, 24)),
        (conv(1, 3, bias=False), (1, 5, 5), 9, (1, 3, 3)),
        # chapter 6
        (conv(6, 5, bias=False), (3, 443, 592), 450, (6, 439, 588)),
        (conv(6, 5), (3, 32, 32), 456, (6, 28, 28)),
        (conv(1, 5), (3, 24, 24), 76, (1, 20, 20)),
        (conv(1, 3, bias=False), (20, 16, 16), 180, (1, 14, 14)),
        # chapter 8: zero padding keeps the size
        (conv(1, 5, padding=2, bias=False), (1, 32, 32), 25, (1, 32, 32)),
        # chapter 9: sixteen filters over four megapixels; the edge detector as a full matrix
        (conv(16, 5, padding=2, bias=False), (3, 2_000, 2_000), 1_200, (16, 2_000, 2_000)),
        (dense(319 * 280), (1, 280, 320), 8_003_072_000, (89_320,)),
        # chapter 10
        (conv(96, 11, stride=4, bias=False), (3, 227, 227), 96 * 363, (96, 55, 55)),
    ],
)
def test_when_a_chapters_layer_is_counted_then_its_figures_are_the_courses(
    layer, input_shape, parameters, output_shape
):
    flat = [FLATTEN] if layer["kind"] == "dense" else []
    counted = count([*flat, layer], input_shape)
    assert (counted.parameters, counted.output_shape) == (parameters, output_shape)
    described = describe(built(layer, input_shape), input_shape)
    assert (described.parameters, described.output_shape) == (parameters, output_shape)
    assert described.macs == counted.macs


def test_when_edges_are_detected_then_work_and_matrix_are_the_courses():
    edges = count([conv(1, (1, 2), bias=False)], (1, 280, 320))
    assert edges.output_shape == (1, 280, 319)
    additions = edges.macs - edges.activations  # two products make one sum
    assert edges.macs + additions == 267_960
    entries = count([FLATTEN, dense(edges.activations)], (1, 280, 320)).parameters
    assert round(8 * entries / 2**30, 1) == 59.6


def test_when_sixteen_filters_see_four_megapixels_then_they_fill_64_million_units():
    assert count([conv(16, 5, padding=2)], (3, 2_000, 2_000)).activations == 64_000_000


def test_when_stride_grows_then_sixteen_cells_become_14_7_5_and_4():
    assert [output_size(16, 3, stride) for stride in (1, 2, 3, 4)] == [14, 7, 5, 4]
    for stride, size in zip((1, 2, 3, 4), (14, 7, 5, 4), strict=True):
        assert nn.Conv2d(1, 1, 3, stride)(torch.zeros(1, 1, 16, 16)).shape[2:] == (size, size)

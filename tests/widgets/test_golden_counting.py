"""Python meets the golden counts as the JavaScript does."""

from __future__ import annotations

import re

import pytest

from convbook.arithmetic.counting import LayerError, count
from tests.js.make_golden import golden


def test_when_stacks_vary_then_shapes_parameters_work_and_maps_are_pytorchs():
    for case in golden("network_counts"):
        for row, expected in zip(
            count(case["layers"], case["input_shape"]).rows, case["expected"], strict=True
        ):
            assert list(row.output_shape) == expected["output_shape"], row
            assert (row.parameters, row.macs) == (expected["parameters"], expected["macs"]), row
            assert row.activations == expected["activations"], row


def test_when_stacks_vary_then_receptive_fields_are_those_the_gradient_shows():
    for case in golden("network_counts"):
        rows = count(case["layers"], case["input_shape"]).rows
        for row, measured in zip(rows, case["receptive_fields"], strict=False):
            assert row.receptive_field == tuple(measured), row


def test_when_a_network_cannot_be_then_the_message_is_the_pages():
    for case in golden("impossible_networks"):
        kind = LayerError if case["message"].startswith("layer") else ValueError
        with pytest.raises(kind, match=f"^{re.escape(case['message'])}$"):
            count(case["layers"], case["input_shape"])

"""Devices and precisions: what is not there is refused, and mixed precision is real."""

from __future__ import annotations

import pytest
import torch

from convbook.training import fit, resolve_device
from convbook.training.device import Compute
from tests.convbook.training.trial import network, synthetic


def test_when_the_device_is_auto_then_it_is_the_accelerator_or_the_processor():
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    assert resolve_device("auto") == (accelerator or torch.device("cpu"))
    assert resolve_device(torch.device("cpu")) == torch.device("cpu")


@pytest.mark.parametrize("name", ["cuda:99", "gpu", "meta"])
def test_when_the_device_is_not_there_then_the_error_names_those_that_are(name):
    with pytest.raises(ValueError, match=rf"device \(='{name}'\) is not on .* has cpu.*use one"):
        resolve_device(name)


def test_when_all_is_auto_on_the_processor_then_it_is_plain_float32():
    compute = Compute.choose("cpu")
    assert compute == Compute(torch.device("cpu"), torch.float32, channels_last=False, fast=False)


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_when_a_precision_is_named_then_layers_compute_in_it_and_weights_stay_float32(precision):
    model, seen = network(), set()
    model[0].register_forward_hook(
        lambda layer, inputs, output: seen.add((layer.training, output.dtype))
    )
    settings = {"device": "cpu", "precision": precision, "learning_rate": 0.02}
    history = fit(model, synthetic(), 8, **settings)
    dtype = getattr(torch, precision)
    # One image is tried first, as it is.
    assert seen == {(True, dtype), (False, dtype), (False, torch.float32)}
    assert {weights.dtype for weights in model.parameters()} == {torch.float32}
    assert history.rows[-1].validation_accuracy > 0.8


def test_when_channels_come_last_then_only_the_order_in_memory_changes():
    ends = []
    for channels_last in (True, False):
        model = network(dropout=0)
        # Not Adam, which makes large steps of the signs of gradients that are all but zero.
        optimizer = torch.optim.SGD(model.parameters(), 0.05)
        settings = {"optimizer": optimizer, "channels_last": channels_last}
        fit(model, synthetic(), 1, device="cpu", **settings)
        ends.append(model)
    assert ends[0][0].weight.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(ends[0].state_dict(), ends[1].state_dict(), atol=1e-4, rtol=1e-4)


def test_when_cuda_may_be_fast_then_its_switches_are_put_back_after_an_error():
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = matmul.fp32_precision, cudnn.benchmark
    compute = Compute(torch.device("cpu"), fast=True)
    inside = []

    def fail():
        with compute.switches():
            inside.append((matmul.fp32_precision, cudnn.benchmark))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert inside == [("tf32", True)]
    assert (matmul.fp32_precision, cudnn.benchmark) == before

"""The loop: it is plain PyTorch, it depends on the seed alone, and it refuses what cannot work."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from convbook.data.dataset import Dataset, Split
from convbook.training import Callback, Shift, fit
from tests.convbook.training.trial import CARD, assert_same_weights, network, rows, synthetic


class Orders(Callback):
    """Notes what the loop draws with in each epoch."""

    def __init__(self):
        self.seen = []

    def on_epoch_begin(self, run):
        self.seen.append(torch.get_rng_state())


def trained(seed=0, epochs=2, model=None, **settings):
    model = model or network()
    history = fit(model, synthetic(), epochs, device="cpu", seed=seed, **settings)
    return model, history


def test_when_batches_are_the_same_then_so_are_the_weights_of_a_bare_pytorch_loop():
    data, batches = synthetic(), []

    class Recorder(nn.Module):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def forward(self, x):
            if self.training:
                batches.append(x)
            return self.inner(x)

    model, _ = trained(model=Recorder(network(dropout=0)), augment=Shift(0.2), batch_size=16)
    bare = network(dropout=0)
    optimizer = torch.optim.AdamW(bare.parameters(), 1e-3)
    labels = labels_in_order(data, epochs=2)
    bare.train()
    for images, target in zip(batches, labels, strict=True):
        optimizer.zero_grad()
        cross_entropy(bare(images), target).backward()
        optimizer.step()
    assert_same_weights(bare, model.inner)


def labels_in_order(data, epochs):
    """Return the labels of each batch of 16, by the rule that the run's docstring states."""
    for epoch in range(1, epochs + 1):
        order = int(np.random.SeedSequence([0, epoch]).generate_state(1)[0])
        generator = torch.Generator().manual_seed(order)
        yield from (labels for _, labels in data.train.batches(16, generator))


def test_when_the_seed_is_the_same_then_so_are_weights_and_history():
    torch.manual_seed(1)
    one, history = trained(augment=Shift(0.2))
    torch.manual_seed(2)
    other, again = trained(augment=Shift(0.2))
    assert_same_weights(one, other)
    assert rows(history) == rows(again)


def test_when_the_seed_differs_then_so_do_the_weights():
    one, other = trained(0)[0], trained(1)[0]
    assert not torch.equal(one[0].weight, other[0].weight)


def test_when_epochs_pass_then_each_draws_anew():
    orders = Orders()
    trained(epochs=3, callbacks=[orders])
    assert len({tuple(state.tolist()) for state in orders.seen}) == 3


def test_when_fit_ends_then_pytorchs_generator_is_as_before_and_the_model_evaluates():
    state = torch.get_rng_state()
    model, _ = trained()
    assert torch.equal(torch.get_rng_state(), state)
    assert not model.training


def test_when_the_task_is_easy_then_it_is_learned():
    _, history = trained(epochs=12, optimizer=None, learning_rate=0.02)
    first, last = history.rows[0], history.rows[-1]
    assert last.train_loss < first.train_loss
    assert last.validation_accuracy > 0.9
    assert history.column("epoch") == list(range(1, 13))
    assert min(history.column("seconds")) > 0


def test_when_images_are_bytes_in_an_array_then_training_reads_them_batch_by_batch():
    data = synthetic()
    stored = [
        Split((split.images.numpy() * 255).round().astype(np.uint8), split.labels)
        for split in data.splits.values()
    ]
    floats = [Split(*split.take(slice(None))) for split in stored]
    ends = []
    for splits in (stored, floats):
        model = network()
        fit(model, Dataset("bars", *splits, data.class_names, CARD), 1, device="cpu")
        ends.append(model)
    assert_same_weights(*ends)


def test_when_a_layer_is_frozen_then_only_the_others_change():
    model, before = network(), network()
    for weights in model[0].parameters():
        weights.requires_grad = False
    trained(model=model)
    assert torch.equal(model[0].weight, before[0].weight)
    assert not torch.equal(model[5].weight, before[5].weight)


def frozen():
    return network().requires_grad_(False)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, r"epochs \(=0\) must be a whole number, at least 1"),
        ({"batch_size": 0}, r"batch_size \(=0\) must be a whole number, at least 1"),
        ({"seed": -1}, r"seed \(=-1\) must be a whole number, at least 0"),
        ({"learning_rate": 0}, r"learning_rate \(=0\) must be above 0, such as 0.001"),
        ({"device": "gpu"}, r"device \(='gpu'\) is not on this machine, which has cpu"),
        ({"precision": "half"}, r"precision \(='half'\) must be one of auto, float32, bfloat16"),
        ({"model": frozen()}, r"model has no parameters to learn: set requires_grad"),
        (
            {"model": nn.Sequential(nn.Flatten(), nn.Linear(64, 2))},
            r"model returns shape \(1, 2\) for one image, but bars has 3 classes: build it with c",
        ),
    ],
)
def test_when_an_argument_is_wrong_then_the_error_says_why(settings, message):
    with pytest.raises(ValueError, match=message):
        fit(**{"model": network(), "data": synthetic(), "epochs": 1, "device": "cpu"} | settings)


def test_when_the_optimizer_is_of_another_model_then_the_error_says_so():
    another = torch.optim.SGD(network().parameters(), 0.1)
    with pytest.raises(ValueError, match="optimizer holds parameters that are not the model's"):
        trained(optimizer=another)


@pytest.mark.parametrize(
    ("callbacks", "message"),
    [
        (Callback(), r"callbacks \(=Callback\) must be a list: put it in brackets"),
        ([Callback], r"callbacks holds Callback, which is no callback: write it with \(\)"),
        ([print], r"callbacks holds builtin_function_or_method, .* derive its class from Callback"),
    ],
)
def test_when_a_callback_is_none_then_the_error_says_what_to_write(callbacks, message):
    with pytest.raises(TypeError, match=message):
        trained(callbacks=callbacks)

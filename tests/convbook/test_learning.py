"""Networks learn: what `convbook train` prints of them, on real digits and on shapes."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from rich.console import Console

from convbook.models import hidden_for
from convbook.training.command import train
from convbook.training.options import Options
from tests.convbook.real_mnist import REAL_MNIST


def learned(folder, **options):
    """Return the summary of a training run."""
    options = Options(out=folder, device="cpu", **options)
    train(options, Console(file=StringIO()))
    return json.loads((folder / "summary.json").read_text())


def test_when_small_cnn_learns_the_digits_then_it_knows_985_of_1000(tmp_path):
    assert learned(tmp_path / "digits")["test_accuracy"] >= 0.985


def test_when_both_learn_shapes_then_a_cnn_is_20_points_ahead_of_a_dense_net_of_its_size(tmp_path):
    cnn = learned(tmp_path / "cnn", data="shapes", epochs=2)
    hidden = hidden_for(cnn["parameters"], classes=8, input_shape=(3, 32, 32))
    dense = learned(
        tmp_path / "dense",
        model="mlp",
        model_options=f"hidden={hidden}",
        data="shapes",
        epochs=15,
    )
    assert dense["parameters"] == pytest.approx(cnn["parameters"], rel=0.02)
    assert cnn["test_accuracy"] >= dense["test_accuracy"] + 0.2


@pytest.mark.long
@pytest.mark.mnist
def test_when_small_cnn_learns_8000_images_of_mnist_then_it_knows_980_of_1000(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("CONVBOOK_DATA", str(REAL_MNIST))
    assert learned(tmp_path / "mnist", data="mnist_10k", epochs=6)["test_accuracy"] >= 0.98

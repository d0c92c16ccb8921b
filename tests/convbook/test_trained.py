"""The course's own trained networks: what is stored is what was measured."""

from __future__ import annotations

import pytest
import torch
from safetensors import safe_open

from convbook.explain import first_layer_filters
from convbook.trained import FOLDER, RUNS, load_trained
from convbook.training import evaluate


@pytest.mark.parametrize("name", RUNS)
def test_when_a_trained_network_is_loaded_then_it_is_as_accurate_as_its_summary_says(name):
    trained = load_trained(name)
    accuracy = evaluate(trained.model, trained.data.test, device="cpu").accuracy
    # Another processor rounds otherwise: an image or two at the edge may change sides.
    assert accuracy == pytest.approx(trained.summary["test_accuracy"], abs=2e-3)
    assert trained.summary["command"] == RUNS[name].command()
    assert trained.summary["seed"] == 0
    assert not trained.model.training


def test_when_all_weights_are_counted_then_they_stay_small_and_nothing_else_lies_there():
    files = sorted(path.name for path in FOLDER.iterdir())
    assert files == sorted(f"{name}.{kind}" for name in RUNS for kind in ("json", "safetensors"))
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 4_000_000
    for name in RUNS:
        with safe_open(FOLDER / f"{name}.safetensors", "pt") as file:
            assert all(file.get_tensor(key).isfinite().all() for key in file.keys())  # noqa: SIM118


def test_when_the_first_filters_of_patches_are_seen_then_neighbours_are_alike():
    filters = first_layer_filters(load_trained("patches").model)
    random = torch.randn(filters.shape, generator=torch.Generator().manual_seed(0))
    assert likeness(filters).median() > 0.5
    assert likeness(filters).quantile(0.1) > likeness(random).max()


def likeness(filters):
    """Return for each filter the correlation of its cells with those to the right and below."""
    centred = filters - filters.mean((1, 2, 3), keepdim=True)
    across = (centred[..., 1:] * centred[..., :-1]).mean((1, 2, 3))
    down = (centred[..., 1:, :] * centred[..., :-1, :]).mean((1, 2, 3))
    return (across + down) / 2 / centred.square().mean((1, 2, 3))


def test_when_there_is_no_such_network_then_the_error_lists_them():
    with pytest.raises(ValueError, match=r"name \(='mnist'\) must be one of digits, shapes, patch"):
        load_trained("mnist")

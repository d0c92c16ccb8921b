"""`load`: every set by name, the same again, and clear words for what there is not."""

from __future__ import annotations

import pytest
import torch

from convbook.data import NAMES, load
from tests.convbook.data.idx_files import write_set

SMALL = {
    "digits": {"size": 8},
    "shapes": {"size": 16, "train": 40, "validation": 20, "test": 16},
    "patches": {"size": 16, "train": 60, "validation": 30, "test": 24},
    "mnist": {"validation": 5},
    "fashion_mnist": {"validation": 5},
    "mnist_10k": {"validation": 2, "test": 3},
}


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    write_set(tmp_path)
    write_set(tmp_path / "fashion_mnist")
    monkeypatch.setenv("CONVBOOK_DATA", str(tmp_path))


@pytest.mark.parametrize("name", NAMES)
def test_when_a_set_is_loaded_twice_then_it_is_the_same_and_keeps_the_contract(name):
    first, second = load(name, **SMALL[name]), load(name, **SMALL[name])
    for split, same in zip(first.splits.values(), second.splits.values(), strict=True):
        assert torch.equal(split.images, same.images)
        assert torch.equal(split.labels, same.labels)
        assert split.image_shape == first.image_shape
        assert split.images.dtype == torch.float32
        assert 0 <= split.images.min() <= split.images.max() <= 1
        assert set(split.labels.tolist()) <= set(range(len(first.class_names)))
    assert f"{name}: {first.card.title}" in str(first)
    assert first.card.origin
    assert first.card.licence


@pytest.mark.parametrize("name", NAMES)
def test_when_the_seed_changes_then_so_does_the_training_split(name):
    one, other = (load(name, **SMALL[name], seed=seed).train for seed in (0, 1))
    assert not torch.equal(one.images, other.images)


def test_when_a_name_is_unknown_then_the_known_ones_are_listed():
    with pytest.raises(ValueError, match=rf"name \(='cifar'\) must be one of {', '.join(NAMES)}"):
        load("cifar")


def test_when_an_option_is_unknown_then_the_known_ones_are_listed():
    with pytest.raises(ValueError, match="digits has no option 'sise': it takes size, seed"):
        load("digits", sise=8)


@pytest.mark.parametrize("name", NAMES)
def test_when_the_seed_is_negative_then_the_error_names_it(name):
    with pytest.raises(ValueError, match=r"seed \(=-1\) must be a whole number, at least 0"):
        load(name, **SMALL[name], seed=-1)


@pytest.mark.parametrize("name", ["shapes", "patches"])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": 7}, r"size \(=7\) must be a whole number from"),
        ({"train": 0}, r"train \(=0\) must be a whole number, at least 1"),
        ({"validation": -1}, r"validation \(=-1\) must be a whole number, at least 1"),
        ({"test": 2.5}, r"test \(=2.5\) must be a whole number, at least 1"),
    ],
)
def test_when_an_option_will_not_do_then_the_error_names_it(name, options, message):
    with pytest.raises(ValueError, match=message):
        load(name, **(SMALL[name] | options))

"""MNIST and Fashion-MNIST from a folder, from a mirror, and the real test images where they are."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import torch
from sklearn.linear_model import RidgeClassifier

from convbook.data import load, mnist
from tests.convbook.data.idx_files import write_set
from tests.convbook.data.mirror import Mirror
from tests.convbook.real_mnist import REAL_MNIST


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVBOOK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def numbers(split):
    """The number of each image, which `write_set` put into its first cell."""
    return split.images[:, 0, 0, 0].mul(255).round().long()


@pytest.mark.parametrize("ending", [".gz", ""])
@pytest.mark.parametrize(
    ("name", "place"), [("mnist", "."), ("mnist", "mnist"), ("fashion_mnist", "fashion_mnist")]
)
def test_when_the_files_are_in_the_folder_then_the_set_is_made_of_them(folder, name, place, ending):
    write_set(folder / place, ending)
    data = load(name, validation=5)
    assert data.name == name
    assert data.image_shape == (1, 4, 3)
    assert {key: len(split) for key, split in data.splits.items()} == {
        "train": 25,
        "validation": 5,
        "test": 10,
    }
    together = torch.cat([numbers(data.train), numbers(data.validation)])
    assert together.sort().values.tolist() == list(range(30))
    assert numbers(data.test).tolist() == list(range(10))
    for split in data.splits.values():
        assert torch.equal(split.labels, numbers(split) % 10)


def test_when_both_places_hold_mnist_then_the_sets_own_folder_wins(folder):
    write_set(folder, test=7)
    write_set(folder / "mnist", test=8)
    assert len(load("mnist", validation=5).test) == 8


def test_when_only_mnist_lies_in_the_folder_then_it_is_not_taken_for_fashion(folder):
    write_set(folder)
    with pytest.raises(FileNotFoundError) as caught:
        load("fashion_mnist")
    assert str(caught.value) == (
        f"train-images-idx3-ubyte.gz is not in {folder / 'fashion_mnist'}, packed or not: "
        "put it there, or unset CONVBOOK_DATA to download it"
    )


def test_when_only_the_test_images_are_there_then_the_error_points_to_mnist_10k(folder):
    write_set(folder)
    for path in folder.glob("train*"):
        path.unlink()
    with pytest.raises(FileNotFoundError, match=r"for the test images, .* load mnist_10k"):
        load("mnist")
    data = load("mnist_10k", validation=2, test=3)
    assert sorted(torch.cat([numbers(split) for split in data.splits.values()])) == list(range(10))
    assert [len(split) for split in data.splits.values()] == [5, 2, 3]


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_when_no_folder_is_set_then_the_files_are_downloaded_and_checked(
    name, tmp_path, cache, monkeypatch
):
    write_set(tmp_path / "web")
    contents = {path.name: path.read_bytes() for path in (tmp_path / "web").iterdir()}
    assert contents.keys() == mnist.CHECKSUMS[name].keys()
    sums = {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()}
    monkeypatch.setitem(mnist.CHECKSUMS, name, sums)
    mirror = Mirror(contents)
    with mirror.running() as address:
        monkeypatch.setitem(mnist.MIRRORS, name, (address,))
        data = load(name, validation=5)
    assert len(mirror.asked) == 4
    assert numbers(data.test).tolist() == list(range(10))
    assert sorted(path.name for path in (cache / name).glob("*.gz")) == sorted(contents)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_when_checksums_are_given_then_each_is_a_whole_digest_of_its_own(name):
    digests = [checksum.split(":")[-1] for checksum in mnist.CHECKSUMS[name].values()]
    assert len(set(digests)) == 4
    assert {len(bytes.fromhex(digest)) for digest in digests} <= {16, 32}
    assert all(address.endswith("/") for address in mnist.MIRRORS[name])


@pytest.mark.mnist
def test_when_the_real_test_images_are_read_then_a_linear_model_learns_them(monkeypatch):
    monkeypatch.setenv("CONVBOOK_DATA", str(REAL_MNIST))
    data = load("mnist_10k")
    assert [len(split) for split in data.splits.values()] == [7200, 800, 2000]
    assert data.image_shape == (1, 28, 28)
    labels = torch.cat([split.labels for split in data.splits.values()])
    known = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]  # LeCun's counts
    assert labels.bincount().tolist() == known
    flat = {name: split.images.flatten(1).numpy() for name, split in data.splits.items()}
    model = RidgeClassifier(alpha=10).fit(flat["train"], data.train.labels)
    assert np.mean(model.predict(flat["test"]) == data.test.labels.numpy()) > 0.8

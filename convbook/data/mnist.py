"""MNIST and Fashion-MNIST: downloaded once, or read from the folder in ``CONVBOOK_DATA``."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from convbook.data.dataset import Card, Dataset, Split, split_randomly
from convbook.data.download import DATA_VARIABLE, Remote, fetch
from convbook.data.idx import read_labelled

DIGITS = tuple("0123456789")
CLOTHES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
IMAGES, LABELS = "images-idx3-ubyte.gz", "labels-idx1-ubyte.gz"
MIRRORS = {
    "mnist": (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    "fashion_mnist": (
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
}
CHECKSUMS = {
    "mnist": {
        f"train-{IMAGES}": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        f"train-{LABELS}": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        f"t10k-{IMAGES}": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        f"t10k-{LABELS}": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
    "fashion_mnist": {
        f"train-{IMAGES}": "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        f"train-{LABELS}": "md5:25c81989df183df01b3e8a0aad5dffbe",
        f"t10k-{IMAGES}": "md5:bef4ecab320f06d8554ea6380940ec79",
        f"t10k-{LABELS}": "md5:bb300cfdad3c16e7a12a480ee83cd310",
    },
}
MNIST_CARD = Card(
    title="handwritten digits",
    origin="Y. LeCun, C. Cortes and C. J. C. Burges (1998); downloaded, or from CONVBOOK_DATA",
    licence="CC BY-SA 3.0",
)
MNIST_10K_CARD = replace(
    MNIST_CARD,
    title="the 10,000 test images of MNIST by themselves",
    note="Split anew: scores do not compare with those on the test images of the whole set.",
)
FASHION_CARD = Card(
    title="clothes in the format of MNIST",
    origin="H. Xiao, K. Rasul and R. Vollgraf (2017); downloaded, or from CONVBOOK_DATA",
    licence="MIT",
)


def load(validation: int = 5000, seed: int = 0) -> Dataset:
    """Return MNIST: what is not for validation of its 60,000 images, and its 10,000 for the test.

    Files are read as in `find_file`.

    Args:
        validation: how many of the 60,000 to choose by.
        seed: of their choice.

    Raises:
        FileNotFoundError: ``CONVBOOK_DATA`` is set, and a file is not there.
        ValueError: a file is damaged, or nothing would be left for training.
        DownloadError: no mirror gave a file.
        DiskError: the cache cannot be written, or has no room.
    """
    splits = _whole("mnist", validation, seed)
    return Dataset("mnist", **splits, class_names=DIGITS, card=MNIST_CARD)


def load_fashion(validation: int = 5000, seed: int = 0) -> Dataset:
    """Return Fashion-MNIST, with the sizes, the arguments and the errors of `load`."""
    splits = _whole("fashion_mnist", validation, seed)
    return Dataset("fashion_mnist", **splits, class_names=CLOTHES, card=FASHION_CARD)


def load_10k(validation: int = 800, test: int = 2000, seed: int = 0) -> Dataset:
    """Return the 10,000 test images of MNIST, split anew; the errors are those of `load`.

    Args:
        validation: how many of them to choose by.
        test: how many to be judged on.
        seed: of the choice of both.
    """
    splits = split_randomly(*_read("mnist", "t10k"), validation, test, seed)
    return Dataset("mnist_10k", **splits, class_names=DIGITS, card=MNIST_10K_CARD)


def find_file(name: str, file: str) -> Path:
    """Return the path of a file: in ``CONVBOOK_DATA`` if that is set, else in the cache.

    In ``CONVBOOK_DATA`` the file may be gzipped or not. It lies in a folder with the set's name,
    or, for MNIST, in ``CONVBOOK_DATA`` itself.

    Args:
        name: ``"mnist"`` or ``"fashion_mnist"``.
        file: as the mirrors call it, such as ``"t10k-labels-idx1-ubyte.gz"``.

    Raises:
        FileNotFoundError: ``CONVBOOK_DATA`` is set, and the file is not there.
        DownloadError: no mirror gave the file.
        DiskError: the cache cannot be written, or has no room.
    """
    if not os.environ.get(DATA_VARIABLE):
        return fetch(Remote(file, MIRRORS[name], CHECKSUMS[name][file]), name)
    if found := _local(name, file):
        return found
    folders = " or ".join(map(str, _folders(name)))
    only_test = name == "mnist" and file.startswith("train") and _local(name, f"t10k-{IMAGES}")
    hint = "; for the test images, which are there, load mnist_10k" if only_test else ""
    raise FileNotFoundError(
        f"{file} is not in {folders}, packed or not: put it there, or unset {DATA_VARIABLE} to "
        f"download it{hint}"
    )


def _whole(name: str, validation: int, seed: int) -> dict[str, Split]:
    splits = split_randomly(*_read(name, "train"), validation, 0, seed)
    return splits | {"test": Split(*_read(name, "t10k"))}


def _read(name: str, part: str) -> tuple[Tensor, Tensor]:
    images, labels = (find_file(name, f"{part}-{ending}") for ending in (IMAGES, LABELS))
    return read_labelled(images, labels, classes=10)


def _folders(name: str) -> list[Path]:
    data = Path(os.environ[DATA_VARIABLE]).expanduser()
    return [data / name, data] if name == "mnist" else [data / name]


def _local(name: str, file: str) -> Path | None:
    paths = [folder / one for folder in _folders(name) for one in (file, file.removesuffix(".gz"))]
    return next((path for path in paths if path.is_file()), None)

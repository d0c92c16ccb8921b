"""A classifier of real digits, trained in a second, that no test changes."""

from __future__ import annotations

import pytest
import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.nn import functional


@pytest.fixture(scope="session")
def digits() -> tuple[Tensor, Tensor]:
    bunch = load_digits()
    images = torch.tensor(bunch.images, dtype=torch.float32)[:, None] / 16
    return images, torch.tensor(bunch.target)


@pytest.fixture(scope="session")
def classifier(digits: tuple[Tensor, Tensor]) -> nn.Module:
    images, labels = digits
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = nn.Sequential(
            *(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(72, 10))
        )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(60):
        optimizer.zero_grad()
        functional.cross_entropy(model(images[:1200]), labels[:1200]).backward()
        optimizer.step()
    optimizer.zero_grad()
    return model.eval()

"""A trained network that was handed in answers in the jail, with the weights of its file.

``build_model`` makes the network there, the weights cross as tensors, then only images cross.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import torch
from safetensors.torch import save
from torch import nn

from autograder.checks import Mismatch, StudentError
from autograder.checks.tensorfile import tensors
from autograder.grading.remote import Remote
from autograder.grading.session import Budget, Session

pytestmark = pytest.mark.jail
BUILD = """
from torch import nn

def build_model():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(),
        nn.Linear(8 * 26 * 26, 360), nn.Linear(360, 10),
    )
"""
LIMIT = 8 * 10**6  # bytes of a file


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    opened = Session("torch", {"build_model": BUILD}, Budget(submission=300.0))
    opened.run_all()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def network() -> nn.Module:
    """The same network out here, whose buffers are not those that it began with."""
    found: dict[str, type[nn.Module]] = {}
    exec(BUILD, found)
    made = found["build_model"]().train()
    made(torch.rand(16, 1, 28, 28))
    return made.eval()


def state_of(network: nn.Module) -> dict[str, torch.Tensor]:
    """Return the weights as a check gets them from a file."""
    data = save(network.state_dict())
    assert LIMIT * 0.9 < len(data) < LIMIT, "a file that is just small enough"
    return {name: torch.from_numpy(array) for name, array in tensors(data).items()}


def test_when_weights_and_buffers_cross_then_the_network_answers_as_where_it_was_trained(
    session: Session, network: nn.Module
) -> None:
    student = Remote(session, time.monotonic() + 20, (), "")
    model = student.build_model.create()
    model.load_state_dict.create(state_of(network), strict=True)
    model.eval.create()
    images = torch.rand(200, 1, 28, 28)
    with torch.no_grad():
        torch.testing.assert_close(model(images), network(images))
    assert len(session.asked()) < 2_000, "what was asked is told in brief"


@pytest.mark.parametrize("change", ["missing", "unknown", "shape"])
def test_when_the_file_does_not_fit_the_network_then_the_student_reads_what_torch_says(
    change: str, session: Session, network: nn.Module
) -> None:
    state = state_of(network)
    if change == "missing":
        del state["1.running_mean"]
    else:
        state["9.weight" if change == "unknown" else "5.bias"] = torch.zeros(3)
    student = Remote(session, time.monotonic() + 20, (), "")
    message = {"missing": "Missing key.*1.running_mean", "unknown": "Unexpected key.*9.weight"}
    with pytest.raises(StudentError, match=message.get(change, r"(?s)size mismatch for 5.bias")):
        student.build_model.create().load_state_dict.create(state, strict=True)


def test_when_halves_are_handed_in_then_they_are_refused_before_anything_is_loaded(
    network: nn.Module,
) -> None:
    halves = {name: tensor.half() for name, tensor in network.state_dict().items()}
    with pytest.raises(Mismatch, match="has dtype float16; it must be float32 or int64"):
        tensors(save({name: tensor for name, tensor in halves.items() if tensor.ndim}))

"""A function that changes what it is given: it is noticed, named, and costs what the check says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from autograder.checks import Budget, Rng
from autograder.grading.remote import Remote
from autograder.grading.session import Session

pytestmark = pytest.mark.jail

NOTEBOOK = """
import numpy as np
from collections import OrderedDict

def do(code, *args, **kwargs):
    exec(code, globals(), {"args": args, "kwargs": kwargs, "a": args[0] if args else None})

def add_one(image, kernel):
    image += 1
    return kernel

def add_one_to_both(image, /, kernel, *, scale=None):
    image += 1
    kernel += 1
    scale.append(1)

class Layer:
    def __init__(self, weight):
        self.weight = weight

    def step(self, change):
        self.weight -= change
        change *= 0

    def __call__(self, x):
        x += 1

def draw(rng):
    return rng.integers(5)

def use(layer):
    layer.weight[...] = 0
"""
TORCH = """
def do(code, x):
    exec(code, globals(), {"x": x})
"""
CHANGES = {
    "added to": ("a += 1", np.zeros(3)),
    "one cell": ("a[-1] = 1", np.zeros((2, 3))),
    "the sign of zero": ("np.negative(a, out=a)", np.zeros(3)),
    "sorted": ("a.sort()", np.array([2, 1])),
    "shuffled": ("a[:] = a[::-1].copy()", np.array([2, 1])),
    "another shape": ("a.shape = (3, 2)", np.zeros((2, 3))),
    "another size": ("a.resize((9,), refcheck=False)", np.zeros(3)),
    "another dtype": ("a.dtype = np.int64", np.zeros(3)),
    "locked": ("a.flags.writeable = False", np.zeros(3)),
    "bytes swapped": ("a.byteswap(inplace=True)", np.arange(3)),
    "filled": ("a.fill(np.nan)", np.zeros(3)),
    "a cell of a scalar": ("a[()] = 1", np.array(0.0)),
    "a list sorted": ("a.sort()", [2, 1]),
    "a list reversed": ("a.reverse()", [2, 1]),
    "a list popped": ("a.pop()", [2, 1]),
    "a list longer": ("a.append(object())", [2, 1]),
    "a list of another kind": ("a[0] = 2.0", [2, 1]),
    "a list in a list": ("a[0].append(1)", [[2], 1]),
    "an array in a list": ("a[1][0] = 1", [2, np.zeros(3)]),
    "an array in a tuple": ("a[0][0] = 1", (np.zeros(3), 2)),
    "an array in a dict": ("a['w'][0] = 1", {"w": np.zeros(3)}),
    "a dict popped": ("a.pop('kind')", {"kind": "conv"}),
    "a dict longer": ("a['kind'] = 1", {}),
    "a dict of layers": ("a[0]['stride'] = 2", [{"kind": "conv", "stride": 1}]),
    "a default set": ("a.setdefault('stride', 1)", {"kind": "conv"}),
}
KEPT = {
    "copied": ("a = a + 1", np.zeros(3)),
    "read": ("sorted(a), a.copy().sort(), a.T.copy()", np.zeros(3)),
    "not a number": ("a * 2", np.array([np.nan, np.inf])),
    "nothing": ("None", np.zeros((0, 2))),
    "bool": ("~a", np.array([True, False])),
    "an order": ("a['x'] = a.pop('x')", {"x": 1, "y": [np.float32(1)]}),
    "a key of numbers": ("a[0, 1]", {(0, 1): None}),
    "plain": ("a", (1, 2.5, "x", None, True, 1j, np.float64(3), np.int8(1), float("nan"))),
}


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    opened = Session("numpy", {"a": NOTEBOOK}, Budget(submission=300.0), arguments_stay=True)
    opened.run_all()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def torch_session() -> Iterator[Session]:
    opened = Session("torch", {"a": TORCH}, Budget(submission=300.0), arguments_stay=True)
    opened.run_all()
    yield opened
    opened.close()


def student(session: Session) -> Remote:
    session.changed = None
    return Remote(session, session.now() + 20.0, (), "")


@pytest.mark.parametrize(("code", "value"), CHANGES.values(), ids=CHANGES)
def test_when_an_argument_is_changed_then_it_is_noticed(session: Session, code, value) -> None:
    student(session).do(code, value)
    assert session.changed
    assert session.changed[0] == [1]


@pytest.mark.parametrize(("code", "value"), KEPT.values(), ids=KEPT)
def test_when_an_argument_stays_then_nothing_is_noticed(session: Session, code, value) -> None:
    student(session).do(code, value)
    assert session.changed is None


def test_when_arguments_are_changed_then_each_is_called_what_the_student_calls_it(
    session: Session,
) -> None:
    student(session).add_one_to_both(np.zeros(2), np.zeros(2), scale=[])
    assert session.changed
    assert session.changed[0] == ["image", "kernel", "scale"]
    student(session).add_one(kernel=3, image=np.zeros(2))
    assert session.changed
    assert session.changed[0] == ["image"]


def test_when_methods_change_their_arguments_then_those_are_named_and_not_the_object(
    session: Session,
) -> None:
    layer = student(session).Layer.create(np.ones(2))
    layer.step(np.ones(2))
    assert session.changed
    assert session.changed[0] == ["change"]
    assert session.changed[1]().startswith("Layer(")
    student(session).use(layer)
    student(session).draw(Rng(1))
    assert session.changed is None
    layer(np.ones(2))
    assert session.changed
    assert session.changed[0] == ["x"]


def test_when_one_of_many_calls_changes_its_argument_then_that_call_is_told(
    session: Session,
) -> None:
    cases = [("0", np.zeros(1)), ("a += 1", np.zeros(1)), ("0", np.zeros(1))]
    list(student(session).do.each(cases))
    assert session.changed
    assert "a += 1" in session.changed[1]()


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("x + 1, x.clone().add_(1), x.detach().clone().requires_grad_()", True),
        ("x.add_(1)", False),
        ("x.resize_(4)", False),
        ("x.data = x.data.double()", False),
        ("x.requires_grad_()", False),
        ("x.T.mul_(2)", False),
        ("x.numpy()[0] = 5", False),
        ("x.detach().zero_()", False),
    ],
)
def test_when_a_tensor_is_an_argument_then_its_changes_count_too(
    torch_session: Session, code: str, kept: bool
) -> None:
    student(torch_session).do(code, torch.ones(2, 2))
    assert (torch_session.changed is None) == kept

"""The student's functions, classes and objects, called from afar in real kernels of both kinds."""

import time
from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
import torch

from autograder.checks import (
    Budget,
    Mismatch,
    Rng,
    StudentError,
    describe,
    expect_close,
    expect_equal,
)
from autograder.grading.remote import Remote
from autograder.grading.report import Verdict
from autograder.grading.session import Session, Unavailable
from autograder.jail.client import KernelLost
from autograder.jail.inside.protocol import ProtocolError

pytestmark = pytest.mark.jail

NOTEBOOK = """
import numpy as np

class Linear:
    scale = 1.0

    def __init__(self, n, m, rng):
        self.weight = rng.normal(size=(m, n))

    def forward(self, x):
        return self.scale * self.weight @ x

    @property
    def locked(self):
        return 1

def square(x):
    if x < 0:
        raise ValueError(f"x (={x}) must not be negative")
    return x * x

def slope(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2 * h)

def apply(layer, x):
    return layer.forward(x)

def draw(rng):
    return rng.integers(0, 100, 5)

def make():
    return Linear(2, 2, np.random.default_rng(0))

class Mute(Exception):
    def __str__(self):
        raise KeyError("no text")

def fail(x):
    raise Mute

calls = []
def count(x):
    calls.append(x)
    return len(calls)

def stuck(x):
    while True:
        pass
"""

TORCH = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, channels, generator=None):
        super().__init__()
        self.conv = nn.Conv2d(1, channels, 3, bias=False)
        with torch.no_grad():
            self.conv.weight.normal_(generator=generator)

    def forward(self, x):
        return self.conv(x)

def odd(kind):
    return {
        "parameter": nn.Parameter(torch.ones(2)),
        "scalar": torch.tensor(2.5),
        "conjugate": torch.tensor([1j, 2]).conj(),
        "bfloat16": torch.ones(2, dtype=torch.bfloat16),
        "sparse": torch.eye(2).to_sparse(),
        "array": np.ones(2),
        "nested": [(torch.ones(1), {"a": torch.zeros(2, 0)})],
    }[kind]

class Sly(torch.Tensor):
    def detach(self):
        raise SystemExit("not this one")

def sly():
    return torch.ones(2).as_subclass(Sly)

def hoard():
    return torch.ones(2**40, dtype=torch.uint8)

import numpy as np
"""


def student(session: Session, seconds: float = 20.0) -> Remote:
    return Remote(session, time.monotonic() + seconds, (), "")


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    opened = Session("numpy", {"a": NOTEBOOK}, Budget(submission=300.0))
    opened.run_all()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def torch_session() -> Iterator[Session]:
    opened = Session("torch", {"a": TORCH}, Budget(submission=300.0))
    opened.run_all()
    yield opened
    opened.close()


def test_when_a_class_is_used_then_its_object_stays_and_its_values_come(session: Session) -> None:
    layer = student(session).Linear.create(3, 2, rng=Rng(7))
    weight = np.random.default_rng(7).normal(size=(2, 3))
    x = np.arange(3.0)
    np.testing.assert_array_equal(layer.weight.fetch(), weight)
    np.testing.assert_allclose(layer.forward(x), weight @ x)
    layer.scale.assign(2.0)
    layer.weight.assign(np.ones((2, 3)))
    assert layer.forward(x).tolist() == [6.0, 6.0]
    assert layer.forward.__repr__() == "Linear(3, 2, rng=np.random.default_rng(7)).forward"


def test_when_two_objects_are_made_then_they_are_not_mixed_up(session: Session) -> None:
    one, two = (student(session).Linear.create(2, 1, rng=Rng(seed)) for seed in (1, 2))
    expected = [np.random.default_rng(seed).normal(size=(1, 2)) for seed in (1, 2)]
    assert [one.weight.fetch().tolist(), two.weight.fetch().tolist()] == [
        array.tolist() for array in expected
    ]


def test_when_functions_and_objects_are_arguments_then_they_never_cross(session: Session) -> None:
    remote = student(session)
    assert remote.slope(remote.square, 3.0) == pytest.approx(6.0)
    made = remote.make.create()
    x = np.ones(2)
    np.testing.assert_array_equal(remote.apply(made, x), made.forward(x))


@pytest.mark.parametrize("seed", [0, 7, 2**70])
def test_when_an_rng_is_an_argument_then_it_is_made_from_the_seed(
    session: Session, seed: int
) -> None:
    expected = np.random.default_rng(seed).integers(0, 100, 5)
    assert student(session).draw(Rng(seed)).tolist() == expected.tolist()


def test_when_many_calls_are_made_then_they_run_in_order_in_one_trip(session: Session) -> None:
    asked = []
    ask = session.ask
    session.ask = lambda *args: (asked.append(args), ask(*args))[1]  # type: ignore[method-assign]
    try:
        assert list(student(session).count.each([(x,) for x in range(50)])) == [*range(1, 51)]
    finally:
        del session.ask
    assert len(asked) == 1


def test_when_one_of_many_calls_raises_then_the_others_are_read_and_it_is_named(
    session: Session,
) -> None:
    results = student(session).square.each([(2,), (-1,), (3,)])
    assert next(results) == 4
    assert session.asked() == "square(2)"
    with pytest.raises(StudentError, match="must not be negative") as caught:
        next(results)
    assert "ValueError" in caught.value.kinds
    assert session.asked() == "square(-1)"


def test_when_many_calls_hang_then_the_time_is_that_of_one_check(session: Session) -> None:
    started = time.monotonic()
    with pytest.raises(KernelLost):
        list(student(session, seconds=1.0).stuck.each([(x,) for x in range(5)]))
    assert time.monotonic() - started < 10
    assert session.asked() == "stuck(0)\n# and 4 more"
    assert student(session).square(3) == 9


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (lambda s: s.absent(1), "no function absent"),
        (lambda s: s.slope(s.absent, 1), "no function absent"),
        (lambda s: s.make.create().absent(1), "no attribute 'absent'"),
        (lambda s: s.make.create().absent.deeper.fetch(), "no attribute 'absent'"),
    ],
)
def test_when_something_is_not_there_then_it_is_named(session: Session, use, said) -> None:
    with pytest.raises(Unavailable, match=said) as caught:
        use(student(session))
    assert caught.value.verdict is Verdict.NOT_RUN


def test_when_an_attribute_cannot_be_set_then_the_student_is_told(session: Session) -> None:
    with pytest.raises(StudentError, match="AttributeError"):
        student(session).make.create().locked.assign(2)


def test_when_a_call_returns_an_object_then_the_student_is_told_what_to_return(
    session: Session,
) -> None:
    with pytest.raises(Mismatch, match="a value of type Linear cannot be graded"):
        student(session).make()


def test_when_a_check_sends_what_cannot_cross_then_it_is_the_check_that_fails(
    session: Session,
) -> None:
    with pytest.raises(ProtocolError, match="Generator"):
        student(session).draw(np.random.default_rng(0))


def test_when_numpy_asks_a_remote_for_its_powers_then_it_has_none(session: Session) -> None:
    remote = student(session).square
    assert not hasattr(remote, "__array__")
    assert np.asarray(remote).dtype == object


def test_when_torch_is_not_in_the_jail_then_its_generator_is_refused(session: Session) -> None:
    with pytest.raises(StudentError, match="no torch to make a generator with"):
        student(session).draw(Rng(1, "torch"))


def test_when_tensors_cross_then_type_dtype_and_values_are_kept(torch_session: Session) -> None:
    net = student(torch_session).Net.create(2, generator=Rng(5, "torch"))
    weight = torch.empty(2, 1, 3, 3).normal_(generator=torch.Generator().manual_seed(5))
    torch.testing.assert_close(net.conv.weight.fetch(), weight)
    image = torch.rand(1, 1, 6, 5)
    expect_close(net(image), torch.conv2d(image, weight), tolerance=1e-5)
    net.conv.weight.data.assign(torch.zeros(2, 1, 3, 3))
    assert not net(image).any()


def test_when_a_tensor_is_wrong_then_both_are_described_as_tensors(torch_session: Session) -> None:
    odd = student(torch_session).odd
    with pytest.raises(Mismatch, match="the shape") as caught:
        expect_close(odd("parameter"), torch.zeros(3))
    assert caught.value.expected.startswith("tensor of shape (3,), float32")
    assert caught.value.actual.startswith("tensor of shape (2,), float32")
    with pytest.raises(Mismatch, match="returned an array, it must return a tensor"):
        expect_close(odd("array"), torch.ones(2))
    with pytest.raises(Mismatch, match="returned a tensor, it must return an array"):
        expect_close(odd("parameter"), np.ones(2))


def test_when_tensors_are_odd_but_dense_then_they_cross(torch_session: Session) -> None:
    odd = student(torch_session).odd
    assert odd("scalar").item() == 2.5
    assert odd("conjugate").tolist() == [-1j, 2]
    expect_equal(odd("nested"), [(torch.ones(1), {"a": torch.zeros(2, 0)})])
    assert describe(odd("scalar")) == "2.5, float32"


@pytest.mark.parametrize("kind", ["bfloat16", "sparse"])
def test_when_a_tensor_has_no_plain_form_then_the_student_is_told(
    torch_session: Session, kind: str
) -> None:
    with pytest.raises(Mismatch, match=r"cannot be graded: return a dense one"):
        student(torch_session).odd(kind)


def test_when_a_tensor_or_an_exception_resists_then_the_student_is_told(
    session: Session, torch_session: Session
) -> None:
    for call in (partial(student(session).fail, 1), student(torch_session).sly):
        with pytest.raises(Mismatch, match="cannot be read"):
            call()


def test_when_torch_runs_out_of_memory_then_that_is_what_is_said(torch_session: Session) -> None:
    with pytest.raises(StudentError, match="can't allocate memory"):
        student(torch_session).hoard()
    hungry = Session("torch", {"a": "import torch; torch.ones(2**40)"})
    hungry.run_all()
    hungry.close()
    assert hungry.failures["a"].verdict is Verdict.OUT_OF_MEMORY


def test_when_the_kernel_has_torch_then_it_still_has_nothing_of_the_course(
    torch_session: Session,
) -> None:
    for name in ("convbook.arithmetic", "autograder", "scipy", "skimage"):
        torch_session.cells[name] = f"import {name}"
        torch_session.run(name)
        (output,) = torch_session.outputs[name]
        assert output["ename"] == "ModuleNotFoundError"

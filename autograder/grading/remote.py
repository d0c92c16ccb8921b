"""The student's functions, classes and objects as a check sees them: by name, from afar.

A check is handed ``student``; every attribute of it is something of the notebook:

    student.conv2d(image, kernel, stride=2)              # call: plain data comes back
    student.conv2d.each([(x, k), (x, l)], stride=2)      # many calls, one round trip
    layer = student.Conv2d.create(3, 8, rng=Rng(7))      # stays there; what it is, never crosses
    layer.forward(x), layer.weight.fetch(), layer.weight.assign(w)
    student.gradient(student.loss, x)                    # the student's own function as an argument
    student.file("model.safetensors")                    # the bytes of a file as it was handed in
    value, seconds = student.conv2d.timed(x, w)          # and how long that took, measured here
    student.handed_out.conv2d_loop.timed(x, w)           # the same of what was handed out
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from autograder.checks import Mismatch, StudentError, describe
from autograder.grading.faults import GraderFault
from autograder.grading.report import Verdict
from autograder.grading.session import Session, Unavailable
from autograder.jail.client import Forged, KernelLost
from autograder.jail.inside.protocol import Argument, ProtocolError, Tree, decode, encode
from autograder.jail.messages import Message

Part = dict[str, Any]
MOST_NAMES, NAME_CHARACTERS = 100, 100  # of arguments
# What reading an answer of another form leads to.
FORGED = (ProtocolError, LookupError, TypeError, ValueError, AttributeError)
Text = Callable[[], str]  # made only where it is read: most checks pass


class Remote(Argument):
    """Something of the student's: a function, a class, an object, or an attribute of one.

    Args:
        session: the running notebook.
        end: when the time of the check is up, as `Session.now` counts.
        path: a name of the notebook or the number of a kept object, then attributes.
        label: the same, as the student would write it.
    """

    def __init__(self, session: Session, end: float, path: tuple[str | int, ...], label: str):
        """Refer to ``path``; nothing is asked yet."""
        self._session, self._end, self._path, self._label = session, end, path, label

    def __repr__(self) -> str:
        """Return what the student would write."""
        return self._label

    def __getattr__(self, name: str) -> Remote:
        """Refer to an attribute."""
        if name.startswith("__"):
            raise AttributeError(name)  # NumPy and Python ask what an object can do
        label = f"{self._label}.{name}" if self._label else name
        return type(self)(self._session, self._end, (*self._path, name), label)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the call returns, as plain data.

        Raises:
            StudentError: the function raised.
            Unavailable: there is no such function.
            Mismatch: its value cannot be graded.
            KernelLost: the kernel did not answer.
        """
        return next(self.each([args], **kwargs))

    def each(self, cases: Iterable[tuple[Any, ...]], /, **kwargs: Any) -> Iterator[Any]:
        """Yield what a call with each tuple of arguments returns; all go in one round trip.

        Args:
            cases: the positional arguments of each call.
            kwargs: the keyword arguments, the same in each call.

        Raises:
            Exception: as a single call does, when its turn comes.
        """
        buffers: list[bytes] = []
        cases = list(cases)
        parts = [self._call(args, kwargs, buffers) for args in cases]
        yield from self._ask(parts, buffers, [partial(self._text, args, kwargs) for args in cases])

    def create(self, *args: Any, **kwargs: Any) -> Remote:
        """Call a class or function and leave what it returns where it is.

        Raises:
            Exception: as a call does.
        """
        buffers: list[bytes] = []
        number = self._session.new_number()
        part = self._call(args, kwargs, buffers) | {"keep": number}
        text = partial(self._text, args, kwargs)
        next(self._ask([part], buffers, [text]))
        return type(self)(self._session, self._end, (number,), text())

    def timed(self, *args: Any, **kwargs: Any) -> tuple[Any, float]:
        """Return what the call returns, and the seconds until the whole answer was here.

        Raises:
            Exception: as a call does.
        """
        self._session.kernel()  # to start one again takes time, too
        value = self(*args, **kwargs)
        return value, self._session.seconds

    @property
    def handed_out(self) -> Remote:
        """The notebook as it was handed out: locked cells alone, in a kernel of their own.

        Nothing that the student wrote has run there, and nothing of it runs meanwhile.
        """
        return HandedOut(self._session, 0.0, (), "")

    def fetch(self) -> Any:
        """Return the value of an attribute or of a name of the notebook, as plain data.

        Raises:
            Exception: as a call does.
        """
        return next(self._ask([self._part("fetch")], [], [lambda: self._label]))

    def assign(self, value: object) -> None:
        """Set an attribute, such as the weights of a layer.

        Raises:
            Exception: as a call does.
        """
        buffers: list[bytes] = []
        part = self._part("assign") | {"value": encode(value, buffers)}
        next(self._ask([part], buffers, [lambda: f"{self._label} = {describe(value)}"]))

    def file(self, name: str) -> bytes:
        """Return a file that was handed in beside the notebook, byte for byte.

        Raises:
            Unavailable: there is none that can be used.
            LookupError: the assignment takes no file of this name.
        """
        self._session.asked = lambda: f"the file {name}, as it was handed in"
        return self._session.file(name)

    def _tree(self) -> Tree:
        return ["there", list(self._path)]

    def _part(self, action: str) -> Part:
        return {"action": action, "path": list(self._path)}

    def _call(self, args: tuple[Any, ...], kwargs: dict[str, Any], buffers: list[bytes]) -> Part:
        values = {"args": encode(args, buffers), "kwargs": encode(kwargs, buffers)}
        return self._part("call") | values | {"stay": self._session.arguments_stay}

    def _text(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        """Return the call as the student would write it, arrays as text."""
        parts = [describe(arg) for arg in args]
        parts += [f"{name}={describe(value)}" for name, value in kwargs.items()]
        if any("\n" in part for part in parts):
            return f"{self._label}(\n" + ",\n".join(parts) + ")"
        return f"{self._label}({', '.join(parts)})"

    def _ask(self, parts: list[Part], buffers: list[bytes], texts: list[Text]) -> Iterator[Any]:
        """Yield what comes of each part; its text says what was asked, if anybody reads it."""
        more = f"\n# and {len(texts) - 1} more" if len(texts) > 1 else ""
        self._session.asked = lambda: texts[0]() + more
        reply = self._session.ask(parts, buffers, self._end)
        for number, text in enumerate(texts):
            self._session.asked = text
            yield self._read(reply, number)

    def _read(self, reply: Message, number: int) -> Any:
        """Return the value of one result, or raise what it tells; trust nothing about it."""
        try:
            result = dict(reply.content["results"][number])
            self._note_changed(result.pop("changed", None))
            ((kind, value),) = result.items()
            if kind == "value":
                return decode(value, reply.buffers)
            if kind == "error":
                kinds = tuple(_text(kind, 200) for kind in value["kinds"][:50])
                raise StudentError(kinds, _text(value["message"], 2000), _text(value["where"], 500))
            said = _text(value, 500)
        except FORGED as error:
            raise Forged("the answer is not one that the grader's kernel gives") from error
        if kind == "missing":
            raise self._unavailable(said[:200])
        raise Mismatch(said)

    def _note_changed(self, names: Any) -> None:
        """Note which arguments a call has changed, with the call; only the first is told."""
        if names is None or self._session.changed:
            return
        if not (isinstance(names, list) and 0 < len(names) <= MOST_NAMES):
            raise ValueError("it must be names")
        if not all(map(_is_argument, names)):
            raise ValueError("it must be the names or numbers of arguments")
        self._session.changed = names, self._session.asked

    def _unavailable(self, missing: str) -> Unavailable:
        """Say why something is not there: the failure of the cell that defines it, if any."""
        if missing.startswith("."):
            reason = f"{self._label}: there is no attribute {missing[1:]!r}"
            return Unavailable(Verdict.NOT_RUN, reason)
        pattern = re.compile(rf"\b{re.escape(missing)}\b")
        for key, failure in self._session.failures.items():
            if pattern.search(self._session.cells[key]):
                reason = f"the cell of {missing} failed: {failure.text}"
                return Unavailable(failure.verdict, reason)
        return Unavailable(Verdict.NOT_RUN, f"the notebook defines no function {missing}")


class HandedOut(Remote):
    """Something of the notebook as it was handed out; what fails there is a fault of ours."""

    def _ask(self, parts: list[Part], buffers: list[bytes], texts: list[Text]) -> Iterator[Any]:
        student = self._session
        with student.waiting():
            original = student.original(str(self._path[0]))
            there = Remote(
                original, original.now() + original.budget.check, self._path, self._label
            )
            try:
                answers = list(there._ask(parts, buffers, texts))
            except (StudentError, Unavailable, Mismatch) as error:
                raise RuntimeError(f"{texts[0]()} as handed out: {error}") from error
            except KernelLost as lost:
                raise GraderFault(f"{texts[0]()} as handed out: {lost}") from lost
        student.seconds = original.seconds
        yield from answers


def _is_argument(name: Any) -> bool:
    if isinstance(name, str):
        return name.isidentifier() and len(name) <= NAME_CHARACTERS
    return type(name) is int and 0 <= name < MOST_NAMES


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str):
        raise TypeError("it must be text")
    return value[:most]

"""The visible tests of an assignment: every one is run, and shown as a line with ✓ or ✗.

A test cell of a notebook says what each call must give, and what that teaches:

    with VisibleTests("conv1d") as test:
        test("both weights have a partner", x, w, "valid", gives=[21, 32])
        test("no such mode", x, w, "round", raises=ValueError, mentions="round")

The grader has this file in its jail, and nothing else of the course: it imports nothing of it.
"""

from __future__ import annotations

import copy
import linecache
import sys
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from html import escape
from types import TracebackType
from typing import Any

import numpy as np
from IPython.display import display
from numpy.typing import NDArray

NOTHING = object()
TEXT = 300  # characters shown of what a student's code said
STYLE = """<style>
.cvb-tests table{border-collapse:collapse;color:inherit;margin:0;font-size:inherit}
.cvb-tests caption{caption-side:top;color:inherit;font-weight:600;padding:.3em 0;text-align:left}
.cvb-tests tr{background:none!important}
.cvb-tests tbody>tr>*{border-top:1px solid #8886;padding:.4em .7em;max-width:none}
.cvb-tests tbody>tr>*{text-align:left!important;vertical-align:top;white-space:normal}
.cvb-tests tbody>tr>th{font-weight:600;white-space:nowrap;border-left:4px solid #2f6f9f}
.cvb-tests tr.cvb-fails>th{border-left-color:#d9730d}
.cvb-tests pre{background:none;color:inherit;margin:.3em 0 0;padding:0;font-size:.93em}
.cvb-tests pre{white-space:pre-wrap;overflow-wrap:anywhere}
</style>"""


class VisibleTestsFailed(AssertionError):
    """Some visible tests of a function failed; the table above says which."""

    def _render_traceback_(self) -> list[str]:
        """Return what Jupyter shows below the table: one line, as the table has said all."""
        return [f"{type(self).__name__}: {self}"]


class StudentFault(Exception):
    """What a student's function did instead of what must hold."""


@dataclass(frozen=True)
class Line:
    """One line of the table: what the test teaches, and what went wrong, if anything did."""

    teaches: str
    fault: str = ""
    first: str = ""  # the fault in brief


class VisibleTests:
    """Tests of one function of the notebook, run one by one and then shown together.

    Args:
        function: its name, which is looked up when a test calls it.

    Raises:
        VisibleTestsFailed: at the end of the ``with`` block, where a test failed.
    """

    def __init__(self, function: str):
        """Remember whose notebook it is."""
        self._name = function
        self._notebook = sys._getframe(1).f_globals
        self._lines: list[Line] = []

    def __enter__(self) -> VisibleTests:
        """Return what runs a test."""
        return self

    def __call__(
        self,
        teaches: str,
        *arguments: object,
        gives: object = NOTHING,
        raises: type[Exception] | None = None,
        mentions: str = "",
        **keywords: object,
    ) -> None:
        """Call the function with copies of the arguments; add a line to the table.

        Args:
            teaches: what the reader of the line learns.
            arguments: of the call, as are ``keywords``.
            gives: what must come back; a list or an array stands for an array of real numbers.
            raises: the exception that must come instead.
            mentions: what its message must contain.
        """
        if (gives is NOTHING) == (raises is None):
            raise TypeError(f"the test {teaches!r} must say gives=… or raises=…, one of the two")
        call = self._call_text(arguments, keywords)
        try:
            given, named = copy.deepcopy((arguments, keywords))
            if raises:
                _expect_error(lambda: self._function()(*given, **named), raises, mentions)
            else:
                _expect(self._function()(*given, **named), gives)
        except KeyboardInterrupt as stopped:
            self._add(teaches, call, f"you stopped it{self._place(stopped)}")
            raise
        except StudentFault as fault:
            self._add(teaches, call, str(fault))
        except BaseException as error:  # SystemExit, too, is a line and not the end
            self._add(teaches, call, f"it raised {_said(error)}{self._place(error)}")
        else:
            self._lines.append(Line(teaches))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """Show the table; raise where a test failed."""
        display(Table(self._name, tuple(self._lines)))  # type: ignore[no-untyped-call]
        failed = [line for line in self._lines if line.fault]
        if failed and error is None:
            count = f"{len(failed)} of {len(self._lines)} tests of {self._name} failed"
            raise VisibleTestsFailed(f"{count}; '{failed[0].teaches}': {failed[0].first}")

    def _add(self, teaches: str, call: str, fault: str) -> None:
        self._lines.append(Line(teaches, f"{call}\n{fault}", fault.split("\n")[0]))

    def _function(self) -> Callable[..., object]:
        if self._name not in self._notebook:
            raise StudentFault(f"{self._name} is not defined: run the cell that defines it")
        found = self._notebook[self._name]
        if not callable(found):
            raise StudentFault(f"{self._name} is no function any more: run its cell again")
        return found  # type: ignore[no-any-return]

    def _call_text(self, arguments: tuple[object, ...], keywords: dict[str, object]) -> str:
        with _corners():
            given = [repr(value) for value in arguments]
            given += [f"{name}={value!r}" for name, value in keywords.items()]
        return _short(f"{self._name}({', '.join(given)})")

    def _place(self, error: BaseException) -> str:
        """Return the last line of the notebook that led to ``error``."""
        place = ""
        for frame, number in traceback.walk_tb(error.__traceback__):
            if frame.f_globals is self._notebook:
                line = linecache.getline(frame.f_code.co_filename, number).strip()
                place = f" (line {number}{': ' * bool(line)}{_short(line)})"
        return place


@dataclass(frozen=True)
class Table:
    """What a test cell shows: in Jupyter a table, elsewhere the same as text."""

    function: str
    lines: tuple[Line, ...]

    @property
    def caption(self) -> str:
        """How many tests passed."""
        passed = sum(not line.fault for line in self.lines)
        return f"{self.function}: {passed} of {len(self.lines)} tests passed"

    def __repr__(self) -> str:
        """Return the lines as text."""
        rows = [self.caption]
        for line in self.lines:
            rows.append(f"{'✗' if line.fault else '✓'} {line.teaches}")
            rows += [f"    {part}" for part in line.fault.splitlines()]
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """Return the table; nothing of a student's is taken for markup."""
        rows = "".join(map(_row, self.lines))
        caption = f"<caption>{escape(self.caption)}</caption>"
        return f'{STYLE}<div class="cvb-tests"><table>{caption}<tbody>{rows}</tbody></table></div>'


def _row(line: Line) -> str:
    kind, word = ("cvb-fails", "✗ failed") if line.fault else ("cvb-passes", "✓ passed")
    fault = f"<pre>{escape(line.fault)}</pre>" if line.fault else ""
    return (
        f'<tr class="{kind}"><th scope="row">{word}</th><td>{escape(line.teaches)}{fault}</td></tr>'
    )


def _expect_error(call: Callable[[], object], kind: type[Exception], mentions: str) -> None:
    wanted = f"a {kind.__name__}" + (f" whose message contains {mentions!r}" if mentions else "")
    try:
        got = call()
    except kind as error:
        if mentions not in str(error):
            raise StudentFault(f"it raised {_said(error)}\nmust raise {wanted}") from None
        return
    raise StudentFault(f"it returned {_shown(got)}\nmust raise {wanted}")


def _expect(got: object, expected: object) -> None:
    if not isinstance(expected, list | np.ndarray):
        if type(got) is not type(expected) or got != expected:
            raise StudentFault(f"it returned {_shown(got)}\nmust be {_shown(expected)}")
        return
    want = np.asarray(expected, dtype=np.float64)  # as the docstrings promise
    if got is None:
        raise StudentFault("it returned None, it must return an array: is a return missing?")
    if not issubclass(type(got), np.ndarray):
        raise StudentFault(f"it returned {_kind(got)}, it must return an array")
    values = np.asarray(got)
    if reason := _difference(values, want):
        raise StudentFault(f"{reason}\nit returned\n{_values(values)}\nmust be\n{_values(want)}")


def _difference(got: NDArray[Any], want: NDArray[Any]) -> str:
    """Return in words how ``got`` differs from ``want``; empty where it does not."""
    if got.dtype.kind not in "iuf":
        raise StudentFault(f"the values have dtype {got.dtype}, they must be float64")
    if got.shape != want.shape:
        return f"the shape is {got.shape}, it must be {want.shape}"
    wrong = ~np.isclose(got, want)
    return f"{wrong.sum()} of {wrong.size} values differ" if wrong.any() else ""


def _corners() -> AbstractContextManager[object]:
    """Have only the corners of a large array shown."""
    return np.printoptions(threshold=64, edgeitems=3)


def _values(array: NDArray[Any]) -> str:
    with _corners():
        return str(array)


def _shown(value: object) -> str:
    with _corners():
        return _short(repr(value))


def _kind(value: object) -> str:
    """Return the name of the type of ``value``, past any metaclass."""
    return _short(type.__dict__["__name__"].__get__(type(value)))


def _said(error: BaseException) -> str:
    """Return class and message of an exception, whatever its own methods do."""
    try:
        message = _short(str(error))
    except BaseException:
        message = "its message cannot be read"
    return f"{_kind(error)}: {message}" if message else _kind(error)


def _short(text: str) -> str:
    """Return ``text`` on one line, cut, with what a terminal obeys written as an escape."""
    line = " ".join(str.__getitem__(text, slice(2 * TEXT)).split())
    line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    return line if len(line) <= TEXT else f"{line[: TEXT - 1]}…"

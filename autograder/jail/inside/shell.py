"""The shell of a jailed kernel: what Jupyter only prints a line about ends no cell here either.

The grader starts no program and asks nobody. A shell line, a magic that needs what is not there, a
question to the reader: each says so in one line, and the cell goes on.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from typing import Any

from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.interactiveshell import ExecutionResult
from IPython.utils.text import SList
from traitlets import observe

RUNS_CODE = {"time", "timeit", "prun", "run"}  # its errors are the student's
DRAWN_HERE = ("inline", "agg", "auto", "pdf", "svg", "ps")
QUESTIONS = 10  # in one cell; then there is no more input, so that a loop of questions ends
DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class JailedShell(ZMQInteractiveShell):
    """IPython's shell, without programs, without input, without an end of its own accord."""

    questions = 0

    def ask_exit(self) -> None:
        """Remember that ``exit()`` was called in the cell that is running; the kernel looks."""
        if not self.kernel.aftermath.is_late():
            self.exit_now = True

    @observe("exit_now")
    def _update_exit_now(self, change: Any) -> None:
        """Leave the event loop alone: the grader ends the kernel."""

    def system(self, cmd: str) -> None:
        """Say that no program is started; a line that begins with ``!`` comes here."""
        self.user_ns["_exit_code"] = 0
        _leave_out(f"the grader runs no programs: {_short(cmd.replace(sys.executable, 'python'))}")

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Say that no program is started, and return the output of none."""
        self.system(cmd)
        return SList([]) if split else ""

    def enable_matplotlib(self, gui: str | None = None) -> Any:
        """Draw figures into the notebook, whatever window they were meant for."""
        if gui not in (None, *DRAWN_HERE):
            _say(f"figures are drawn inline here, not by {_short(gui)}")
            gui = "inline"
        return super().enable_matplotlib(gui)

    def enable_gui(self, gui: Any = None) -> None:
        """Run the event loop of no windows: there are none."""

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a magic; where it cannot be run, say so and go on."""
        if magic_name in ("debug", "pdb"):
            return self.pass_by()
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except Exception as error:
            if magic_name in RUNS_CODE:
                raise
            _leave_out(f"%{magic_name} does not work in the grader: {_short(error)}")

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Run a magic on a cell; one that is not known here leaves the cell as it is."""
        if magic_name in {"script", *self.magics_manager.registry["ScriptMagics"].script_magics}:
            return self.system(f"%%{magic_name}")
        if self._find_with_lazy_load("cell", magic_name) is None:
            _leave_out(f"the grader does not know %%{magic_name}")
            return self.run_cell(cell).result
        return super().run_cell_magic(magic_name, line, cell)

    def ask(self, prompt: object = "") -> str:
        """Answer a question of the notebook's with nothing, since nobody is there.

        Raises:
            EOFError: it asks again and again.
        """
        self.questions += 1
        if self.questions > QUESTIONS:
            raise EOFError("there is no more input: nobody answers in the grader")
        _say(f"nobody answers in the grader: {_short(prompt)!r} got an empty text. Nothing is lost")
        return ""

    def pass_by(self, *_: Any, **__: Any) -> None:
        """Go on where a debugger would stop."""
        _leave_out("the grader stops at no breakpoint")

    async def run_cell_async(self, raw_cell: str, *args: Any, **kwargs: Any) -> ExecutionResult:
        """Run a cell; after an error, define the functions below it that would be missing."""
        self.questions = 0
        result = await super().run_cell_async(raw_cell, *args, **kwargs)
        if result.error_in_exec:
            self._define_rest(raw_cell, result.error_in_exec)
        return result

    def _define_rest(self, cell: str, error: BaseException) -> None:
        """Define what stands below the line that failed, but for what is there already.

        A line that has nothing to do with a function does not cost the function.
        """
        try:
            place = next(_places(error))
            tree = ast.parse(self.transform_cell(cell))
        except (StopIteration, SyntaxError):
            return
        file, failed = place
        below = [n for n in tree.body if isinstance(n, DEFINITIONS) and n.lineno > failed]
        missing = [node for node in below if node.name not in self.user_ns]
        for node in missing:
            code = compile(ast.Module([node], []), file, "exec")
            try:
                exec(code, self.user_ns)
            except Exception as late:
                _say(f"{node.name} could not be defined: {_short(late)}")
        defined = [node.name for node in missing if node.name in self.user_ns]
        if defined:
            _say(f"defined all the same, below the line that failed: {', '.join(defined)}")


def _places(error: BaseException) -> Iterator[tuple[str, int]]:
    """Yield the file and line of each call of a cell's that led to ``error``."""
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        if code.co_name.startswith("<") and "ipykernel_" in code.co_filename:  # a cell's top level
            yield code.co_filename, trace.tb_lineno
        trace = trace.tb_next


def _leave_out(why: str) -> None:
    _say(f"left out, and nothing is lost by it: {why}")


def _say(text: str) -> None:
    print(f"[grader] {text}", file=sys.stderr)


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else text[:79] + "…"

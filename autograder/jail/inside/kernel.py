"""The kernel that runs in the jail: an IPython kernel that also answers ``call_request``.

A request is a list of parts: call, fetch or assign what a name of the notebook leads to, with
encoded arguments. The reply carries for each the encoded value, or the exception as text; a value
can also be kept here under a number, for later calls. No notebook code takes part in the exchange,
so input transformers and patched displays do not change it.
"""

from __future__ import annotations

import builtins
import getpass
import linecache
import logging
import pdb
import signal
import sys
import threading
import traceback
from contextlib import redirect_stdout
from io import BytesIO, StringIO
from typing import Any

import zmq
from aftermath import Aftermath
from arguments import ArgumentDecoder
from brief import BriefSession, CalmStream
from ipykernel.compiler import XCachingCompiler
from ipykernel.control import ControlThread
from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from kept import changed
from matplotlib import pyplot
from protocol import ProtocolError, encode
from shell import JailedShell
from tornado.ioloop import IOLoop
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

Part = dict[str, Any]  # of a request or a reply


class NoChannelThread:
    """What ipykernel asks for the main thread where the shell channel has no thread of its own."""

    parent_thread = threading.main_thread()

    def __bool__(self) -> bool:
        """Tell that there is none."""
        return False


class AskedToEnd(Exception):
    """The notebook called ``exit()`` or ``quit()``."""


class JailedKernel(IPythonKernel):
    """An IPython kernel with one more message: call a function, get its value as plain data."""

    msg_types = [*IPythonKernel.msg_types, "call_request"]
    shell_channel_thread = NoChannelThread()
    _supports_kernel_subshells = False
    _execute_sleep = 0.0  # for clients that do not wait for the end of the output; ours does

    kept: dict[int, Any] = {}
    aftermath: Aftermath

    def _forward_input(self, allow_stdin: bool = False) -> None:
        """Leave ``input`` alone: it always asks the shell."""

    _restore_input = _forward_input

    async def execute_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Run a cell."""
        await self._answered(super().execute_request(stream, ident, parent), stream, ident, parent)

    async def call_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Do what one request asks, in order, and reply with a result for each of its parts."""
        await self._answered(self._call(stream, ident, parent), stream, ident, parent)

    async def _answered(self, work: Any, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Do ``work``; answer also where the kernel itself fails, which else is only logged."""
        try:
            await work
        except AskedToEnd:
            self.session.send(stream, "ended_reply", {}, parent, ident=ident)  # type: ignore[union-attr]
        except Exception:
            self.shell.showtraceback()  # type: ignore[union-attr]
            self.session.send(stream, "failed_reply", {}, parent, ident=ident)  # type: ignore[union-attr]

    async def do_execute(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Run a cell and wait for what it set off."""
        self.aftermath.begin()
        reply: dict[str, Any] = await super().do_execute(*args, **kwargs)
        await self._settle()
        return reply

    async def _settle(self) -> None:
        """Wait for what the request set off, as long as it allows.

        Raises:
            AskedToEnd: that was an end of the kernel.
        """
        await self.aftermath.settle(float(self.get_parent("shell")["content"]["settle"]))
        if self.shell.exit_now:  # type: ignore[union-attr]
            raise AskedToEnd

    def _publish_execute_input(self, *_: Any) -> None:
        """Say nothing: the grader knows what it asked."""

    def _publish_status(self, status: str, channel: str, parent: Any = None) -> None:
        """Say only when all is sent; each message takes time on both sides."""
        if status != "busy":
            super()._publish_status(status, channel, parent)

    async def _call(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        self.aftermath.begin()
        self.shell.questions = 0  # type: ignore[union-attr]
        incoming = [bytes(buffer) for buffer in parent.get("buffers", [])]
        buffers: list[bytes] = []
        results: list[dict[str, Any]] = []
        for part in parent["content"]["calls"]:
            results.append(self._any_result(part, incoming, buffers))
            if "KeyboardInterrupt" in results[-1].get("error", {}).get("kinds", ()):
                break  # the trusted side has stopped waiting
        await self._settle()
        session: Any = self.session
        reply = {"results": results}
        session.send(stream, "call_reply", reply, parent, ident=ident, buffers=buffers)

    def _any_result(self, part: Part, incoming: list[bytes], outgoing: list[bytes]) -> Part:
        """Return a result even where a hostile value or exception resists being read."""
        try:
            return self._result(part, incoming, outgoing)
        except BaseException:
            return {"unfit": "what it returned or raised cannot be read"}

    def _result(self, part: Part, incoming: list[bytes], outgoing: list[bytes]) -> Part:
        """Do one part; the value crosses or is kept under a number."""
        done: Part = {}
        try:
            value = self._do(part, incoming, done)
        except Missing as missing:
            return {"missing": str(missing)}
        except BaseException as error:
            return done | {"error": describe(error)}
        if "keep" in part:
            self.kept[part["keep"]] = value
            value = None
        try:
            return done | {"value": encode(value, outgoing)}
        except ProtocolError as error:
            return done | {"unfit": str(error)}

    def _do(self, part: Part, incoming: list[bytes], done: Part) -> Any:
        """Call, fetch or assign; write into ``done``, if asked, which arguments were changed."""
        read = ArgumentDecoder(incoming, self._find).read
        *path, last = part["path"]
        if part["action"] == "assign":
            return setattr(self._find(path), last, read(part["value"]))
        target = self._find(part["path"])
        if part["action"] == "fetch":
            return target
        args, kwargs = read(part["args"]), read(part["kwargs"])
        try:
            return target(*args, **kwargs)
        finally:
            if part["stay"] and (names := changed(part, args, kwargs, incoming, target)):
                done["changed"] = names

    def _find(self, path: list[str | int]) -> Any:
        """Return what a name of the notebook, or the number of a kept value, and attributes are."""
        root, *names = path
        known: dict[Any, Any] = self.kept if isinstance(root, int) else self.shell.user_ns  # type: ignore[union-attr]
        if root not in known:
            raise Missing(root)
        found = known[root]
        for name in names:
            try:
                found = getattr(found, str(name))
            except AttributeError:
                raise Missing(f".{name}") from None
        return found


class Missing(Exception):
    """The notebook has nothing of this name."""


def describe(error: BaseException) -> dict[str, Any]:
    """Return the exception as text: its classes, its message, the student's own line."""
    where = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if "ipykernel_" in frame.filename:
            line = linecache.getline(frame.filename, frame.lineno or 0).strip()
            where = f"line {frame.lineno}: {line}"
    return {
        "kinds": [kind.__name__ for kind in type(error).__mro__],
        "message": str(error)[:2000],
        "where": where[:500],
    }


def prepare() -> None:
    """Make what every kernel needs before the first is forked: the shell, the fonts of figures."""
    config = Config(HistoryManager={"enabled": False})
    shell = JailedShell.instance(config=config, compiler_class=XCachingCompiler, user_ns={})
    shell.run_cell("None", silent=True)
    with redirect_stdout(StringIO()):  # the first of them takes longest, as with figures
        shell.run_cell("raise ValueError")
        shell.run_cell("def f(")
    shell.reset()
    pyplot.figure()
    pyplot.plot([0, 1], label="a first figure takes longest")
    pyplot.legend()
    pyplot.imshow([[0]])
    pyplot.savefig(BytesIO())
    pyplot.close()


def run(descriptors: dict[str, int]) -> None:
    """Serve the connection until the process is ended from outside.

    The parts are those that ipykernel's own application puts together, without what a jail has
    no use for: command line, profile, connection file, heartbeat, debugger, further shells.

    Messages are not signed: a key in here would be known to the student's code.

    Args:
        descriptors: a listening socket per channel of the Jupyter protocol.
    """
    sockets = _listen(descriptors)
    session = BriefSession(key=b"")
    output = IOPubThread(sockets["iopub"], session=session)
    output.start()
    control = ControlThread(daemon=True)
    control.start()
    sys.argv = ["ipykernel_launcher.py"]
    sys.stdout = CalmStream(session, output, "stdout")
    sys.stderr = CalmStream(session, output, "stderr")
    kernel = JailedKernel.instance(
        session=session,
        shell_stream=ZMQStream(sockets["shell"]),
        control_stream=ZMQStream(sockets["control"], control.io_loop),
        control_thread=control,
        stdin_socket=sockets["stdin"],
        iopub_thread=output,
        iopub_socket=output.background_socket,
        log=_log(),
    )
    kernel.aftermath = Aftermath()
    shell = JailedShell.instance()
    shell.kernel = shell.parent = kernel
    _answer_for_the_reader(shell)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # except while a request is answered
    kernel.start()
    _serve(IOLoop.current())


def _log() -> logging.Logger:
    """Return where the kernel tells what goes wrong in it, whatever level the notebook sets."""
    log = logging.getLogger("kernel")
    log.setLevel(logging.WARNING)
    return log


def _answer_for_the_reader(shell: JailedShell) -> None:
    """Have the shell answer whatever asks a person."""
    builtins.input = shell.ask
    getpass.getpass = shell.ask
    sys.breakpointhook = pdb.set_trace = shell.pass_by


def _serve(loop: IOLoop) -> None:
    """Run ``loop`` until it is stopped; ``sys.exit()`` in a task ends that task alone."""
    while True:
        try:
            return loop.start()
        except (SystemExit, KeyboardInterrupt):
            continue


def _listen(descriptors: dict[str, int]) -> dict[str, zmq.Socket[bytes]]:
    """Return a socket per channel, on a listening socket that was opened outside the jail."""
    kinds = {"shell": zmq.ROUTER, "control": zmq.ROUTER, "stdin": zmq.ROUTER, "iopub": zmq.XPUB}
    context = zmq.Context()
    sockets = {channel: context.socket(kind) for channel, kind in kinds.items()}
    for channel, descriptor in descriptors.items():  # nobody is asked for input: none for stdin
        sockets[channel].setsockopt(zmq.USE_FD, descriptor)
        sockets[channel].bind(f"ipc:///{channel}")
    return sockets

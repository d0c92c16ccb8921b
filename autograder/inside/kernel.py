"""The kernel that runs in the jail: an IPython kernel that also answers ``call_request``.

A request is a list of parts: call, fetch or assign what a name of the notebook leads to, with
encoded arguments. The reply carries for each the encoded value, or the exception as text; a value
can also be kept here under a number, for later calls. No notebook code takes part in the exchange,
so input transformers and patched displays do not change it.
"""

from __future__ import annotations

import linecache
import traceback
from typing import Any

import zmq
from arguments import ArgumentDecoder
from ipykernel.iostream import OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from protocol import ProtocolError, encode


class JailedKernel(IPythonKernel):
    """An IPython kernel with one more message: call a function, get its value as plain data."""

    msg_types = [*IPythonKernel.msg_types, "call_request"]

    kept: dict[int, Any] = {}

    async def call_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Do what one request asks, in order, and reply with a result for each of its parts."""
        incoming = [bytes(buffer) for buffer in parent.get("buffers", [])]
        buffers: list[bytes] = []
        read = ArgumentDecoder(incoming, self._find).read
        results: list[dict[str, Any]] = []
        for part in parent["content"]["calls"]:
            results.append(self._any_result(part, read, buffers))
            if "KeyboardInterrupt" in results[-1].get("error", {}).get("kinds", ()):
                break  # the trusted side has stopped waiting
        session: Any = self.session
        reply = {"results": results}
        session.send(stream, "call_reply", reply, parent, ident=ident, buffers=buffers)

    def _any_result(self, part: dict[str, Any], read: Any, outgoing: list[bytes]) -> dict[str, Any]:
        """Return a result even where a hostile value or exception resists being read."""
        try:
            return self._result(part, read, outgoing)
        except BaseException:
            return {"unfit": "what it returned or raised cannot be read"}

    def _result(self, part: dict[str, Any], read: Any, outgoing: list[bytes]) -> dict[str, Any]:
        """Do one part: call, fetch or assign; the value crosses or is kept under a number."""
        try:
            value = self._do(part, read)
        except Missing as missing:
            return {"missing": str(missing)}
        except BaseException as error:
            return {"error": describe(error)}
        if "keep" in part:
            self.kept[part["keep"]] = value
            value = None
        try:
            return {"value": encode(value, outgoing)}
        except ProtocolError as error:
            return {"unfit": str(error)}

    def _do(self, part: dict[str, Any], read: Any) -> Any:
        *path, last = part["path"]
        if part["action"] == "assign":
            return setattr(self._find(path), last, read(part["value"]))
        target = self._find(part["path"])
        if part["action"] == "fetch":
            return target
        return target(*read(part["args"]), **read(part["kwargs"]))

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


class CalmStream(OutStream):
    """A standard stream that has nothing to flush where nothing was written.

    ipykernel flushes both streams after each message, which takes half of the time of a call.
    """

    written = False

    def write(self, string: str) -> int | None:  # type: ignore[override]
        """Send ``string`` to the grader, soon."""
        self.written = True
        return super().write(string)

    def flush(self) -> None:
        """Send what was written since the last time."""
        if self.written:
            self.written = False
            super().flush()


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


class JailedKernelApp(IPKernelApp):
    """Runs the kernel on listening sockets that were opened outside the jail."""

    descriptors: dict[int, int] = {}
    outstream_class = f"{__name__}.CalmStream"

    def init_connection_file(self) -> None:
        """Have no connection file: the settings came over the server's socket."""

    def write_connection_file(self, **kwargs: Any) -> None:
        """Have no connection file: nobody else may connect."""

    def init_heartbeat(self) -> None:
        """Have no heartbeat: the trusted side watches the process itself."""

    def _try_bind_socket(self, s: zmq.Socket[bytes], port: int) -> int:
        s.setsockopt(zmq.USE_FD, self.descriptors[port])
        s.bind(f"ipc:///socket-{port}")
        return port


def run(key: str, ports: dict[str, int], descriptors: list[int]) -> None:
    """Serve the connection until the process is ended from outside.

    Args:
        key: signs the messages.
        ports: a number per channel of the Jupyter protocol.
        descriptors: a listening socket per port, in the order of ``ports``.
    """
    app = JailedKernelApp.instance(kernel_class=JailedKernel, transport="ipc")
    app.descriptors = dict(zip(ports.values(), descriptors, strict=True))
    app.session.key = key.encode()
    for channel, port in ports.items():
        setattr(app, f"{channel}_port", port)
    app.initialize(["--HistoryManager.enabled=False", "--IPKernelApp.log_level=CRITICAL"])
    app.start()

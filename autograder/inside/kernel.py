"""The kernel that runs in the jail: an IPython kernel that also answers ``call_request``.

A call names a function of the notebook and carries encoded arguments; the reply carries the
encoded value, or the exception as text. No notebook code takes part in the exchange, so input
transformers and patched displays do not change it.
"""

from __future__ import annotations

import linecache
import traceback
from typing import Any

import zmq
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from protocol import ProtocolError, decode, encode


class JailedKernel(IPythonKernel):
    """An IPython kernel with one more message: call a function, get its value as plain data."""

    msg_types = [*IPythonKernel.msg_types, "call_request"]

    async def call_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Run the calls of one request, in order, and reply with a result for each."""
        incoming = [bytes(buffer) for buffer in parent.get("buffers", [])]
        buffers: list[bytes] = []
        results = [self._call(call, incoming, buffers) for call in parent["content"]["calls"]]
        session: Any = self.session
        reply = {"results": results}
        session.send(stream, "call_reply", reply, parent, ident=ident, buffers=buffers)

    def _call(
        self, call: dict[str, Any], incoming: list[bytes], outgoing: list[bytes]
    ) -> dict[str, Any]:
        name = call["function"]
        names: dict[str, Any] = self.shell.user_ns  # type: ignore[union-attr]
        if name not in names:
            return {"missing": name}
        try:
            args = decode(call["args"], incoming)
            kwargs = decode(call["kwargs"], incoming)
            value = names[name](*args, **kwargs)
        except BaseException as error:
            return {"error": describe(error)}
        try:
            return {"value": encode(value, outgoing)}
        except ProtocolError as error:
            return {"unfit": str(error)}


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

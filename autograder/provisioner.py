"""A `jupyter_client` kernel provisioner that starts the kernel in the jail."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Unicode

from autograder.forkserver import ForkServer, fork_server

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


class JailProvisioner(KernelProvisionerBase):
    """Starts a kernel in the jail of a fork server; its sockets are opened outside."""

    flavour = Unicode("numpy", help="which packages the kernel may import")

    server: ForkServer | None = None
    number: int | None = None
    folder: Path | None = None

    @property
    def has_process(self) -> bool:
        """Tell whether a kernel was started and not yet waited for."""
        return self.number is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the socket folder and tell the manager where its clients connect."""
        self.folder = Path(mkdtemp(prefix="convbook-"))
        manager: Any = self.parent
        manager.transport, manager.ip = "ipc", str(self.folder / "socket")
        for port, channel in enumerate(CHANNELS, start=1):
            setattr(manager, f"{channel}_port", port)
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=["fork"], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Have the fork server start a kernel on sockets that are opened here."""
        manager: Any = self.parent
        listeners = [self._listen(port) for port in range(1, len(CHANNELS) + 1)]
        ports = {channel: port for port, channel in enumerate(CHANNELS, start=1)}
        self.server = fork_server(self.flavour)
        self.number = self.server.start(manager.session.key.decode(), ports, listeners)
        for listener in listeners:
            listener.close()
        return self.connection_info

    def _listen(self, port: int) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(f"{self.folder}/socket-{port}")
        listener.listen()
        return listener

    async def poll(self) -> int | None:
        """Return None while the kernel lives, else its exit status."""
        if self.server is None or self.number is None:
            return 0
        return self.server.status(self.number)

    async def wait(self) -> int | None:
        """Wait until the kernel has ended and return its exit status."""
        while (status := await self.poll()) is None:
            await asyncio.sleep(0.005)
        self.number = None
        return status

    async def send_signal(self, signum: int) -> None:
        """Know only one signal, the end; interrupts travel as messages."""
        if signum == signal.SIGKILL:
            await self.kill()

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and everything it started at once."""
        if self.server and self.number is not None:
            self.server.kill(self.number)

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel; a student's code gets no say in it."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the socket folder."""
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None


class JailKernelSpecs(KernelSpecManager):
    """Answers every kernel name with the jailed kernel of one flavour."""

    flavour = Unicode("numpy")

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the jailed kernel, whatever name a notebook asks for."""
        provisioner = {"provisioner_name": "convbook-jail", "config": {"flavour": self.flavour}}
        return KernelSpec(
            argv=["jail"],
            display_name="Python in a jail",
            language="python",
            interrupt_mode="message",
            metadata={"kernel_provisioner": provisioner},
        )

"""A `jupyter_client` kernel provisioner that starts the kernel in the jail."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Unicode

from autograder import jail
from autograder.libraries import library_folder

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


class JailProvisioner(KernelProvisionerBase):
    """Starts one kernel in one jail; the sockets are opened outside and handed in."""

    flavour = Unicode("numpy", help="which packages the kernel may import")

    process: subprocess.Popen[bytes] | None = None
    folder: Path | None = None

    @property
    def has_process(self) -> bool:
        """Tell whether a kernel was started and not yet waited for."""
        return self.process is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the socket folder and tell the manager where its clients connect."""
        self.folder = Path(mkdtemp(prefix="convbook-"))
        manager: Any = self.parent
        manager.transport, manager.ip = "ipc", str(self.folder / "socket")
        for port, channel in enumerate(CHANNELS, start=1):
            setattr(manager, f"{channel}_port", port)
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=jail.command(library_folder(self.flavour)), **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the jail and hand it the sockets, the key and the limits."""
        listeners = {port: self._listen(port) for port in range(1, len(CHANNELS) + 1)}
        descriptors = {str(port): listener.fileno() for port, listener in listeners.items()}
        self.process = subprocess.Popen(
            cmd,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=tuple(descriptors.values()),
            env={},
        )
        ports = {channel: port for port, channel in enumerate(CHANNELS, start=1)}
        manager: Any = self.parent
        key = manager.session.key.decode()
        connection = {"key": key, "ports": ports, "descriptors": descriptors}
        settings = {"connection": connection, "limits": jail.LIMITS.resources()}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(settings).encode())
        self.process.stdin.close()
        for listener in listeners.values():
            listener.close()
        return self.connection_info

    def _listen(self, port: int) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(f"{self.folder}/socket-{port}")
        listener.listen()
        listener.set_inheritable(True)
        return listener

    async def poll(self) -> int | None:
        """Return None while the kernel lives, else its exit status."""
        return self.process.poll() if self.process else 0

    async def wait(self) -> int | None:
        """Wait until the kernel has ended and return its exit status."""
        while self.process and self.process.poll() is None:
            await asyncio.sleep(0.02)
        status = self.process.returncode if self.process else 0
        self.process = None
        return status

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the jail as a whole; interrupts travel as messages instead."""
        if self.process and signum:
            self.process.send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """End the jail and everything in it at once."""
        if self.process:
            self.process.kill()

    async def terminate(self, restart: bool = False) -> None:
        """End the jail; a student's code gets no say in it."""
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

"""A real PostgreSQL server of a test's own, on 127.0.0.1 and a free port."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
from pathlib import Path
from types import TracebackType

import pytest

from tests.serving import need

ORDINARY = "nobody"  # PostgreSQL refuses to run as root


class Server:
    """Starts in a fresh folder; use it as a context manager."""

    def __init__(self, folder: Path):
        self.folder = folder / "data"
        self.programs = _programs()
        self.user = ORDINARY if os.getuid() == 0 else getpass.getuser()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        if os.getuid() == 0:
            folder.chmod(0o755)
            shutil.chown(folder, ORDINARY)

    @property
    def url(self) -> str:
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/postgres"

    def __enter__(self) -> Server:
        self._run("initdb", "-D", str(self.folder), "--auth=trust", "-U", self.user)
        self._control("start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._control("stop")

    def restart(self) -> None:
        """Drop every connection and come back."""
        self._control("restart")

    def _control(self, action: str) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        log = str(self.folder / "log")
        words = ["pg_ctl", action, "-D", str(self.folder), "-m", "immediate", "-w", "-l", log]
        self._run(*[w for w in words if not (action == "start" and w in ("-m", "immediate"))],
                  "-o", options)  # fmt: skip

    def _run(self, program: str, *words: str) -> None:
        as_user = ["runuser", "-u", ORDINARY, "--"] if os.getuid() == 0 else []
        subprocess.run(
            [*as_user, str(self.programs / program), *words],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder.parent,
        )


def _programs() -> Path:
    """Return the folder of the newest installed server's programs, which Debian keeps off PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not found:
        need("pg_ctl", "postgresql")
        pytest.fail("pg_ctl is on PATH but not where Debian keeps it")
    return found[-1].parent

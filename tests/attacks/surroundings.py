"""What lies around the jail for the taking: files with unguessable contents, listening sockets."""

from __future__ import annotations

import ctypes
import os
import platform
import secrets
import socket
import sqlite3
from functools import cache
from pathlib import Path

SECRET_VARIABLE = "CONVBOOK_SECRET"
ADD_KEY, KEYCTL = {"aarch64": (217, 219)}.get(platform.machine(), (248, 250))
JOIN_NEW, SESSION_KEYRING = 1, -3


class Surroundings:
    """Canaries in ``folder``, which anybody may read and write; close it in the end.

    ``names`` holds what an attack's code may ask for: where each canary is.
    """

    def __init__(self, folder: Path):
        """Write the canaries and start to listen."""
        self.folder = folder
        self.words = {name: secrets.token_hex(16) for name in ("secret", "grades", "checks")}
        self.words["other"] = secrets.token_hex(16)
        self.words["inherited"] = inherited_secret()
        self.files = {
            "SECRET": self._text("secret.txt", self.words["secret"]),
            "CHECKS": self._text("assignments/checks.py", f"answer = {self.words['checks']!r}\n"),
            "OTHER": self._text("submitted/other/work.ipynb", f'{{"x": "{self.words["other"]}"}}'),
            "GRADEBOOK": self._gradebook(),
        }
        self._before = {name: path.read_bytes() for name, path in self.files.items()}
        self._sockets = self._listen()
        self.names = {name: str(path) for name, path in self.files.items()} | {
            "FOLDER": str(folder),
            "PORT": str(self._sockets["TCP"].getsockname()[1]),
            "ABSTRACT": self._sockets["ABSTRACT"].getsockname()[1:].decode(),
            "SOCKET": str(folder / "socket"),
        }

    def close(self) -> None:
        """Stop listening."""
        for listener in self._sockets.values():
            listener.close()

    def leaked(self, text: str) -> list[str]:
        """Return which canaries can be read in ``text``."""
        return [name for name, word in self.words.items() if word in text]

    def touched(self) -> list[str]:
        """Return what was changed, or connected to, since the last look."""
        changed = [
            name
            for name, path in self.files.items()
            if not path.is_file() or path.read_bytes() != self._before[name]
        ]
        extra = {str(path) for path in self.folder.rglob("planted*")}
        return changed + sorted(extra) + [n for n, s in self._sockets.items() if _connected(s)]

    def _text(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return self._open_to_all(path)

    def _gradebook(self) -> Path:
        path = self.folder / "gradebook.db"
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE grade (student TEXT, score REAL)")
            database.execute("INSERT INTO grade VALUES (?, 0)", (self.words["grades"],))
        database.close()
        return self._open_to_all(path)

    def _open_to_all(self, path: Path) -> Path:
        """Let nothing but the jail protect the file."""
        path.chmod(0o666)
        for parent in (path.parent, self.folder):
            parent.chmod(0o777)
        return path

    def _listen(self) -> dict[str, socket.socket]:
        tcp, abstract, path = (
            socket.socket(family) for family in (socket.AF_INET, socket.AF_UNIX, socket.AF_UNIX)
        )
        tcp.bind(("127.0.0.1", 0))
        abstract.bind(f"\0convbook-{secrets.token_hex(8)}")
        path.bind(str(self.folder / "socket"))
        self._open_to_all(self.folder / "socket")
        listeners = {"TCP": tcp, "ABSTRACT": abstract, "SOCKET": path}
        for listener in listeners.values():
            listener.listen()
            listener.setblocking(False)
        return listeners


@cache  # a kernel server keeps what it was started with: one secret a process
def inherited_secret() -> str:
    """Put a secret where child processes get it from: the environment and the session keyring."""
    word = secrets.token_hex(16)
    os.environ[SECRET_VARIABLE] = word
    libc = ctypes.CDLL(None)
    if libc.syscall(KEYCTL, JOIN_NEW, None) > 0:
        libc.syscall(ADD_KEY, b"user", b"convbook", word.encode(), len(word), SESSION_KEYRING)
    return word


def _connected(listener: socket.socket) -> bool:
    try:
        connection, _ = listener.accept()
    except BlockingIOError:
        return False
    connection.close()
    return True

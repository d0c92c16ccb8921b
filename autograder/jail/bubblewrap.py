"""The jail: the bubblewrap command that a student's kernel runs under.

Inside there are a read-only system, the interpreter, one library folder, copies of a few files of
ours and a small scratch folder; no network, no other process, no environment, nothing of the
course but what shows the visible tests, nor the way to it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from autograder.jail.callfilter import filter_program

INSIDE = Path(__file__).parent / "inside"
DEVICES = ("null", "zero", "random", "urandom")
HOME = "/home/student"
UID = "65534"
INSTALL = "apt-get install bubblewrap"
MEBIBYTE = 2**20
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}


class JailUnavailable(RuntimeError):
    """Student code cannot be locked in on this machine, so it is not run at all."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use; enforced by the system, not by asking."""

    memory: int = 4096 * MEBIBYTE  # address space of a process, bytes
    scratch: int = 64 * MEBIBYTE  # size of each writable folder, bytes
    file_size: int = 32 * MEBIBYTE  # one file, bytes
    processes: int = 128  # processes and threads together
    open_files: int = 256  # descriptors; the system counts what they watch by user
    waiting_signals: int = 256  # and timers, which it counts by user too
    cpu_seconds: int = 300  # of one kernel

    def folders(self) -> dict[str, int]:
        """Return the folders that each kernel gets for itself, with their sizes; 0 is empty."""
        return {"/proc": 0, "/dev/shm": self.scratch, "/tmp": self.scratch, HOME: self.scratch}

    def resources(self) -> dict[str, int]:
        """Return the limits as names of ``setrlimit`` without their prefix."""
        return {
            "AS": self.memory,
            "FSIZE": self.file_size,
            "NPROC": self.processes,
            "NOFILE": self.open_files,
            "SIGPENDING": self.waiting_signals,
            "CPU": self.cpu_seconds,
            "CORE": 0,
        }


LIMITS = Limits()
NO_FILES: Mapping[str, int] = MappingProxyType({})


def inside_files() -> AbstractContextManager[dict[str, int]]:
    """Return a context of open descriptors of the files of ours that the jail has copies of."""
    contents = {path.name: path.read_bytes() for path in sorted(INSIDE.glob("[!_]*.py"))}
    return in_memory(contents | {"filter": filter_program()})


@contextmanager
def in_memory(contents: Mapping[str, bytes]) -> Iterator[dict[str, int]]:
    """Yield an open descriptor for each of ``contents``, by its name; they are on no disk."""
    with ExitStack() as opened:
        files = {}
        for name, content in contents.items():
            file = opened.enter_context(open(os.memfd_create(name), "r+b"))
            file.write(content)
            file.seek(0)  # writes what is buffered, too
            files[name] = file.fileno()
        yield files


def command(
    libraries: Path, files: Mapping[str, int] = NO_FILES, limits: Limits = LIMITS
) -> list[str]:
    """Return the command line of the jail, up to the arguments of its first program.

    That program may mount and enter namespaces of the jail's own, nothing else; the kernels
    that it forks may not even do that.

    Args:
        libraries: the library folder, from `autograder.jail.libraries.library_folder`.
        files: the descriptors that the program must inherit, from `inside_files`.
        limits: the folders that kernels cover are made here.

    Raises:
        JailUnavailable: bubblewrap is not installed.
    """
    return [
        *[_bwrap(), "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"],
        *["--new-session", "--clearenv", "--hostname", "jail", "--uid", UID, "--gid", UID],
        *["--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SETPCAP"],
        *_system(),
        *["--proc", "/proc", "--tmpfs", "/dev"],
        *[part for name in DEVICES for part in ("--dev-bind", f"/dev/{name}", f"/dev/{name}")],
        *["--dir", HOME, "--dir", "/dev/shm", "--size", str(limits.scratch), "--tmpfs", "/tmp"],
        *["--ro-bind", str(libraries), "/libraries"],
        *[part for name, number in files.items() for part in _copy(number, f"/inside/{name}")],
        *["--remount-ro", "/dev", "--remount-ro", "/"],  # what bubblewrap made, it left writable
        *[part for pair in _environment().items() for part in ("--setenv", *pair)],
        *["--chdir", "/", "--", os.path.realpath(sys.executable), "-I", "/inside/start.py"],
    ]


def _copy(descriptor: int, path: str) -> list[str]:
    return ["--perms", "0444", "--file", str(descriptor), path]


def _environment() -> dict[str, str]:
    return ONE_THREAD | {
        "HOME": HOME,
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "IPYTHONDIR": "/tmp/ipython",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_MMAP_THRESHOLD_": str(32 * MEBIBYTE),  # freed memory is used again, not returned
        "MALLOC_TRIM_THRESHOLD_": str(32 * MEBIBYTE),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def _system() -> list[str]:
    """Bind what the interpreter needs of the system, with every package folder covered up."""
    base = Path(sys.base_prefix)
    folders = [Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/share/zoneinfo")]
    python = Path(os.path.realpath(sys.executable))
    bound = [*folders, base / "lib", python]
    masks = {
        Path("/usr/lib/python3/dist-packages"),
        Path(sysconfig.get_path("stdlib", vars={"installed_base": str(base)})) / "site-packages",
    }
    parts = [
        part for path in bound if path.exists() for part in ("--ro-bind", str(path), str(path))
    ]
    for link in ("lib", "lib64", "bin"):
        parts += ["--symlink", f"usr/{link}", f"/{link}"]
    parts += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    for mask in sorted(masks):
        if mask.is_dir():
            parts += ["--tmpfs", str(mask), "--remount-ro", str(mask)]
    return parts


@cache
def _bwrap() -> str:
    path = shutil.which("bwrap")
    if path is None:
        raise JailUnavailable(
            "bubblewrap is not installed, and student code is never run without a jail: "
            f"install it with\n    {INSTALL}"
        )
    return path


@cache
def require_jail() -> None:
    """Build an empty jail once, to learn before the first submission whether it can be had.

    Raises:
        JailUnavailable: bubblewrap is missing or the system refuses it; the message says what
            to do.
    """
    trial = [_bwrap(), "--unshare-all", "--unshare-user", "--disable-userns"]
    trial += ["--ro-bind", "/", "/", "--proc", "/proc", "true"]
    done = subprocess.run(trial, capture_output=True, text=True, check=False)
    if done.returncode:
        raise JailUnavailable(
            f"bubblewrap cannot build a jail here: {done.stderr.strip()}\n"
            "It needs unprivileged user namespaces: ask the administrator to set\n"
            "    sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000\n"
            "and, on Ubuntu, kernel.apparmor_restrict_unprivileged_userns=0"
        )

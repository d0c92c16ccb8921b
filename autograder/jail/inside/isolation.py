"""What the server and its kernels do to lock themselves in, by the system's own calls."""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from collections.abc import Mapping

# From linux/sched.h, linux/mount.h, linux/prctl.h, linux/capability.h and linux/seccomp.h.
NEW_MOUNT, NEW_IPC, NEW_PID, NEW_NET = 0x00020000, 0x08000000, 0x20000000, 0x40000000
READ_ONLY, NO_SETUID, NO_DEVICES, NO_PROGRAMS = 0x1, 0x2, 0x4, 0x8
RECURSIVE, PRIVATE = 0x4000, 0x40000
SET_MOUNTS, HERE, WHOLE_TREE = 442, -100, 0x8000  # mount_setattr, which libc may lack
SET_DUMPABLE, SET_FILTER, DROP_BOUND, NO_NEW_POWER, AMBIENT = 4, 22, 24, 38, 47
CLEAR_ALL, FILTER = 4, 2
CAPABILITIES, CAPABILITY_VERSION_3 = 64, 0x20080522
INSTRUCTION_BYTES = 8

libc = ctypes.CDLL(None, use_errno=True)


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Sets(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def become_first_process() -> None:
    """Go on as the first process of a namespace of processes; who called waits for its end.

    That namespace belongs to us, as the jail's own does not: so we may return to it.
    """
    _require(libc.unshare(NEW_PID), "namespace of processes")
    pid = os.fork()
    if pid:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xFF)


def fork_first_process() -> int:
    """Fork the first process of a new namespace of processes; return its number, and 0 to it."""
    ours = os.open("/proc/self/ns/pid", os.O_RDONLY)
    _require(libc.unshare(NEW_PID), "namespace of processes")
    pid = os.fork()
    if pid:
        _require(libc.setns(ours, NEW_PID), "return to our processes")
    os.close(ours)
    return pid


def make_read_only() -> None:
    """Let nothing that this process sees be changed, devices and their times and rights included.

    What is written to a device still arrives there.
    """
    _require(libc.unshare(NEW_MOUNT), "new mounts")
    _require(libc.mount(None, b"/", None, RECURSIVE | PRIVATE, None), "private mounts")
    change = struct.pack("QQQQ", READ_ONLY, 0, 0, 0)
    done = libc.syscall(SET_MOUNTS, HERE, b"/", WHOLE_TREE, change, len(change))
    _require(done, "read-only mounts")


def enter_namespaces() -> None:
    """Leave the shared mounts, messages and network."""
    _require(libc.unshare(NEW_MOUNT | NEW_IPC | NEW_NET), "new namespaces")


def cover_folders(sizes: Mapping[str, int]) -> None:
    """Lay an empty folder over each path of ``sizes``, of so many bytes; 0 is read-only.

    ``/proc`` is covered, too: it would show the processes of the server.
    """
    for path, size in sizes.items():
        flags = NO_SETUID | NO_DEVICES | (0 if size else READ_ONLY | NO_PROGRAMS)
        options = f"size={size or 4096},mode=0700".encode()
        _require(libc.mount(b"tmpfs", path.encode(), b"tmpfs", flags, options), f"cover {path}")


def give_up_power(limits: Mapping[str, int]) -> None:
    """Set the hard limits, by their names in `resource`, and drop every capability for good."""
    for name, value in limits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(number)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))
    for capability in range(CAPABILITIES):
        libc.prctl(DROP_BOUND, capability, 0, 0, 0)  # unknown ones are refused, and not there
    _require(libc.prctl(AMBIENT, CLEAR_ALL, 0, 0, 0), "clear ambient capabilities")
    header = _Header(CAPABILITY_VERSION_3, 0)
    _require(libc.capset(ctypes.byref(header), ctypes.byref((_Sets * 2)())), "drop capabilities")
    _require(libc.prctl(SET_DUMPABLE, 0, 0, 0, 0), "no image in the machine's crash reports")
    _require(libc.prctl(NO_NEW_POWER, 1, 0, 0, 0), "no new privileges")


def refuse_calls(program: bytes) -> None:
    """Set a filter of system calls for good; new privileges must have been ruled out."""
    code = ctypes.create_string_buffer(program)
    count = len(program) // INSTRUCTION_BYTES
    described = struct.pack("HxxxxxxP", count, ctypes.addressof(code))
    _require(libc.prctl(SET_FILTER, FILTER, ctypes.c_char_p(described)), "filter of system calls")


def _require(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")

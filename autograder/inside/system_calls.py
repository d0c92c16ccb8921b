"""What student code may not ask of the system: a filter for this process and all its threads.

Threads may be started but no further process, so one limit on memory is the limit of the
submission; and no call is left that reaches out of the jail: tracing, key rings, namespaces,
mounts, sockets of a family that does not belong to the network namespace.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

# From linux/seccomp.h, linux/bpf_common.h, linux/audit.h and the tables of system calls.
SET_FILTER, FILTER = 22, 2
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
CLONE_THREAD = 0x10000
X32 = 0x40000000  # a second table of the same calls
FAMILIES = (1, 2, 10, 16)  # unix, inet, inet6, netlink (names of interfaces)
# Architecture; clone, clone3, socket; fork and vfork; then ptrace, process_vm_readv and _writev,
# add_key, request_key, keyctl, unshare, setns, mount, bpf, userfaultfd, perf_event_open,
# io_uring_setup, pidfd_getfd.
MACHINES = {
    "x86_64": (
        *(0xC000003E, (56, 435, 41), (57, 58)),
        (101, 310, 311, 248, 249, 250, 272, 308, 165, 321, 323, 298, 425, 438),
    ),
    "aarch64": (
        *(0xC00000B7, (220, 435, 198), ()),
        (117, 270, 271, 217, 218, 219, 97, 268, 40, 280, 282, 241, 425, 438),
    ),
}


def refuse_calls() -> None:
    """Set the filter for good; needs that new privileges are ruled out already.

    Raises:
        OSError: the machine's table of calls is not known here, or the system refuses.
    """
    rules = _rules(platform.machine())
    code = ctypes.create_string_buffer(b"".join(rules))
    program = struct.pack("HxxxxxxP", len(rules), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(SET_FILTER, FILTER, ctypes.c_char_p(program)):
        number = ctypes.get_errno()
        raise OSError(number, f"filter of system calls: {os.strerror(number)}")


def _rules(machine: str) -> list[bytes]:
    if machine not in MACHINES:
        known = ", ".join(MACHINES)
        raise OSError(errno.ENOSYS, f"machine (={machine!r}) must be one of {known}")
    audit, (clone, clone3, socket), forks, closed = MACHINES[machine]
    rules = [_rule(LOAD, ARCHITECTURE), _rule(EQUAL, audit, 1, 0), _refuse(errno.EPERM)]
    rules += [_rule(LOAD, NUMBER), _rule(AT_LEAST, X32, 0, 1), _refuse(errno.EPERM)]
    for call in closed:
        rules += [_rule(EQUAL, call, 0, 1), _refuse(errno.EPERM)]
    for call in forks:
        rules += [_rule(EQUAL, call, 0, 1), _refuse(errno.EAGAIN)]
    rules += [_rule(EQUAL, clone3, 0, 1), _refuse(errno.ENOSYS)]  # libc then uses clone
    rules += [_rule(EQUAL, clone, 0, 4), _rule(LOAD, FIRST_ARGUMENT)]
    rules += [_rule(ANY_BIT, CLONE_THREAD, 1, 0), _refuse(errno.EAGAIN), _rule(RETURN, ALLOW)]
    rules += [_rule(EQUAL, socket, 0, 2 + len(FAMILIES)), _rule(LOAD, FIRST_ARGUMENT)]
    rules += [_rule(EQUAL, family, len(FAMILIES) - i, 0) for i, family in enumerate(FAMILIES)]
    return [*rules, _refuse(errno.EAFNOSUPPORT), _rule(RETURN, ALLOW)]


def _rule(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    """Return one instruction; ``yes`` and ``no`` say how many to skip."""
    return struct.pack("HBBI", code, yes, no, value)


def _refuse(number: int) -> bytes:
    return _rule(RETURN, REFUSE | number)

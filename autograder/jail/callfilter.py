"""What student code may ask of the system: a filter for its process and all its threads.

A notebook computes, reads and writes files of its own, and waits. The calls for that are listed
here by name; every other call is refused, and so is any that a later system will bring. Threads
may be started but no further process, so one limit on memory is the limit of the submission.
A lock or lease on a file would be seen by all who have that file, so none can be taken.
"""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import platform
import socket
import struct
import termios
from collections.abc import Iterable

from system_calls import NotSupportedSystemCall, syscalls

ALLOWED = {
    "files": """
        open openat openat2 creat close close_range dup dup2 dup3 read readv pread64 preadv write
        writev pwrite64 pwritev lseek sendfile copy_file_range truncate ftruncate fallocate fsync
        fdatasync umask stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2
        getcwd chdir fchdir getdents getdents64 mkdir mkdirat rmdir unlink unlinkat rename renameat
        renameat2 link linkat symlink symlinkat readlink readlinkat chmod fchmod fchmodat fchmodat2
        chown fchown lchown fchownat utime utimes futimesat utimensat getxattr lgetxattr fgetxattr
        listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr removexattr lremovexattr
        fremovexattr
    """,
    "memory": """
        brk mmap munmap mremap mprotect msync membarrier get_mempolicy
    """,
    "threads": """
        futex set_robust_list get_robust_list set_tid_address rseq arch_prctl sched_yield
        sched_getaffinity sched_setaffinity sched_getparam sched_getscheduler sched_get_priority_max
        sched_get_priority_min getpriority getcpu exit exit_group
    """,
    "signals": """
        kill tkill tgkill rt_sigaction rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigsuspend
        rt_sigreturn rt_sigqueueinfo rt_tgsigqueueinfo sigaltstack restart_syscall pause signalfd
        signalfd4 wait4 waitid
    """,
    "time": """
        time gettimeofday clock_gettime clock_getres clock_nanosleep nanosleep times alarm getitimer
        setitimer timer_create timer_settime timer_gettime timer_getoverrun timer_delete
        timerfd_create timerfd_settime timerfd_gettime
    """,
    "waiting": """
        poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
        epoll_pwait2 eventfd eventfd2 pipe pipe2
    """,
    "sockets": """
        bind connect listen accept accept4 getsockname getpeername getsockopt setsockopt shutdown
        sendto recvfrom recvmsg
    """,
    "itself": """
        getpid getppid gettid getpgid getpgrp getsid setsid setpgid getuid geteuid getgid getegid
        getgroups getresuid getresgid setuid setgid setreuid setregid setresuid setresgid getrlimit
        setrlimit prlimit64 getrusage sysinfo uname getrandom
    """,
}

# From linux/prctl.h, linux/sched.h.
SET_NAME, GET_NAME, NAME_MEMORY = 15, 16, 0x53564D41
THREAD = 0x10000
FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
DESCRIPTOR = (fcntl.F_DUPFD, fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETFD, fcntl.F_SETFD)
STATUS = (fcntl.F_GETFL, fcntl.F_SETFL)
TERMINAL = (termios.TCGETS, termios.TIOCGWINSZ)
DESCRIBED = (termios.FIONREAD, termios.FIONBIO, termios.FIOCLEX, termios.FIONCLEX)
# Advice on memory of its own; other advice drives what all share out of memory.
ADVICE = (
    *(mmap.MADV_NORMAL, mmap.MADV_RANDOM, mmap.MADV_SEQUENTIAL, mmap.MADV_WILLNEED),
    *(mmap.MADV_DONTNEED, mmap.MADV_FREE, mmap.MADV_HUGEPAGE, mmap.MADV_NOHUGEPAGE),
)
# By name: which argument, the values that it may have, and the error where it has another.
LIMITED = {
    "fcntl": (1, (*DESCRIPTOR, *STATUS), errno.EPERM),
    "ioctl": (1, (*TERMINAL, *DESCRIBED), errno.ENOTTY),
    "madvise": (2, ADVICE, errno.EINVAL),
    "prctl": (0, (SET_NAME, GET_NAME, NAME_MEMORY), errno.EPERM),
    "preadv2": (5, (0,), errno.EOPNOTSUPP),  # a flag tells what other programs have read
    "pwritev2": (5, (0,), errno.EOPNOTSUPP),
    "sched_setscheduler": (1, (os.SCHED_OTHER, os.SCHED_BATCH, os.SCHED_IDLE), errno.EPERM),
    "socket": (0, FAMILIES, errno.EAFNOSUPPORT),
    "socketpair": (0, FAMILIES, errno.EAFNOSUPPORT),
}
REFUSED = {
    "fork": errno.EAGAIN,
    "vfork": errno.EAGAIN,
    "flock": errno.ENOLCK,
    "clone3": errno.ENOSYS,  # libc then uses clone
}
FIRST_NEW = 424  # from here on calls have the same number everywhere; libc can do without them

# From linux/seccomp.h, linux/bpf_common.h, linux/audit.h.
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
MACHINES = {"x86_64": ("x86_64", 0xC000003E), "aarch64": ("arm64", 0xC00000B7)}


def filter_program(machine: str = "") -> bytes:
    """Return the filter as the instructions that ``seccomp`` takes; of this machine by default.

    Raises:
        OSError: its table of calls is not known here.
    """
    machine = machine or platform.machine()
    if machine not in MACHINES:
        known = ", ".join(MACHINES)
        raise OSError(errno.ENOSYS, f"machine (={machine!r}) must be one of {known}")
    table, audit = MACHINES[machine]
    rules = [_rule(LOAD, ARCHITECTURE), _rule(EQUAL, audit, 1, 0), _refuse(errno.EPERM)]
    rules += [_rule(LOAD, NUMBER)]
    for name, (argument, values, error) in LIMITED.items():
        rules += _where(name, table, _one_of(argument, values, error))
    rules += _where("clone", table, _thread())
    for name, error in REFUSED.items():
        rules += _where(name, table, [_refuse(error)])
    for name in " ".join(ALLOWED.values()).split():
        rules += _where(name, table, [_rule(RETURN, ALLOW)])
    rules += [_rule(AT_LEAST, FIRST_NEW, 0, 1), _refuse(errno.ENOSYS), _refuse(errno.EPERM)]
    return b"".join(rules)


def _where(name: str, table: str, rules: list[bytes]) -> list[bytes]:
    """Return ``rules``, which must decide, for the call of this name; none where there is none."""
    try:
        number = syscalls().get(name, table)
    except NotSupportedSystemCall:
        return []
    return [_rule(EQUAL, number, 0, len(rules)), *rules]


def _one_of(argument: int, values: Iterable[int], error: int) -> list[bytes]:
    values = [value & 0xFFFFFFFF for value in values]
    tests = [_rule(EQUAL, value, len(values) - i) for i, value in enumerate(values)]
    return [_load(argument), *tests, _refuse(error), _rule(RETURN, ALLOW)]


def _thread() -> list[bytes]:
    kind = _rule(ANY_BIT, THREAD, 1, 0)
    return [_load(0), kind, _refuse(errno.EAGAIN), _rule(RETURN, ALLOW)]


def _load(argument: int) -> bytes:
    """Load the lower half of an argument; none that is looked at has more."""
    return _rule(LOAD, ARGUMENTS + 8 * argument)


def _rule(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    """Return one instruction; ``yes`` and ``no`` say how many to skip."""
    return struct.pack("HBBI", code, yes, no, value)


def _refuse(number: int) -> bytes:
    return _rule(RETURN, REFUSE | number)

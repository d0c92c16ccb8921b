"""What a request leaves running when its code is done: threads, tasks, timers, an asked exit.

In Jupyter a kernel dies some moments after the cell that is to blame, whichever runs by then. Here
the kernel answers when all that the cell set off is over, or after a while; what still runs by
then can no longer end the kernel, only itself. So a cell is to blame for its own end and no other.
"""

from __future__ import annotations

import _thread
import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import thread as pools
from contextvars import ContextVar
from typing import Any, NoReturn

STEP_SECONDS = 0.01

_request: ContextVar[int] = ContextVar("request", default=0)  # tasks and timers inherit it


class Aftermath:
    """Follows one request after the other; there is one of it in a kernel."""

    def __init__(self) -> None:
        """Have the functions that end a process ask here first."""
        self._number = 0
        self._threads: frozenset[threading.Thread] = frozenset()
        self._thread_count = 0
        self._timers: frozenset[asyncio.TimerHandle] = frozenset()
        self._tasks: frozenset[asyncio.Task[Any]] = frozenset()
        os._exit = self._in_time(os._exit)
        os.abort = self._in_time(os.abort)

    def begin(self) -> None:
        """Begin a request; call it in the context of the request."""
        self._note()
        _request.set(self._number)

    def _note(self) -> None:
        """Note what runs: all of it is left over from now on."""
        self._number += 1
        self._threads = frozenset(threading.enumerate())
        self._thread_count = _thread._count()
        self._timers = _timers()
        self._tasks = frozenset(asyncio.all_tasks())

    async def settle(self, seconds: float) -> None:
        """Wait until what the request set off is over, at most ``seconds``."""
        end = time.monotonic() + seconds
        await asyncio.sleep(0)  # what was only called soon has its turn
        while await self._goes_on() and time.monotonic() < end:
            await asyncio.sleep(STEP_SECONDS)
        if signal.getitimer(signal.ITIMER_REAL)[0]:
            signal.setitimer(signal.ITIMER_REAL, 0)
        self._note()

    async def _goes_on(self) -> bool:
        """Tell whether something runs, or did until now and has called for something soon."""
        if not self._runs_on():
            await asyncio.sleep(0)  # a timer that is due is on no list until it has its turn
        return self._runs_on()

    def is_late(self) -> bool:
        """Tell whether the caller is left over from an earlier request."""
        if threading.current_thread() is not threading.main_thread():
            return threading.current_thread() in self._threads
        return _request.get() != self._number

    def _runs_on(self) -> bool:
        pooled = sum(t in pools._threads_queues for t in threading.enumerate() if self._is_new(t))
        return (
            _thread._count() > self._thread_count + pooled  # a pool's threads wait for work
            or bool(_timers() - self._timers)
            or bool(asyncio.all_tasks() - self._tasks)
            or signal.getitimer(signal.ITIMER_REAL)[0] > 0
        )

    def _is_new(self, thread: threading.Thread) -> bool:
        return thread not in self._threads

    def _in_time(self, end: Callable[..., NoReturn]) -> Callable[..., NoReturn]:
        """Return ``end``, which ends the process, for those who still may."""

        def end_in_time(*args: Any) -> NoReturn:
            if not self.is_late():
                end(*args)
            if threading.current_thread() is threading.main_thread():
                raise RuntimeError("the cell that set this off is over: it cannot end the kernel")
            sys.exit()  # which ends just this thread

        return end_in_time


def _timers() -> frozenset[asyncio.TimerHandle]:
    """Return what the event loop will call later; only the loop itself keeps a list."""
    scheduled = getattr(asyncio.get_running_loop(), "_scheduled", [])
    return frozenset(timer for timer in scheduled if not timer.cancelled())

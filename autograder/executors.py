"""Where submissions are graded: in this process, in worker processes, on a Dask cluster.

Each takes tasks and yields outcomes in the order in which they finish. A worker gets bytes and
returns plain data; it sees no database and no shared disk. A worker that is lost costs a retry.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any

from autograder.assignment import Assignment
from autograder.grading import GraderFault, grade
from autograder.report import Report
from autograder.workers import CONTEXT, start_server

CONNECT_SECONDS = 20
ATTEMPTS = 3  # a fault of ours is tried again before it is reported as ours
QUEUED_PER_WORKER = 2  # keeps workers busy and memory flat


@dataclass(frozen=True)
class Task:
    """One submission to grade."""

    student: str
    data: bytes
    seed: int


@dataclass(frozen=True)
class Outcome:
    """What came of a task: a report, or a fault of ours in words."""

    task: Task
    report: Report | None
    fault: str = ""


Executor = Callable[[Assignment, Iterable[Task]], Iterator[Outcome]]


def perform(assignment: Assignment, task: Task) -> Outcome:
    """Grade one task; the only code that runs on a worker."""
    fault = ""
    for _ in range(ATTEMPTS):
        try:
            return Outcome(task, grade(assignment, task.data, task.seed))
        except GraderFault as error:
            fault = str(error)
    return Outcome(task, None, fault)


def here(assignment: Assignment, tasks: Iterable[Task]) -> Iterator[Outcome]:
    """Grade one after another in this process."""
    return (perform(assignment, task) for task in tasks)


def processes(workers: int) -> Executor:
    """Return an executor with so many worker processes on this machine."""
    start_server()

    def run(assignment: Assignment, tasks: Iterable[Task]) -> Iterator[Outcome]:
        waiting, lost = iter(tasks), list[Task]()
        for attempt in range(ATTEMPTS):
            last = attempt == ATTEMPTS - 1
            yield from _one_pool(workers, assignment, waiting, lost, last)
            if not lost:
                return
            waiting, lost = _chain(lost, waiting), list[Task]()

    return run


def _chain(first: list[Task], rest: Iterator[Task]) -> Iterator[Task]:
    yield from first
    yield from rest


def _one_pool(
    workers: int, assignment: Assignment, tasks: Iterator[Task], lost: list[Task], last: bool
) -> Iterator[Outcome]:
    """Run ``tasks`` until they are done or a worker dies; ``lost`` takes what was running."""
    pool = ProcessPoolExecutor(workers, CONTEXT, initializer=_become_worker)
    running: dict[Future[Outcome], Task] = {}
    try:
        while not lost:
            for task in islice(tasks, workers * QUEUED_PER_WORKER - len(running)):
                try:
                    running[pool.submit(perform, assignment, task)] = task
                except BrokenProcessPool:
                    lost.append(task)
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                task = running.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool as error:
                    if last:
                        yield Outcome(task, None, f"its worker was lost {ATTEMPTS} times: {error}")
                    else:
                        lost.append(task)
        lost += running.values()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _become_worker() -> None:
    """Leave Ctrl-C to the process that records, and never outlive it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=[multiprocessing.parent_process()], daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGKILL)


def dask(address: str) -> Executor:
    """Return an executor on the Dask cluster whose scheduler is at ``address``.

    Raises:
        ValueError: no scheduler answers there.
    """
    from distributed import Client, as_completed

    try:
        connection = Client(address, timeout=CONNECT_SECONDS)
    except OSError as error:
        raise ValueError(
            f"no Dask scheduler answers at {address} within {CONNECT_SECONDS} s: "
            "start one with `dask scheduler`, or correct the address"
        ) from error

    def run(assignment: Assignment, tasks: Iterable[Task]) -> Iterator[Outcome]:
        with connection as client:
            waiting = iter(tasks)
            most = max(1, sum(client.nthreads().values())) * QUEUED_PER_WORKER
            submitted = as_completed(
                [_submit(client, assignment, task) for task in islice(waiting, most)]
            )
            for future in submitted:
                yield future.result()
                for task in islice(waiting, 1):
                    submitted.add(_submit(client, assignment, task))

    return run


def _submit(client: Any, assignment: Assignment, task: Task) -> Any:
    return client.submit(perform, assignment, task, pure=False, retries=ATTEMPTS)


def default_workers() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))

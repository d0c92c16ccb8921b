"""Where submissions are graded: in this process, in worker processes, on a Dask cluster.

Each takes tasks and yields outcomes in the order in which they finish. A worker gets bytes and
returns plain data; it sees no database and no shared disk. A worker that is lost costs a retry.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any, TypeAlias

from autograder.assignments.assignment import Assignment
from autograder.assignments.handed_in import Submission
from autograder.checks import Budget
from autograder.grading.faults import BrokenCheck, GraderFault, describe_fault
from autograder.grading.grade import grade
from autograder.grading.report import Report
from autograder.grading.workers import CONTEXT, start_server

CONNECT_SECONDS = 20
LOST_SECONDS = 5  # between two looks whether a cluster is still there
ATTEMPTS = 3  # a fault of ours is tried again before it is reported as ours
LARGE_TASKS = {"distributed.admin.large-graph-warning-threshold": "1GB"}  # files are sent once
QUEUED_PER_WORKER = 2  # keeps workers busy and memory flat


@dataclass(frozen=True)
class Task:
    """One submission to grade."""

    student: str
    submission: Submission
    seed: int
    budget: Budget | None = None  # if not that of the assignment


@dataclass(frozen=True)
class Outcome:
    """What came of a task: a report, or a fault of ours in words."""

    task: Task
    report: Report | None
    fault: str = ""


Line: TypeAlias = "Connection[Any, Any]"
Executor = Callable[[Assignment, Iterable[Task]], Iterator[Outcome]]


def perform(assignment: Assignment, task: Task) -> Outcome:
    """Grade one task; the only code that runs on a worker. Whatever fails here is our fault."""
    fault = ""
    for _ in range(ATTEMPTS):
        try:
            return Outcome(task, grade(assignment, task.submission, task.seed, task.budget))
        except BrokenCheck as error:
            return Outcome(task, None, str(error))  # it would be as broken the next time
        except GraderFault as error:
            fault = str(error)
        except Exception as error:
            fault = describe_fault(error)
    return Outcome(task, None, fault)


def here(assignment: Assignment, tasks: Iterable[Task]) -> Iterator[Outcome]:
    """Grade one after another in this process."""
    return (perform(assignment, task) for task in tasks)


def processes(workers: int) -> Executor:
    """Return an executor with so many worker processes on this machine."""
    start_server()

    def run(assignment: Assignment, tasks: Iterable[Task]) -> Iterator[Outcome]:
        waiting = _Waiting(tasks)
        idle = [_Worker() for _ in range(workers)]
        busy: dict[Any, _Worker] = {}

        def employ() -> None:
            while idle and (task := next(waiting, None)):
                worker = idle.pop()
                busy[worker.start(assignment, task)] = worker

        try:
            employ()
            while busy:
                (line, *_) = wait(list(busy))
                worker = busy.pop(line)
                outcome = worker.finish(waiting)
                idle.append(worker)
                employ()  # before the outcome is recorded, which takes time
                if outcome:
                    yield outcome
        finally:
            for worker in (*idle, *busy.values()):
                worker.stop()

    return run


class _Waiting:
    """Tasks to do, with those in front that are tried again; counts the tries of each."""

    def __init__(self, tasks: Iterable[Task]):
        self._tasks, self._again = iter(tasks), deque[Task]()
        self._tries: Counter[str] = Counter()

    def __iter__(self) -> _Waiting:
        return self

    def __next__(self) -> Task:
        return self._again.popleft() if self._again else next(self._tasks)

    def again(self, task: Task, error: str) -> Outcome | None:
        """Put ``task``, which ended in ``error``, in front; an outcome once it was tried enough."""
        self._tries[task.student] += 1
        if self._tries[task.student] < ATTEMPTS:
            self._again.append(task)
            return None
        return Outcome(task, None, f"its worker was lost {ATTEMPTS} times: {error}")


class _Worker:
    """One process that grades one task at a time, so that its death is known to be of that task.

    The process holds the only other end of its line: when it dies in the middle of an answer, the
    line ends there. (The queue of a process pool has a second writer, its owner, who then waits
    for the rest of the answer for ever.)
    """

    def __init__(self) -> None:
        self._line: Line | None = None

    def start(self, assignment: Assignment, task: Task) -> Line:
        """Have ``task`` graded; the line that is returned can be read once it is."""
        self._task, self._error = task, "it ended without an answer"
        try:
            self._line = self._line or _hire()
            self._line.send((assignment, task))
        except Exception as error:  # it died while it had nothing to do, or could not be started
            self._error = describe_fault(error)
            self.stop()
            self._line = _ended_line()
        return self._line

    def finish(self, waiting: _Waiting) -> Outcome | None:
        """Return the outcome; none where the task waits for another try."""
        assert self._line is not None
        try:
            outcome: Outcome = self._line.recv()
        except (EOFError, OSError):
            said = self._error
        except Exception as error:  # an answer came that cannot be read
            said = describe_fault(error)
        else:
            return outcome
        self.stop()
        return waiting.again(self._task, said)

    def stop(self) -> None:
        """End the process, after what it does at the moment; the next task gets a new one."""
        if self._line:
            self._line.close()
        self._line = None


def _hire() -> Line:
    """Start a worker process; return the line to it."""
    ours, theirs = CONTEXT.Pipe()
    with theirs:
        CONTEXT.Process(target=_work, args=[theirs]).start()
    return ours


def _ended_line() -> Line:
    ours, theirs = CONTEXT.Pipe()
    theirs.close()
    return ours


def _work(line: Line) -> None:
    """Grade what comes, one after another; what a worker process does until its line ends.

    Ctrl-C is left to the process that records, and no worker outlives it, however it ends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=[multiprocessing.parent_process()], daemon=True).start()
    with suppress(EOFError, ConnectionError):
        while True:
            line.send(perform(*line.recv()))


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGKILL)


def dask(address: str) -> Executor:
    """Return an executor on the Dask cluster whose scheduler is at ``address``.

    Raises:
        ValueError: no scheduler answers there.
    """
    import dask.config
    from distributed import Client

    try:
        connection = Client(address, timeout=CONNECT_SECONDS)
    except OSError as error:
        raise ValueError(
            f"no Dask scheduler answers at {address} within {CONNECT_SECONDS} s: "
            "start one with `dask scheduler`, or correct the address"
        ) from error

    def run(assignment: Assignment, tasks: Iterable[Task]) -> Iterator[Outcome]:
        with connection as client, dask.config.set(LARGE_TASKS):
            waiting = _Waiting(tasks)
            running: dict[Any, Task] = {}
            most = max(1, sum(client.nthreads().values())) * QUEUED_PER_WORKER
            while True:
                for task in islice(waiting, most - len(running)):
                    running[client.submit(perform, assignment, task, pure=False)] = task
                if not running:
                    return
                for future in _finished(client, list(running)):
                    task = running.pop(future)
                    try:
                        outcome = future.result()
                    except Exception as error:
                        outcome = waiting.again(task, describe_fault(error))
                    if outcome:
                        yield outcome

    return run


def _finished(client: Any, futures: list[Any]) -> list[Any]:
    """Return the ones of ``futures`` that have ended, at least one.

    Raises:
        ConnectionError: the scheduler is gone, so none ever will.
    """
    from distributed import wait as wait_for

    while True:
        try:
            ended = wait_for(futures, LOST_SECONDS, return_when="FIRST_COMPLETED").done
            return list(ended)
        except TimeoutError:
            if client.status not in ("running", "connecting"):
                raise ConnectionError("the Dask scheduler is gone") from None


def default_workers() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))

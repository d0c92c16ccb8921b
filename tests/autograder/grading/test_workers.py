"""The server that workers are forked from."""

import os

from autograder.grading.workers import CONTEXT, start_server


def test_when_workers_start_then_each_has_one_thread_and_this_process_keeps_its_own():
    before = dict(os.environ)
    start_server()
    with CONTEXT.Pool(1) as pool:
        assert pool.apply(os.getenv, ("OMP_NUM_THREADS",)) == "1"
    assert dict(os.environ) == before

"""Where lessons are made: in this process, one after another, or on a Dask cluster. Both are executors."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from renders.batch.address import reach
from renders.errors import ClusterError

PATIENCE = 10  # seconds until a scheduler, then a worker of it, has answered

P = ParamSpec("P")
T = TypeVar("T")


class InThisProcess(Executor):
    """Runs each call as it is submitted: a build already uses every core, and Ctrl-C ends it."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The workers of a Dask scheduler; what waits there is taken back when the block is left.

    `address`: as `renders.batch.address.checked` gives it. Raises `ClusterError` when Dask is not installed,
    nobody answers, or no worker is there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError("--cluster: needs Dask; install it with pip install distributed") from None
    for logger in ("distributed.client", "distributed.comm"):  # what they would trace, we say in a line
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    reach(address, PATIENCE)  # since a client that reaches nobody waits long, even for its own end
    with Client(address, timeout=PATIENCE, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise ClusterError(
                f"--cluster {address}: the scheduler has no worker; start one on each machine with "
                f"'dask worker {address} --nthreads 1'"
            ) from None
        executor: Executor = client.get_executor()
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)

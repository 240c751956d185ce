"""The engine runs a plan's rows side by side, and outlives whatever happens to one of them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from nnlab.experiments import shared
from nnlab.experiments.machine import measured, one_thread
from nnlab.experiments.study import Row, SettingsError

Run = Callable[[Row], Row]


class WorkerDied(RuntimeError):
    """A worker process ended in the middle of a row."""


def run_row(run: Run, row: Row) -> Row:
    """Run one row and return it with results, times, versions and machine; what a worker does."""
    one_thread()
    with measured() as record:
        outcome = run(row)
    return {**row, **outcome, **record}


def run_rows(
    run: Run,
    rows: Iterable[Row],
    *,
    workers: int,
    dask: str | None = None,
    started: Callable[[Row], object] = lambda row: None,
) -> Iterator[tuple[Row, Row | Exception]]:
    """Run rows in the order given, and yield each with its outcome as soon as it has one.

    A row that raises yields its exception. When a worker dies, nobody knows which of the rows under
    way killed it: each of them runs again alone, and the one that kills its worker again is given
    up.
    """
    waiting, suspects = deque(rows), deque[Row]()
    names = {(row["data"], row["scaling"]) for row in waiting if "scaling" in row}
    with shared.share(() if dask else names) as folder, _pool(workers, dask, folder) as pool:
        running: dict[Future[Row], Row] = {}
        tested: Row | None = None

        def start(row: Row) -> Row:
            started(row)
            running[pool.submit(run, row)] = row
            return row

        while waiting or suspects or running:
            if suspects and not running:
                tested = start(suspects.popleft())
            while waiting and not suspects and tested is None and len(running) < pool.size:
                start(waiting.popleft())
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                error = future.exception()
                if isinstance(error, BrokenProcessPool):
                    continue
                row = running.pop(future)
                tested = None
                yield row, error if isinstance(error, Exception) else future.result()
            if running and all(future.done() for future in running):  # only broken ones are left
                pool.restart()
                if tested is not None:
                    yield tested, WorkerDied("its worker died twice: killed, or out of memory")
                    tested = None
                else:
                    suspects.extend(running.values())
                running.clear()


class _Pool:
    """An executor that is made again when it broke."""

    def __init__(self, make: Callable[[], Executor], size: int) -> None:
        self._make, self.size = make, size
        self.executor = make()

    def submit(self, run: Run, row: Row) -> Future[Row]:
        try:
            return self.executor.submit(run_row, run, row)
        except BrokenProcessPool as error:  # a worker died between two rows
            future: Future[Row] = Future()
            future.set_exception(error)
            return future

    def restart(self) -> None:
        self.executor.shutdown(cancel_futures=True)
        self.executor = self._make()


@contextmanager
def _pool(workers: int, dask: str | None, folder: Path | None) -> Iterator[_Pool]:
    if dask:
        with _dask(dask) as pool:
            yield pool
        return
    context = multiprocessing.get_context("spawn")  # the one way that every system has
    lifeline, ours = context.Pipe(duplex=False)

    def make() -> Executor:
        return ProcessPoolExecutor(workers, context, _begin, (folder, lifeline))

    pool = _Pool(make, workers)
    try:
        yield pool
    finally:
        ours.close()
        pool.executor.shutdown(cancel_futures=True)


def _begin(folder: Path | None, lifeline: Connection) -> None:
    """Prepare a worker: it shares the data, and ends at once when its parent lets go or dies."""
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    shared.use(folder)


def _end_with(lifeline: Connection) -> None:
    try:
        lifeline.poll(None)
    finally:
        os._exit(0)


@contextmanager
def _dask(address: str) -> Iterator[_Pool]:
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise SettingsError("--dask needs Dask: pip install 'nnlab-course[dask]'") from error
    try:
        client: Any = Client(address, timeout=10)
    except (OSError, ValueError) as error:
        raise SettingsError(f"no Dask scheduler answers at {address}: {error}") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=10)  # they may have been started just now
        except TimeoutError as error:
            raise SettingsError(f"the Dask scheduler at {address} has no workers") from error
        size = sum(client.nthreads().values())
        executor = client.get_executor(pure=False)
        yield _Pool(lambda: executor, size)

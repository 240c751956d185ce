"""A batch grades many submissions at once, survives whatever is in them, and takes up where it was interrupted."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass

from nnlab.grading.bench import Job
from nnlab.grading.sandbox import Settings
from nnlab.grading.sandbox.opening import Sandbox
from nnlab.grading.store import Store
from nnlab.grading.verdict import Verdict
from nnlab.grading.worker import Worker

Report = Callable[[Verdict], None]
AHEAD = 12
"""Submissions that wait for each worker: to open a gradebook takes as long as to grade so many."""
ROOM = 64 << 20
"""Bytes that may wait."""


@dataclass(frozen=True)
class Pool:
    """Something that grades, `size` jobs at once: on this machine, or (see `cluster`) on many."""

    executor: Executor
    size: int


def run(
    jobs: Iterable[Job],
    settings: Settings,
    store: Store,
    pool: Pool,
    report: Report,
    meanwhile: Callable[[], None],
) -> None:
    """Grade the jobs; each verdict is stored as soon as it is there, by this process alone.

    `meanwhile` is done while the first ones are under way.
    """
    waiting = iter(jobs)
    under_way: dict[Future[str], int] = {}

    def fill() -> None:
        """Keep the workers busy for a while, whatever we are doing, but not with all there is in our memory."""
        while len(under_way) < pool.size or (
            len(under_way) < AHEAD * pool.size and sum(under_way.values()) < ROOM
        ):
            job = next(waiting, None)
            if job is None:
                return
            size = len(job.data or b"") + sum(map(len, job.files.values()))
            under_way[pool.executor.submit(work, job, settings)] = size

    fill()
    meanwhile()
    while under_way:
        for future in wait(under_way, return_when=FIRST_COMPLETED).done:
            del under_way[future]
            verdict = Verdict.from_json(future.result())
            store.put(verdict)
            report(verdict)
            fill()


_mine = threading.local()
_workers: list[Worker] = []
_ready: list[Worker] = []


def work(job: Job, settings: Settings) -> str:
    """Grade one job in the worker of this thread; return the verdict as JSON."""
    return _worker().grade(job, settings)


def _worker() -> Worker:
    if not hasattr(_mine, "worker"):
        try:
            _mine.worker = _ready.pop()
        except IndexError:
            _mine.worker = _new()
    worker: Worker = _mine.worker
    return worker


def _new() -> Worker:
    worker = Worker()
    _workers.append(worker)
    return worker


@contextmanager
def pool(size: int, ahead: Sequence[Sandbox | None]) -> Iterator[Pool]:
    """Yield workers on this machine; some start at once, in sandboxes that have begun, if there are any."""
    executor = ThreadPoolExecutor(size)
    try:
        for sandbox in ahead:
            worker = _new()
            worker.begin(sandbox)
            _ready.append(worker)
        yield Pool(executor, size)
    except BaseException:
        for worker in _workers:
            worker.interrupt()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        dismiss()
        _ready.clear()
        while _workers:
            _workers.pop().close()


def dismiss() -> None:
    """Let all workers of this machine end, which takes them a moment."""
    for worker in _workers:
        worker.dismiss()

"""A batch grades many submissions at once, survives whatever is in them, and takes up where it was interrupted."""

import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice

from nnlab.grading.bench import Job, Settings, without_marks, work
from nnlab.grading.store import Store
from nnlab.grading.verdict import Verdict

WORKER_MEMORY = 4 << 30
TRIES = 3

Report = Callable[[Verdict], None]


def run(
    jobs: Iterable[Job], settings: Settings, store: Store, executor: "Pool", report: Report
) -> None:
    """Grade the jobs; each verdict is stored as soon as it is there, by this process alone."""
    waiting = iter(jobs)
    tries: dict[str, int] = {}
    under_way: dict[Future[str], Job] = {}

    def keep(verdict: Verdict) -> None:
        store.put(verdict)
        report(verdict)

    def submit(job: Job) -> None:
        tries[job.key] = tries.get(job.key, 0) + 1
        under_way[executor.submit(job, settings)] = job

    for job in islice(waiting, 3 * executor.size):
        submit(job)
    while under_way:
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        again = []
        for future in done:
            job = under_way.pop(future)
            try:
                keep(Verdict.from_json(future.result()))
            except executor.lost:
                again.append(job)
                continue
            for job in islice(waiting, 1):
                submit(job)
        if again:
            again += under_way.values()  # a broken pool has lost them all
            under_way.clear()
            executor.renew()
            for job in again:
                if tries[job.key] < TRIES:
                    submit(job)
                elif (
                    executor.size > 1
                ):  # one of them breaks the pool: alone, it can harm itself only
                    keep(_alone(job, settings))
                else:
                    keep(without_marks(job, "crashed", "the grader itself failed on this notebook"))


def _alone(job: Job, settings: Settings) -> Verdict:
    with pool(1) as single:
        try:
            return Verdict.from_json(single.submit(job, settings).result())
        except BrokenProcessPool:
            return without_marks(job, "crashed", "the grader itself failed on this notebook")


class Pool:
    """Something that grades: processes of this machine, or (see `dask`) of a cluster."""

    lost: tuple[type[BaseException], ...] = (BrokenProcessPool,)

    def __init__(self, make: Callable[[], Executor], size: int) -> None:
        self.make, self.size = make, size
        self.executor = make()

    def submit(self, job: Job, settings: Settings) -> "Future[str]":
        """Hand a job to the next free worker."""
        return self.executor.submit(work, job, settings)

    def renew(self) -> None:
        """Start again with new workers."""
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.executor = self.make()


class Here(Executor):
    """Does the work in this process, at once: for a few submissions nothing is quicker."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future[str] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def pool(size: int) -> Iterator[Pool]:
    """Yield a pool of processes on this machine."""
    context = multiprocessing.get_context("spawn")

    def make() -> Executor:
        return ProcessPoolExecutor(size, mp_context=context, initializer=_prepare)

    grading = Pool(make, size)
    try:
        yield grading
    finally:
        grading.executor.shutdown(wait=True, cancel_futures=True)


def _prepare() -> None:
    """Make a worker: it ends with its parent, leaves Ctrl-C to it, and its memory has an end."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or soft > WORKER_MEMORY:
        resource.setrlimit(resource.RLIMIT_AS, (WORKER_MEMORY, hard))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

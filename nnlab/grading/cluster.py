"""A Dask cluster grades like a pool of processes: the same jobs, the same work, wherever its workers are."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from nnlab.grading.batch import Pool

RETRIES = 3


@contextmanager
def cluster(address: str) -> Iterator[Pool]:
    """Yield the workers of the cluster at this address; jobs of a worker that dies go to another one."""
    try:
        from distributed import Client, KilledWorker
    except ModuleNotFoundError:
        raise RuntimeError(
            "--dask needs the package distributed: pip install 'nnlab-course[dask]'"
        ) from None

    with Client(address, timeout="20s") as client:
        executor: Executor = client.get_executor(retries=RETRIES, pure=False)
        try:
            yield Pool(executor, max(1, sum(client.nthreads().values())))
        except KilledWorker as error:
            raise RuntimeError(
                f"workers of the cluster keep ending; what was graded is kept, run it again: {error}"
            ) from None

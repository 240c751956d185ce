"""Where and with what a row was made: enough to judge its times by, and nothing that names anyone."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nnlab import __version__


@contextmanager
def measured() -> Iterator[dict[str, Any]]:
    """Measure the block: fill the dictionary with its seconds and with what ran it.

    wall is what a clock showed, cpu what this thread computed; load is the number of programs that
    wanted a core (mean of the minute before, and of the minute after). Where load exceeds the
    cores, wall says more about the neighbours than about us, and cpu is the number to compare.
    """
    record: dict[str, Any] = {}
    before, wall, cpu = _load(), time.perf_counter(), time.thread_time()
    yield record
    record["wall"] = time.perf_counter() - wall
    record["cpu"] = time.thread_time() - cpu
    record["load"] = max(before, _load())
    record["date"] = time.strftime("%Y-%m-%d", time.gmtime())
    record["versions"] = (
        f"nnlab {__version__}; NumPy {np.__version__}; Python {platform.python_version()}"
    )
    record["machine"] = machine()


@cache
def machine() -> str:
    """Describe processor, cores, system and linear algebra."""
    return "; ".join(
        [_processor(), f"{cores()} cores", f"{platform.system()} {platform.machine()}", _blas()]
    )


def cores() -> int:
    """The number of cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def one_thread() -> None:
    """Let linear algebra use one thread: workers fill the cores already."""
    import threadpoolctl  # not at the top: results are also read in browsers, which have no threads

    threadpoolctl.threadpool_limits(1)


def _load() -> float:
    try:
        return round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):  # not on Windows
        return float("nan")


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _blas() -> str:
    import threadpoolctl

    pools = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
    return ", ".join(
        f"{pool['internal_api']} {pool['version']} {pool.get('architecture', '')}".strip()
        + f" {pool['num_threads']} thread"
        for pool in pools
    )

"""A Dask cluster grades the same: two real workers, one of which is killed in the middle."""

import json
import subprocess
import sys
import threading
import time

import pytest
import tiny

from nnlab.grading.course import Request, Watcher, run
from nnlab.grading.sandbox import Limits, Settings

pytest.importorskip("distributed", reason="the extra `dask` is not installed")

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@pytest.fixture
def cluster(tmp_path_factory):
    """A scheduler and two workers of one thread; yield its address and the workers."""
    about = tmp_path_factory.mktemp("dask") / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    local = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(about)]
    scheduler = subprocess.Popen([*dask, "scheduler", "--port", "0", *local], **QUIET)
    until = time.monotonic() + 60
    while not about.exists() or not about.read_text().strip():
        assert time.monotonic() < until, "the scheduler did not start"
        time.sleep(0.1)
    worker = [
        *dask,
        "worker",
        "--scheduler-file",
        str(about),
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
    ]
    workers = [
        subprocess.Popen([*worker, "--local-directory", str(about.parent)], **QUIET)
        for _ in range(2)
    ]
    try:
        yield json.loads(about.read_text())["address"], workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_cluster_gives_the_same_verdicts_though_a_worker_dies(course, cluster):
    address, workers = cluster
    for n in range(24):
        slow = f"import time\ntime.sleep(0.2)  # {n}\n"
        tiny.hand_in(course, f"s{n:02d}", tiny.submission(slow + (tiny.RIGHT, tiny.WRONG)[n % 2]))
    settings = Settings("bubblewrap", Limits(3.0, 10.0))

    def request(dask):
        submitted = course / "submitted"
        return Request(
            course, submitted, course, ["tiny"], "*", settings, "test", 1, dask, gradebook=False
        )

    def verdicts():
        return {p.stem: p.read_text() for p in (course / "verdicts" / "tiny").glob("*.json")}

    def kill_one():
        while len(verdicts()) < 4:
            time.sleep(0.02)
        workers[0].kill()

    killer = threading.Thread(target=kill_one, daemon=True)
    killer.start()
    outcome = run(request(address), Watcher())
    killer.join(10)
    assert not killer.is_alive()
    assert outcome.graded == 24
    on_the_cluster = verdicts()
    for path in (course / "verdicts" / "tiny").glob("*.json"):
        path.unlink()
    run(request(None), Watcher())
    assert verdicts() == on_the_cluster
    assert {json.loads(text)["score"] for text in on_the_cluster.values()} == {0.0, tiny.FULL}

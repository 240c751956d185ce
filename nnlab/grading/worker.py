"""A worker is a process that grades one submission after another; it has a deadline, and its memory has an end.

Tests run in it, on numbers that strangers chose: one that never ends, or takes all memory, takes this process only.
"""

import contextlib
import os
import resource
import subprocess
import sys
import threading
import time
from dataclasses import replace
from multiprocessing.connection import Connection, Pipe
from typing import Any

from nnlab.grading.bench import FAILED, Bench, Job, Settings, cut_short, without_marks
from nnlab.grading.grader import Tell
from nnlab.grading.sandbox import SandboxError, find_isolation
from nnlab.grading.sandbox.folders import sweep
from nnlab.grading.sandbox.launch import PATIENCE
from nnlab.grading.verdict import Verdict

MEMORY = 1536 << 20
GRACE = 20.0
"""Seconds beyond the submission's own, for the tests and for the sandbox to open."""

READY = "ready"
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Worker:
    """One process, begun when the first job comes, and again after a job that ended it."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.interrupted = False

    def grade(self, job: Job, settings: Settings) -> str:
        """Grade one job, whatever it does, and return the verdict as JSON; faults of the machine itself are raised."""
        seconds = settings.limits.total + GRACE
        for _ in range(2):  # one that others ended, for want of memory say, gets a second chance
            if self.interrupted:
                raise InterruptedError("grading was interrupted")
            self.begin()
            so_far = None
            try:
                self.link.send((job, settings))
                end = time.monotonic() + seconds
                while self.link.poll(max(0.0, end - time.monotonic())):
                    answer: str | Verdict | Exception = self.link.recv()
                    if not isinstance(answer, Verdict):  # that is the verdict so far
                        break
                    so_far = answer
                else:
                    self._kill()
                    reason = f"checking it took more than {seconds:g} seconds"
                    return _cut_short(job, settings, so_far, "timed out", reason)
            except (EOFError, ConnectionError):
                self._kill()
                continue
            if isinstance(answer, Exception):
                raise answer
            return answer
        return _cut_short(job, settings, so_far, "crashed", FAILED)

    def interrupt(self) -> None:
        """End what another thread is waiting for."""
        self.interrupted = True
        if self.process is not None:
            self.process.kill()

    def begin(self) -> None:
        """Start the process before there is something to do."""
        if self.process is None:
            self._start()

    def dismiss(self) -> None:
        """Let the process end; it closes its sandbox before."""
        if self.process is not None:
            self.link.close()

    def close(self) -> None:
        """End the process, and see that it has ended."""
        self.dismiss()
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(3)
            self._kill()

    def _start(self) -> None:
        self.link, theirs = Pipe()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "nnlab.grading.worker", str(theirs.fileno())],
                stdin=subprocess.PIPE,  # closed when we end, however that comes about
                stdout=subprocess.DEVNULL,
                env=os.environ | ONE_THREAD,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for us
            )
        with contextlib.suppress(EOFError, ConnectionError):
            if self.link.poll(PATIENCE) and self.link.recv() == READY:
                return
        self._kill()
        raise SandboxError("a process to grade in did not start")

    def _kill(self) -> None:
        assert self.process is not None
        self.link.close()
        self.process.kill()
        self.process.communicate()
        self.process = None
        sweep()


def main() -> None:
    """Be the process: grade what comes in, until the other end hangs up."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if sys.platform == "linux":  # macOS knows the limit, and does not keep it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    link: Connection[Any, Any] = Connection(int(sys.argv[1]))
    bench = Bench()
    with contextlib.suppress(EOFError, ConnectionError):
        link.send(READY)
        while True:
            job, settings = link.recv()
            link.send(_answer(bench, job, settings, link.send))
    bench.close()


def _answer(bench: Bench, job: Job, settings: Settings, tell: Tell) -> str | Exception:
    try:
        text = bench.grade(job, settings, tell).to_json()
        text.encode()
        return text
    except (SandboxError, OSError) as error:
        return error
    except Exception:
        return without_marks(job, "crashed", FAILED).to_json()


def _cut_short(
    job: Job, settings: Settings, so_far: Verdict | None, status: str, reason: str
) -> str:
    verdict = cut_short(job, so_far, status, reason)
    words = find_isolation(settings.isolation)
    return replace(verdict, submission=job.digest, key=job.key, isolation=words).to_json()


def _end_with_parent() -> None:
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    main()

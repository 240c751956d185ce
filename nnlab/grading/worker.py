"""A worker is a process that grades one submission after another; it has a deadline, and its memory has an end.

Tests run in it, on numbers that strangers chose: one that never ends, or takes all memory, takes this process only.
"""

import contextlib
import gc
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from itertools import pairwise
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from nnlab.grading.bench import FAILED, Bench, Job, cut_short, without_marks
from nnlab.grading.grader import Tell
from nnlab.grading.notes import Notes
from nnlab.grading.sandbox import SandboxError, Settings, find_isolation
from nnlab.grading.sandbox.folders import sweep
from nnlab.grading.sandbox.inside.confine import die_with_parent
from nnlab.grading.sandbox.launch import PATIENCE
from nnlab.grading.sandbox.opening import Sandbox, is_alone
from nnlab.grading.verdict import Verdict

MEMORY = 1280 << 20
"""Bytes that grading may take, beside those of the program itself."""
GRACE = 20.0
"""Seconds beyond the submission's own, for the tests and for the sandbox to open."""

PARTING = 3.0
READY = "ready"
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Worker:
    """One process, begun when the first job comes, and again after a job that ended it."""

    def __init__(self) -> None:
        self.process: Program | Twin | None = None
        self.notes = Notes()
        self.ready = self.interrupted = False

    def grade(self, job: Job, settings: Settings) -> str:
        """Grade one job, whatever it does, and return the verdict as JSON; faults of the machine itself are raised."""
        seconds = settings.limits.total + GRACE
        for _ in range(2):  # one that others ended, for want of memory say, gets a second chance
            if self.interrupted:
                raise InterruptedError("grading was interrupted")
            self.begin()
            try:
                self._wait_until_ready()
                self.notes.clear()  # of the one before
                self.link.send((job, settings))
                if not self.link.poll(seconds):
                    self._kill()
                    reason = f"checking it took more than {seconds:g} seconds"
                    return _cut_short(job, settings, self.notes.read(), "timed out", reason)
                answer: str | Exception = self.link.recv()
            except (EOFError, ConnectionError):
                self._kill()
                continue
            if isinstance(answer, Exception):
                raise answer
            return answer
        return _cut_short(job, settings, self.notes.read(), "crashed", FAILED)

    def interrupt(self) -> None:
        """End what another thread is waiting for."""
        self.interrupted = True
        if self.process is not None:
            self.process.kill()

    def begin(self, sandbox: Sandbox | None = None) -> None:
        """Start the process before there is something to do; one that is a twin of ours can have our sandbox."""
        if self.process is None:
            self.link, theirs = Pipe()
            with theirs:
                if is_alone():
                    self.process = Twin(theirs, self.notes, sandbox)
                else:
                    self.process = Program(theirs, self.notes)

    def _wait_until_ready(self) -> None:
        if not self.ready:
            if not self.link.poll(PATIENCE) or self.link.recv() != READY:
                self._kill()
                raise SandboxError("a process to grade in did not start")
            self.ready = True

    def dismiss(self) -> None:
        """Let the process end; it closes its sandbox before."""
        if self.process is not None:
            self.link.close()

    def close(self) -> None:
        """End the process, and see that it has ended."""
        self.dismiss()
        if self.process is not None:
            self.process.wait_a_little()
            self._kill()
        self.notes.close()

    def _kill(self) -> None:
        assert self.process is not None
        self.link.close()
        self.process.end()
        self.process, self.ready = None, False
        sweep()


class Twin:
    """A copy of this process, made in an instant; threads it has none, and could only find the locks of ours taken."""

    def __init__(
        self, link: "Connection[Any, Any]", notes: Notes, sandbox: Sandbox | None = None
    ) -> None:
        gc.freeze()  # what both share stays as it is
        self.alive = True
        # a Ctrl-C while Python does what it does after a fork would be swallowed
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self.pid = os.fork()
        if self.pid == 0:
            try:
                signal.pthread_sigmask(signal.SIG_SETMASK, mask)
                self._become(link, notes, sandbox)
            finally:
                os._exit(1)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if sandbox is not None:
            sandbox.zygote.leave()

    @staticmethod
    def _become(link: "Connection[Any, Any]", notes: Notes, sandbox: Sandbox | None) -> None:
        die_with_parent()
        os.setsid()  # Ctrl-C is not for us
        gc.enable()
        gc.set_threshold(700)  # Python's own: errors that were caught hold arrays, which are large
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1):
            os.dup2(null, number)
        ours = [link.fileno(), notes.fileno(), *(sandbox.zygote.filenos() if sandbox else ())]
        for low, high in pairwise([2, *sorted(ours), 4096]):
            os.closerange(low + 1, high)  # or nobody would learn that one of the others has hung up
        serve(link, notes, sandbox)

    def kill(self) -> None:
        """Let the system end it."""
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)

    def wait_a_little(self) -> None:
        """Let it end by itself."""
        end = time.monotonic() + PARTING
        while self.alive and time.monotonic() < end:
            self.alive = os.waitpid(self.pid, os.WNOHANG) == (0, 0)
            time.sleep(0.001)

    def end(self) -> None:
        """End it at once."""
        if self.alive:
            self.kill()
            os.waitpid(self.pid, 0)
            self.alive = False


class Program(subprocess.Popen[bytes]):
    """Such a process begun from nothing, which takes its time."""

    def __init__(self, link: "Connection[Any, Any]", notes: Notes) -> None:
        numbers = [link.fileno(), notes.fileno()]
        super().__init__(
            [sys.executable, "-m", "nnlab.grading.worker", *map(str, numbers)],
            stdin=subprocess.PIPE,  # closed when we end, however that comes about
            stdout=subprocess.DEVNULL,
            env=os.environ | ONE_THREAD,
            pass_fds=numbers,
            start_new_session=True,  # Ctrl-C is for us
        )

    def wait_a_little(self) -> None:
        """Let it end by itself."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(PARTING)

    def end(self) -> None:
        """End it at once."""
        self.kill()
        self.communicate()


def main() -> None:
    """Be a program that is such a process."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    link, notes = map(int, sys.argv[1:])
    serve(Connection(link), Notes(notes))


def serve(link: "Connection[Any, Any]", notes: Notes, sandbox: Sandbox | None = None) -> None:
    """Grade what comes in, until the other end hangs up."""
    if sys.platform == "linux":  # macOS knows the limit, and does not keep it
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY + pages * resource.getpagesize(), hard))
    bench = Bench(sandbox)
    with contextlib.suppress(EOFError, ConnectionError):
        link.send(READY)
        while True:
            job, settings = link.recv()
            notes.clear()
            link.send(_answer(bench, job, settings, notes.write))
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

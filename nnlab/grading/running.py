"""Run a notebook's code in a process of its own: pieces of code go in by stdin, a line of JSON comes out for each.

This is for one's own notebook at home, so nothing here is locked up; strangers' code goes to the sandbox.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any


class OutOfTime(BaseException):
    """A cell ran longer than it may; no `except Exception` of the student's catches it."""


def run_steps(sources: Sequence[str], folder: str, seconds: float) -> Iterator[dict[str, Any]]:
    """Run pieces of code one after another in one new process, and yield what became of each.

    A result says "ok"; else "reason", "message" and, if a check failed, its "check", "mistake" and "link". A piece that
    does not end is interrupted after `seconds`; one that will not be interrupted ends the process and all after it.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "nnlab.grading.running"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, "MPLBACKEND": "agg"},
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps({"sources": list(sources), "seconds": seconds}))
        process.stdin.close()
        culprit = "it"
        try:
            for _ in sources:
                alarm = threading.Timer(2 * seconds + 20, process.kill)
                alarm.daemon = True  # after Ctrl-C, Python would wait for it before it ends
                alarm.start()
                line = process.stdout.readline()
                alarm.cancel()
                yield json.loads(line) if line else _ended(culprit, seconds)
                culprit = culprit if line else "not run: a cell before it"
        finally:
            process.kill()


def _ended(culprit: str, seconds: float) -> dict[str, Any]:
    text = f"{culprit} ended Python, or did not stop within {seconds:g} s."
    return {"ok": False, "reason": "stopped", "message": text}


def main() -> None:
    """Be the process: keep the true stdout for results, and let the notebook print into nothing."""
    job = json.load(sys.stdin)
    results = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    sys.path.insert(0, os.getcwd())

    from IPython.core.interactiveshell import InteractiveShell

    shell: Any = InteractiveShell.instance()
    shell.enable_gui = lambda gui=None: None  # `%matplotlib inline` calls it, and IPython has none
    for source in job["sources"]:
        with _Deadline(job["seconds"]):
            outcome = shell.run_cell(source, store_history=False)
            error = outcome.error_before_exec or outcome.error_in_exec
        print(json.dumps(_result(error, job["seconds"])), file=results, flush=True)
    results.close()
    os._exit(0)  # threads that the notebook left behind must not keep us


class _Deadline:
    """Interrupt what runs inside after some seconds, where the system can."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, _out_of_time)
            signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def __exit__(self, *error: object) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)


def _out_of_time(*_: object) -> None:
    raise OutOfTime


def _result(error: BaseException | None, seconds: float) -> dict[str, Any]:
    from nnlab.grading.calling import describe_error
    from nnlab.grading.failure import CheckFailed

    if error is None:
        return {"ok": True}
    if isinstance(error, CheckFailed):
        names = ("check", "reason", "message", "mistake", "link")
        return {"ok": False, **{name: getattr(error, name) for name in names}}
    if isinstance(error, OutOfTime):
        text = f"stopped after {seconds:g} s: is there a loop without end?"
        return {"ok": False, "reason": "timeout", "message": text}
    if isinstance(error, NotImplementedError):
        return {"ok": False, "reason": "unanswered", "message": "not written yet."}
    if isinstance(error, NameError):
        text = f"{error}: is the cell that defines it missing, or did it stop with an error?"
        return {"ok": False, "reason": "missing", "message": text}
    return {"ok": False, "reason": "raised", "message": describe_error(error)}


if __name__ == "__main__":
    main()

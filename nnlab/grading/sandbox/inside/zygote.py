"""The zygote has Python and NumPy loaded, and forks a process for each submission: a millisecond instead of a second.

It takes orders from the grader over a socket: `start` comes with the socket of a new submission, `end` ends it.
"""

import contextlib
import gc
import importlib
import json
import os
import platform
import signal
import socket
import sys
import time
from typing import Any

import numpy.random  # noqa: F401  loaded here, once: NumPy itself would wait until it is asked for

from . import confine, later, seccomp, worker

WORK = "/work"


def main() -> None:
    """Serve the grader until it hangs up."""
    orders = socket.socket(fileno=int(sys.argv[1]))
    settings: dict[str, Any] = json.loads(sys.argv[2])
    confine.die_with_parent()
    confine.hide()
    if not settings["draws"]:
        later.install()
    for name in (*later.LATER, *settings["preload"]):
        with contextlib.suppress(ImportError):  # the cell that imports it will say so
            importlib.import_module(name)
    worker.prepare()
    if seccomp.available():
        seccomp.program(platform.machine())  # made here, once
    gc.freeze()  # or a collection in a child would write to, and so copy, every page it shares with us
    gc.enable()
    orders.send(b"ready")
    student: int | None = None
    while True:
        order, files, _, _ = socket.recv_fds(orders, 4096, 1)
        if not order:
            break
        if order == b"start":
            student = confine.fork_into_room() if settings["rooms"] else os.fork()
            if student == 0:
                orders.close()
                _become_student(files[0], settings)
            os.close(files[0])
            orders.send(b"started")
        else:
            orders.send(_end(student, float(order)).encode())
            student = None


def _end(student: int | None, patience: float) -> str:
    """End a submission's processes; return how its own one ended, if it did so before.

    It is number 1 in its world of process numbers: everything in there ends with it, and it cannot see us.
    """
    if student is None:
        return "gone"
    if student < 0:
        return confine.NO_ROOM
    until = time.monotonic() + patience
    while True:
        done, status = os.waitpid(student, os.WNOHANG)
        if done:
            break
        if time.monotonic() >= until:
            _kill(student)
            os.waitpid(student, 0)
            return "ended"
        time.sleep(0.001)
    code = os.waitstatus_to_exitcode(status)
    return "left" if code == 0 else f"signal {-code}" if code < 0 else f"code {code}"


def _kill(student: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(student, signal.SIGKILL)


def _become_student(number: int, settings: dict[str, Any]) -> None:
    code = 125
    try:
        os.setsid()
        confine.hide()
        confine.die_with_parent()
        if settings["rooms"]:
            confine.fresh_work(WORK, settings["file"])
        confine.nothing_else(number)
        confine.limit(settings)
        confine.drop_privileges()
        worker.serve(socket.socket(fileno=number))
        code = 0
    finally:
        os._exit(code)

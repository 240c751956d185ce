"""The zygote has Python and NumPy loaded, and forks a process for each submission: a millisecond instead of a second.

It takes orders from the grader over a socket: `start` comes with the socket of a new submission, `end` ends it.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
from typing import Any

import numpy  # noqa: F401  loaded here, once

from . import confine, worker

WORK = "/work"


def main() -> None:
    """Serve the grader until it hangs up."""
    orders = socket.socket(fileno=int(sys.argv[1]))
    settings: dict[str, Any] = json.loads(sys.argv[2])
    confine.die_with_parent()
    confine.hide()
    for name in settings["preload"]:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # or a collection in a child would write to, and so copy, every page it shares with us
    orders.send(b"ready")
    room: int | None = None
    while True:
        order, files, _, _ = socket.recv_fds(orders, 4096, 1)
        if not order:
            break
        if order == b"start":
            room = os.fork()
            if room == 0:
                orders.close()
                _host(socket.socket(fileno=files[0]), settings)
            os.close(files[0])
            orders.send(b"started")
        else:
            orders.send(_end(room, float(order)).encode())
            room = None


def _end(room: int | None, patience: float) -> str:
    """End a submission's processes; return how its own one ended, if it did so before."""
    if room is None:
        return "gone"
    until = time.monotonic() + patience
    while True:
        done, status = os.waitpid(room, os.WNOHANG)
        if done:
            break
        if time.monotonic() >= until:
            os.kill(room, signal.SIGTERM)
            os.waitpid(room, 0)
            return "ended"
        time.sleep(0.001)
    code = os.waitstatus_to_exitcode(status)
    return "left" if code == 0 else f"signal {code - 128}" if code > 128 else f"code {code}"


def _host(connection: socket.socket, settings: dict[str, Any]) -> None:
    """Fork the student's process into a room of its own, and wait for its end; never return.

    This process stands between the zygote and the student, who cannot see it: for whoever is number 1 in a world of
    process numbers, nobody else exists, and with number 1 everything in that world dies.
    """
    code = 127
    try:
        confine.hide()
        confine.die_with_parent()
        if settings["rooms"] and not confine.own_room(WORK, settings["file"]):
            os._exit(126)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        child = os.fork()
        if child == 0:
            _become_student(connection, settings)
        signal.signal(signal.SIGTERM, lambda *_: _kill(child))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
        connection.close()
        status = os.waitpid(child, 0)[1]
        ended = os.waitstatus_to_exitcode(status)
        code = 128 - ended if ended < 0 else min(ended, 100)
    finally:
        os._exit(code)


def _kill(child: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)


def _become_student(connection: socket.socket, settings: dict[str, Any]) -> None:
    code = 125
    try:
        os.setsid()
        confine.die_with_parent()
        number = connection.detach()
        confine.nothing_else(number)
        confine.limit(settings)
        confine.drop_privileges()
        worker.serve(socket.socket(fileno=number))
        code = 0
    finally:
        os._exit(code)

"""A worker is one submission's process: it runs the student's cells and answers calls of the student's functions."""

import contextlib
import io
import os
import random
import signal
import socket
import sys
import time
import types
from functools import cache
from typing import Any

import numpy as np

from . import cells, later, stand_ins
from .channel import Broken, Channel
from .peer import Peer

OUTPUT = 20_000
AGAIN = 0.1
READY = "the door is closed"
CODE = "code"
"""A kind of value that only this side takes: a function of the grader's, to be called here."""


class OutOfTime(BaseException):
    """A cell or a call took too long; no `except Exception` of the student's catches it."""


class Output(io.TextIOBase):
    """Keeps the first characters written to it and forgets the rest."""

    def __init__(self) -> None:
        self.room, self.parts = OUTPUT, [""]

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.room > 0:
            self.parts.append(text[: self.room])
            self.room -= len(text)
            if self.room <= 0:
                self.parts.append("\n... (cut here)\n")
        return len(text)

    def take(self) -> str:
        """Return what was written since the last time."""
        text = "".join(map(str, self.parts))[: 2 * OUTPUT]
        self.room, self.parts = OUTPUT, [""]
        return text


class Worker(Peer):
    """The student's end of the conversation."""

    caught = BaseException

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        main = types.ModuleType("__main__")
        sys.modules["__main__"] = main
        self.namespace = main.__dict__
        self.output = Output()
        self.asking, self.until = 0, 0.0
        signal.signal(signal.SIGALRM, self._late)

    def ask(self, question: dict[str, Any], value: Any = None) -> Any:
        self.asking += 1
        try:
            return super().ask(question, value)
        finally:
            self.asking -= 1

    def do(self, question: dict[str, Any], value: Any) -> Any:
        """Do what is asked; interrupt it when it takes longer than it may, so that what was there before is kept."""
        if "within" not in question or question["do"] == "calls":  # of which each has that time
            return self._do(question, value)
        try:
            self.until = time.monotonic() + question["within"]
            signal.setitimer(signal.ITIMER_REAL, question["within"], AGAIN)
            return self._do(question, value)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _late(self, *_: object) -> None:
        left = self.until - time.monotonic()
        if left > 0:  # an alarm of the student's own
            signal.setitimer(signal.ITIMER_REAL, left, AGAIN)
        elif (
            self.asking == 0
        ):  # or the answer we wait for would be taken for that to another question
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise OutOfTime("it took too long (an endless loop?)")

    def _do(self, question: dict[str, Any], value: Any) -> Any:
        """Run a cell, look up names, store a file, or answer a call."""
        what = question["do"]
        if what == "run":
            sys.stdout = sys.stderr = self.output
            error = cells.run(value["source"], value["name"], self.namespace)
            return {
                "error": error,
                "output": self.output.take(),
                "drew": later.has_run(),
                "functions": self._functions(value["wanted"]),
            }
        if what == "names":
            return {name: self.namespace[name] for name in value if name in self.namespace}
        if what == "file":
            with open(value["name"], "wb") as file:
                file.write(value["data"].tobytes())
            return None
        return super().do(question, value)

    def _functions(self, names: list[str]) -> dict[str, Any]:
        """Return those of these names that are functions, which spares a question; of others we are asked."""
        found = {}
        for name in names:
            value = self.namespace.get(name)
            if callable(value):
                with contextlib.suppress(Exception):  # then the question will have this answer
                    self.keep(value)
                    found[name] = value
        return found

    def revive(self, words: dict[str, Any]) -> object:
        if words.get("kind") == CODE:
            return _function(words["code"], words["name"])
        return super().revive(words)

    def describe(self, error: BaseException) -> dict[str, Any]:
        return cells.describe(error)


@cache
def _function(code: str, name: str) -> object:
    namespace = {"np": np, "__name__": "nnlab"}
    exec(compile(code, f"<{name}>", "exec"), namespace)
    return namespace[name]


def prepare() -> None:
    """Make Python what every notebook finds; this is done once, before the zygote forks."""
    np.random.seed(0)  # noqa: NPY002  students may use it
    stand_ins.install()
    sys.path.append(os.getcwd())  # last: a student's numpy.py must not hide the real one


def serve(connection: socket.socket) -> None:
    """Answer until the grader hangs up."""
    random.seed(0)  # Python sows it anew in every fork
    worker = Worker(Channel(connection))
    worker.channel.send(READY)
    try:
        while True:
            worker.answer(*worker.channel.receive(worker.revive))
    except Broken:
        return

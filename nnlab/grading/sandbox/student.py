"""The student's process as the grader sees it: it runs cells, gives values, answers calls, or is gone."""

import contextlib
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnlab.grading.portable import code_of
from nnlab.grading.sandbox.inside.channel import Broken, Channel
from nnlab.grading.sandbox.inside.confine import NO_ROOM
from nnlab.grading.sandbox.inside.peer import TOGETHER, Call, Peer, a_text
from nnlab.grading.sandbox.inside.values import CannotCross, Packed
from nnlab.grading.sandbox.inside.worker import CODE, READY, OutOfTime
from nnlab.grading.sandbox.launch import PATIENCE, SandboxError, Zygote

OVERTIME = 1.2
"""A cell or a call is interrupted when its time is over, and its process ended when that time is over by a fifth."""

ALLOWANCE = 256 << 20
"""Bytes that may pass between the processes during one cell or test; the largest of the course needs 2 MB."""

ENDS = {
    "left": "your code ended the process (os._exit or the like)",
    "signal 9": "the system ended the process: too much memory, or too many seconds of computing",
    "signal 11": "the process crashed (segmentation fault: often endless recursion)",
    "signal 24": "too many seconds of computing",
    "signal 25": "a file grew too large",
}


class Gone(BaseException):
    """The student's process is no more; `kind` is "timed out" or "crashed", the message says why.

    No Exception, so that no test takes it for an error that the student's function raised.
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind, self.reason = kind, reason


class Student(Peer):
    """One submission's process; `with Student(...)` ends it, and everything it started, at the end."""

    def __init__(self, zygote: Zygote, end: float) -> None:
        self.zygote, self.end = zygote, end
        self.asking = 0
        self.functions: dict[str, Any] = {}
        self._enter()

    def _enter(self) -> None:
        """Begin a process, and hear from it that it is confined before any code of the student runs."""
        for _ in range(2):
            self.alive = True
            self.connection = self.zygote.begin()
            super().__init__(Channel(self.connection))
            self.channel.deadline = time.monotonic() + PATIENCE
            try:
                if self.channel.receive(self.revive)[0] == READY:
                    self.channel.allowance = ALLOWANCE
                    return
                ended = "a wrong answer"
            except Broken as broken:
                ended = self._hang_up(1.0 if broken.why == "gone" else 0.0)
            if ended != NO_ROOM:
                break
        raise SandboxError(f"a process could not be confined: {ended}")

    def __enter__(self) -> "Student":
        return self

    def __exit__(self, *error: object) -> None:
        if self.alive:
            self._hang_up()

    def run(self, name: str, source: str, wanted: Sequence[str] = ()) -> dict[str, Any]:
        """Run a cell; return what it printed ("output") and its error or None ("error").

        The functions among the names `wanted` come with the answer; `names` has them at hand until `forget`.
        """
        question = {"name": name, "source": source, "wanted": list(wanted)}
        try:
            answer = self.ask({"do": "run"}, question)
        except Exception:  # our worker catches all that a cell raises: somebody else answered
            answer = None
        answer = self._expect_dict(answer)
        self.zygote.drew |= answer.get("drew") is True
        functions = answer.get("functions")
        self.functions = functions if isinstance(functions, dict) else {}
        return answer

    def names(self, names: list[str]) -> dict[str, Any]:
        """Return the values of those names that exist: functions as stubs."""
        if self.functions.keys() >= set(names):
            return {name: self.functions[name] for name in names}
        return self._expect_dict(self.ask({"do": "names"}, names))

    def file(self, name: str, data: bytes) -> None:
        """Put a file that came with the notebook into the work directory."""
        self.ask({"do": "file"}, {"name": name, "data": np.frombuffer(data, np.uint8)})

    def forget(self) -> None:
        """Take back every function of ours that the student was handed, and begin to count anew what passes."""
        self.channel.allowance = ALLOWANCE
        self.functions = {}
        self.kept.clear()
        self.numbers.clear()
        self.generators.clear()

    def ask(self, question: dict[str, Any], value: Any = None) -> Any:
        if not self.alive:
            raise Gone("crashed", "the process had ended before")
        if self.asking == 0:
            now = time.monotonic()
            within = max(0.001, min(self.zygote.limits.call, self.end - now))
            question = {**question, "within": within}
            others = TOGETHER if question["do"] == "calls" else 0.0
            self.channel.deadline = now + others + OVERTIME * within
        self.asking += 1
        try:
            return super().ask(question, value)
        except Broken as broken:
            raise self._gone(broken) from None
        finally:
            self.asking -= 1

    def keep(self, value: object) -> dict[str, Any]:
        return _words(value) or super().keep(value)

    def pack(self, calls: list[Call], memo: dict[str, Any]) -> list[Call] | Packed:
        """Pack calls for all students to come, unless something in them has to stay here."""
        if "packed" not in memo:
            memo["packed"] = None
            with contextlib.suppress(CannotCross):
                memo["packed"] = Packed(calls, _words_only)
        return memo["packed"] or calls

    def error(self, words: Any) -> Exception:
        error = super().error(words)
        if is_late(words):
            if self.asking > 1:  # a lie: it is interrupted in its own code only
                self._hang_up()
            raise self.late()
        return error

    def late(self) -> Gone:
        """Return the verdict on what took too long."""
        limits = self.zygote.limits
        if time.monotonic() >= self.end:
            return Gone("timed out", f"the notebook took more than {limits.total:g} seconds")
        return Gone("timed out", f"no answer within {limits.call:g} seconds (an endless loop?)")

    def _gone(self, broken: Broken) -> Gone:
        ended = self._hang_up(1.0 if broken.why == "gone" else 0.0)
        if broken.why == "late":
            return self.late()
        if broken.why == "lavish":
            return Gone(
                "crashed",
                f"more than {ALLOWANCE >> 20} MB went to and fro between your code and its check",
            )
        if broken.why == "garbled":
            return Gone("crashed", f"the process sent what no function returns: {broken}")
        return Gone("crashed", ENDS.get(ended, f"the process ended ({ended})"))

    def _hang_up(self, patience: float = 0.0) -> str:
        self.alive = False
        self.connection.close()
        return self.zygote.end(patience)

    def _expect_dict(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):  # its next answers would be those to earlier questions
            if self.alive:
                self._hang_up()
            raise Gone("crashed", "the process sent what no cell returns")
        return value


def _words(value: object) -> dict[str, Any] | None:
    """Return the words that say all of a portable function, and None for anything else."""
    portable = code_of(value)
    return portable and {"kind": CODE, "name": portable[0], "code": portable[1]}


def _words_only(value: object) -> dict[str, Any]:
    words = _words(value)
    if words is None:
        raise CannotCross
    return words


def is_late(error: Any) -> bool:
    """Whether an error says that a cell or a call was interrupted."""
    return isinstance(error, dict) and a_text(error.get("type")) == OutOfTime.__name__

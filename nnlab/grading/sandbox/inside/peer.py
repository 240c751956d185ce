"""A peer calls functions of the process at the other end, and lets it call those it was handed; both ends are peers.

A function, an iterator or any other object that cannot cross stays at home under a number; the other side gets a stub.
"""

import builtins
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast

import numpy as np

from . import changes
from .channel import Broken, Channel
from .stubs import KINDS, Stub
from .values import CannotCross, Packed, clean

NESTING = 20
KEPT = 20_000
TEXT = 4_000
TOGETHER = 1.0
"""Seconds after which no further one of many calls is begun; the caller makes the rest one by one."""


Call = tuple[tuple[Any, ...], dict[str, Any]]
"""What a function is called with."""

Repeat = Callable[[Any], None]
"""Does to a call's arguments what was done to their copies on the other side."""


class Peer:
    """One end of the conversation."""

    caught: type[BaseException] = Exception
    """What a function may raise and still be answered with an error."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.kept: dict[int, object] = {}
        self.numbers: dict[int, int] = {}
        self.count = 0
        self.nesting = 0
        self.generators: dict[int, tuple[np.random.Generator, Any]] = {}

    def call(
        self, stub: Stub, args: tuple[Any, ...], kwargs: dict[str, Any], write_back: bool = False
    ) -> Any:
        """Call a function of the other side; with `write_back`, also repeat here what it did to its arguments."""
        answer = self.ask(
            {"do": "call", "number": stub._number, "back": write_back}, [args, kwargs]
        )
        if not write_back:
            return answer
        value, repeat = _opened(answer)
        if repeat is not None:
            repeat([args, kwargs])
        return value

    def call_each(
        self, stub: Stub, calls: list[Call], memo: dict[str, Any]
    ) -> list[tuple[Any, Repeat | None]]:
        """Call a function of the other side many times; those it has no time for go one by one.

        Return the results, exceptions in the place of those that failed, each with a function that repeats on a call's
        arguments what was done to their copies there, or None if that was nothing.
        """
        results: list[tuple[Any, Repeat | None]] = []
        try:
            answers = self.ask({"do": "calls", "number": stub._number}, self.pack(calls, memo))
        except Exception:  # one result that cannot cross says nothing of the others
            answers = None
        for answer in answers[: len(calls)] if isinstance(answers, list) else []:
            try:
                if isinstance(answer, dict) and "error" in answer:
                    raise self.error(answer["error"])
                results.append(_opened(answer))
            except Exception as error:
                results.append((error, None))
        for call in calls[len(results) :]:
            question = {"do": "call", "number": stub._number, "back": True}
            try:
                results.append(_opened(self.ask(question, call)))
            except Exception as error:
                results.append((error, None))
        return results

    def pack(self, calls: list[Call], memo: dict[str, Any]) -> list[Call] | Packed:
        """Return calls as they are best sent; what is worth keeping until they are sent again goes into `memo`."""
        return calls

    def ask(self, question: dict[str, Any], value: Any = None) -> Any:
        """Put a question, answer those that come back meanwhile, and return the answer or raise the error."""
        self._send(question, value)
        while True:
            document, problem = self.channel.receive(self.revive)
            if not isinstance(document, dict):
                raise Broken("garbled", "a message that is none")
            if "error" in document:
                raise self.error(document["error"])
            if "do" not in document:
                if problem:
                    raise CannotCross(f"what came back cannot be read: {problem}")
                return document.get("value")
            self.answer(document, problem)

    def answer(self, question: dict[str, Any], problem: str) -> None:
        """Do what the other side asks for, and send it the result or the error."""
        self.nesting += 1
        try:
            if self.nesting > NESTING:
                raise RecursionError("functions call each other across the processes too deeply")
            if problem:
                raise ValueError(f"the question cannot be read: {problem}")
            self._send({}, self.do(question, question.get("value")))
        except Broken:
            raise
        except self.caught as error:
            self.channel.send({"error": self.describe(error)})
        finally:
            self.nesting -= 1

    def do(self, question: dict[str, Any], value: Any) -> Any:
        """Answer one question: call a function that is kept here, or take an item from an iterator."""
        what = question["do"]
        if what == "next":
            for item in cast(Any, self.home(question["number"])):
                return [item]
            return []
        if what == "calls":
            return list(self._each({**question, "do": "call", "back": True}, value))
        if what != "call":
            raise ValueError(f"there is nothing called {a_text(what)!r:.40} to do")
        function = cast(Callable[..., Any], self.home(question["number"]))
        args, kwargs = value
        if not isinstance(args, (list, tuple)) or not isinstance(kwargs, dict):
            raise TypeError("these are no arguments")  # nor is a large array, of as many numbers
        if not question.get("back"):
            return function(*args, **kwargs)
        parts = changes.parts(value)
        before = [changes.state(part) for part in parts]
        result = function(*args, **kwargs)
        after = [changes.news(*pair) for pair in zip(parts, before, strict=True)]
        return result, None if all(state is None for state in after) else after

    def _each(self, question: dict[str, Any], calls: Any) -> Iterator[Any]:
        """Answer one call after another, as many as there is time for."""
        end = time.monotonic() + TOGETHER
        for call in calls:
            try:
                yield self.do(question, call)
            except Broken:
                raise
            except self.caught as error:
                yield {"error": self.describe(error)}
            if time.monotonic() > end:
                return

    def home(self, number: Any) -> object:
        """Return the object that is kept under a number."""
        if number not in self.kept:
            raise LookupError("this function was handed out for an earlier cell; it is gone now")
        return self.kept[number]

    def keep(self, value: object) -> dict[str, Any]:
        """Keep a value that cannot cross; return the words that name it on the other side."""
        if isinstance(value, Stub) and value._peer is self:
            return {"yours": value._number}
        number = self.numbers.get(id(value))
        if number is None or number not in self.kept:
            if len(self.kept) >= KEPT:
                raise CannotCross(f"there are more than {KEPT:,} functions and objects already")
            self.count = number = self.count + 1
            self.kept[number] = value
            self.numbers[id(value)] = number
        name = str(getattr(value, "__name__", "") or f"a {type(value).__name__} object")
        words = {"number": number, "name": name[:80], "kind": "object"}
        if changes.is_portable(value):
            state = cast(np.random.Generator, value).bit_generator.state
            return {**words, "kind": "generator", "state": state}
        if hasattr(value, "__next__"):
            words["kind"] = "iterator"
        elif callable(value):
            words["kind"] = "function"
        return words

    def revive(self, words: dict[str, Any]) -> object:
        """Return the object that such words name, or a stub for it; random generators are copied, and then go on."""
        if "yours" in words:
            return self.home(words["yours"])
        number = int(words["number"])
        if words["kind"] != "generator":
            return KINDS[words["kind"]](self, number, a_text(words["name"])[:80])
        generator, sent = self.generators.get(number, (np.random.default_rng(0), None))
        if sent != words["state"]:
            generator.bit_generator.state = words["state"]
        self.generators[number] = generator, words["state"]
        return generator

    def describe(self, error: BaseException) -> dict[str, Any]:
        """Put an error into words."""
        return {"type": type(error).__name__[:80], "text": text_of(error)}

    def error(self, words: Any) -> Exception:
        """Make an error from words: a built-in exception if it was one, or else a RuntimeError with its name."""
        words = words if isinstance(words, dict) else {}
        name, text = a_text(words.get("type"))[:80], clean(a_text(words.get("text"))[:TEXT])
        kind = getattr(builtins, name, None)
        known = isinstance(kind, type) and issubclass(
            kind, (ArithmeticError, LookupError, NameError)
        )
        plain = (
            "TypeError",
            "ValueError",
            "NotImplementedError",
            "RecursionError",
            "AttributeError",
        )
        kind = kind if kind is not None and (known or name in plain) else RuntimeError
        error: Any = kind(text)
        for key in ("line", "where"):
            if isinstance(words.get(key), str):
                setattr(error, key, clean(words[key])[:200])
        error.type_name = clean(name)
        return cast(Exception, error)

    def _send(self, document: dict[str, Any], value: Any) -> None:
        packed = value if isinstance(value, Packed) else Packed(value, self.keep)
        self.channel.send(document, packed)


def _opened(answer: Any) -> tuple[Any, Repeat | None]:
    """Take an answer apart into the result and what repeats the changes of the arguments."""
    try:
        value, states = answer
    except (TypeError, ValueError) as error:
        raise CannotCross(f"what came back cannot be read: {error}") from None
    return value, None if states is None else partial(_repeat, states)


def _repeat(states: Any, given: Any) -> None:
    try:
        for part, state in zip(changes.parts(given), states, strict=True):
            changes.restore(part, state)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise CannotCross(f"what came back cannot be read: {error}") from None


def a_text(value: object) -> str:
    """Return a text as it is, and nothing of whatever else a stranger sent: to write it out could take all day."""
    return value if isinstance(value, str) else ""


def text_of(error: BaseException) -> str:
    """Return an error's message, whatever its author did to __str__."""
    try:
        text = error.args[0] if isinstance(error, KeyError) and error.args else error
        return str(text)[:TEXT]
    except BaseException:
        return "an error whose message cannot be read"

"""A channel carries messages over a socket: one JSON document and the arrays in it, each of bounded size."""

import socket
import struct
import time
from typing import Any

from .values import Packed, Revive, dumps, read

PREFIX = struct.Struct("!II")
DOCUMENT = 8 << 20
ARRAYS = 64 << 20


class Broken(BaseException):
    """The other side is gone, too slow, or talks nonsense; `why` is "gone", "late", "garbled" or "lavish".

    No Exception, so that no `except Exception` on the way takes it for an answer.
    """

    def __init__(self, why: str, text: str) -> None:
        super().__init__(text)
        self.why = why


class Channel:
    """Send and receive messages; `deadline` is a time of `time.monotonic()`, after which waiting is over.

    `allowance` is how many bytes may still pass, in both directions together.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.deadline: float | None = None
        self.allowance: int | None = None
        self.read = bytearray()

    def send(self, document: Any, packed: Packed | None = None) -> None:
        """Send one message; a value that goes with it becomes its "value"."""
        text, blobs = dumps(document), []
        if packed is not None:
            blobs = packed.blobs
            head = text[:-1] + b"," if document else b"{"
            text = b"".join([head, b'"value":', packed.text, b"}"])
        size = sum(map(len, blobs))
        if len(text) > DOCUMENT or size > ARRAYS:
            raise ValueError(f"it is too large: {(len(text) + size) >> 20} MB")
        self._spend(len(text) + size)
        try:
            self._patience()
            self.connection.sendall(b"".join([PREFIX.pack(len(text), size), text, *blobs]))
        except TimeoutError:
            raise Broken("late", "no answer in time") from None
        except OSError:
            raise Broken("gone", "the process is gone") from None

    def receive(self, revive: Revive) -> tuple[Any, str]:
        """Return the next message, and what is wrong with the values in it, if something is."""
        text_size, size = PREFIX.unpack(self._read(PREFIX.size))
        if text_size > DOCUMENT or size > ARRAYS:
            raise Broken("garbled", f"a message of {(text_size + size) >> 20} MB")
        self._spend(text_size + size)
        text, blobs = self._read(text_size), self._read(size)
        try:
            return read(text.decode(), blobs, revive)
        except (ValueError, RecursionError):
            raise Broken("garbled", "a message that cannot be read") from None

    def _spend(self, size: int) -> None:
        if self.allowance is not None:
            self.allowance -= size
            if self.allowance < 0:
                raise Broken("lavish", "too much has passed")

    def _read(self, size: int) -> bytes:
        try:
            while len(self.read) < size:
                self._patience()
                piece = self.connection.recv(max(1 << 16, min(size - len(self.read), 1 << 20)))
                if not piece:
                    raise Broken("gone", "the process is gone")
                self.read += piece
        except TimeoutError:
            raise Broken("late", "no answer in time") from None
        except OSError:
            raise Broken("gone", "the process is gone") from None
        data = bytes(self.read[:size])
        del self.read[:size]
        return data

    def _patience(self) -> None:
        if self.deadline is not None:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.connection.settimeout(left)

"""Values cross between the processes as JSON and plain arrays; what cannot cross stays at home under a number.

No pickle: what arrives is numbers, strings, arrays of numbers, and tuples, lists and dicts of these, whoever sent it.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from math import prod
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Revive = Callable[[dict[str, Any]], Any]
KINDS = "biufc"
DEPTH = 40
ITEMS = 200_000
TEXT = 100_000
ENTRIES = 1_000
"""The most entries of a dict: keys that a stranger chose to collide take the square of their number."""
HEADER = 512
WRITTEN = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '([<>|][biufc]\d{1,2})', 'fortran_order': False, "
    rb"'shape': \(((?:\d{1,19}, ?)*\d{0,19})\), \} *\n",
    re.DOTALL,
)
"""The header of an .npy file as NumPy writes it for an array of numbers, in C order: no other comes from our side."""

Keep = Callable[[object], dict[str, Any]]
"""Note a value that stays at home, and return the words that name it to the other side."""


class CannotCross(TypeError):
    """This value can neither be sent nor be named."""


def encode(value: object, blobs: list[Any], keep: Keep, depth: int = 0) -> Any:
    """Turn a value into JSON, with its arrays appended to `blobs`; what has a kind in JSON goes as it is."""
    kind = type(value)
    if kind is float or kind is bool or value is None:
        return value
    if kind is str and len(value) <= TEXT and value.isascii():  # type: ignore[arg-type, attr-defined]
        return value
    if depth > DEPTH:
        raise CannotCross(f"it is nested more than {DEPTH} deep (does it contain itself?)")
    depth += 1
    if isinstance(value, np.ndarray) and value.dtype.kind in KINDS:
        blobs.append(to_npy(np.asarray(value)))
        return {"array": len(blobs) - 1}
    if isinstance(value, list):
        return [encode(part, blobs, keep, depth) for part in value]
    if isinstance(value, tuple):
        return {"tuple": [encode(part, blobs, keep, depth) for part in value]}
    if isinstance(value, dict):
        if len(value) > ENTRIES:
            raise CannotCross(f"it is a dict of more than {ENTRIES:,} entries")
        parts = list(value), list(value.values())
        return {"dict": [[encode(part, blobs, keep, depth) for part in half] for half in parts]}
    if isinstance(value, np.generic) and value.dtype.kind in KINDS:
        blobs.append(to_npy(np.asarray(value)))
        return {"scalar": len(blobs) - 1}
    if isinstance(value, str):
        return clean(str.__str__(value)[:TEXT])
    if isinstance(value, int):
        if int.bit_length(value) > 4096:
            raise CannotCross("it is a whole number of more than a thousand digits")
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    return {"kept": keep(value)}


class Packed:
    """A value that is encoded once, and can be sent often."""

    def __init__(self, value: object, keep: Keep) -> None:
        self.blobs: list[bytes] = []
        self.text = dumps(encode(value, self.blobs, keep))


def read(text: str, blobs: bytes, revive: Revive) -> tuple[Any, str]:
    """Read JSON that may have values in it; return it, and what is wrong with the values, if something is.

    Raise ValueError or RecursionError if it is no JSON at all.
    """
    reader = _Reader(blobs, revive)
    document = json.loads(text, object_hook=reader)
    if len(text) > TEXT or "\\u" in text:  # else no text is long, or has a half of a character
        try:
            document = _bounded(document, [ITEMS])
        except (ValueError, RecursionError) as error:
            reader.problem = reader.problem or str(error)
    return document, reader.problem


class _Reader:
    """Makes values of the objects in JSON while Python reads it, which calls it with the inner ones first.

    An object of one entry, whose key is a kind of value, is such a value; any other one is left alone.
    """

    def __init__(self, blobs: bytes, revive: Revive) -> None:
        self.revive, self.problem = revive, ""
        self.arrays: dict[int, Array] = {}
        try:
            self.arrays = dict(enumerate(from_npy(blobs)))
        except (TypeError, ValueError) as error:  # some kinds of numbers are known to no machine
            self.problem = str(error)

    def __call__(self, found: dict[str, Any]) -> Any:
        if len(found) != 1:
            return found
        [(kind, content)] = found.items()
        try:
            if kind == "array":
                return self.arrays.pop(content)  # each once: a short message is a small value
            if kind == "tuple":
                return tuple(_a(list, content))
            if kind == "dict":
                keys, values = _a(list, content)
                if len(_a(list, keys)) > ENTRIES:
                    raise ValueError
                return dict(zip(keys, _a(list, values), strict=True))
            if kind == "scalar":
                return self.arrays.pop(content)[()]
            if kind == "complex":
                return complex(*_a(list, content))
            if kind == "kept":
                return self.revive(_a(dict, content))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            self.problem = self.problem or f"it is garbled ({type(error).__name__})"
        return found


def _a(kind: type, value: Any) -> Any:
    """Return what JSON itself made: to take an array apart would make an object of each byte."""
    if type(value) is not kind:
        raise TypeError(f"a {type(value).__name__} where a {kind.__name__} belongs")
    return value


def _bounded(value: Any, budget: list[int], depth: int = 0) -> Any:
    """Return a value whose texts are short and whole; raise ValueError if it has too many parts, or is too deep."""
    budget[0] -= 1
    if budget[0] < 0:
        raise ValueError(f"it has more than {ITEMS:,} parts")
    if depth > 10 * DEPTH:
        raise ValueError("it is nested too deeply")
    if isinstance(value, str):
        return clean(value[:TEXT])
    if isinstance(value, (list, tuple)):
        return type(value)([_bounded(part, budget, depth + 1) for part in value])
    if isinstance(value, dict):
        return {
            _bounded(key, budget, depth + 1): _bounded(part, budget, depth + 1)
            for key, part in value.items()
        }
    return value


def to_npy(array: Array) -> bytes:
    """Return the array as an .npy file, in C order and the machine's byte order."""
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    return _header(array.dtype.char, array.shape) + array.tobytes()


def from_npy(data: bytes) -> list[Array]:
    """Read .npy files that a stranger made and put together: nothing is allocated before its size has been checked."""
    found, place = [], 0
    while place < len(data):
        start = place + 10 + int.from_bytes(data[place + 8 : place + 10], "little")
        if start > min(place + HEADER, len(data)):
            raise ValueError("it is no .npy file of version 1.0")
        kind, shape, size = _parsed(data[place:start])
        place = start + size
        if place > len(data):
            raise ValueError(f"its shape {shape} does not fit its {len(data) - start} bytes")
        found.append(np.ndarray(shape, kind, data, start).copy())
    return found


@lru_cache(512)
def _header(kind: str, shape: tuple[int, ...]) -> bytes:
    out = BytesIO()
    about = {"descr": np.dtype(kind).str, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(out, about)
    return out.getvalue()


@lru_cache(512)
def _parsed(header: bytes) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """Return an array's kind and shape, and how many bytes it has."""
    found = WRITTEN.fullmatch(header)
    if found is None:
        raise ValueError("its header cannot be read, or its elements are no numbers")
    kind = np.dtype(found[1].decode())
    shape = tuple(int(n) for n in found[2].split(b",") if n.strip())
    count = prod(shape)
    if len(shape) > 32 or (count == 0 and any(n > 10_000_000 for n in shape)):
        raise ValueError(f"its shape {shape} is out of all proportion")
    return kind, shape, count * kind.itemsize


def clean(text: str) -> str:
    """Replace the halves of characters that no file can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


_json = json.JSONEncoder(separators=(",", ":"), check_circular=False)


def dumps(document: Any) -> bytes:
    """Write JSON without spaces."""
    return _json.encode(document).encode()

"""Values cross between the processes as JSON and plain arrays; what cannot cross stays at home under a number.

No pickle: what arrives is numbers, strings, arrays of numbers, and tuples, lists and dicts of these, whoever sent it.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from io import BytesIO
from math import prod
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
KINDS = "biufc"
DEPTH = 40
ITEMS = 200_000
TEXT = 100_000
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
    """Turn a value into JSON, with its arrays appended to `blobs`."""
    if value is None or value is True or value is False or type(value) is float:
        return value
    if depth > DEPTH:
        raise CannotCross(f"it is nested more than {DEPTH} deep (does it contain itself?)")
    if isinstance(value, np.ndarray) and value.dtype.kind in KINDS:
        blobs.append(to_npy(np.asarray(value)))
        return {"array": len(blobs) - 1}
    if isinstance(value, list):
        return [encode(part, blobs, keep, depth + 1) for part in value]
    if isinstance(value, tuple):
        return {"tuple": [encode(part, blobs, keep, depth + 1) for part in value]}
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
    if isinstance(value, dict):
        pairs = value.items()
        return {"dict": [[encode(part, blobs, keep, depth + 1) for part in pair] for pair in pairs]}
    return keep(value)


def decode(document: Any, blobs: list[bytes], revive: Callable[[dict[str, Any]], Any]) -> Any:
    """Turn JSON and arrays back into a value; raise ValueError if it is not one."""
    budget = iter(range(ITEMS))
    try:
        return _decode(document, blobs, revive, budget)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError) as error:
        raise ValueError(f"it is garbled ({type(error).__name__})") from None


def _decode(
    document: Any,
    blobs: list[bytes],
    revive: Callable[[dict[str, Any]], Any],
    budget: Iterator[int],
) -> Any:
    if next(budget, None) is None:
        raise ValueError(f"it has more than {ITEMS:,} parts")
    if isinstance(document, dict):
        if len(document) != 1:
            return revive(document)
        [(kind, content)] = document.items()
        if kind == "array" or kind == "scalar":
            data, blobs[content] = (
                blobs[content],
                b"",
            )  # each once: a short message is a small value
            return from_npy(data) if kind == "array" else from_npy(data)[()]
        if kind == "tuple":
            return tuple([_decode(part, blobs, revive, budget) for part in content])
        if kind == "dict":
            return dict([_decode(pair, blobs, revive, budget) for pair in content])
        return complex(*content) if kind == "complex" else revive(document)
    if isinstance(document, list):
        return [_decode(part, blobs, revive, budget) for part in document]
    return clean(document[:TEXT]) if isinstance(document, str) else document


def to_npy(array: Array) -> bytes:
    """Return the array as an .npy file, in C order and the machine's byte order."""
    array = np.asarray(array, array.dtype.newbyteorder("="), order="C")
    return _header(array.dtype.str, array.shape) + array.tobytes()


def from_npy(data: bytes) -> Array:
    """Read an .npy file that a stranger made: nothing is allocated before its size has been checked."""
    size = 10 + int.from_bytes(data[8:10], "little")
    if data[:8] != b"\x93NUMPY\x01\x00" or size > min(HEADER, len(data)):
        raise ValueError("it is no .npy file of version 1.0")
    kind, shape = _parsed(bytes(data[:size]))
    count = prod(shape)
    if count * kind.itemsize != len(data) - size or len(shape) > 32:
        raise ValueError(f"its shape {shape} does not fit its {len(data) - size} bytes")
    if count == 0 and any(n > 10_000_000 for n in shape):
        raise ValueError(f"its shape {shape} is out of all proportion")
    return np.ndarray(shape, kind, data, size).copy()


@lru_cache(512)
def _header(kind: str, shape: tuple[int, ...]) -> bytes:
    out = BytesIO()
    np.lib.format.write_array_header_1_0(
        out, {"descr": kind, "fortran_order": False, "shape": shape}
    )
    return out.getvalue()


@lru_cache(512)
def _parsed(header: bytes) -> tuple[np.dtype[Any], tuple[int, ...]]:
    found = WRITTEN.fullmatch(header)
    if found is None:
        raise ValueError("its header cannot be read, or its elements are no numbers")
    return np.dtype(found[1].decode()), tuple(int(n) for n in found[2].split(b",") if n.strip())


def clean(text: str) -> str:
    """Replace the halves of characters that no file can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


_json = json.JSONEncoder(separators=(",", ":"), check_circular=False)


def dumps(document: Any) -> bytes:
    """Write JSON without spaces."""
    return _json.encode(document).encode()

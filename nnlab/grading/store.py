"""The store keeps one verdict a submission, as a file that is there whole or not at all."""

import contextlib
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np

import nnlab
from nnlab._folders import replace
from nnlab.grading.handed import verdict_file
from nnlab.grading.sandbox import Isolation, Limits
from nnlab.grading.unit import Unit
from nnlab.grading.verdict import FORMAT, Verdict


@cache
def engine_digest() -> str:
    """Return a hash of everything in nnlab and NumPy that can change a mark."""
    total = hashlib.sha256(np.__version__.encode())
    root = Path(nnlab.__file__).parent
    for path in sorted(root.rglob("*.py")):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def key_of(unit: Unit, digest: str, isolation: Isolation, limits: Limits, seed: str) -> str:
    """Return the key of a verdict: as long as it is the same, grading again would say the same."""
    parts = [FORMAT, digest, unit.digest, engine_digest(), isolation, asdict(limits), seed]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader, or a crash, finds the old one or the new one and nothing in between.

    It is not forced to the disk: should the power fail, a verdict that cannot be read is one that is made again.
    """
    data = text.encode()
    try:
        replace(path, data)
    except FileNotFoundError:  # the folder is missing, then
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, data)


class Store:
    """The verdicts of a class, in `verdicts/<unit>/<student>.json`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, unit: str, student: str) -> Path:
        """Return where a verdict lies."""
        return verdict_file(self.folder, unit, student)

    def get(self, unit: str, student: str) -> Verdict | None:
        """Return a verdict, or None if there is none that can be read."""
        try:
            return Verdict.from_json(self.path(unit, student).read_text("utf-8"))
        except (OSError, ValueError):
            return None

    def put(self, verdict: Verdict) -> None:
        """Keep a verdict, in the place of the one before it."""
        write_atomically(self.path(verdict.unit, verdict.student), verdict.to_json())

    def all(self, unit: str) -> Iterator[Verdict]:
        """Yield every verdict of a unit, by student."""
        for path in sorted((self.folder / unit).glob("*.json")):
            verdict = self.get(unit, path.stem)
            if verdict is not None:
                yield verdict

    def units(self) -> list[str]:
        """Return the names of the units that have verdicts."""
        return sorted(path.name for path in self.folder.glob("[!.]*") if path.is_dir())

    def seed(self) -> str:
        """Return the secret that fresh test inputs are drawn from; it is made once, and readable by its owner alone."""
        path = self.folder / ".seed"
        with contextlib.suppress(FileNotFoundError):
            if seed := path.read_text("utf-8").strip():
                return seed
            path.unlink()  # whoever began to write it did not get far
        self.folder.mkdir(parents=True, exist_ok=True)
        number, part = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
        try:
            with open(number, "w") as file:
                file.write(secrets.token_hex(16))
            with contextlib.suppress(FileExistsError):  # another process was quicker: its is right
                os.link(part, path)
        finally:
            os.unlink(part)
        return path.read_text("utf-8").strip()

"""Intake reads what was handed in: one notebook a student and unit, whatever it is called."""

import os
from collections.abc import Iterator
from pathlib import Path

from nnlab.grading.bench import Job
from nnlab.grading.handed import Handed
from nnlab.grading.sandbox import Settings
from nnlab.grading.sandbox.inside.values import clean
from nnlab.grading.store import key_of
from nnlab.grading.submission import (
    Unreadable,
    companions,
    digest_of,
    listing,
    must_be_folder,
    read_bytes,
)
from nnlab.grading.unit import Unit


def read_job(handed: Handed, unit: Unit, settings: Settings, seed: str) -> Job:
    """Read a folder into a job; one that cannot be read is a job that says so."""
    notes: list[str] = []
    files: dict[str, bytes] = {}
    data, status, reason = None, "", ""
    try:
        must_be_folder(handed.folder.parent)
        must_be_folder(handed.folder)
        path = notebook_of(handed.folder, unit.name)
        if path is None:
            status = "missing"
            raise Unreadable(f"there is no notebook in {handed.folder.name}/")
        if path.name != f"{unit.name}.ipynb":
            notes.append(f"the notebook is called {clean(path.name)!r}, not '{unit.name}.ipynb'")
        data = read_bytes(path)
        files, left_out = companions(handed.folder, path)
        notes += left_out
    except Unreadable as error:
        status, reason = status or "unreadable", str(error)
    digest = digest_of(data if data is not None else reason.encode(), files)
    key = key_of(unit, digest, settings.isolation, settings.limits, seed + "/".join(notes))
    return Job(unit, handed.student, data, key, digest, seed, files, tuple(notes), status, reason)


def notebook_of(folder: Path, unit: str) -> Path | None:
    """Return the notebook in a folder: by its right name, or else the likeliest other one, also in folders below."""
    right = folder / f"{unit}.ipynb"
    if os.path.lexists(right):
        return right
    others = sorted(
        _notebooks(folder), key=lambda path: (unit not in path.name, len(path.parts), path.name)
    )
    return others[0] if others else None


def _notebooks(folder: Path, depth: int = 3) -> Iterator[Path]:
    for path in listing(folder):
        if os.path.islink(path):
            continue
        if path.suffix == ".ipynb" and os.path.isfile(path):
            yield path
        elif os.path.isdir(path) and depth and not path.name.startswith("."):
            yield from _notebooks(path, depth - 1)

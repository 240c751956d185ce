"""Intake finds what was handed in: nbgrader's folders, one notebook a student and unit, whatever it is called."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from nnlab.grading.bench import Job, Settings
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

LONGEST_ID = 100


@dataclass(frozen=True)
class Handed:
    """One student's folder of one unit."""

    student: str
    unit: str
    folder: Path


def is_student(name: str) -> bool:
    """Whether files may be called so: printable, of a moderate length, and no page or hidden folder of ours.

    >>> [is_student(name) for name in ("s01", "Zoë", "x" * 101, "a\\nb", "adam-class.html", ".units")]
    [True, True, False, False, False, False]
    """
    short = name.isprintable() and len(name.encode()) <= LONGEST_ID
    return short and not name.startswith(".") and not name.endswith(".html")


def handed_in(submitted: Path, units: list[str], student: str = "*") -> list[Handed]:
    """List `submitted/<student>/<unit>`, folder or not, for these units, by unit and student."""
    names = sorted(name for name in os.listdir(submitted) if fnmatchcase(name, student))
    return [
        Handed(name, unit, submitted / name / unit)
        for unit in units
        for name in filter(is_student, names)
        if os.path.lexists(submitted / name / unit)
    ]


def refused(submitted: Path) -> list[str]:
    """List the folders of submissions that cannot be taken under their names, in quotes."""
    names = (path.name for path in submitted.iterdir() if path.is_dir())
    return sorted(repr(name)[:120] for name in names if name[:1] != "." and not is_student(name))


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

"""What was handed in lies in nbgrader's folders, `submitted/<student>/<unit>`."""

import os
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

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


def verdict_file(verdicts: Path, unit: str, student: str) -> Path:
    """Return where the verdict on a submission lies, once there is one."""
    return verdicts / unit / f"{student}.json"


def refused(submitted: Path) -> list[str]:
    """List the folders of submissions that cannot be taken under their names, in quotes."""
    names = (path.name for path in submitted.iterdir() if path.is_dir())
    return sorted(repr(name)[:120] for name in names if name[:1] != "." and not is_student(name))

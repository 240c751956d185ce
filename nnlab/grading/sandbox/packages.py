"""The packages a student's process may import: NumPy and Matplotlib, with what they need themselves."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import Distribution

ALLOWED = ("numpy", "matplotlib")


@cache
def allowed_packages() -> list[tuple[str, Path]]:
    """Return (name, place) of every file and folder that makes up these packages and their requirements."""
    from importlib.metadata import PackageNotFoundError, distribution

    found: dict[str, Path] = {}
    waiting, seen = list(ALLOWED), set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        found |= _tops(package)
        waiting += [_name(words) for words in _requires(package) if "extra ==" not in words]
    return sorted(found.items())


def _requires(package: "Distribution") -> list[str]:
    """Return what a package needs, as the head of its METADATA says: to read the rest takes ten times as long."""
    head = (package.read_text("METADATA") or "").partition("\n\n")[0].splitlines()
    key = "Requires-Dist: "
    return [line.removeprefix(key) for line in head if line.startswith(key)]


def _tops(package: "Distribution") -> dict[str, Path]:
    record = package.read_text("RECORD")  # as it is: Python takes its time over two thousand lines
    files = record.splitlines() if record else map(str, package.files or ())
    names = {file.partition(",")[0].partition("/")[0].strip('"') for file in files} - {""}
    names = {
        name for name in names if not name.endswith((".dist-info", ".pth", "__pycache__", ".."))
    }
    tops = {name: Path(str(package.locate_file(name))).resolve() for name in names}
    return {name: place for name, place in tops.items() if place.exists()}


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return found.group().lower() if found else ""

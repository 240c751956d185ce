"""The packages a student's process may import: NumPy and Matplotlib, with what they need themselves."""

import re
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ALLOWED = ("numpy", "matplotlib")


@cache
def allowed_packages() -> list[tuple[str, Path]]:
    """Return (name, place) of every file and folder that makes up these packages and their requirements."""
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
        waiting += [_name(r) for r in package.requires or () if "extra ==" not in r]
    return sorted(found.items())


def _tops(package: Distribution) -> dict[str, Path]:
    record = package.read_text(
        "RECORD"
    )  # NumPy's has two thousand lines, and Python takes its time over them
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

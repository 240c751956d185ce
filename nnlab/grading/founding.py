"""Found a course: copy units into a folder of one's own, or begin a new one there."""

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

import nnlab
from nnlab.grading.release import units

CONFIG = "nbgrader_config.py"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def shipped_course() -> Path:
    """Return the course that comes with nnlab: inside the installed package, or around it in a checkout."""
    package = Path(nnlab.__file__).parent
    inside = package / "course"
    return inside if inside.is_dir() else package.parent


def found(folder: Path, names: Iterable[str] = ()) -> list[Path]:
    """Copy the named units of nnlab, or all, into a folder, and return what was written.

    What is there already and the same is left alone; if anything differs, nothing is written.
    """
    course = shipped_course()
    chosen = list(dict.fromkeys(names)) or units(course)
    if unknown := sorted(set(chosen) - set(units(course))):
        raise ValueError(
            f"no unit is called {', '.join(unknown)}; there are {', '.join(units(course))}"
        )
    texts = {path: (course / path).read_bytes() for path in _files(chosen)}
    changed = [path for path, text in texts.items() if _differs(folder / path, text)]
    if changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        raise FileExistsError(
            f"{', '.join(map(str, changed[:3]))}{more} in {folder} would be overwritten, so nothing "
            "was written; move it away, or name another folder"
        )
    new = {folder / path: text for path, text in texts.items() if not (folder / path).exists()}
    for path, text in new.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return list(new)


def _files(names: Iterable[str]) -> Iterator[Path]:
    yield Path(CONFIG)
    for name in names:
        yield Path("solutions", name, f"{name}.md")
        yield Path("exercises", name, f"{name}.ipynb")


def _differs(path: Path, text: bytes) -> bool:
    return path.exists() and (not path.is_file() or path.read_bytes() != text)


def new_unit(root: Path, name: str) -> Path:
    """Begin a unit from the template, which can be released and graded as it is, and return its source."""
    if not NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} is no name for a unit: small letters, digits and single dashes, a letter first, "
            "such as gradient-clipping"
        )
    path = root / "solutions" / name / f"{name}.md"
    if path.exists():
        raise FileExistsError(f"{path} is there already; choose another name")
    template = files("nnlab.grading").joinpath("templates", "unit.md").read_text("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(template, "utf-8")
    return path


__all__ = ["found", "new_unit", "shipped_course"]

"""Release a unit: make the students' notebook from the solution, by nbgrader's own generator."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nnlab.grading.source import InvalidSource, Problem, read_source


def course_root(start: Path | None = None) -> Path:
    """Return the folder that holds solutions/, from `start` upwards."""
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "solutions").is_dir():
            return folder
    raise FileNotFoundError(
        f"no folder solutions/ in {start} or above it; `nnlab course init DIR` makes a course"
    )


def units(root: Path) -> list[str]:
    """Return the names of all units, in alphabetical order."""
    return sorted(
        path.stem for path in (root / "solutions").glob("*/*.md") if path.parent.name == path.stem
    )


def source_path(root: Path, unit: str) -> Path:
    """Return the file that a unit is written in."""
    path = root / "solutions" / unit / f"{unit}.md"
    if not path.is_file():
        raise FileNotFoundError(f"no unit {unit!r}; there are {', '.join(units(root)) or 'none'}")
    return path


def write_solution(root: Path, unit: str) -> Path:
    """Write the solution as the notebook that stock nbgrader wants, beside its source (git ignores it)."""
    path = source_path(root, unit)
    notebook = read_source(path)
    return _write(path.with_suffix(".ipynb"), _as_text(notebook))


def release_text(root: Path, unit: str) -> str:
    """Return the students' notebook as text; the same source gives the same bytes."""
    path = source_path(root, unit)
    notebook = read_source(path)
    solution_lines = _lines(notebook)
    stub_free = _generate(notebook, unit)
    extra = _lines(stub_free) - solution_lines
    if (
        extra
    ):  # cannot happen while nbgrader only removes lines; if it ever does, nothing is handed out
        raise InvalidSource(
            [Problem(path, 1, f"released, but not in the solution: {extra.pop()!r}")]
        )
    return _as_text(stub_free)


def release(root: Path, unit: str) -> Path:
    """Write `exercises/<unit>/<unit>.ipynb`."""
    return _write(root / "exercises" / unit / f"{unit}.ipynb", release_text(root, unit))


def _generate(notebook: Any, unit: str) -> Any:
    """Run nbgrader's preprocessors, all but the one that writes to the gradebook."""
    from copy import deepcopy

    from nbconvert.exporters import NotebookExporter
    from nbformat import reads
    from nbgrader.converters import GenerateAssignment
    from nbgrader.preprocessors import SaveCells

    exporter = NotebookExporter()
    for preprocessor in GenerateAssignment.class_traits()["preprocessors"].default():
        if preprocessor is not SaveCells:
            exporter.register_preprocessor(preprocessor, enabled=True)
    text, _ = exporter.from_notebook_node(deepcopy(notebook), resources={"unique_key": unit})
    return reads(text, as_version=4)


def _lines(notebook: Any) -> set[str]:
    """Return every line of the notebook that is not a stub."""
    stubs = ("# YOUR CODE HERE", "raise NotImplementedError()", "YOUR ANSWER HERE")
    lines = {line for cell in notebook.cells for line in cell.source.splitlines()}
    return {line for line in lines if line.strip() not in stubs}


def _as_text(notebook: Any) -> str:
    from nbformat import validate, writes

    validate(notebook)
    return str(writes(notebook, version=4)).rstrip("\n") + "\n"


def _write(path: Path, text: str) -> Path:
    """Write a file whole or not at all, and leave one that is right already untouched."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
    return path


def release_all(root: Path, names: Iterable[str] = ()) -> list[tuple[Path, Path]]:
    """Release the named units, or all; return (solution, exercise) of each. Nothing is written if any is invalid."""
    chosen = list(names) or units(root)
    problems: list[Problem] = []
    for unit in chosen:
        try:
            read_source(source_path(root, unit))
        except InvalidSource as error:
            problems += error.problems
    if problems:
        raise InvalidSource(problems)
    return [(write_solution(root, unit), release(root, unit)) for unit in chosen]

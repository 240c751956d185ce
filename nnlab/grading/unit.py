"""A unit is what a submission is held against: the cells in order, the tests with their hidden part, the points."""

import ast
import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from nnlab._folders import keep, recall

Kind = Literal["answer", "test", "written", "locked", "free"]


class UnitError(ValueError):
    """A unit cannot be graded, and its author must do something."""


@dataclass(frozen=True)
class Cell:
    """One cell of the instructor's notebook.

    kind: "answer" is code the student completes; "test" earns its points automatically; "written" is an answer that a
    person marks; "locked" is restored before grading; "free" is the student's to change. released: as handed out.
    """

    id: str
    kind: Kind
    type: str
    source: str
    points: float = 0.0
    released: str | None = None

    def is_unchanged(self, source: str) -> bool:
        """Whether a submitted source is what was handed out, spaces aside."""
        if self.released is None or source.lstrip()[:1] != self.released.lstrip()[:1]:
            return False  # most are not, and this is quickly seen
        return source == self.released or source.split() == self.released.split()


@dataclass(frozen=True)
class Unit:
    """An assignment with one notebook."""

    name: str
    cells: tuple[Cell, ...]

    @cached_property
    def by_id(self) -> dict[str, Cell]:
        """The cells by their grade ids (or cell ids, if they are not graded)."""
        return {cell.id: cell for cell in self.cells}

    @cached_property
    def max_score(self) -> float:
        """The points of the whole unit, written answers included."""
        return sum(cell.points for cell in self.cells)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The names that the students define."""
        sources = [
            cell.source for cell in self.cells if cell.kind == "answer" and cell.type == "code"
        ]
        return frozenset(name for source in sources for name in bound_names(source))

    @cached_property
    def digest(self) -> str:
        """A hash of everything here that can change a mark."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def handed_code(self) -> list[str]:
        """Return the code that students are handed and do not write: what it imports, they may use."""
        return [
            c.source
            for c in self.cells
            if c.type == "code" and c.kind in ("locked", "free", "answer")
        ]


def load_unit(source: Path, released: Path | None = None, cache: Path | None = None) -> Unit:
    """Read a unit from the instructor's notebook (.md in MyST, or .ipynb) and the one that was handed out."""
    if not source.is_file():
        raise UnitError(f"there is no unit at {source}")
    handed = released.read_bytes() if released is not None and released.is_file() else b""
    key = hashlib.sha256(
        source.read_bytes() + b"\0" + handed + b"\0" + Path(__file__).read_bytes()
    ).hexdigest()
    copy = cache / f"unit-{source.stem}-{key[:16]}.json" if cache is not None else None
    if copy is not None and (text := recall(copy)) is not None:
        data = json.loads(text)
        return Unit(data["name"], tuple(Cell(**cell) for cell in data["cells"]))
    unit = _from_notebook(source.stem, _read(source), json.loads(handed) if handed else None)
    if copy is not None:
        keep(copy, json.dumps(asdict(unit)).encode())
    return unit


NEEDLESS = (
    "rfc3987_syntax", "rfc3986_validator", "isoduration",  # formats of texts that no notebook has
    "jupytext.async_contentsmanager", "jupytext.sync_contentsmanager",  # for its web server
)  # fmt: skip


def import_quickly() -> None:
    """Spare nbformat and jupytext more than a second: they load these if they are there, and nobody asks for them."""
    for name in NEEDLESS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def _read(source: Path) -> dict[str, Any]:
    if source.suffix == ".ipynb":
        return dict(json.loads(source.read_text("utf-8")))
    import_quickly()
    from nnlab.grading.source import read_source

    return dict(read_source(source))


def _from_notebook(name: str, notebook: dict[str, Any], released: dict[str, Any] | None) -> Unit:
    handed = {}
    for cell in (released or {}).get("cells", ()):
        handed[_id_of(cell)] = text_of(cell)
    cells = []
    for number, raw in enumerate(notebook["cells"]):
        about = raw.get("metadata", {}).get("nbgrader", {})
        id = _id_of(raw) or f"cell-{number + 1}"
        source = text_of(raw)
        points = (
            float(about.get("points") or 0.0) if about.get("grade") or about.get("task") else 0.0
        )
        cells.append(Cell(id, _kind(about), raw["cell_type"], source, points, handed.get(id)))
    ids = [cell.id for cell in cells]
    twice = {id for id in ids if ids.count(id) > 1}
    if twice:
        raise UnitError(f"{name}: two cells have the id {', '.join(sorted(twice))}")
    unit = Unit(name, tuple(cells))
    if not any(cell.kind in ("test", "written") for cell in cells):
        raise UnitError(f"{name} has nothing to grade: no cell of it has nbgrader's metadata")
    return unit


def _kind(about: dict[str, Any]) -> Kind:
    grade, solution = bool(about.get("grade")), bool(about.get("solution"))
    if about.get("task") or (grade and solution):
        return "written"
    if grade:
        return "test"
    if solution:
        return "answer"
    return "locked" if about.get("locked") else "free"


def _id_of(cell: dict[str, Any]) -> str:
    about = cell.get("metadata", {}).get("nbgrader", {})
    return str(about.get("grade_id") or cell.get("id") or "")


def text_of(cell: dict[str, Any]) -> str:
    """Return a cell's source as one string."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def bound_names(source: str) -> set[str]:
    """Return the names that a piece of code binds at its top level, imports aside.

    >>> sorted(bound_names("import os\\ndef f(): y = 1\\nx = [0]"))
    ['f', 'x']
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, RecursionError, MemoryError):  # the last two, if it is nested deeply
        return set()
    names = set()
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            names.add(statement.name)
        elif not isinstance(statement, (ast.Import, ast.ImportFrom)):
            stored = (n for n in ast.walk(statement) if isinstance(n, ast.Name))
            names |= {n.id for n in stored if isinstance(n.ctx, ast.Store)}
    return names

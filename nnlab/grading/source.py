"""A unit's source, `solutions/<unit>/<unit>.md`: read it as a notebook with nbgrader metadata, and find its faults."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULTS = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
STUBS = ("YOUR CODE HERE", "YOUR ANSWER HERE", "raise NotImplementedError")
GRADE_ID = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}")


@dataclass(frozen=True)
class Problem:
    """A fault of a source, and the line it is in."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class InvalidSource(ValueError):
    """A source that cannot be released; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read_source(path: Path) -> Any:
    """Return the notebook that a source describes, or raise `InvalidSource`.

    In the source a cell's nbgrader metadata holds only what differs from DEFAULTS, and an autograded test is locked.
    Cell ids are the grade ids, or the cell's place, so that the same source makes the same notebook.
    """
    from jupytext.myst import MystMetadataParsingError, myst_to_notebook

    text = path.read_text(encoding="utf-8")
    try:
        notebook = myst_to_notebook(text, add_source_map=True)
    except MystMetadataParsingError as error:
        line = re.search(r"line (\d+)", str(error))
        raise InvalidSource([Problem(path, int(line[1]) if line else 1, str(error))]) from error
    starts = notebook.metadata.pop("source_map")
    problems = [
        Problem(path, line, message)
        for line, message in _faults(notebook, starts, text.splitlines())
    ]
    if problems:
        raise InvalidSource(problems)
    for place, cell in enumerate(notebook.cells):
        cell.id = f"cell-{place:02d}"
        if "nbgrader" in cell.metadata:
            given = cell.metadata.nbgrader
            given.setdefault("locked", bool(given.get("grade") and not given.get("solution")))
            cell.metadata.nbgrader = {**DEFAULTS, **given}
            cell.id = given.grade_id
    notebook.metadata.pop("jupyter", None)  # jupytext notes its lexer there
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def _faults(notebook: Any, starts: list[int], lines: list[str]) -> Iterator[tuple[int, str]]:
    seen: dict[str, int] = {}
    for cell, start in zip(notebook.cells, starts, strict=True):
        meta = cell.metadata.get("nbgrader")
        locate = _Locator(lines, start, cell.source)
        if cell.cell_type not in ("code", "markdown"):
            yield start, f"a cell of type {cell.cell_type}: use {{code-cell}} or Markdown"
        if cell.cell_type == "markdown":
            for number, line in enumerate(cell.source.splitlines()):
                if re.match(r"```+\{", line):
                    yield locate(number), f"unknown cell type {line}: use ```{{code-cell}}"
        if meta is not None:
            yield from ((start, fault) for fault in _metadata_faults(cell, meta))
            id = meta.get("grade_id")
            if id in seen:
                yield start, f"grade id {id!r} is used twice; first in line {seen[id]}"
            elif id:
                seen[id] = start
        meta = meta or {}
        yield from _marker_faults(cell, start, meta, locate)
        yield from _stub_faults(cell, locate)
        if cell.cell_type == "code":
            yield from _code_faults(cell, start, meta, locate)


class _Locator:
    """Turn the number of a line in a cell into its number in the file."""

    def __init__(self, lines: list[str], start: int, source: str) -> None:
        wanted = source.splitlines()
        places = range(start, len(lines) - len(wanted) + 1)
        self.body = next((p for p in places if lines[p : p + len(wanted)] == wanted), start)

    def __call__(self, number: int) -> int:
        return self.body + number + 1


def _metadata_faults(cell: Any, meta: Any) -> Iterator[str]:
    unknown = set(meta) - {*DEFAULTS, "grade_id", "points"}
    if unknown:
        yield f"unknown nbgrader key {', '.join(sorted(unknown))}"
    id = meta.get("grade_id")
    if not id:
        yield "grade_id is missing"
    elif not isinstance(id, str) or not GRADE_ID.fullmatch(id):
        yield f"grade_id {id!r} must be letters, digits, - and _, at most 64"
    points = meta.get("points")
    if meta.get("grade"):
        if isinstance(points, bool) or not isinstance(points, int) or points < 1:
            yield f"points must be a whole number of at least 1, got {points!r}"
    elif points is not None:
        yield "points are given to a cell that is not graded (grade: true)"
    if cell.cell_type == "markdown" and bool(meta.get("grade")) != bool(meta.get("solution")):
        yield "a written answer needs both grade: true and solution: true"


def _marker_faults(cell: Any, start: int, meta: Any, locate: _Locator) -> Iterator[tuple[int, str]]:
    for kind, needs in (("SOLUTION", "solution"), ("HIDDEN TESTS", "grade")):
        opened: int | None = None
        begun = []
        for number, line in enumerate(cell.source.splitlines()):
            if f"BEGIN {kind}" in line:
                begun.append(number)
                if opened is not None:
                    yield locate(number), f"BEGIN {kind} inside another"
                opened = number
            elif f"END {kind}" in line:
                if opened is None:
                    yield locate(number), f"END {kind} without BEGIN {kind}"
                opened = None
        if opened is not None:
            yield locate(opened), f"BEGIN {kind} without END {kind}"
        if begun and not meta.get(needs):
            yield locate(begun[0]), f"BEGIN {kind} in a cell without {needs}: true"
        if kind == "SOLUTION" and meta.get("solution") and cell.cell_type == "code" and not begun:
            yield start, "a solution cell without BEGIN SOLUTION would be handed out empty"


def _stub_faults(cell: Any, locate: _Locator) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(cell.source.splitlines()):
        if any(stub in line for stub in STUBS):
            yield locate(number), f"a stub line is in the solution: {line.strip()}"


def _code_faults(cell: Any, start: int, meta: Any, locate: _Locator) -> Iterator[tuple[int, str]]:
    from nnlab.grading.specification import find

    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        yield locate((error.lineno or 1) - 1), f"Python cannot read the cell: {error.msg}"
        return
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    checks = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "check" and c.args]
    for node in checks:
        try:
            find(ast.literal_eval(node.args[0]))
        except ValueError as error:
            yield locate(node.lineno - 1), str(error)
    is_test = meta.get("grade") and not meta.get("solution")
    if is_test and not checks and not any(map(_asserts, ast.walk(tree))):
        yield start, "a test cell without a check or an assertion"


def _asserts(node: ast.AST) -> bool:
    """Whether this fails when something does not hold: `assert ...`, or `np.testing.assert_allclose(...)`."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return str(name).startswith("assert_")
    return isinstance(node, ast.Assert)

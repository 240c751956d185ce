"""Slips are small changes to a right answer that make a mistake the catalogue knows by name; found by trying."""

import ast
import contextlib
import io
import random
import re
import runpy
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib

from nnlab.grading import CheckFailed, check
from nnlab.grading.sandbox.inside.cells import plain_python
from nnlab.grading.unit import Unit

HERE = Path(__file__).resolve().parent
mutants = runpy.run_path(str(HERE.parent / "exercises" / "mutating.py"))["mutants"]
PATIENCE = 2


@dataclass(frozen=True)
class Slip:
    """What a student wrote into an answer's cell, and the name of the mistake."""

    cell: str
    source: str
    mistake: str = ""


def slips(unit: Unit, count: int) -> list[Slip]:
    """Return slips with different names, as many as wanted; nameless ones fill the places that are left."""
    named: dict[str, Slip] = {}
    nameless: list[Slip] = []
    space = _namespace(unit)
    for cell in [c for c in unit.cells if c.kind == "answer" and c.type == "code"]:
        tried = list(mutants(cell.source))
        random.Random(cell.id).shuffle(tried)
        checks = _checks(unit, cell.source)
        before = len(named)
        for _, source in tried[:80]:
            if len(named) - before >= 4:
                break
            mistake = _mistake(source, dict(space), checks)
            if mistake and "/" in mistake:
                named.setdefault(mistake, Slip(cell.id, source, mistake))
            elif mistake and len(nameless) < count:
                nameless.append(Slip(cell.id, source, mistake))
    chosen = sorted(
        named.values(), key=lambda slip: (slip.mistake.startswith("general"), slip.mistake)
    )
    return (chosen + nameless)[:count]


def _checks(unit: Unit, source: str) -> list[tuple[str, str]]:
    calls = [
        call
        for c in unit.cells
        if c.kind == "test"
        for call in re.findall(r'check\("([\w.]+)", (\w+)\)', c.source)
    ]
    return [(name, function) for name, function in calls if f"def {function}(" in source]


def _mistake(source: str, space: dict[str, Any], checks: list[tuple[str, str]]) -> str | None:
    """Return the name of the mistake, "failed" if it has none, or None if nothing fails or it takes too long."""
    with _in_time(), contextlib.redirect_stdout(io.StringIO()):
        try:
            exec(compile(source, "slip", "exec"), space)
            for name, function in checks:
                check(name, space[function])
        except CheckFailed as failure:
            return failure.mistake or "failed"
        except Exception:
            return None
    return None


def _namespace(unit: Unit) -> dict[str, Any]:
    matplotlib.use("agg")
    space: dict[str, Any] = {}
    for cell in unit.cells:
        if cell.type == "code" and cell.kind in ("locked", "answer"):
            with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
                exec(compile(plain_python(cell.source), cell.id, "exec"), space)
    return space


@contextlib.contextmanager
def _in_time() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE)
    try:
        yield
    except TimeoutError:
        pass
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def own_ways(root: Path, unit: Unit) -> list[Slip]:
    """Return an answer in another style for each cell that has one among the exercises' honest variants."""
    path = root / "tests" / "exercises" / "variants" / f"{unit.name.replace('-', '_')}.py"
    if not path.is_file():
        return []
    tree = ast.parse(path.read_text("utf-8"))
    variants = [n for n in tree.body if isinstance(n, ast.FunctionDef) and "__" in n.name]
    shared = [n for n in tree.body[1:] if n not in variants]
    ways = []
    for cell in unit.cells:
        names = re.findall(r"^def (\w+)\(", cell.source, re.MULTILINE)
        own = [n for name in names for n in variants if n.name.startswith(f"{name}__")][:1]
        if cell.kind == "answer" and len(names) == 1 and own:
            source = "\n".join(map(ast.unparse, [*shared, own[0]]))
            for variant in variants:
                source = re.sub(rf"\b{variant.name}\b", variant.name.partition("__")[0], source)
            ways.append(Slip(cell.id, source))
    return ways

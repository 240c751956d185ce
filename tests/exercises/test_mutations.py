"""The hidden checks are strong: of the solution's mutants that behave otherwise, at least 95 % fail."""

import re
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlab.grading import CheckFailed, check
from nnlab.grading.calling import attempt, quiet
from nnlab.grading.comparing import differences
from nnlab.grading.specification import find

mutants = runpy.run_path(str(Path(__file__).with_name("mutating.py")))["mutants"]


def _fails(name: str, function: Any) -> bool:
    try:
        check(name, function, fresh=True)
    except CheckFailed:
        return True
    return False


def _differs(name: str, function: Any) -> bool:
    """Whether the function differs from the reference somewhere in a large random set of cases."""
    spec, aspects = find(name)
    rng = np.random.default_rng(1)
    for aspect in aspects.values():
        draws = [aspect.draw(rng) for _ in range(100)] if aspect.draw else []
        for case in [*aspect.fixed, *draws]:
            with quiet():
                mine, right = (attempt(f, aspect, case) for f in (function, spec.reference))
            if mine.error or (aspect.keeps_inputs and mine.changed):
                return True
            if next(differences(right.value, mine.value, spec.rtol), None):
                return True
    return False


def _names(book: Any, source: str) -> list[str]:
    """Return the checks of the unit that a mutated cell's functions have to pass."""
    asked = [
        n
        for c in book.kind("test")
        for n in re.findall(r'check\(\s*"([\w.]+)",\s*\w+\s*\)', c.source)
    ]
    return [name for name in asked if f"def {name.partition('.')[0]}(" in source]


@pytest.mark.slow
def test_mutants_fail(unit, workbook, capsys):
    book = workbook(unit)
    killed, equivalent, survivors = 0, 0, []
    for cell in book.kind("answer"):
        names = _names(book, cell.source)
        assert names, f"no check for {cell.id}"
        space = book.namespace()
        for change, source in mutants(cell.source):
            mutated = dict(space)
            try:
                exec(compile(source, cell.id, "exec"), mutated)
            except Exception:
                killed += 1
                continue
            functions = {name: mutated[name.partition(".")[0]] for name in names}
            if any(_fails(name, function) for name, function in functions.items()):
                killed += 1
            elif any(_differs(name, function) for name, function in functions.items()):
                survivors.append(f"{cell.id}, {change}")
            else:
                equivalent += 1
    with capsys.disabled():
        print(
            f"\n{unit}: {killed} mutants fail, {len(survivors)} survive, {equivalent} are equivalent"
        )
        print("".join(f"  survives: {survivor}\n" for survivor in survivors), end="")
    assert killed >= 100
    assert killed / (killed + len(survivors)) >= 0.95

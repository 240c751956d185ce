"""Tests run here, on the trusted side; only the names that the student was asked for come from the sandbox."""

import ast
import builtins
import contextlib
import io
import random
import symtable
import warnings
from collections.abc import Callable, Iterator
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np

from nnlab.grading.arrangement import Step
from nnlab.grading.failure import CheckFailed
from nnlab.grading.sandbox.inside.cells import plain_python
from nnlab.grading.sandbox.student import Student
from nnlab.grading.unit import Cell, Unit, bound_names
from nnlab.grading.verdict import TestResult, shorten


class _Generators(ast.NodeTransformer):
    """Turns comprehensions into generators: of those alone, later Pythons still say that their names are their own."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Go through all that is within, first."""
        super().generic_visit(node)
        if isinstance(node, ast.DictComp):
            pair = ast.Tuple([node.key, node.value], ast.Load())
            return ast.GeneratorExp(pair, node.generators)
        if isinstance(node, (ast.ListComp, ast.SetComp)):
            return ast.GeneratorExp(node.elt, node.generators)
        return node


@lru_cache(256)
def free_names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the global names that code uses, and those that it binds itself.

    >>> uses, binds = free_names("import numpy as np\\ny = [f(x) for x in np.ones(n)]")
    >>> sorted(uses), sorted(binds)
    (['f', 'n'], ['np', 'y'])
    """
    plain = ast.unparse(_Generators().visit(ast.parse(source)))
    table = symtable.symtable(plain, "<test>", "exec")
    binds = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    uses = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    waiting = list(table.get_children())
    while waiting:
        scope = waiting.pop()
        waiting += scope.get_children()
        uses |= {s.get_name() for s in scope.get_symbols() if s.is_global() and s.is_referenced()}
    return frozenset(uses - binds - set(dir(builtins))), frozenset(binds)


WhyMissing = Callable[[str], str]
"""Say in words why a name that a test needs is not there."""


def read_tests(unit: Unit) -> None:
    """Read what this unit's author wrote, which is the same for every submission."""
    _own_sources(unit)
    for cell in unit.cells:
        if cell.type == "code" and cell.kind == "test":
            with contextlib.suppress(Exception):  # which will be said when it runs
                source = _plain(cell.source)
                free_names(source)
                _compiled(source, f"<test {cell.id}>")


class Tests:
    """Runs the tests of one unit over one submission, in the order of the notebook."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.namespace: dict[str, Any] = {"__name__": "__main__"}
        self.done: set[str] = set()

    def run(self, test: Cell, student: Student, why_missing: WhyMissing) -> TestResult:
        """Run one test cell; `Gone` goes through, everything else becomes a result."""
        printed = io.StringIO()
        random.seed(test.id)
        np.random.seed(0)  # noqa: NPY002  a test may use it
        try:
            with _calm(printed):
                source = _plain(test.source)
                self._look_up(source, student)
                exec(_compiled(source, f"<test {test.id}>"), self.namespace)
        except Exception as error:
            return _failure(test, error, why_missing)
        finally:
            student.forget()
        return TestResult(
            test.id, test.points, test.points, True, output=shorten(printed.getvalue())
        )

    def asks_for(self, step: Step) -> list[str]:
        """List the names of the student's that a step needs, if it is a test."""
        if not step.is_test:
            return []
        return sorted(free_names(_plain(step.source))[0] & self.unit.asked)

    def _look_up(self, source: str, student: Student) -> None:
        for name in sorted(free_names(source)[0]):
            if name in self.unit.asked or not (self._have(name) or name in _of_tests(self.unit)):
                self.namespace.pop(name, None)
                try:
                    found = student.names([name])
                    if name in found:
                        self.namespace[name] = found[name]
                except Exception as error:
                    raise ValueError(f"`{name}` cannot be checked: {error}") from None

    def _have(self, name: str) -> bool:
        """Whether a name needs nothing of the student's: an earlier test, or code handed out, binds it."""
        if name in self.namespace:
            return True
        for key, source in _own_sources(self.unit):
            if key in self.done or name not in free_names(source)[1]:
                continue
            self.done.add(key)
            needs = free_names(source)[0]
            if not needs & self.unit.asked and all(map(self._have, needs)):
                exec(_compiled(source, f"<{key}>"), self.namespace)
                return name in self.namespace
        return False


_plain = lru_cache(256)(plain_python)


@lru_cache(256)
def _compiled(source: str, name: str) -> CodeType:
    return compile(source, name, "exec", dont_inherit=True)


@lru_cache(16)
def _own_sources(unit: Unit) -> list[tuple[str, str]]:
    """List the code of the unit's author that a test may build on: locked cells, and the imports of all others."""
    found = []
    for cell in unit.cells:
        if cell.type != "code" or cell.kind == "test":
            continue
        source = plain_python(cell.source)
        with contextlib.suppress(SyntaxError):
            tree = ast.parse(source)
            kinds = (ast.Import, ast.ImportFrom)
            found += [
                (f"{cell.id}, import {n}", ast.unparse(s))
                for n, s in enumerate(tree.body)
                if isinstance(s, kinds)
            ]
            if cell.kind == "locked" and bound_names(source):
                found.append((cell.id, source))
    return found


@lru_cache(16)
def _of_tests(unit: Unit) -> set[str]:
    """Return the names that tests alone bind: one that failed before it got there leaves its name to no student."""
    tests: set[str] = set()
    others: set[str] = set()
    for cell in unit.cells:
        if cell.type == "code" and cell.kind in ("test", "locked"):
            with contextlib.suppress(SyntaxError):
                (tests if cell.kind == "test" else others).update(
                    free_names(_plain(cell.source))[1]
                )
    return tests - others


@contextlib.contextmanager
def _calm(printed: io.StringIO) -> Iterator[None]:
    """Collect what a test prints, and let no warning of a library decide a mark."""
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


def _failure(test: Cell, error: Exception, why_missing: WhyMissing) -> TestResult:
    """Put an error into the words that the student reads."""
    result = TestResult(test.id, 0.0, test.points, False)
    kind = getattr(error, "type_name", None)
    if isinstance(error, CheckFailed):
        result.check, result.reason = error.check, error.reason
        result.mistake, result.link = error.mistake, error.link
        result.message = error.message
    elif kind is not None:
        line = getattr(error, "line", "")
        where = f" ({error.where})" if getattr(error, "where", "") else ""  # type: ignore[attr-defined]
        result.reason = "raised"
        result.message = f"Your code raised {kind}: {error}" + (
            f"\nin the line `{line}`{where}" if line else ""
        )
    elif isinstance(error, NameError):
        result.reason = "missing"
        name = error.name or str(error)
        result.message = f"`{name}` is not defined: {why_missing(name)}."
    elif isinstance(error, AssertionError):
        result.reason = "value"
        result.message = str(error).strip() or "What this cell asks for does not hold."
    else:
        result.reason = "type"
        result.message = f"This could not be checked: {type(error).__name__}: {error}"
    result.message = shorten(result.message)
    return result

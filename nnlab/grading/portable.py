"""A portable function of ours travels to the student's process as code, and is called there without a message each.

What a student's function gets to call, such as the f whose gradient it estimates, is called dozens of times a trial.
"""

import ast
import inspect
from collections.abc import Callable
from functools import cache
from textwrap import dedent
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
MARKED: set[Callable[..., Any]] = set()


def portable(function: F) -> F:
    """Mark a function that stands alone: it uses its arguments, NumPy as `np`, and nothing else."""
    MARKED.add(function)
    return function


def code_of(value: object) -> tuple[str, str] | None:
    """Return name and code of a portable function, and None for anything else."""
    if inspect.isfunction(value) and value in MARKED:
        return value.__name__, _code(value)
    return None


@cache
def _code(function: Callable[..., Any]) -> str:
    [definition] = ast.parse(dedent(inspect.getsource(function))).body
    assert isinstance(definition, ast.FunctionDef)
    definition.decorator_list = []
    return "from __future__ import annotations\n" + ast.unparse(definition)

"""Grading compares what students wrote with `nnlab`, names the mistake, and points to the page that explains it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnlab.grading.checking import check
    from nnlab.grading.explorer import explore
    from nnlab.grading.failure import CheckFailed

__all__ = ["CheckFailed", "check", "explore"]

HOMES = {"CheckFailed": "failure", "check": "checking", "explore": "explorer"}
"""Where these are; loaded when first asked for, since a grader begins its sandboxes before it loads NumPy."""


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)

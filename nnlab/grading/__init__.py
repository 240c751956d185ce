"""Grading compares what students wrote with `nnlab`, names the mistake, and points to the page that explains it."""

from nnlab.grading.checking import check
from nnlab.grading.explorer import explore
from nnlab.grading.failure import CheckFailed

__all__ = ["CheckFailed", "check", "explore"]

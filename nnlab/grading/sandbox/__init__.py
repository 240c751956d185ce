"""The sandbox: a process for each submission that sees NumPy and its own cells, and nothing of the course."""

from nnlab.grading.sandbox.launch import Isolation, Limits, SandboxError, Zygote, find_isolation
from nnlab.grading.sandbox.student import Gone, Student

__all__ = ["Gone", "Isolation", "Limits", "SandboxError", "Student", "Zygote", "find_isolation"]

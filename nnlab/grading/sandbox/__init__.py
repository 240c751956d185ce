"""The sandbox: a process for each submission that sees NumPy and its own cells, and nothing of the course."""

from nnlab.grading.sandbox.launch import (
    Isolation,
    Limits,
    SandboxError,
    Settings,
    Zygote,
    find_isolation,
)

__all__ = ["Isolation", "Limits", "SandboxError", "Settings", "Zygote", "find_isolation"]

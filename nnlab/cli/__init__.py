"""The command `nnlab`: what readers, students and instructors type."""

import atexit
import gc
import io
import os
import sys
import threading


def main() -> None:
    """Run the command line; what is not installed, or not allowed by the system, is said in a sentence."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed: its number would go to what we open next
            setattr(sys, name, open(os.devnull, mode))
    gc.set_threshold(50_000)  # at its usual 700, Python looks for garbage all the time it imports
    for stream in (sys.stdout, sys.stderr):  # a code page of Windows has no check marks
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        from nnlab.cli.app import app

        app()
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        if module == "nnlab":
            raise
        sys.exit(
            f"nnlab: this needs {module}, which is not installed; "
            "pip install 'nnlab-course[grading,study]' brings it"
        )
    except OSError as error:  # no room, no permission, no such folder
        sys.exit(f"nnlab: {error}")
    except SystemExit as end:
        _leave(end.code)
        raise


def _leave(status: object) -> None:
    """End this process at once, unless something is left to do: to take all modules apart would take a while."""
    if status not in (None, 0, 1, 2, 3, 130) or threading.active_count() > 1:
        return
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (OSError, ValueError):  # nobody listens
        return
    os._exit(status if isinstance(status, int) else 0)

"""The command `nnlab`: what readers, students and instructors type."""

import sys


def main() -> None:
    """Run the command line, or say how to install what it needs."""
    try:
        from nnlab.cli.app import app
    except ModuleNotFoundError as error:
        sys.exit(
            f"the command nnlab needs {error.name}, which is not installed; "
            "pip install 'nnlab-course[grading,study]' brings it"
        )
    app()

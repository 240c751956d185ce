"""How the tests call the command, inside this process and as a program of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner


@pytest.fixture
def call() -> Callable[..., Result]:
    """Call a command in this process."""
    from nnlab.cli.app import app

    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def program() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the installed program `nnlab`."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).with_name("nnlab"), *words],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run

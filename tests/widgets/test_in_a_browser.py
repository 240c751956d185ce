"""What a live page imports must do without processes, threads and all that the browser lacks."""

import subprocess
import sys

import pytest

LACKING = (
    "_multiprocessing",
    "threadpoolctl",
    "ipywidgets",
    "typer",
    "rich",
    "pooch",
    "tqdm",
    "nbformat",
)


@pytest.mark.parametrize(
    "module",
    ["nnlab.experiments", "nnlab.widgets", "nnlab.grading", "nnlab.datasets", "nnlab.plots"],
)
def test_a_live_page_can_import_it(module: str) -> None:
    block = f"import sys; sys.modules.update(dict.fromkeys({LACKING!r}))"
    run = [sys.executable, "-c", f"{block}; import {module}"]
    done = subprocess.run(run, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

"""What the tests of the studies share: made-up studies, and the wine data, which may need a
download."""

import importlib
import os
from pathlib import Path
from types import ModuleType

import pytest

from nnlab.datasets import DataError, load_wine


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module of made-up studies, importable by worker processes too."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return importlib.import_module("made_up_studies")


@pytest.fixture(scope="session")
def wine() -> None:
    """Ask for the wine table: found, downloaded, or the reason why not."""
    try:
        load_wine()
    except DataError as error:
        missing = f"no wine table: {error}"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)

"""The directive that shows code of nnlab shows what stands in the file, and nothing else."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

MODULE = '''"""A module."""

LIMIT: int = 3


def double(x: int) -> int:
    """Twice x.

    >>> double(2)
    4
    """
    # because
    return 2 * x


class Box:
    """A box."""

    size = 1

    def grow(self) -> None:
        """Grow."""
        self.size += 1


def bare(x):
    return x
'''


@pytest.fixture(scope="module")
def source(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("source", root / "book" / "_ext" / "source.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("double", "def double(x: int) -> int:\n    # because\n    return 2 * x"),
        ("Box.grow", "def grow(self) -> None:\n    self.size += 1"),
        ("LIMIT", "LIMIT: int = 3"),
        ("bare", "def bare(x):\n    return x"),
    ],
)
def test_it_shows_the_code_without_the_docstring(source: ModuleType, name: str, shown: str) -> None:
    assert source.without_docstring(MODULE, name) == shown


def test_it_says_what_is_missing(source: ModuleType, root: Path) -> None:
    with pytest.raises(LookupError, match="there is no halve"):
        source.without_docstring(MODULE, "halve")
    with pytest.raises(LookupError, match=r"no file holds nnlab\.nowhere\.f"):
        source.locate(root, "nnlab.nowhere.f")


def test_it_finds_the_file(source: ModuleType, root: Path) -> None:
    file, name = source.locate(root, "nnlab.network.Network.loss")
    assert (file, name) == (root / "nnlab" / "network.py", "Network.loss")


def test_what_a_page_shows_fits_the_page(source: ModuleType, root: Path) -> None:
    """90 letters of the smaller type that the style sheet gives these blocks fill the column."""
    shown = {
        name
        for page in (root / "book").glob("*.md")
        for block in re.findall(r"```\{source\} (.+)", page.read_text(encoding="utf-8"))
        for name in block.split()
    }
    assert shown
    wide = []
    for full in shown:
        file, name = source.locate(root, full)
        code = source.without_docstring(file.read_text(encoding="utf-8"), name)
        wide += [f"{full}: {line}" for line in code.splitlines() if len(line) > 90]
    assert not wide, "\n".join(wide)

"""A page is run again when anything it runs on has changed, and only then."""

import os
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest


@pytest.fixture
def extension(root: Path) -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(root / "book" / "_ext" / "execution_cache.py")))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in (
        "nnlab/network.py",
        "requirements/lock.txt",
        "book/results/study.csv",
        "book/guides/house.py",
        "tests/test_repository.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("old")
    return tmp_path


@pytest.mark.parametrize(
    "change",
    [
        "nnlab/network.py",
        "nnlab/new.py",
        "requirements/lock.txt",
        "book/results/study.csv",
        "book/guides/house.py",
        "tests/test_repository.py",
    ],
)
def test_a_change_below_the_page_changes_the_cache(
    extension: SimpleNamespace, repository: Path, change: str
) -> None:
    before = extension.fingerprint(repository)
    (repository / change).write_text("new")
    assert extension.fingerprint(repository) != before


def test_compiled_files_and_pages_do_not_change_the_cache(
    extension: SimpleNamespace, repository: Path
) -> None:
    before = extension.fingerprint(repository)
    (repository / "nnlab" / "network.pyc").write_text("compiled")
    (repository / "book" / "page.md").write_text("Jupyter's own cache knows the page")
    assert extension.fingerprint(repository) == before


def test_only_the_latest_caches_are_kept(extension: SimpleNamespace, repository: Path) -> None:
    config = SimpleNamespace()
    chosen = []
    for state in range(extension.KEPT + 2):
        (repository / "nnlab" / "network.py").write_text(str(state))
        extension.choose_cache(SimpleNamespace(srcdir=repository), config)
        chosen.append(Path(config.nb_execution_cache_path))
        os.utime(chosen[-1], (state, state))  # a file system's clock may be too coarse to tell
    kept = set((repository / "_build" / ".jupyter_cache").iterdir())
    assert kept == set(chosen[-extension.KEPT :])

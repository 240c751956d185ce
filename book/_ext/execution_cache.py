"""Key the cache of executed pages on everything a page runs on, not only on its own cells.

Jupyter's cache knows a page by its code cells alone, so a page would keep showing what an older
`nnlab` computed. Here the cache lies in a folder named after the package, the lock, the stored
results and what else cells import. Sphinx reads every page again when that name changes, and each
finds its cache empty.
"""

import shutil
from hashlib import sha256
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

USED = (
    "requirements/lock.txt",
    "nnlab",
    "book/results",
    "book/guides/house.py",  # draws the house, by the rules in the next
    "tests/test_repository.py",
)
"""Files and folders that pages run on, besides their own cells."""

KEPT = 3
"""Caches of the last states stay, so that switching between two branches is quick."""


def fingerprint(root: Path) -> str:
    """Hash of the names and contents of all files that a page's output depends on."""
    found = (file for name in USED for file in (root / name, *(root / name).rglob("*")))
    files = [file for file in found if file.is_file() and file.suffix != ".pyc"]
    digest = sha256()
    for file in sorted(files):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0")
        digest.update(sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def choose_cache(app: Sphinx, config: Config) -> None:
    """Point the execution at the cache of the present state, and forget the oldest ones."""
    root = Path(app.srcdir)
    caches = root / "_build" / ".jupyter_cache"
    cache = caches / fingerprint(root)
    cache.mkdir(parents=True, exist_ok=True)
    cache.touch()
    for old in sorted(caches.iterdir(), key=lambda p: p.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old)
    config.nb_execution_cache_path = str(cache)


def setup(app: Sphinx) -> dict[str, bool]:
    # before myst_nb reads the setting
    app.connect("config-inited", choose_cache, priority=1)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

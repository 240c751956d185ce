"""A book of its own with the live extension, copied as its README says: with a Pyodide from a folder
it needs no other host, not for its pages and not for its notebooks, and it may lie in any folder."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from .conftest import serve
from .live import MINUTE, finished, new_context, run_page, visit, write

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONF = """
import sys
sys.path.insert(0, {extension!r})
project = "Mine"
extensions = ["myst_nb", "live", "lite"]
html_theme = "sphinx_book_theme"
html_context = {{"default_mode": "auto"}}
nb_execution_mode = "force"
live_pyodide = {pyodide!r}
live_wheels = [{root!r}]
live_files = ["data/*.csv"]
exclude_patterns = ["_ext", "exercises"]
"""
PAGE = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, name: python3}
---
# Mine

```{code-cell} ipython3
from pathlib import Path
import numpy as np
print(np.loadtxt("data/numbers.csv").sum())
```

```{explorer} nnlab.widgets.sigmoid
:name: fig-mine
:caption: Mine too
```
"""


@pytest.fixture(scope="module")
def own(root: Path, pyodide: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the small book."""
    source = tmp_path_factory.mktemp("own")
    extension = source / "_ext"
    shutil.copytree(
        root / "book" / "_ext" / "live",
        extension / "live",
        ignore=shutil.ignore_patterns("node_modules", "__pycache__"),
    )
    shutil.copy(root / "book" / "_ext" / "lite.py", extension)
    (source / "data").mkdir()
    (source / "data" / "numbers.csv").write_text("1\n2\n3.5\n")
    (source / "exercises" / "adam").mkdir(parents=True)
    shutil.copy(root / "exercises" / "adam" / "adam.ipynb", source / "exercises" / "adam")
    settings = {"extension": str(extension), "pyodide": str(pyodide), "root": str(root)}
    (source / "conf.py").write_text(CONF.format(**settings))
    (source / "index.md").write_text(PAGE)
    site = source / "served" / "some" / "folder"
    run = [sys.executable, "-m", "sphinx", "-W", "-q", str(source), str(site)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for address in serve(source / "served"):
        yield f"{address}/some/folder"


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = new_context(browser)
    yield made
    made.close()


def test_its_page_runs(context: BrowserContext, own: str) -> None:
    with visit(context, f"{own}/index.html") as (tab, requests):
        run_page(tab)
        cell = tab.locator("[class*=live-cell-]").first
        expect(cell.locator(".cell_output")).to_have_text("6.5\n")
        write(tab, cell, "print(np.loadtxt('data/numbers.csv').max())")
        expect(cell.locator(".cell_output")).to_have_text("3.5\n", timeout=MINUTE)
        finished(tab)
        assert any("/some/folder/pyodide/pyodide.asm.wasm" in url for url in requests)
        words = tab.locator(".live-words")
        before = words.inner_text()
        tab.locator(".live-explorer input").first.focus()
        tab.keyboard.press("ArrowRight")
        expect(words).not_to_have_text(before, timeout=MINUTE)


def test_its_notebooks_run(context: BrowserContext, own: str) -> None:
    address = f"{own}/lite/notebooks/index.html?path=adam/adam.ipynb"
    with visit(context, address) as (tab, requests):
        expect(tab.locator(".jp-Notebook-ExecutionIndicator")).to_be_attached(timeout=MINUTE)
        cell = tab.locator(".jp-CodeCell").nth(1)  # the first may not be changed
        cell.locator(".cm-content").click()
        tab.keyboard.press("Control+A")
        tab.keyboard.insert_text("import ipywidgets, nnlab\nprint(nnlab.__name__, 6 * 7)")
        tab.keyboard.press("Control+Enter")
        expect(cell.locator(".jp-OutputArea")).to_contain_text("nnlab 42", timeout=3 * MINUTE)
        assert any("/some/folder/lite/pypi/" in url for url in requests)

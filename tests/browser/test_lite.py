"""The exercises in the reader's browser: open each, solve it, have it checked, take it home, hand it in."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from typer.testing import CliRunner

from nnlab.cli.app import app
from nnlab.grading.release import source_path, units
from nnlab.grading.source import read_source

from .live import MINUTE, new_context, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
BROWSER_KERNEL = "python"
"""Not python3, as elsewhere: tests/exercises hands such a notebook to stock nbgrader."""
IDLE = """() => ![...document.querySelectorAll('.jp-InputPrompt')]
    .some((prompt) => prompt.textContent.includes('*'))"""


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile for all notebooks, so that Python is fetched once."""
    made = new_context(browser, accept_downloads=True, viewport={"width": 1280, "height": 1400})
    yield made
    made.close()


@contextmanager
def opened(context: BrowserContext, site: str, unit: str) -> Iterator[Page]:
    """The notebook of a unit, opened from its page in the book."""
    with visit(context, f"{site}/exercises/{unit}/{unit}.html") as (tab, _):
        tab.get_by_role("link", name="Open in the browser").click()
        tab.wait_for_selector(".jp-CodeCell", timeout=MINUTE)
        expect(tab.locator(".jp-Notebook-ExecutionIndicator")).to_be_attached(timeout=MINUTE)
        yield tab


def write(notebook: Page, place: int, code: str) -> None:
    """Paste code over that of a cell, by place among the code cells."""
    box = notebook.locator(".jp-CodeCell").nth(place)
    box.scroll_into_view_if_needed()
    box.locator(".cm-content").click()
    notebook.keyboard.press("Control+A")
    notebook.keyboard.insert_text(code)


def shown(notebook: Page, place: int) -> str:
    box = notebook.locator(".jp-CodeCell").nth(place)
    box.scroll_into_view_if_needed()  # what nobody sees is not drawn
    return "".join(box.locator(".jp-OutputArea").all_text_contents())


def menu(notebook: Page, name: str, item: str) -> None:
    notebook.get_by_role("menuitem", name=name, exact=True).click()
    notebook.get_by_role("menuitem", name=item, exact=True).click()


def run_all(notebook: Page) -> None:
    menu(notebook, "Run", "Run All Cells")
    prompt = notebook.locator(".jp-CodeCell").first.locator(".jp-InputPrompt")
    expect(prompt).to_contain_text("1", timeout=2 * MINUTE)
    for _ in range(2):  # the second time in case it was between two cells
        notebook.wait_for_function(IDLE, timeout=3 * MINUTE)
        notebook.wait_for_timeout(500)


def take_home(notebook: Page, folder: Path, unit: str) -> dict[str, Any]:
    """Download the notebook into a folder, as a student does to hand it in."""
    notebook.keyboard.press("Control+S")
    with notebook.expect_download() as download:
        menu(notebook, "File", "Download")
    folder.mkdir(parents=True)
    download.value.save_as(folder / f"{unit}.ipynb")
    return json.loads((folder / f"{unit}.ipynb").read_text(encoding="utf-8"))


def ids(notebook: dict[str, Any]) -> list[str]:
    return [c["metadata"].get("nbgrader", {}).get("grade_id", "") for c in notebook["cells"]]


@pytest.mark.parametrize("unit", units(ROOT))
def test_a_solution_passes_its_checks_and_gets_its_marks(
    context: BrowserContext, live_site: str, root: Path, tmp_path: Path, unit: str
) -> None:
    source = read_source(source_path(root, unit))
    cells = [c for c in source.cells if c.cell_type == "code"]
    released = json.loads((root / "exercises" / unit / f"{unit}.ipynb").read_text(encoding="utf-8"))
    with opened(context, live_site, unit) as tab:
        expect(tab.locator(".jp-CodeCell")).to_have_count(len(cells), timeout=MINUTE)
        for place, cell in enumerate(cells):
            if cell.metadata.get("nbgrader", {}).get("solution"):
                write(tab, place, cell.source)
        run_all(tab)
        for place, cell in enumerate(cells):
            if cell.metadata.get("nbgrader", {}).get("grade"):
                checks = cell.source.partition("### BEGIN HIDDEN TESTS")[0].count("check(")
                says = shown(tab, place).splitlines()  # one line or more for each check
                assert 0 < checks <= len(says), f"{cell.id}: {says}"
                assert all(line.endswith(": right.") for line in says), f"{cell.id}: {says}"
        mine = take_home(tab, tmp_path / "submitted" / "reader" / unit, unit)
    assert ids(mine) == ids(released)
    assert mine["metadata"]["kernelspec"]["name"] == BROWSER_KERNEL
    full = sum(c.metadata.nbgrader.get("points", 0) for c in cells if "nbgrader" in c.metadata)
    assert marks(root, tmp_path, unit) == full > 0


def marks(root: Path, folder: Path, unit: str) -> float:
    """What `nnlab grade` gives for the notebook that was taken home."""
    words = ["grade", unit, "--course", str(root), "--submissions", str(folder / "submitted")]
    done = CliRunner().invoke(app, [*words, "--isolation", "process"])
    assert done.exit_code == 0, done.output
    verdict = json.loads((folder / "verdicts" / unit / "reader.json").read_text(encoding="utf-8"))
    return verdict["score"]


@pytest.fixture(scope="module")
def notebook(browser: Browser, live_site: str) -> Iterator[Page]:
    """The notebook of one unit as it came: a profile of its own, for a browser keeps what is written."""
    with new_context(browser) as own, opened(own, live_site, "adam") as tab:
        yield tab


def test_a_check_speaks_before_anything_is_written(notebook: Page, root: Path) -> None:
    cells = [c for c in read_source(source_path(root, "adam")).cells if c.cell_type == "code"]
    first = next(k for k, c in enumerate(cells) if c.metadata.get("nbgrader", {}).get("grade"))
    run_all(notebook)
    assert "not written yet" in shown(notebook, first)


def test_sliders_draw(notebook: Page) -> None:
    write(notebook, 1, "from nnlab.widgets import explore_sigmoid\nexplore_sigmoid()")
    notebook.keyboard.press("Control+Enter")
    box = notebook.locator(".jp-CodeCell").nth(1)
    slider = box.locator(".noUi-handle, [role=slider]").first
    expect(slider).to_be_visible(timeout=MINUTE)
    words = box.locator(".widget-label", has_text="passes one half")
    before = words.inner_text()
    slider.focus()
    notebook.keyboard.press("ArrowRight")
    expect(words).not_to_have_text(before, timeout=MINUTE)

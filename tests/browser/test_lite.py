"""The exercises in the reader's browser: open one, solve it, have it checked, take it home."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from nnlab.grading.source import read_source

from .live import MINUTE, new_context, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UNIT = "adam"


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = new_context(browser, accept_downloads=True, viewport={"width": 1280, "height": 1400})
    yield made
    made.close()


@pytest.fixture(scope="module")
def notebook(context: BrowserContext, live_site: str) -> Iterator[Page]:
    """The notebook, opened from its page in the book."""
    with visit(context, f"{live_site}/exercises/{UNIT}/{UNIT}.html") as (tab, _):
        tab.get_by_role("link", name="Open in the browser").click()
        tab.wait_for_selector(".jp-CodeCell", timeout=MINUTE)
        expect(tab.locator(".jp-Notebook-ExecutionIndicator")).to_be_attached(timeout=MINUTE)
        yield tab


def cell(notebook: Page, text: str) -> Locator:
    return notebook.locator(".jp-CodeCell", has_text=text).first


def run(notebook: Page, box: Locator, code: str | None = None) -> str:
    """Run a cell by keyboard, with a new text if one is given, and return what it shows."""
    box.scroll_into_view_if_needed()
    box.locator(".cm-content").click()
    if code is not None:
        notebook.keyboard.press("Control+A")
        notebook.keyboard.insert_text(code)
    notebook.keyboard.press("Control+Enter")
    prompt = box.locator(".jp-InputPrompt")
    notebook.wait_for_timeout(300)
    expect(prompt).not_to_contain_text("*", timeout=3 * MINUTE)
    return box.locator(".jp-OutputArea").inner_text()


def test_a_solution_passes_its_checks(notebook: Page, root: Path) -> None:
    source = read_source(root / "solutions" / UNIT / f"{UNIT}.md")
    graded = [c for c in source.cells if c.cell_type == "code" and "nbgrader" in c.metadata]
    given, solution = graded[0], next(c for c in graded if c.metadata.nbgrader["solution"])
    after = graded[graded.index(solution) + 1 :]
    checks = []
    for each in after:
        if each.metadata.nbgrader["solution"]:
            break
        checks.append(each)
    assert checks
    assert not run(notebook, cell(notebook, given.source.splitlines()[0]))
    stub = cell(notebook, solution.source.splitlines()[0])
    run(notebook, stub)
    assert "not written yet" in run(notebook, cell(notebook, visible(checks[0])))
    run(notebook, stub, solution.source)
    for check in checks:
        assert ": right." in run(notebook, cell(notebook, visible(check)))


def visible(test) -> str:
    """The line of a test cell that calls the check, which no other cell has."""
    return next(line for line in test.source.splitlines() if line.startswith("check("))


def test_sliders_draw(notebook: Page) -> None:
    box = notebook.locator(".jp-CodeCell").nth(1)
    run(notebook, box, "from nnlab.widgets import explore_sigmoid\nexplore_sigmoid()")
    slider = box.locator(".noUi-handle, [role=slider]").first
    expect(slider).to_be_visible(timeout=MINUTE)
    words = box.locator(".widget-label", has_text="passes one half")
    before = words.inner_text()
    slider.focus()
    notebook.keyboard.press("ArrowRight")
    expect(words).not_to_have_text(before, timeout=MINUTE)


def test_the_notebook_can_be_taken_home(notebook: Page, tmp_path: Path, root: Path) -> None:
    box = notebook.locator(".jp-CodeCell").nth(1)
    run(notebook, box, "answer = 42")
    notebook.keyboard.press("Control+S")
    notebook.get_by_role("menuitem", name="File").click()
    with notebook.expect_download() as download:
        notebook.get_by_role("menuitem", name="Download").click()
    download.value.save_as(tmp_path / "mine.ipynb")
    mine = json.loads((tmp_path / "mine.ipynb").read_text())
    released = json.loads((root / "exercises" / UNIT / f"{UNIT}.ipynb").read_text())
    assert ids(mine) == ids(released)
    assert any("".join(c["source"]) == "answer = 42" for c in mine["cells"])


def ids(notebook: dict) -> list[str]:
    return [c["metadata"].get("nbgrader", {}).get("grade_id", "") for c in notebook["cells"]]

"""Live pages in a real browser: they run, say the same as the static page, and survive their readers."""

import math
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from .live import MINUTE, SMALL, finished, new_context, run_page, texts, visit, write
from .test_pages import THEMES, WIDTHS, overflow, violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIVE = ("/pyodide/", ".whl", "config.json", "editor.mjs", "worker.mjs", "runtime.py", "files.zip")
"""What only a reader who runs something needs."""


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile for all pages, so that Python is fetched once and comes from the cache then."""
    made = new_context(browser)
    yield made
    made.close()


@pytest.fixture(scope="module")
def ran(context: BrowserContext, live_site: str) -> Iterator[Page]:
    """A page whose cells have all run."""
    with visit(context, f"{live_site}/{SMALL}.html") as (tab, _):
        run_page(tab)
        yield tab


def test_a_page_runs_and_says_the_same(context: BrowserContext, live_site: str, page: str) -> None:
    with visit(context, f"{live_site}/{page}.html") as (tab, requests):
        early = [url for url in requests if any(name in url for name in LIVE)]
        assert not early, f"loaded before the reader asked: {early}"
        if tab.locator(".live-bar").count() == 0:
            assert tab.locator(".live-editor, [class*=live-cell-]").count() == 0
            return
        before = texts(tab)
        pictures = tab.locator(".cell_output img").count()
        run_page(tab)
        after = texts(tab).items()
        different = {k: (before[k], now) for k, now in after if not same(before[k], now)}
        assert not different, "static, live:\n" + "\n".join(
            f"{k}: {v}" for k, v in different.items()
        )
        live = tab.locator('.cell_output img[src^="data:image"]')
        assert live.count() == tab.locator(".cell_output img").count() == pictures
        broken = tab.evaluate(
            """() => [...document.querySelectorAll('.cell_output img')]
                .filter((image) => image.complete && !image.naturalWidth).length"""
        )
        assert broken == 0


def same(static: str, live: str) -> bool:
    """Whether two texts say the same, and the same numbers to the printed digits, rounding apart."""
    number = r"-?\d+(?:\.\d*)?(?:e[-+]?\d+)?"
    pairs = zip(re.findall(number, static), re.findall(number, live), strict=False)
    return re.sub(number, "#", static) == re.sub(number, "#", live) and all(
        a == b or math.isclose(float(a), float(b), rel_tol=1e-9, abs_tol=1e-12) for a, b in pairs
    )


@pytest.mark.parametrize(
    ("live", "expected"),
    [("loss 0.125, 3 steps", True), ("loss 0.126, 3 steps", False), ("loss 0.125, 3 stops", False)],
)
def test_what_counts_as_the_same(live: str, expected: bool) -> None:
    assert same("loss 0.125, 3 steps", live) == expected
    assert same(f"7.9e-17 {live}", f"8.1e-17 {live}")


def test_the_running_page_can_be_read_by_all(ran: Page) -> None:
    found = []
    for theme in THEMES:
        ran.emulate_media(color_scheme=theme)
        for width in WIDTHS:
            ran.set_viewport_size({"width": width, "height": 900})
            ran.wait_for_timeout(
                500
            )  # the theme lets the keyboard into scrolling boxes a bit later
            found += [f"{theme} {width}: {what}" for what in overflow(ran) + violations(ran)]
    ran.emulate_media(color_scheme="light")
    ran.set_viewport_size({"width": 1280, "height": 900})
    assert not found, "\n".join(found)


def test_an_edit_shows_at_once_and_reset_takes_it_back(ran: Page) -> None:
    cell = ran.locator("[class*=live-cell-]").filter(has=ran.locator(".cell_output pre")).first
    before, code = (
        cell.locator(".cell_output").inner_text(),
        cell.locator(".cm-content").inner_text(),
    )
    write(ran, cell, "print(sum(range(5)))\nfor letter in 'ab':\n    print(letter)\n")
    expect(cell.locator(".cell_output")).to_have_text("10\na\nb\n", timeout=MINUTE)
    cell.get_by_role("button", name="Reset").click()
    assert cell.locator(".cell_output").inner_text() == before
    assert cell.locator(".cm-content").inner_text() == code


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("print('out'); 6 * 7", "out\n42"),
        ("np.linspace(0, 1, 3)", "array([0. , 0.5, 1. ])"),
        ("import sys\nprint('careful', file=sys.stderr)", "careful"),
        ("class Table:\n    def _repr_html_(self):\n        return '<b>bold</b>'\nTable()", "bold"),
        ("7;", ""),
        ("1 / 0", "ZeroDivisionError: division by zero\ncell 1, line 1:\n    1 / 0"),
        ("x = (", "SyntaxError: '(' was never closed\nline 1:\n    x = (\n        ^"),
        (
            "def inverse(x):\n    return np.linalg.inv(x)\ninverse(np.zeros(3))",
            "LinAlgError: 1-dimensional array given. Array must be at least two-dimensional\n"
            "cell 1, line 3:\n    inverse(np.zeros(3))\n"
            "cell 1, line 2, in inverse:\n    return np.linalg.inv(x)\n...",
        ),
    ],
)
def test_what_a_cell_shows(ran: Page, code: str, shown: str) -> None:
    cell = ran.locator("[class*=live-cell-]").first
    write(ran, cell, code)
    expect(cell.locator(".live-note")).not_to_have_text("runs ...", timeout=MINUTE)
    output = cell.locator(".cell_output").text_content() or ""
    assert output.strip().startswith(shown) if shown else output.strip() == "", output
    cell.get_by_role("button", name="Reset").click()


def test_pyplot_figures_are_shown(ran: Page) -> None:
    cell = ran.locator("[class*=live-cell-]").first
    write(ran, cell, "import matplotlib.pyplot as plt\nplt.plot([1, 4, 9])\nplt.show()")
    expect(cell.locator("img.live-image")).to_have_count(1, timeout=MINUTE)
    cell.get_by_role("button", name="Reset").click()


def test_an_endless_loop_can_be_stopped(context: BrowserContext, live_site: str) -> None:
    with visit(context, f"{live_site}/{SMALL}.html") as (tab, _):
        run_page(tab)
        first, second = (tab.locator("[class*=live-cell-]").nth(k) for k in (0, 1))
        write(tab, first, "import numpy as np\nprint('in')\nwhile True:\n    pass")
        expect(first.locator(".live-note")).to_have_text("runs ...")
        tab.get_by_role("button", name="Stop").click()
        expect(tab.locator(".live-status")).to_contain_text("started afresh", timeout=MINUTE)
        expect(first.locator(".live-note")).to_have_text("stopped")
        first.get_by_role("button", name="Reset").click()
        # a later cell runs what it needs, although all variables are gone
        second.get_by_role("button", name="Run cell").click()
        finished(tab)


def test_a_failed_load_says_so_and_leaves_the_page(browser: Browser, live_site: str) -> None:
    context = new_context(browser)
    tab = context.new_page()
    tab.goto(f"{live_site}/{SMALL}.html", wait_until="networkidle")
    before = tab.locator("article").inner_text()
    tab.route("**/pyodide/**", lambda route: route.abort())
    tab.get_by_role("button", name="Run this page").click()
    status = tab.locator(".live-status")
    expect(status).to_contain_text("Python could not be loaded", timeout=MINUTE)
    after = tab.locator("article").inner_text()
    bar = tab.locator(".live-bar").inner_text()
    assert before.split()[30:] == after.replace(bar, "").split()[-len(before.split()) + 30 :]
    tab.unroute("**/pyodide/**")
    tab.get_by_role("button", name="Try again").click()
    finished(tab, 3 * MINUTE)
    context.close()


def block_wasm(tab: Page) -> None:
    """As a strict policy of a network or an extension does."""

    def strict(route: Route) -> None:
        answer = route.fetch()
        policy = {"content-security-policy": "script-src 'self' 'unsafe-inline'"}
        route.fulfill(response=answer, headers=answer.headers | policy)

    tab.route("**/worker.mjs", strict)


def ignore_module_workers(tab: Page) -> None:
    """As browsers did before they knew worker scripts with imports: they took them for old scripts."""
    tab.add_init_script(
        "const Old = Worker; Worker = class extends Old { constructor(url) { super(url); } };"
    )


def refuse_workers(tab: Page) -> None:
    tab.add_init_script("Worker = class { constructor() { throw new Error('no workers here'); } };")


@pytest.mark.parametrize("hinder", [block_wasm, ignore_module_workers, refuse_workers])
def test_a_browser_that_cannot_says_so_and_leaves_the_page(
    browser: Browser, live_site: str, hinder: Callable[[Page], None]
) -> None:
    context = new_context(browser)
    tab = context.new_page()
    hinder(tab)
    tab.goto(f"{live_site}/{SMALL}.html", wait_until="networkidle")
    cells = tab.locator(".cell").all_inner_texts()
    explorer = tab.locator(".live-explorer").first
    picture = explorer.locator("img").get_attribute("src")
    tab.get_by_role("button", name="Run this page").click()
    status = tab.locator(".live-status")
    expect(status).to_contain_text("Python could not be loaded", timeout=MINUTE)
    expect(status).to_contain_text("the browser is too old. The page below is as it was.")
    assert tab.locator(".cell").all_inner_texts() == cells
    assert tab.locator(".live-editor").count() == 0
    expect(tab.get_by_role("button", name="Try again")).to_be_focused()
    explorer.get_by_role("button", name="Move the controls").click()
    expect(explorer.locator(".live-note")).to_contain_text("could not be loaded", timeout=MINUTE)
    assert explorer.locator("img").get_attribute("src") == picture
    expect(explorer.locator("input").first).to_be_disabled()
    expect(explorer.get_by_role("button", name="Move the controls")).to_be_focused()
    print(f"{hinder.__name__}: {status.inner_text()}")
    context.close()


def test_offline_says_so(browser: Browser, live_site: str) -> None:
    context = new_context(browser)
    tab = context.new_page()
    tab.goto(f"{live_site}/{SMALL}.html", wait_until="networkidle")
    context.set_offline(True)
    tab.get_by_role("button", name="Run this page").click()
    expect(tab.locator(".live-status")).to_contain_text("You seem to be offline")
    context.close()


def test_without_scripts_the_page_is_whole(browser: Browser, site: str) -> None:
    context = new_context(browser, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{site}/{SMALL}.html")
    assert tab.locator(".cell_output img").count() > 3
    assert tab.locator(".live-bar, .live-explorer input:visible").count() == 0
    context.close()


def test_printing_shows_no_buttons(ran: Page) -> None:
    ran.emulate_media(media="print")
    assert ran.locator(".live-bar:visible, .live-tools:visible").count() == 0
    ran.emulate_media(media="screen")

"""What the tests of live pages share: open a page, run it, type into a cell, read what it shows."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

MINUTE = 60_000
SMALL = "book/gradient-descent"
"""A page for tests that need one page only."""


@contextmanager
def visit(context: BrowserContext, address: str) -> Iterator[tuple[Page, list[str]]]:
    """Open a page, and collect requests and what goes wrong; another host is wrong."""
    tab = context.new_page()
    host = "/".join(address.split("/")[:3])
    wrong: list[str] = []
    requests: list[str] = []
    tab.on("request", lambda r: requests.append(r.url))
    tab.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    tab.on("console", lambda m: wrong.append(complaint(m)) if m.type == "error" else None)
    tab.goto(address, wait_until="networkidle")
    try:
        yield tab, requests
    finally:
        tab.close()
    wrong = [what for what in wrong if "/favicon.ico" not in what]  # asked for unbidden
    elsewhere = [url for url in requests if not url.startswith((host, "data:", "blob:"))]
    assert not elsewhere, f"requests to other hosts: {elsewhere}"
    assert not wrong, "\n".join(wrong)


def complaint(message: ConsoleMessage) -> str:
    return f"console: {message.text} ({message.location['url']})"


def run_page(tab: Page, timeout: int = 3 * MINUTE) -> None:
    """Press the button that loads Python and runs all cells, and wait for the last one."""
    tab.get_by_role("button", name="Run this page").click()
    finished(tab, timeout)


def finished(tab: Page, timeout: int = MINUTE) -> None:
    status = tab.locator(".live-status")
    tab.wait_for_function(
        "!/^(Loading|Running)|load, once/.test(document.querySelector('.live-status').textContent)",
        timeout=timeout,
    )
    failures = tab.locator(".live-error").all_inner_texts()
    assert not failures, "\n".join(failures)
    expect(status).to_contain_text("Done in")


def write(tab: Page, cell: Locator, code: str) -> None:
    """Type a new text over the code of a cell, as a reader does, and run it by keyboard."""
    cell.locator(".cm-content").click()
    tab.keyboard.press("Control+A")
    tab.keyboard.insert_text(code)
    tab.keyboard.press("Shift+Enter")


def texts(tab: Page) -> dict[str, str]:
    """What each cell shows as text, white space evened out; cells tagged `varies` left out."""
    return tab.evaluate(
        r"""() => Object.fromEntries([...document.querySelectorAll("[class*=live-cell-]")]
            .filter((cell) => !cell.classList.contains("tag_varies"))
            .map((cell) => [
                [...cell.classList].find((name) => name.startsWith("live-cell-")),
                [...cell.querySelectorAll(".cell_output pre, .cell_output table")]
                    .map((box) => box.textContent).join(" ").replace(/\s+/g, " ").trim(),
            ]))"""
    )


def new_context(browser: Browser, **options: object) -> BrowserContext:
    return browser.new_context(reduced_motion="reduce", **options)

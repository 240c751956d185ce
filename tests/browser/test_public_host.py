"""A published page takes Pyodide from the public host, as pinned, and refuses a file that was changed."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from .live import MINUTE, SMALL, new_context

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIVE = Path("book/_ext/live")


@pytest.fixture
def cdn(root: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.syspath_prepend(str(root / "book" / "_ext"))
    found: dict[str, Any] = import_module("live.site").CDN
    return found


class Host:
    """Stands in for the public host: the same addresses, the files of this machine."""

    def __init__(self, root: Path, pyodide: Path, cdn: dict[str, Any]) -> None:
        self.root, self.pyodide, self.cdn = root, pyodide, cdn
        self.asked: list[str] = []
        self.changed = ""

    def answer(self, route: Route) -> None:
        url = route.request.url
        self.asked.append(url)
        for start in (self.cdn["core"], self.cdn["packages"]):
            if url.startswith(start):
                return route.fulfill(body=self.file(url.removeprefix(start)), headers=headers(url))
        route.abort()

    def file(self, name: str) -> bytes:
        own = self.root / LIVE / name  # the lock file, as the host has it
        body = (own if own.is_file() else self.pyodide / name).read_bytes()
        return body + b"\n" if name == self.changed else body


def headers(url: str) -> dict[str, str]:
    kinds = {"mjs": "text/javascript", "wasm": "application/wasm", "json": "application/json"}
    kind = kinds.get(url.rpartition(".")[2], "application/octet-stream")
    return {"Access-Control-Allow-Origin": "*", "Content-Type": kind}


@pytest.fixture
def host(root: Path, pyodide: Path, cdn: dict[str, Any]) -> Host:
    return Host(root, pyodide, cdn)


@pytest.fixture
def tab(browser: Browser, host: Host, site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page of the book as it is published; every other host is the stand-in."""
    from .conftest import Book

    monkeypatch.setattr(Book, "pyodide", None)
    context = new_context(browser)
    context.route(lambda url: not url.startswith((site, "blob:", "data:")), host.answer)
    page = context.new_page()
    page.goto(f"{site}/{SMALL}.html", wait_until="networkidle")
    assert host.asked == [], "another host is asked before the reader asks"
    yield page
    context.close()


def test_a_published_page_runs_on_the_pinned_files(
    tab: Page, host: Host, cdn: dict[str, Any]
) -> None:
    tab.get_by_role("button", name="Run this page").click()
    expect(tab.locator(".live-status")).to_contain_text("Done in", timeout=3 * MINUTE)
    assert {cdn["core"] + name for name in cdn["integrity"]} <= set(host.asked)
    assert all(url.startswith((cdn["core"], cdn["packages"])) for url in host.asked)
    assert any("/numpy-" in url for url in host.asked)


@pytest.mark.parametrize(
    "name", ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json"]
)
def test_a_changed_file_is_refused(tab: Page, host: Host, name: str) -> None:
    host.changed = name
    tab.get_by_role("button", name="Run this page").click()
    status = tab.locator(".live-status")
    expect(status).to_contain_text("Python could not be loaded", timeout=3 * MINUTE)
    assert tab.locator(".cell_output img").count() > 0

"""A page in Chromium that sees the files of the built site, and MathJax as the book sets it."""

import mimetypes
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from articles import SITE
from playwright.sync_api import Page, Route, sync_playwright

HOST = "http://book.invalid/"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
HERE = Path(__file__).parent


@contextmanager
def opened(html: str) -> Iterator[Page]:
    """Show a text as if it lay at the top of the site; nothing is asked of the network."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        sys.exit("no Chromium found to set the pages: apt install chromium")

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        file = HERE / path if path.endswith(".css") and (HERE / path).is_file() else SITE / path
        if not path:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif file.is_file():
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            raise FileNotFoundError(f"the book asks for {path}, which the site does not have")

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = chromium.new_page()
        page.route("**/*", answer)
        page.goto(HOST, wait_until="load", timeout=300_000)
        yield page
        chromium.close()


def mathjax(change: str = "") -> str:
    """The scripts that set formulas, with the book's own macros."""
    text = next(
        file.read_text(encoding="utf-8")
        for file in sorted((SITE / "book").glob("*.html"))
        if "window.MathJax" in file.read_text(encoding="utf-8")
    )
    config = re.search(r"window\.MathJax = .*?(?=</script>)", text)
    assert config is not None
    script = "_static/mathjax/tex-chtml-full.js"
    return f'<script>{config[0]};{change}</script><script src="{script}"></script>'

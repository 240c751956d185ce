"""Every page, as a reader sees it: light and dark, on a desk and on a phone."""

import gzip
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (1280, 390)
THEMES = ("light", "dark")
SETTLED = "() => window.MathJax?.startup ? MathJax.startup.promise.then(() => true) : true"


def watch(tab: Page, site: str) -> list[str]:
    """Collect what goes wrong while a page loads; requests to other hosts are stopped and told."""
    wrong: list[str] = []

    def only_ours(route):
        if route.request.url.startswith((site, "data:", "blob:")):
            route.continue_()
        else:
            wrong.append(f"request to another host: {route.request.url}")
            route.abort()

    tab.route("**/*", only_ours)
    tab.on("console", lambda m: wrong.append(f"console: {m.text}") if m.type == "error" else None)
    tab.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    tab.on("response", lambda r: wrong.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
    return wrong


def weigh(tab: Page, site: str) -> dict[str, int]:
    """Count the bytes that a page fetches, as a web server sends them; fonts and MathJax left out."""
    sizes: dict[str, int] = {}

    def note(response):
        if not any(part in response.url for part in ("/mathjax/", ".woff", "data:")):
            body = response.body()
            is_picture = response.url.endswith((".png", ".jpg"))
            sizes[response.url.removeprefix(site)] = len(
                body if is_picture else gzip.compress(body)
            )

    tab.on("requestfinished", lambda request: note(request.response()))
    return sizes


def violations(tab: Page) -> list[str]:
    """What axe calls serious or critical, one line each."""
    # Preloading makes axe ask for imported style sheets at wrong addresses. Formulas are left out:
    # MathJax writes thousands of elements, hidden from screen readers behind MathML that it also writes.
    # What passes is not asked for: to list it takes as long as to find out.
    options = {"preload": False, "resultTypes": ["violations"]}
    report = Axe().run(tab, {"exclude": [["mjx-container"]]}, options)
    found = report.response["violations"]
    return [
        f"{v['id']}: {node['target']} {node['failureSummary']}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]


def overflow(tab: Page) -> list[str]:
    """The elements that make the page wider than the window."""
    if tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
        return []
    return tab.evaluate(
        """() => [...document.querySelectorAll("article *")]
            .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
            .slice(0, 5).map(e => "too wide: " + e.outerHTML.slice(0, 120))"""
    ) or ["the page scrolls sideways"]


def test_a_reader_can_read_it(browser: Browser, site: str, page: str, root: Path) -> None:
    context = browser.new_context(reduced_motion="reduce")
    tab = context.new_page()
    wrong, sizes = watch(tab, site), weigh(tab, site)
    tab.goto(f"{site}/{page}.html", wait_until="networkidle")
    tab.evaluate(SETTLED)
    heaviest = sorted(sizes.items(), key=lambda item: -item[1])[:5]
    print(f"{page}: {sum(sizes.values()) / 1000:.0f} kB of 600; heaviest {heaviest}")
    if sum(sizes.values()) > 600_000:
        wrong.append(f"it weighs {sum(sizes.values())} bytes: {heaviest}")
    pictures = root / "_build" / "screenshots"
    for theme in THEMES:
        tab.emulate_media(color_scheme=theme)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            # The theme lets the keyboard into scrolling boxes a bit later.
            tab.wait_for_timeout(500)
            assert tab.evaluate("document.documentElement.dataset.theme") == theme
            wrong += [f"{theme} {width}: {found}" for found in overflow(tab) + violations(tab)]
            name = f"{page.replace('/', '-')}-{theme}-{width}.png"
            tab.screenshot(path=pictures / name, full_page=True)
    context.close()
    assert not wrong, "\n".join(wrong)

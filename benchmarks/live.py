"""Time the live pages as a reader meets them, in headless Chromium: to the first result, and after.

    python benchmarks/live.py                                  # the book in _build/html
    python benchmarks/live.py --page book/perceptron --rounds 5

Pyodide comes from a folder: $NNLAB_TEST_PYODIDE, or ../shared/pyodide beside the repository. So the times
are those of the machine, without a network; the bytes are what a network would have to carry, text
and wasm compressed by gzip. Cold is an empty profile, warm the same profile after a reload.
"""

import argparse
import gzip
import runpy
import statistics
import time
from pathlib import Path

from keeping import keep
from playwright.sync_api import BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "html"
PACKED = (".whl", ".zip", ".png", ".woff", ".woff2")
LIMIT = 180_000


def weigh(tab: Page) -> dict[str, int]:
    """Collect the bytes of every file a page loads, as sent."""
    sizes: dict[str, int] = {}

    def add(request):
        response = request.response()
        url = request.url.partition("?")[0]
        if response is None or not url.startswith("http") or response.status != 200:
            return
        body = response.body()
        sizes[url] = len(body if url.endswith(PACKED) else gzip.compress(body, 6))

    tab.on("requestfinished", add)
    return sizes


def run(tab: Page, address: str) -> tuple[float, float]:
    """Load a page and run it; seconds to the first cell's end, and to the last one's."""
    tab.goto(address, wait_until="networkidle")
    began = time.perf_counter()
    tab.get_by_role("button", name="Run this page").click()
    tab.wait_for_selector("[data-live=done]", timeout=LIMIT)
    first = time.perf_counter() - began
    tab.wait_for_function(
        "document.querySelector('.live-status').textContent.startsWith('Done')", timeout=LIMIT
    )
    return first, time.perf_counter() - began


def rerun(tab: Page) -> float:
    """Run one cell again, by keyboard."""
    cell = tab.locator(".live-editor").first
    cell.locator(".cm-content").click()
    began = time.perf_counter()
    tab.keyboard.press("Shift+Enter")
    tab.wait_for_function(
        "document.querySelector('.live-status').textContent.startsWith('Done')", timeout=LIMIT
    )
    return time.perf_counter() - began


def replot(context: BrowserContext, address: str) -> list[tuple[str, float]]:
    """Move the first control of every explorer; the median seconds until its new picture is there."""
    tab = context.new_page()
    tab.goto(address, wait_until="networkidle")
    tab.locator(".live-explorer button").first.click()
    tab.wait_for_selector(".live-explorer[data-ms]", timeout=LIMIT)
    found = []
    for explorer in tab.locator(".live-explorer").all():
        control, image = explorer.locator("input, select").first, explorer.locator("img")
        chooses = control.evaluate("control => control.tagName") == "SELECT"
        times = []
        for key in (("ArrowDown", "ArrowUp") if chooses else ("ArrowRight", "ArrowLeft")) * 3:
            before = image.get_attribute("src")
            control.focus()
            began = time.perf_counter()
            tab.keyboard.press(key)
            tab.wait_for_function(
                "([image, before]) => image.src !== before && image.getAttribute('src') !== before",
                arg=[image.element_handle(), before],
                timeout=LIMIT,
            )
            times.append(time.perf_counter() - began)
        name = (explorer.get_attribute("data-function") or "").rpartition(".")[2]
        found.append((name, statistics.median(times[2:])))
    tab.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--page", default="book/gradient-descent", help="the page to run")
    parser.add_argument("--rounds", type=int, default=3, help="how often (median is shown)")
    parser.add_argument("--quick", action="store_true", help="once instead")
    parser.add_argument("--keep", action="store_true", help="write benchmarks/results.json")
    options = parser.parse_args()
    shared = runpy.run_path(str(ROOT / "tests" / "browser" / "conftest.py"))
    server = shared["Book"]
    server.pyodide = shared["pyodide_folder"](ROOT)
    if server.pyodide is None or not (HTML / "index.html").exists():
        parser.exit(
            2, "run `make book` first, and name a folder with Pyodide: NNLAB_TEST_PYODIDE=folder\n"
        )
    serving = shared["serve"](HTML)
    site = next(serving)
    with sync_playwright() as playwright:
        chromium = shared["start"](playwright)
        cold, warm, again, sizes = [], [], [], {}
        for _ in range(1 if options.quick else options.rounds):
            context = chromium.new_context()
            tab = context.new_page()
            sizes = weigh(tab)
            cold.append(run(tab, f"{site}/{options.page}.html"))
            tab.close()
            tab = context.new_page()
            warm.append(run(tab, f"{site}/{options.page}.html"))
            again.append(rerun(tab))
            context.close()
        report(options.page, cold, warm, again, sizes)
        context = chromium.new_context()
        print("\nmoving a control, until the new picture is there")
        moved = replot(context, f"{site}/book/explorers.html")
        for name, seconds in moved:
            print(f"  {name:20} {seconds:5.2f} s")
        context.close()
        chromium.close()
    next(serving, None)
    if options.keep:
        middle = statistics.median
        found = {
            kind: [middle(t[0] for t in times), middle(t[1] for t in times)]
            for kind, times in (("cold", cold), ("warm", warm))
        }
        found |= {"again": middle(again), "control": middle(s for _, s in moved)}
        keep("live", found | {"page": options.page, "bytes": sum(sizes.values())})


def report(page, cold, warm, again, sizes: dict[str, int]) -> None:
    middle = statistics.median
    print(f"{page}, median of {len(cold)}: seconds from the button to ...")
    for name, times in (("cold", cold), ("warm", warm)):
        first, last = middle(t[0] for t in times), middle(t[1] for t in times)
        print(f"  {name}: first result {first:5.1f} s, last cell {last:5.1f} s")
    print(f"  one cell again {middle(again):5.2f} s")
    print(f"\nbytes, {sum(sizes.values()) / 1e6:.1f} MB in all")
    for url, size in sorted(sizes.items(), key=lambda item: -item[1])[:12]:
        print(f"  {size / 1e6:6.2f} MB  {url.rpartition('/')[2]}")


if __name__ == "__main__":
    main()

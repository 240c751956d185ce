"""Take the screenshots that README.md and the guides show: a page of the book, and a page of feedback.

make pictures        # builds the book and grades the made-up class first
"""

import io
import runpy
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
BUILT = HERE.parents[1] / "_build"
CLASS = BUILT / "sample_class" / "feedback"
LARGEST = 120_000


def take(browser: Browser, address: str, width: int, height: int, name: str, at: str = "") -> None:
    """Photograph the top of a page, or what is below an element of it, into book/guides/NAME.webp."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=1.5,
        color_scheme="light",
        reduced_motion="reduce",
    )
    tab = context.new_page()
    tab.goto(address, wait_until="networkidle")
    if at:
        tab.locator(at).first.evaluate("element => element.scrollIntoView()")
    tab.wait_for_timeout(1500)  # formulas are set, and the theme has settled
    picture = Image.open(io.BytesIO(tab.screenshot()))
    context.close()
    path = HERE / f"{name}.webp"
    picture.convert("RGB").save(path, quality=80, method=6)
    size = path.stat().st_size
    print(f"{path.name}: {picture.width} x {picture.height}, {size:,} bytes")
    assert size < LARGEST, "take a smaller part of the page"


def mistaken() -> Path:
    """Return the feedback for a student whose first answer has a mistake with a name."""
    pages = sorted(CLASS.glob("*/adam/adam.html"))
    return next(path for path in pages if "You move by the old v" in path.read_text("utf-8"))


def main() -> None:
    """Serve the book, and photograph."""
    shared = runpy.run_path(str(BUILT.parent / "tests" / "browser" / "conftest.py"))
    serving = shared["serve"](BUILT / "html")
    site = next(serving)
    with sync_playwright() as playwright:
        browser = shared["start"](playwright)
        if browser is None:
            raise SystemExit("no Chromium found: `apt install chromium`, or the like")
        take(browser, f"{site}/book/gradient-descent.html", 1200, 800, "page", "#src-t-f1")
        take(browser, mistaken().as_uri(), 820, 1000, "feedback")
        browser.close()
    next(serving, None)


if __name__ == "__main__":
    main()

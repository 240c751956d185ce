"""Explorers in a real browser: every control works by keyboard, and says what it did."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .live import MINUTE, new_context, visit
from .test_pages import THEMES, WIDTHS, overflow, violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = "book/explorers"


def settled(explorer: Locator) -> None:
    expect(explorer).not_to_have_attribute("aria-busy", "true", timeout=MINUTE)


@pytest.mark.parametrize("where", [PAGE, "book/batch-size-study"])
def test_every_control_draws_by_keyboard(browser: Browser, live_site: str, where: str) -> None:
    context = new_context(browser)
    with visit(context, f"{live_site}/{where}.html") as (tab, requests):
        assert not [url for url in requests if "pyodide" in url], "loaded before the reader asked"
        first = tab.locator(".live-explorer").first
        expect(controls(first).first).to_be_disabled()
        first.get_by_role("button", name="Move the controls").press("Enter")
        expect(controls(first).first).to_be_focused(timeout=2 * MINUTE)
        in_order(tab, first)
        for explorer in tab.locator(".live-explorer").all():
            for control in controls(explorer).all():
                move(tab, explorer, control)
        accessible(tab)
    context.close()


def controls(explorer: Locator) -> Locator:
    return explorer.locator("input, select")


def in_order(tab: Page, explorer: Locator) -> None:
    """Tab goes from control to control as they stand, and what they do is read out."""
    for control in controls(explorer).all()[1:]:
        tab.keyboard.press("Tab")
        expect(control).to_be_focused()
    expect(explorer.locator("[aria-live=polite]")).to_have_count(1)


def move(tab: Page, explorer: Locator, control: Locator) -> None:
    """Move one control by one step of the keyboard: the picture and the words follow."""
    settled(explorer)
    image, words = explorer.locator("img"), explorer.locator(".live-words")
    before = image.get_attribute("src")
    label = tab.locator(f"label[for={control.get_attribute('id')}]").inner_text()
    control.focus()
    tab.keyboard.press(
        "ArrowDown" if control.evaluate("e => e.tagName") == "SELECT" else "ArrowRight"
    )
    expect(image).not_to_have_attribute("src", before or "", timeout=MINUTE)
    settled(explorer)
    assert image.get_attribute("alt") == words.inner_text()
    print(
        f"{explorer.get_attribute('data-function')}, {label}: {explorer.get_attribute('data-ms')} ms"
    )


def accessible(tab: Page) -> None:
    found = []
    for theme in THEMES:
        tab.emulate_media(color_scheme=theme)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            tab.wait_for_timeout(
                500
            )  # the theme lets the keyboard into scrolling boxes a bit later
            found += [f"{theme} {width}: {what}" for what in overflow(tab) + violations(tab)]
    assert not found, "\n".join(found)


def test_many_moves_at_once_draw_the_last(browser: Browser, live_site: str) -> None:
    context = new_context(browser)
    with visit(context, f"{live_site}/{PAGE}.html") as (tab, _):
        first = tab.locator(".live-explorer").first
        first.get_by_role("button", name="Move the controls").click()
        slider = first.locator("input").first
        expect(slider).to_be_focused(timeout=2 * MINUTE)
        settled(first)
        drawn = "window.drawn = 0; new MutationObserver(() => window.drawn++)"
        tab.evaluate(
            f"{drawn}.observe(document.querySelector('.live-explorer img'), {{attributeFilter: ['src']}})"
        )
        for _ in range(20):
            tab.keyboard.press("ArrowRight")
        expect(first.locator(".live-words")).to_contain_text("Rate 0.5:", timeout=MINUTE)
        settled(first)
        assert tab.evaluate("window.drawn") < 20
    context.close()


def test_without_scripts_the_default_picture_stands(browser: Browser, site: str) -> None:
    context = new_context(browser, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{site}/{PAGE}.html")
    explorers = tab.locator(".live-explorer")
    assert explorers.count() == 9
    assert explorers.locator("input, select, button").count() == 0
    for explorer in explorers.all():
        assert explorer.locator("img").evaluate("image => image.naturalWidth > 0")
        assert explorer.locator(".live-words").inner_text()
    context.close()

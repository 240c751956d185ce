"""The built book: whole links, honest figures, nothing foreign, nothing that is a secret."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

SITE = "/nnlab/"
"""Where the site lies on its host; only the page for missing addresses has to know."""


@cache
def parsed(file: Path) -> BeautifulSoup:
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(file: Path) -> frozenset[str]:
    return frozenset(str(tag["id"]) for tag in parsed(file).find_all(id=True))


def article(html: Path, page: str) -> Tag:
    found = parsed(html / f"{page}.html").find("article")
    assert isinstance(found, Tag)
    return found


def addresses(soup: BeautifulSoup) -> list[str]:
    """What a page links to or loads."""
    tags = soup.find_all(lambda tag: tag.has_attr("href") or tag.has_attr("src"))
    return [str(tag.get("href") or tag.get("src") or "") for tag in tags]


def broken(html: Path, file: Path, address: str) -> bool:
    """Whether an address inside the book leads nowhere."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or address in ("", "#"):
        return False
    path = unquote(parts.path)
    start = html if path.startswith(SITE) else file.parent
    target = (start / path.removeprefix(SITE)).resolve() if path else file
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return True
    return (
        bool(parts.fragment)
        and target.suffix == ".html"
        and (unquote(parts.fragment) not in anchors(target))
    )


def pages_of(html: Path) -> list[Path]:
    return [f for f in html.rglob("*.html") if "_static" not in f.parts and "lite" not in f.parts]


def test_links_and_anchors_resolve(html: Path) -> None:
    wrong = [
        f"{file.relative_to(html)}: {address}"
        for file in pages_of(html)
        for address in addresses(parsed(file))
        if broken(html, file, address)
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_loaded_from_another_host(html: Path) -> None:
    elsewhere = re.compile(r"^(https?:)?//")
    wrong = []
    for file in pages_of(html):
        for tag in parsed(file).find_all(["script", "img", "iframe", "link", "source", "video"]):
            if tag.name == "link" and set(tag.get("rel") or []) & {"canonical", "next", "prev"}:
                continue
            if elsewhere.match(str(tag.get("src") or tag.get("href") or "")):
                wrong.append(f"{file.relative_to(html)}: {tag}")
    for sheet in html.rglob("*.css"):
        for found in re.findall(
            r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\"']+", sheet.read_text()
        ):
            wrong.append(f"{sheet.relative_to(html)}: {found}")
    assert not wrong, "\n".join(wrong)


def test_no_solution_or_hidden_test_is_published(html: Path) -> None:
    secret = re.compile(rb"###\s*(BEGIN|END) (SOLUTION|HIDDEN TESTS)")
    files = [
        f for f in html.rglob("*") if f.suffix in {".html", ".js", ".json", ".ipynb", ".md", ".txt"}
    ]
    found = [str(f.relative_to(html)) for f in files if secret.search(f.read_bytes())]
    # The guide to writing a unit writes one of its own, which no student will be asked.
    found = [name for name in found if "book/guides/new-unit." not in name]
    assert not found, found


def test_headings_are_in_order(html: Path, page: str) -> None:
    levels = [int(h.name[1]) for h in article(html, page).find_all(re.compile("^h[1-6]$"))]
    assert levels.count(1) == 1 and levels[0] == 1, levels
    assert all(b <= a + 1 for a, b in pairwise(levels)), levels


def test_every_picture_says_what_it_shows(html: Path, page: str) -> None:
    for img in article(html, page).find_all("img"):
        alt = str(img.get("alt") or "").strip()
        assert alt, f"no alt text: {img}"
        assert not re.search(r"\.(png|svg|jpe?g|gif)$", alt), f"a file name is no alt text: {img}"


def test_every_picture_has_a_short_caption(html: Path, page: str) -> None:
    for img in article(html, page).find_all("img"):
        figure = img.find_parent("figure")
        assert figure, f"not in a figure: {img}"
        caption = figure.select_one("figcaption .caption-text")
        assert caption and caption.get_text().strip(), f"no caption: {img}"
        words = caption.get_text().split()
        assert len(words) <= 10, f"{len(words)} words in the caption {' '.join(words)!r}"


def test_no_markup_is_left_in_the_text(html: Path, page: str) -> None:
    text = BeautifulSoup(str(article(html, page)), "html.parser")
    for code in text.find_all(["pre", "code", "script", "style", "mjx-container"]):
        code.decompose()
    for math in text.find_all(class_="math"):
        math.decompose()
    left = re.findall(
        r"```|:::|\{[a-z:+-]+\}[`\[]|\]\([^)\s]+\)|^:[a-z-]+: ", text.get_text(), re.M
    )
    assert not left, left


@pytest.mark.parametrize("kind", ["traceback", "stderr"])
def test_no_cell_fails_or_warns(html: Path, page: str, kind: str) -> None:
    found = article(html, page).select(f".cell_output .{kind}")
    assert not found, found[0].get_text()[:500]

"""The pages of the built book as bare articles: what a PDF and an EPUB are made of.

Why not Sphinx's own builders: its LaTeX wants a gigabyte of TeX and every figure converted, and
neither it nor the EPUB builder knows our algorithms, explorers and folded cells. The pages of the
site have been looked at and tested; here they are only stripped of what needs a screen.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
LEFT_OUT = ("book/explorers", "exercises/")
"""What only a screen can show: controls to move and notebooks to fill in. Links lead to the site."""

FOR_SCREENS = "script, a.headerlink, .toctree-wrapper, details.hide, .sd-stretched-link"
SUPERFLUOUS = ("tabindex", "aria-live", "data-function", "data-parameters", "loading")

Link = Callable[[str, str], str]


@dataclass
class Chapter:
    """One page: where it stands in the book, and its contents."""

    page: str
    part: str
    body: Tag

    @property
    def slug(self) -> str:
        return slug(self.page)

    @property
    def title(self) -> str:
        heading = self.body.find("h1")
        assert heading is not None
        return heading.get_text()

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The id and title of each section."""
        found = []
        for heading in self.body.find_all("h2"):
            section = heading.find_parent("section")
            assert section is not None
            found.append((str(section["id"]), heading.get_text()))
        return found


def settings() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


def site_address() -> str:
    """Where the book lies, said as to the book itself (book/_ext/address.py)."""
    address = os.environ.get("NNLAB_SITE") or str(settings()["html"]["baseurl"])
    return address.rstrip("/") + "/"


def listed() -> Iterator[tuple[str, str]]:
    """Each page that is not left out, and the part it is in."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    yield toc["root"], ""
    for part in toc["parts"]:
        for entry in part["chapters"]:
            if not entry["file"].startswith(LEFT_OUT):
                yield entry["file"], part["caption"]


def slug(page: str) -> str:
    """A page's name as ids and files may have it."""
    return page.removeprefix("book/").replace("/", "-")


def name(page: str, anchor: str) -> str:
    """An id that no other page has, of letters that XML allows."""
    return re.sub(r"[^\w.-]", "-", f"{slug(page)}.{anchor}")


def chapters(link: Link, site: Path = SITE) -> list[Chapter]:
    """The book's pages, whose links to each other are what `link(page, id)` makes of them."""
    places = list(listed())
    bodies = {page: article(site / f"{page}.html") for page, _ in places}
    anchors = {page: {str(tag["id"]) for tag in b.find_all(id=True)} for page, b in bodies.items()}
    address = site_address()
    for page, body in bodies.items():
        for image in body.find_all("img"):
            image["src"] = within(page, str(image["src"]))
        for each in body.select(".live-explorer"):
            each.append(where_it_moves(f"{address}{page}.html"))
        for anchor in body.find_all("a", href=True):
            anchor["href"] = led(page, str(anchor["href"]), anchors, link, address)
        rename(page, body)
    return [Chapter(page, part, bodies[page]) for page, part in places]


def article(file: Path) -> Tag:
    """What a page says, without what only works on a screen."""
    body = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser").find("article")
    assert isinstance(body, Tag)
    for useless in body.select(FOR_SCREENS):
        useless.decompose()
    for tag in body.find_all(True):
        for attribute in SUPERFLUOUS:
            del tag[attribute]
    return body


def within(page: str, path: str) -> str:
    """A path in a page, seen from the top of the site."""
    return normpath(str(PurePosixPath(page).parent / unquote(path)))


def led(page: str, href: str, anchors: dict[str, set[str]], link: Link, address: str) -> str:
    """Where a link leads: to another place in this book, or into the world."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return href
    there = within(page, parts.path) if parts.path else f"{page}.html"
    target = there.removesuffix(".html")
    fragment = unquote(parts.fragment)
    if target not in anchors:
        return address + there + (f"#{parts.fragment}" if fragment else "")
    return link(target, name(target, fragment) if fragment in anchors[target] else "")


def rename(page: str, body: Tag) -> None:
    """Give every id a name of its own; only the first of several that are the same was reachable."""
    seen: set[str] = set()
    for tag in body.find_all(id=True):
        new = name(page, str(tag["id"]))
        if new in seen:
            del tag["id"]
        else:
            tag["id"] = new
            seen.add(new)


def where_it_moves(address: str) -> Tag:
    note = (
        f'<p class="on-screen">Move its controls on <a href="{address}">this page online</a>.</p>'
    )
    tag = BeautifulSoup(note, "html.parser").p
    assert tag is not None
    return tag


def title_page() -> str:
    """The words of the first page."""
    config = settings()
    address = site_address()
    return (
        f'<header class="title-page" id="title-page"><p class="book-title">{config["title"]}</p>'
        "<p class='subtitle'>A book whose every figure, number and formula is computed "
        "by code you can read</p>"
        f'<p class="author">{config["author"]}</p>'
        f'<p class="imprint">To run the code, move the explorers and solve the exercises:<br/>'
        f'<a href="{address}">{address}</a></p>'
        f'<p class="imprint">{config["html"]["extra_footer"].strip()}</p></header>'
    )

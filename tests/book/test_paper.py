"""The book on paper and for e-readers: whole, linked, and without what only a screen can show."""

import re
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[2]
MATH = "{http://www.w3.org/1998/Math/MathML}math"


def apart(function: Callable[[Any], Any], value: Any) -> Any:
    """Call in a thread: the browser tests may have a Playwright in this one, and two cannot be."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function, value).result()


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_print"))
    return import_module("articles")


@pytest.fixture
def pdf(paper: ModuleType, html: Path) -> ModuleType:
    return import_module("pdf")


@pytest.fixture
def epub(paper: ModuleType, html: Path) -> ModuleType:
    return import_module("epub")


def test_links_of_the_printed_book_lead_somewhere(pdf: ModuleType, paper: ModuleType) -> None:
    soup = BeautifulSoup(pdf.document(paper.chapters(pdf.link)), "html.parser")
    ids = [str(tag["id"]) for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids)), "an id stands twice"
    links = [str(tag["href"]) for tag in soup.find_all("a", href=True)]
    assert not {link for link in links if link[0] == "#"} - {f"#{name}" for name in ids}
    assert not [link for link in links if link[0] != "#" and not urlsplit(link).scheme]
    assert len([link for link in links if link[0] == "#"]) > 300


def test_the_printed_book_has_what_paper_can_show(pdf: ModuleType, paper: ModuleType) -> None:
    book = paper.chapters(pdf.link)
    assert [c.page for c in book if c.page.startswith("exercises/")] == []
    assert {"Learning", "Training", "Reference"} <= {c.part for c in book}
    bodies = BeautifulSoup("".join(str(c.body) for c in book), "html.parser")
    assert not bodies.select("script, input, button, iframe, details.hide, .headerlink")
    assert not [i for i in bodies.find_all("img") if not (paper.SITE / str(i["src"])).is_file()]
    explorers = bodies.select(".live-explorer")
    assert len(explorers) > 5
    for each in explorers:
        assert each.find("img") and "online" in each.get_text()


def test_links_into_pages_left_out_lead_to_the_site(paper: ModuleType) -> None:
    anchors = {"book/adam": {"eq-adam"}}
    link = "{}#{}".format

    def led(href: str) -> str:
        return paper.led("book/networks", href, anchors, link, "https://x.io/")

    assert led("adam.html#eq-adam") == "book/adam#adam.eq-adam"
    assert led("adam.html#gone") == "book/adam#"
    assert led("../exercises/adam/adam.html#a") == "https://x.io/exercises/adam/adam.html#a"
    assert led("https://a.b/c") == "https://a.b/c"


def test_formulas_are_mathml_that_any_program_reads(epub: ModuleType) -> None:
    made = '<math xmlns="M" data-x="1">\n  <mi mathvariant="-tex-calligraphic" class="c" size="">L</mi>\n</math>'
    assert epub.plain(made) == '<math xmlns="M"><mi mathvariant="script">L</mi></math>'


def test_pictures_are_what_strict_readers_want(epub: ModuleType) -> None:
    svg = b'<!DOCTYPE svg "x">\n<svg><metadata>m</metadata><path id="a-1" /><g id="A^{(1)}"/></svg>'
    assert epub.drawing(svg) == b'<svg><path d="" id="a-1" /><g/></svg>'


@pytest.mark.browser
def test_an_epub_is_whole(epub: ModuleType, paper: ModuleType, tmp_path: Path) -> None:
    """Of three pages, for speed; `make epub` makes the whole, and the weekly run has it checked."""
    book = [c for c in paper.chapters(epub.link) if c.slug in ("index", "perceptron", "notation")]
    file = tmp_path / "book.epub"
    files = apart(epub.gather, book)
    order = [name for name in files if name.endswith(".xhtml")]
    epub.write(file, files, order, "2026-01-01T00:00:00Z")
    pack = zipfile.ZipFile(file)
    first = pack.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert pack.read("mimetype") == b"application/epub+zip"
    package = ElementTree.fromstring(pack.read("book/content.opf"))
    name = "{http://www.idpf.org/2007/opf}"
    listed = {item.attrib["href"] for item in package.iter(f"{name}item")}
    inside = {n.removeprefix("book/") for n in pack.namelist() if n.startswith("book/")}
    assert listed == inside - {"content.opf"}
    for each in order:
        page = ElementTree.fromstring(pack.read(f"book/{each}"))
        text = "".join(page.itertext())
        assert "\\(" not in text and "[[formula" not in text
        for image in page.iter("{http://www.w3.org/1999/xhtml}img"):
            assert image.attrib["src"] in inside
    formulas = list(ElementTree.fromstring(pack.read("book/perceptron.xhtml")).iter(MATH))
    tex = next(c for c in book if c.slug == "perceptron").body.select(".math")
    assert len(formulas) == len(tex) > 50


@pytest.mark.browser
def test_the_contents_name_the_pages(pdf: ModuleType, paper: ModuleType) -> None:
    book = [c for c in paper.chapters(pdf.link) if c.slug in ("learning", "glossary")]
    for chapter in book:  # only links to what is there
        for anchor in chapter.body.find_all("a", href=re.compile("^#")):
            anchor["href"] = f"#chapter-{chapter.slug}"
    reader = PdfReader(BytesIO(apart(pdf.print_book, pdf.document(book))))
    texts = [page.extract_text() for page in reader.pages]
    starts = pdf.starts(pdf_bytes(reader))
    for chapter in book:
        number = starts[f"chapter-{chapter.slug}"]
        assert chapter.title.split(". ")[-1] in texts[number - 1]
        assert re.search(rf"{re.escape(chapter.title)}\s*{number}\b", texts[1])
    outline = str(reader.outline)
    assert all(c.title in outline for c in book)
    assert not [text for text in texts if "\\(" in text or "\\theta" in text], (
        "formulas are not set"
    )


def pdf_bytes(reader: Any) -> bytes:
    reader.stream.seek(0)
    return reader.stream.read()

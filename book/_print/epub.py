"""Pack the book as an EPUB 3: a file for each page, formulas as MathML, made by MathJax."""

import argparse
import mimetypes
import re
import zipfile
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from itertools import groupby
from os.path import relpath
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from articles import ROOT, SITE, Chapter, chapters, settings, site_address, slug, title_page
from browser import mathjax, opened
from PIL import Image

HERE = Path(__file__).parent
DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file in the archive: the same book is the same bytes."""

TO_MATHML = """async () => {
    await MathJax.startup.promise;
    return [...document.querySelectorAll("span.math, div.math")].map((place) => {
        place.querySelectorAll(".eqno").forEach((number) => number.remove());
        const tex = place.textContent.trim().replace(/^\\\\[([]|\\\\[)\\]]$/g, "");
        return MathJax.tex2mml(tex, { display: place.tagName === "DIV" });
    });
}"""
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""


def link(page: str, anchor: str) -> str:
    file = f"{slug(page)}.xhtml"
    return f"{file}#{anchor}" if anchor else file


def xhtml(title: str, body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">\n'
        f'<head><title>{escape(title)}</title><link rel="stylesheet" href="screen.css"/></head>\n'
        f"<body>{body}</body></html>\n"
    )


def formulas(book: list[Chapter]) -> list[str]:
    """Every formula of the book in order, as MathML."""
    bodies = "".join(str(chapter.body) for chapter in book)
    unset = mathjax("window.MathJax.startup = {typeset: false}")
    with opened(f'<meta charset="utf-8">{unset}{bodies}') as page:
        made: list[str] = page.evaluate(TO_MATHML)
    wrong = [formula for formula in made if "<merror" in formula]
    assert not wrong, f"formulas that MathJax does not know: {wrong}"
    return [plain(formula) for formula in made]


def plain(formula: str) -> str:
    """MathML without MathJax's own notes, which other programs need not know."""
    formula = re.sub(r'\s(?:data-[\w-]+|class)="[^"]*"|\s[\w-]+=""', "", formula)
    formula = formula.replace('mathvariant="-tex-calligraphic"', 'mathvariant="script"')
    return re.sub(r">\s+<", "><", formula)


def set_formulas(book: list[Chapter]) -> dict[str, str]:
    """Each page as text, with its formulas in it."""
    made = iter(formulas(book))
    pages = {}
    for chapter in book:
        here = []
        for place in chapter.body.select("span.math, div.math"):
            number = place.find(class_="eqno")
            place.clear()
            if number:
                place.append(number)
            place.append(f"[[formula {len(here)}]]")
            here.append(next(made))
        text = str(chapter.body)
        pages[chapter.slug] = re.sub(
            r"\[\[formula (\d+)\]\]", lambda hit, these=here: these[int(hit[1])], text
        )
    assert next(made, None) is None
    return pages


def contents(book: list[Chapter]) -> str:
    """The table of contents that readers show."""

    def entry(chapter: Chapter) -> str:
        sections = "".join(
            f'<li><a href="{link(chapter.page, anchor)}">{escape(title)}</a></li>'
            for anchor, title in chapter.sections
            if chapter.part != "Reference"
        )
        inside = f"<ol>{sections}</ol>" if sections else ""
        return f'<li><a href="{chapter.slug}.xhtml">{escape(chapter.title)}</a>{inside}</li>'

    parts = []
    for part, inside in groupby(book, key=lambda chapter: chapter.part):
        entries = "".join(map(entry, inside))
        parts.append(f"<li><span>{part}</span><ol>{entries}</ol></li>" if part else entries)
    return f'<nav epub:type="toc" id="toc"><h1>Contents</h1><ol>{"".join(parts)}</ol></nav>'


def package(files: dict[str, bytes], order: list[str], modified: str) -> str:
    """The list of all files, and the order in which to read them."""
    config = settings()
    address = site_address()
    items = []
    for number, (name, content) in enumerate(files.items()):
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        has = {
            "nav.xhtml": "nav",
            "cover.png": "cover-image",
        }.get(name) or ("mathml" if b"<math" in content and name.endswith(".xhtml") else "")
        properties = f' properties="{has}"' if has else ""
        items.append(f'<item id="f{number}" href="{name}" media-type="{kind}"{properties}/>')
    numbers = {name: number for number, name in enumerate(files)}
    spine = "".join(f'<itemref idref="f{numbers[name]}"/>' for name in order)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:uuid:{uuid5(NAMESPACE_URL, address)}</dc:identifier>'
        f"<dc:title>{escape(config['title'])}</dc:title><dc:language>en</dc:language>"
        f"<dc:creator>{escape(config['author'])}</dc:creator><dc:source>{address}</dc:source>"
        "<dc:rights>CC BY 4.0, code under the MIT licence</dc:rights>"
        f'<meta property="dcterms:modified">{modified}</meta></metadata>\n'
        f"<manifest>{''.join(items)}</manifest>\n<spine>{spine}</spine>\n</package>\n"
    )


def cover() -> bytes:
    """The title page as a picture."""
    style = '<link rel="stylesheet" href="paper.css"><style>body { padding: 0 20mm }</style>'
    with opened(f'<!doctype html><meta charset="utf-8">{style}{title_page()}') as page:
        page.set_viewport_size({"width": 800, "height": 1080})
        page.evaluate("document.fonts.ready")
        return page.screenshot()


def gather(book: list[Chapter]) -> dict[str, bytes]:
    """All files of the book, under the names they have in it."""
    title = str(settings()["title"])
    files = {
        "cover.png": cover(),
        "screen.css": (HERE / "screen.css").read_bytes(),
        "title.xhtml": xhtml(title, title_page()).encode(),
        "nav.xhtml": xhtml("Contents", contents(book)).encode(),
    }
    pages = set_formulas(book)
    for chapter in book:
        text = pages[chapter.slug]
        for image in chapter.body.find_all("img"):
            name = str(image["src"])
            content = (SITE / name).read_bytes()
            if name.endswith(".webp"):  # as PNG, for readers older than WebP
                text = text.replace(name, f"{name}.png")
                name, content = f"{name}.png", as_png(content)
            files[name] = drawing(content) if name.endswith(".svg") else content
        files[f"{chapter.slug}.xhtml"] = xhtml(chapter.title, text).encode()
    return files


def drawing(svg: bytes) -> bytes:
    """A picture of Matplotlib's as strict readers want it.

    No document type that lies elsewhere, no path without a `d` (an empty letter is one), and no id
    with brackets in it.
    """
    svg = re.sub(rb"<!DOCTYPE[^>]*>\s*|<metadata>.*?</metadata>\s*", b"", svg, flags=re.S)
    svg = re.sub(rb"<path(?![^>]*\sd=)", b'<path d=""', svg)
    return re.sub(rb'\sid="[^"]*[^\w."#-][^"]*"', b"", svg)  # nothing refers to those


def as_png(picture: bytes) -> bytes:
    file = BytesIO()
    Image.open(BytesIO(picture)).save(file, "png", optimize=True)
    return file.getvalue()


def write(file: Path, files: dict[str, bytes], order: list[str], modified: str) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:

        def put(name: str, content: bytes | str, how: int = zipfile.ZIP_DEFLATED) -> None:
            pack.writestr(zipfile.ZipInfo(name, DATE), content, how)

        put("mimetype", "application/epub+zip", zipfile.ZIP_STORED)  # first, so that it is found
        put("META-INF/container.xml", CONTAINER)
        put("book/content.opf", package(files, order, modified))
        for name, content in files.items():
            put(f"book/{name}", content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=ROOT / "_build" / "nnlab.epub")
    file: Path = parser.parse_args().file
    print("Packing the pages ...")
    book = chapters(link)
    order = ["title.xhtml", "nav.xhtml", *(f"{chapter.slug}.xhtml" for chapter in book)]
    modified = (SITE / "book" / "index.html").stat().st_mtime
    stamp = datetime.fromtimestamp(modified, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    files = gather(book)
    write(file, files, order, stamp)
    print(f"{relpath(file)}: {len(book)} pages, {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

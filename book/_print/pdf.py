"""Print the book: every page of the site in one document, set by Chromium, with page numbers."""

import argparse
from html import escape
from io import BytesIO
from itertools import groupby
from os.path import relpath
from pathlib import Path

from articles import ROOT, Chapter, chapters, settings, slug, title_page
from browser import mathjax, opened
from pypdf import PdfReader, PdfWriter


def link(page: str, anchor: str) -> str:
    return f"#{anchor or opening(page)}"


def opening(page: str) -> str:
    """The id of a chapter's first page."""
    return f"chapter-{slug(page)}"


def contents(book: list[Chapter]) -> str:
    """The table of contents; the numbers come when the pages have been counted."""

    def line(kind: str, anchor: str, title: str) -> str:
        return (
            f'<li class="{kind}"><a href="#{anchor}"><span>{escape(title)}</span>'
            f'<span class="page-of" data-anchor="{anchor}"></span></a></li>'
        )

    lines = []
    for part, inside in groupby(book, key=lambda chapter: chapter.part):
        lines.append(f'<li class="part">{part}</li>' if part else "")
        for chapter in inside:
            lines.append(line("chapter", opening(chapter.page), chapter.title))
            if part != "Reference":
                lines += [line("section", *section) for section in chapter.sections]
    return f'<nav class="contents" id="contents"><h1>Contents</h1><ol>{"".join(lines)}</ol></nav>'


def document(book: list[Chapter]) -> str:
    """The whole book as one HTML document."""
    heads = "".join(
        f'@page {chapter.slug} {{ @top-right {{ content: "{chapter.title}" }} }}\n'
        f"#{opening(chapter.page)} {{ page: {chapter.slug} }}\n"
        for chapter in book
    )
    bodies = "".join(
        f'<div class="page" id="{opening(chapter.page)}">{chapter.body}</div>' for chapter in book
    )
    title = escape(settings()["title"])
    return (
        f'<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f'<title>{title}</title><link rel="stylesheet" href="_static/pygments.css">'
        f'<link rel="stylesheet" href="paper.css"><style>{heads}</style>{mathjax()}</head>'
        f"<body>{title_page()}{contents(book)}{bodies}</body></html>"
    )


def print_book(html: str) -> bytes:
    """Print twice: once to learn on which page each entry of the contents begins."""
    with opened(html) as page:
        page.evaluate("async () => { await MathJax.startup.promise; await document.fonts.ready }")
        wrong = page.locator("mjx-merror").all_inner_texts()
        assert not wrong, f"formulas that MathJax does not know: {wrong}"
        first = page.pdf(prefer_css_page_size=True, print_background=True)
        page.evaluate(
            """(numbers) => document.querySelectorAll(".page-of").forEach((place) => {
                place.textContent = numbers[place.dataset.anchor];
            })""",
            starts(first),
        )
        return page.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True)


def starts(pdf: bytes) -> dict[str, int]:
    """The page, from 1, on which each place that something links to is."""
    reader = PdfReader(BytesIO(pdf))
    return {
        name.lstrip("/"): (reader.get_destination_page_number(place) or 0) + 1
        for name, place in reader.named_destinations.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=ROOT / "_build" / "nnlab.pdf")
    file: Path = parser.parse_args().file
    print("Setting the pages (a minute or two) ...")
    writer = PdfWriter(clone_from=BytesIO(print_book(document(chapters(link)))))
    config = settings()
    writer.add_metadata({"/Title": config["title"], "/Author": config["author"]})
    writer.write(file)
    print(f"{relpath(file)}: {len(writer.pages)} pages")


if __name__ == "__main__":
    main()

"""What the checks and units link to is in the book: the test grows with the table of contents."""

import re
from pathlib import Path

from nnlab.grading.settings import BOOK
from nnlab.grading.specification import specifications


def _missing(root: Path, links: set[str]) -> list[str]:
    """Return the links into pages of the table of contents that lead nowhere."""
    pages = set(
        re.findall(r"(?:file|root): (\S+)", (root / "_toc.yml").read_text(encoding="utf-8"))
    )
    missing = []
    for link in sorted(links):
        page, _, label = link.partition("#")
        page = page.removesuffix(".html")
        if page in pages and label:
            text = (root / f"{page}.md").read_text(encoding="utf-8")
            if not re.search(rf"\({label}\)=|(?:name|label): {label}\b", text):
                missing.append(link)
    return missing


def test_links_of_specifications_and_mistakes_lead_to_labels(root):
    specs = specifications().values()
    links = {link for s in specs for link in (s.link, *(m.link for m in s.mistakes))}
    assert links and _missing(root, links) == []


def test_links_of_units_lead_to_pages_and_labels(root, unit, workbook):
    text = "\n".join(cell.source for cell in workbook(unit).cells)
    links = set(re.findall(rf"{re.escape(BOOK)}(book/[^\s)]+)", text))
    assert links and _missing(root, links) == []


def test_a_link_that_leads_nowhere_is_found(root):
    assert _missing(root, {"book/notation.html#no-such-label"}) == [
        "book/notation.html#no-such-label"
    ]

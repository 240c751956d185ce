"""Each row of the source map has its place in the book: a label that the built page carries.

ROWS says which page reproduces which rows. A row that no page has yet stands in UNWRITTEN, so that
none is forgotten; when you write it, move it.
"""

from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

MAP = """
t-a1 t-f1 t-a2 t-e1 t-f2 t-f5 t-f3 t-f4 t-bias t-f6 t-f7 t-f8 t-e2 t-f9 t-loss t-a3 t-a4 t-f10 t-e3 t-f12 t-f13
t-f14 t-f15 t-f16 t-f17 t-a5 t-a6 t-a7 t-f18 t-a8 t-f19 t-f20 t-f21 t-f22 t-f23 t-disc
s-gd s-convex s-nonconvex s-saddle s-sgdvar s-mom s-adagrad s-adadelta s-rmsprop s-adam s-ravine
r-data r-logreg r-backprop r-act r-gd r-mom r-adagrad r-rmsprop r-adam r-sched r-l2 r-grid r-f1 r-f2 r-f3 r-f4 r-f5
r-f6 r-f7 r-relu r-f8 r-f10 r-appa r-f9 r-tab1
l-glm l-f53 l-f54 l-xor l-softmax l-count l-fwd l-bwd l-a61 l-two l-f67 l-f68
c-learn c-constr c-minima c-line c-steep c-tab11 c-f12 c-f13 c-f14 c-lr c-gdvar c-f15 c-f16 c-f17 c-f18 c-f19 c-f110
c-ex1 c-ex2 c-ex3 c-ex4
""".split()
"""The rows: thesis, slides, report, lecture, chapter."""

ROWS = {
    "book/perceptron": "t-f2 t-f5 t-f3 t-f4 t-bias t-f6 r-act".split(),
    "book/networks": "t-f7 t-f8 t-e2 t-f9 l-glm l-f53 l-f54 l-xor l-count".split(),
    "book/losses": "t-loss r-logreg l-softmax".split(),
    "book/learning": "c-learn c-constr c-minima s-convex s-nonconvex s-saddle".split(),
    "book/backprop": "t-a3 t-a4 t-f10 t-e3 r-backprop l-fwd l-bwd l-a61 l-two".split(),
    "book/gradient-descent": """
        t-a1 t-f1 t-a2 t-e1 s-gd r-gd c-line c-steep c-tab11 c-f12 c-f13 c-f14 c-lr c-ex1
    """.split(),
    "book/gd-variants": """
        c-gdvar t-a5 t-a6 t-a7 s-sgdvar c-f16 c-f17 c-f18 c-f19 c-f110 r-mom t-f18 s-mom
        r-adagrad s-adagrad r-rmsprop s-rmsprop s-adadelta r-sched r-l2 c-ex2 c-ex3 c-ex4
    """.split(),
    "book/training": "t-f12 t-f13 t-f14 t-f15 t-f16 t-f17 l-f67 l-f68".split(),
    "book/batch-size-study": "t-f20 t-f21 t-f22 t-f23 t-disc c-f15".split(),
    "book/model-selection": """
        r-data r-grid r-f1 r-f2 r-f3 r-f4 r-f5 r-f6 r-f7 r-relu r-f8 r-f10
    """.split(),
    "book/adam": "r-adam s-adam t-a8 t-f19 s-ravine r-appa r-f9 r-tab1".split(),
}
"""Page: the rows it carries."""

UNWRITTEN: list[str] = []

PLACES = [(page, row) for page, rows in ROWS.items() for row in rows]


@pytest.mark.parametrize(("where", "row"), PLACES, ids=[row for _, row in PLACES])
def test_the_row_has_its_place(html: Path, where: str, row: str) -> None:
    article = BeautifulSoup((html / f"{where}.html").read_text(), "html.parser").find("article")
    assert article and article.find(id=f"src-{row}"), f"{where} has no label src-{row}"


def test_the_data_of_the_page_sources_are_the_map(root: Path) -> None:
    sources = yaml.safe_load((root / "book" / "sources.yml").read_text(encoding="utf-8"))
    rows = [row["id"] for source in sources.values() for row in source["rows"]]
    assert sorted(rows) == sorted(MAP)


def test_the_page_sources_links_to_every_row_that_has_a_place(html: Path) -> None:
    file = html / "book" / "sources.html"
    article = BeautifulSoup(file.read_text(), "html.parser").find("article")
    assert article
    links = [str(link["href"]).split("#") for link in article.select("table a[href*='#src-']")]
    told = {label.removeprefix("src-"): page.removesuffix(".html") for page, label in links}
    assert told == {row: page.removeprefix("book/") for page, row in PLACES}


def test_no_row_is_forgotten() -> None:
    told = [row for _, row in PLACES] + UNWRITTEN
    assert sorted(told) == sorted(MAP), set(told) ^ set(MAP) or "a row is told twice"

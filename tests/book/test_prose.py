"""The sources of the pages: no number that code found is typed, and cells are short enough to read.

The statistics of all pages are printed at the end of a run.
"""

import re
import statistics
from pathlib import Path
from typing import NamedTuple

CONSTANTS = {
    "book/networks": "6.2 6.11",
    "book/backprop": """
        0.25 0.75 0.5 0.81757 0.60080 0.02510 0.13757 0.72490 0.36243 0.57287 6.1 6.25 6.27 4.1
    """,
    "book/errata": """
        0.880 0.779 0.778 0.1 0.001 0.40 6.1 6.14 6.16 24.8 2.3 0.71 84.05
    """,
    "book/gradient-descent": "0.1 0.7 4.4 0.8 0.64 0.512 0.00013 3.5",
    "book/gd-variants": "0.1 0.4 0.5 0.65 0.7 0.8 0.975 0.0005",
    "book/batch-size-study": "0.001 0.01 0.71 84.05",
    "book/model-selection": "0.001 0.003 0.06 0.1 4.6",
    "book/training": "0.01 0.042 0.084 0.5 0.779 0.880 97.39 98.97",
    "book/guides/authors": "6.1",
    "book/guides/students": "3.11",
    "book/guides/instructors": "3.11",
    "book/adam": "0.001 0.1 0.5 0.9 0.999 1.5",
}
"""Page: the decimals that its prose may hold: what it puts in, and what the sources print."""

WORDS = (1000, 2000)
REFERENCE = {
    "book/index",
    "book/explorers",
    "book/guides/students",
    "book/guides/instructors",
    "book/guides/new-unit",
    "book/guides/authors",
    "book/guides/architecture",
    "book/notation",
    "book/glossary",
    "book/sources",
    "book/errata",
    "book/bibliography",
}
"""Pages to look things up in or to play with; they have no rule for their length."""


class Cell(NamedTuple):
    tags: str
    lines: list[str]


CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", re.M | re.S)


def cells(text: str) -> list[Cell]:
    """The code cells of a page: their options, and the lines that are not blank."""
    found = []
    for body in CELL.findall(text):
        options, code = "", body
        if body.startswith("---\n"):
            _, options, code = body.split("---\n", 2)
        else:
            options = "".join(re.findall(r"^:[^\n]*\n", body, re.M))
            code = re.sub(r"^:\w[^\n]*\n", "", body, flags=re.M)
        found.append(Cell(options, [line for line in code.splitlines() if line.strip()]))
    return found


FENCE = re.compile(r"(`{3,}|:{3,})(?:\{([\w:-]+)\}|(\w*))")


def prose(text: str) -> str:
    """A page without its front matter, code, roles and options: what is read as text."""
    text = re.sub(r"\A---\n.*?^---\n", "", text, flags=re.M | re.S)
    kept: list[str] = []
    fences: list[tuple[str, bool]] = []  # what closes each open block, and whether it is code
    for line in text.splitlines():
        if fences and line.strip() == fences[-1][0]:
            fences.pop()
        elif found := FENCE.match(line):
            fences.append(
                (found[1], found[2] in (None, "code-block", "code-cell", "source", "math"))
            )
            kept.append(line[found.end() :])  # a title stands there
        elif not any(code for _, code in fences):
            kept.append(line)
    text = re.sub(r"^:[\w-]+:.*$|^\([\w-]+\)=$", "", "\n".join(kept), flags=re.M)
    return re.sub(r"\{[\w:+-]+\}`[^`\n]*`|`[^`\n]+`", "", text)


def words(text: str) -> int:
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", " x ", prose(text), flags=re.S)
    return len(re.findall(r"[A-Za-z][\w'’-]*", text))


def shown(text: str) -> list[int]:
    """The lengths of the cells that a reader sees unfolded."""
    hidden = ("remove-cell", "remove-input", "hide-input", "hide-cell")
    lengths = [len(c.lines) for c in cells(text) if not any(tag in c.tags for tag in hidden)]
    return [length for length in lengths if length]


def read(root: Path, page: str) -> str:
    return (root / f"{page}.md").read_text(encoding="utf-8")


def test_no_number_that_code_found_is_typed(root: Path, chapter: str) -> None:
    allowed = set(CONSTANTS.get(chapter, "").split())
    typed = set(re.findall(r"(?<![\w.])\d+\.\d+", prose(read(root, chapter))))
    assert not typed - allowed, f"glue them, or say in CONSTANTS that they are: {typed - allowed}"
    assert not allowed - typed, f"no longer in the chapter: {allowed - typed}"


def test_cells_fit_the_page(root: Path, chapter: str) -> None:
    wide = [
        line
        for cell in cells(read(root, chapter))
        if "remove-cell" not in cell.tags
        for line in cell.lines
        if len(line) > 79
    ]
    assert not wide, "\n".join(wide)


def test_cells_are_short(root: Path, chapter: str) -> None:
    lengths = shown(read(root, chapter))
    if lengths:
        long = sum(length > 15 for length in lengths)
        assert statistics.median(lengths) <= 6, lengths
        assert long <= len(lengths) / 10, lengths


def test_a_chapter_has_a_chapter_s_length(root: Path, chapter: str) -> None:
    if chapter not in REFERENCE:
        low, high = WORDS
        assert low <= words(read(root, chapter)) <= high


def test_a_cell_has_its_sentence_before_it(root: Path, chapter: str) -> None:
    text = re.sub(r"\A---\n.*?^---\n", "", read(root, chapter), flags=re.M | re.S)
    before = re.split(r"\n#+ [^\n]*\n", text)
    bare = [part[:200] for part in before[1:] if part.lstrip().startswith("```{code-cell}")]
    assert not bare, f"a section starts with code: {bare}"


def statistics_of(root: Path, pages: list[str]) -> list[str]:
    """One line for each page: cells, their median length, how many are long, words."""
    lines = [f"{'page':32}{'cells':>6}{'median':>8}{'> 15':>6}{'words':>7}"]
    for page in pages:
        text = read(root, page)
        lengths = shown(text)
        median = f"{statistics.median(lengths):g}" if lengths else "-"
        share = f"{sum(n > 15 for n in lengths) / len(lengths):.0%}" if lengths else "-"
        lines.append(f"{page:32}{len(lengths):6}{median:>8}{share:>6}{words(text):7}")
    return lines


def test_the_statistics_are_kept(root: Path, pages: list[str]) -> None:
    """tests/conftest.py prints the file when the run is over, also when several processes ran it."""
    chapters = [page for page in pages if page.startswith("book/")]
    file = root / "_build" / "cell-statistics.txt"
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(statistics_of(root, chapters)) + "\n", encoding="utf-8")
    assert len(file.read_text(encoding="utf-8").splitlines()) == len(chapters) + 1

"""Write the tables of README.md anew from benchmarks/results.json and the grader's corpus of submissions.

    python benchmarks/readme.py        # `make bench ARGS=--keep` measures first, then calls this

A table stands between `<!-- name -->` and `<!-- end -->`; a test compares it with what is made here.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keeping import kept

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
SHOWN = (1, 32, 256, 60_000)
"""Batches that README shows; the others are in the file."""
CORPUS = ROOT / "tests" / "grading" / "corpus"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table; all but the first column hold numbers."""
    rule = ["---", *["--:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *rows))


def note(found: dict[str, Any]) -> str:
    return f"\n\nMeasured on {found['day']}: {found['machine']}."


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    return f"{seconds * 1e3:,.0f} ms" if seconds >= 0.01 else f"{seconds * 1e6:,.0f} µs"


def training() -> str:
    """Return the time of one step of training, and what others need for it."""
    found = kept()["training"]
    rows = [
        [
            f"{row['optimizer']}, batches of {row['batch']:,}",
            duration(row["microseconds"] * 1e-6),
            *(f"{row['ratios'][name]:.2f}" for name in found["others"]),
        ]
        for row in found["rows"]
        if row["batch"] in SHOWN
    ]
    return table(
        ["one step", "nnlab", *(f"{name}, times" for name in found["others"])], rows
    ) + note(found)


def grading() -> str:
    """Return what grading costs, beside stock nbgrader."""
    found = kept()["grading"]
    rows = [
        [
            row["what"],
            f"{row['clock']:.1f} s",
            f"{row['cpu']:.1f} s",
            f"{row['count'] / row['clock']:.1f}",
            f"{row['memory']:,.0f} MB",
        ]
        for row in found["rows"]
    ]
    head = [f"unit `{found['unit']}`", "by the clock", "of processors", "a second", "memory"]
    return table(head, rows) + note(found)


def live() -> str:
    """Return how long a reader waits for a live page."""
    found = kept()["live"]
    rows = [
        ["first visit, to the first result", f"{found['cold'][0]:.1f} s"],
        ["first visit, to the page's last cell", f"{found['cold'][1]:.1f} s"],
        ["later visits, to the first result", f"{found['warm'][0]:.1f} s"],
        ["a cell again", f"{found['again']:.2f} s"],
        ["moving a control of an explorer (median of all)", f"{found['control']:.2f} s"],
        ["bytes of a first visit, without a network's delay", f"{found['bytes'] / 1e6:.0f} MB"],
    ]
    return table([f"page `{found['page']}`", "takes"], rows) + note(found)


def safety() -> str:
    """Return what the corpus of submissions holds; its tests say what becomes of them."""
    attacks, honest = (
        [path.read_text("utf-8").split()[2] for path in (CORPUS / kind).glob("*.cell")]
        for kind in ("attacks", "honest")
    )
    assert not any(map(float, attacks))  # the points that the tests want to see
    rows = [
        ["wrong code that forges, spies, breaks or stalls", f"{len(attacks)}", "nothing"],
        ["honest code in unusual styles", f"{len(honest)}", "what it deserves"],
    ]
    return table(["submissions in the corpus", "how many", "earn"], rows)


TABLES: dict[str, Callable[[], str]] = {
    "training": training,
    "grading": grading,
    "live": live,
    "safety": safety,
}


def written(text: str) -> str:
    """Return README's text with the tables as they should be."""
    for name, make in TABLES.items():
        between = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", re.S)
        table = make().replace("\\", r"\\")
        text, count = between.subn(rf"\g<1>\n{table}\n\g<2>", text)
        if count != 1:
            raise SystemExit(f"README.md needs one place for the table {name}, and has {count}")
    return text


if __name__ == "__main__":
    README.write_text(written(README.read_text("utf-8")), "utf-8")

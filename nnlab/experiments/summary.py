"""A folder of results explains itself: a README with each file's question, origin and table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nnlab.experiments.results import ResultsError, read_results
from nnlab.experiments.study import Row, Study
from nnlab.experiments.table import column, duration

OPENING = """# Results of the studies

`nnlab study` wrote these files, and this page from them: one CSV a study, one line a run. Each line
holds the run's settings, its seed, what came out, and under which conditions: `wall` is what a
clock showed in seconds, `cpu` what the run computed, `load` how many programs wanted a core
meanwhile. Where the load exceeds the cores, `wall` is about the neighbours and `cpu` is the number
to compare. A cell with several numbers is a curve. "thesis", "report", "lecture" and "chapter"
stand over what the sources print.

`make studies` runs all of them again; interrupted, it goes on where it was.
"""


def write_summary(folder: Path) -> Path | None:
    """Write README.md into a folder of results, and return where it is; the quick forms stay
    out."""
    from nnlab.experiments import STUDIES

    parts = [part for study in STUDIES.values() for part in _parts(study, folder)]
    if not parts:
        return None
    path = folder / "README.md"
    path.write_text("\n".join([OPENING, *parts]), encoding="utf-8")
    return path


def _parts(study: Study, folder: Path) -> Iterator[str]:
    path = folder / f"{study.name}.csv"
    if not path.exists():
        return
    try:
        rows = read_results(path)
    except ResultsError as error:
        yield f"## {study.name}\n\n{error}\n"
        return
    if not rows:  # begun, and nothing finished yet
        return
    yield f"## {study.name}\n\n{study.question}"
    yield f"\n{_origin(path, rows, len(study.rows()))}\n\n{study.table(rows).markdown()}\n"


def made(rows: Sequence[Row]) -> str:
    """Say when, with what and on what rows were made."""

    def seen(name: str) -> str:
        return " and ".join(sorted({str(row[name]) for row in rows if name in row}))

    return f"{seen('date')} with {seen('versions')} on {seen('machine')}"


def _origin(path: Path, rows: list[Row], planned: int) -> str:
    loads = column(rows, "load")
    short = f" of {planned} planned" if len(rows) < planned else ""
    return (
        f"`{path.name}`: {len(rows)} runs{short}, {duration(sum(column(rows, 'cpu')))} of computing "
        f"({duration(sum(column(rows, 'wall')))} by the clock, load {min(loads):.1f} to "
        f"{max(loads):.1f}), made {made(rows)}."
    )

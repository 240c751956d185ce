"""A table is a title, columns and rows of text, for the terminal and for Markdown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import rich.table


_SIDE = ("", ' style="text-align: right; white-space: nowrap"')


class Table(NamedTuple):
    """What a study found: cells are text already, a note says what the numbers say."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    def markdown(self) -> str:
        """Return the table as Markdown, title and note around it.

        >>> print(Table("Sums", ["n", "sum"], [["2", "3"]]).markdown())
        Sums
        <BLANKLINE>
        | n | sum |
        | --- | ---: |
        | 2 | 3 |
        """
        columns, rows = self._filled()
        rule = ["---", *["---:"] * (len(columns) - 1)]
        lines = ["| " + " | ".join(cells) + " |" for cells in [columns, rule, *rows]]
        return "\n".join([self.title, "", *lines, *(["", self.note] if self.note else [])])

    def _repr_html_(self) -> str:
        """Return the table for a notebook, which scrolls in itself where it is wide.

        >>> "<td>a &lt; b</td>" in Table("", ["claim", "n"], [["a < b", "3"]])._repr_html_()
        True
        """
        columns, rows = self._filled()
        head = "".join(f"<th{_SIDE[i > 0]}>{escape(name)}</th>" for i, name in enumerate(columns))
        body = "".join(
            "<tr>"
            + "".join(f"<td{_SIDE[i > 0]}>{escape(c)}</td>" for i, c in enumerate(row))
            + "</tr>"
            for row in rows
        )
        return (
            '<div class="pst-scrollable-table-container"><table class="table">'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def rich(self) -> rich.table.Table:
        """Return the table for a terminal."""
        from rich.table import Table as RichTable

        table = RichTable(title=self.title, caption=self.note or None)
        columns, rows = self._filled()
        for i, name in enumerate(columns):
            table.add_column(name, justify="left" if i == 0 else "right")
        for row in rows:
            table.add_row(*row)
        return table

    def _filled(self) -> tuple[list[str], list[list[str]]]:
        """Leave out columns without an entry: a quick form has no source's number beside it."""
        kept = [i for i in range(len(self.columns)) if any(row[i] for row in self.rows)]
        return [self.columns[i] for i in kept], [[row[i] for i in kept] for row in self.rows]


def spread(values: Sequence[float], digits: int = 3, scale: float = 1.0) -> str:
    """Write a mean, and a standard deviation if there is more than one value.

    >>> spread([1.0, 2.0, 3.0], 1), spread([0.974], 1, scale=100), spread([])
    ('2.0 ± 1.0', '97.4', '')
    """
    numbers = np.array([v for v in values if not math.isnan(v)]) * scale
    if numbers.size == 0:
        return ""
    mean = f"{numbers.mean():.{digits}f}"
    return mean if numbers.size == 1 else f"{mean} ± {numbers.std(ddof=1):.{digits}f}"


def duration(seconds: float) -> str:
    """Write seconds as people say them.

    >>> duration(0.42), duration(75), duration(2996)
    ('0.4 s', '1:15', '49:56')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def groups(
    rows: Sequence[dict[str, Any]], *names: str
) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """Gather rows that agree in these columns, in the order in which they come.

    >>> groups([{"lr": 1, "seed": 0}, {"lr": 1, "seed": 1}], "lr")
    {(1,): [{'lr': 1, 'seed': 0}, {'lr': 1, 'seed': 1}]}
    """
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(tuple(row.get(name) for name in names), []).append(row)
    return found


def column(rows: Sequence[dict[str, Any]], name: str) -> list[float]:
    """Return a column's numbers; a row without one (a run that diverged) is left out."""
    return [float(row[name]) for row in rows if name in row]

"""A results file is a CSV that is whole at every moment, and knows when it was tampered with.

Each finished row is added by writing the file anew beside the old one and renaming it over it, so a
crash or a full disk leaves the file as it was. Its second line holds the checksum of what follows.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nnlab._types import Array
from nnlab.experiments.study import Row

CHECKSUM = "# sha256 of the lines below: "


class ResultsError(RuntimeError):
    """A results file is damaged, of another plan, or cannot be written; the message says what to
    do."""


class Results:
    """The rows a plan has so far, in the plan's order, on disk and in memory."""

    def __init__(self, path: Path, title: str, plan: Sequence[Row]) -> None:
        self.path, self.title, self.plan = path, title, list(plan)
        self.settings = list(plan[0])
        self.rows: dict[str, Row] = {}
        self._written: str | None = None
        if path.exists():
            self._resume()

    @property
    def missing(self) -> list[Row]:
        """The rows of the plan that are still to be run."""
        return [row for row in self.plan if self.key(row) not in self.rows]

    @property
    def finished(self) -> list[Row]:
        """The rows that are there, in the plan's order, as a reader of the file gets them."""
        return [self.rows[self.key(row)] for row in self.plan if self.key(row) in self.rows]

    def key(self, row: Row) -> str:
        """What tells one row of the plan from another: its settings, as the file spells them."""
        return ", ".join(f"{name}={_cell(row.get(name, ''))}" for name in self.settings)

    def add(self, row: Row) -> None:
        """Put a finished row into the file."""
        key = self.key(row)
        self.rows[key] = {name: _value(_cell(value)) for name, value in row.items()}
        try:
            self.write()
        except ResultsError as error:
            raise ResultsError(f"{error}\nThe row that found no place:\n{_text([row])}") from error

    def write(self) -> None:
        """Write the file anew, and only then put it in the old one's place."""
        if self._written is not None and _digest_line(self.path) != self._written:
            raise ResultsError(
                f"{self.path} was changed or removed by something else while this study ran; "
                "its present content was left alone"
            )
        body = _text(self.finished, self.settings)
        line = CHECKSUM + hashlib.sha256(body.encode()).hexdigest()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _replace(self.path, f"# {self.title}\n{line}\n{body}")
        except OSError as error:
            raise ResultsError(
                f"{self.path} could not be written: {error.strerror or error}. "
                f"It still holds what was written before; make room and run the same command again"
            ) from error
        self._written = line

    @staticmethod
    def set_aside(path: Path) -> Path:
        """Move a results file out of the way, to a name that is free."""
        number = 1
        while (aside := path.with_suffix(f".old-{number}.csv")).exists():
            number += 1
        return path.rename(aside)

    def _resume(self) -> None:
        rows = read_results(self.path)
        planned = {self.key(row) for row in self.plan}
        strange = [row for row in rows if self.key(row) not in planned]
        if strange:
            raise ResultsError(
                f"{self.path} holds {len(strange)} of {len(rows)} rows that are not in this plan, "
                f"such as\n  {self.key(strange[0])}\nwhere this plan has\n  {self.key(self.plan[0])}"
                "\nGive the settings it was made with, another --output, or --fresh, "
                "which sets it aside"
            )
        self.rows = {self.key(row): row for row in rows}
        self._written = _digest_line(self.path)


def read_results(path: Path | str) -> list[Row]:
    """Return the rows of a results file: numbers as numbers, and curves as arrays.

    An empty cell is left out, so `row.get` says whether it is there.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        text = ""
    title, _, rest = text.partition("\n")
    line, _, body = rest.partition("\n")
    if not title.startswith("# ") or line != CHECKSUM + hashlib.sha256(body.encode()).hexdigest():
        raise ResultsError(
            f"{path} is damaged or was changed by hand: its rows do not have the checksum in its "
            "second line. Nothing was touched: restore it, or give --fresh, which sets it aside"
        )
    table = csv.DictReader(io.StringIO(body))
    return [{name: _value(cell) for name, cell in row.items() if cell != ""} for row in table]


def curve(row: Row, name: str) -> Array:
    """Return a cell that holds several numbers as an array, also if there is only one."""
    return np.atleast_1d(np.asarray(row[name], dtype=float))


def significant(values: Iterable[float], digits: int = 4) -> list[float]:
    """Round a curve to a few significant digits: it is there to be drawn, and small files last.

    >>> significant([1.23456, 0.000123456])
    [1.235, 0.0001235]
    """
    return [float(f"{value:.{digits}g}") for value in values]


def _digest_line(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return [next(file, ""), next(file, "")][1].rstrip("\n")
    except (OSError, UnicodeDecodeError):
        return ""


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _text(rows: Sequence[Row], first: Sequence[str] = ()) -> str:
    columns = list(dict.fromkeys([*first, *(name for row in rows for name in row)]))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, (list, tuple, np.ndarray)):
        return " ".join(_cell(v) for v in np.asarray(value).ravel().tolist())
    return format(value, ".6g") if isinstance(value, (float, np.floating)) else str(value)


def _value(cell: str) -> Any:
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            pass
    try:
        return np.array([float(part) for part in cell.split()]) if " " in cell else cell
    except ValueError:
        return cell

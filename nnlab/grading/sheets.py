"""Sheets are what Canvas and Moodle export and import: filled in where they stand, nothing else in them changes."""

import csv
import io
import re
from pathlib import Path
from typing import Any

from nnlab.grading.export import number, write_rows

BOM = "\ufeff"


class ExportError(ValueError):
    """The instructor's file cannot be filled in; the message says what is missing."""


def fill_canvas(text: str, scores: dict[str, float], column: str) -> tuple[str, list[str]]:
    """Fill a Canvas gradebook in: the column of the assignment, rows by ID, SIS User ID or SIS Login ID.

    Return the file and the students that are not in it. Canvas takes an unknown column for a new assignment, so the
    column has to be there already.
    """
    rows, head, dialect = _read(text)
    columns = [n for n, name in enumerate(head) if _is_column(name, column)]
    if len(columns) != 1:
        raise ExportError(
            f"{len(columns)} columns are called {column!r}; name one with --column: {', '.join(map(repr, head))}"
        )
    keys = [
        n for n, name in enumerate(head) if name.strip() in ("SIS Login ID", "SIS User ID", "ID")
    ]
    if not keys:
        raise ExportError(
            "this is no gradebook of Canvas: it has no column ID, SIS User ID or SIS Login ID"
        )
    filled, left = _fill(rows, keys, columns[0], scores, dialect, lambda cell: [cell.strip()])
    return _mark(text) + filled, left


def fill_moodle(
    text: str, scores: dict[str, float], column: str | None = None
) -> tuple[str, list[str]]:
    """Fill Moodle's grading worksheet in, in whatever language its headers are.

    Students are known by the number that ends the first column ("Participant 4711") or by their address; the grade is
    the column named so, by you or in one of the languages below.
    """
    rows, head, dialect = _read(text)
    wanted = {column} if column else GRADE_WORDS
    columns = [
        n for n, name in enumerate(head) if name.strip().lower() in {w.lower() for w in wanted}
    ]
    if len(columns) != 1:
        raise ExportError(
            f"which column is the grade? Name it with --column: {', '.join(map(repr, head))}"
        )
    keys = [
        0,
        *(
            n
            for n, name in enumerate(head)
            if "mail" in name.lower() or name.strip().lower() in ID_WORDS
        ),
    ]

    def ids(cell: str) -> list[str]:
        number = re.search(r"(\d+)\s*$", cell)
        return [cell.strip(), *([number[1]] if number else [])]

    filled, left = _fill(rows, keys, columns[0], scores, dialect, ids)
    return _mark(text) + filled, left


def other_maximum(text: str, column: str, ours: float) -> list[str]:
    """Say so where the file has another maximum of points than the unit: marks are not scaled."""
    rows, head, _ = _read(text)
    theirs: list[str] = []
    for n, name in enumerate(head):
        if _is_column(name, column):
            possible = [row for row in rows if row and row[0].strip() == "Points Possible"]
            theirs += [row[n] for row in possible if n < len(row)]
        if name.strip().lower() in MOST_WORDS:
            theirs += [row[n] for row in rows[1:2] if n < len(row)]
    plain = [most for most in theirs if re.fullmatch(r"\d+([.,]\d+)?", most.strip())]
    numbers = [float(most.replace(",", ".")) for most in plain]
    return [
        f"there the most is {number(most)} points, here it is {number(ours)}: marks are not scaled"
        for most in numbers
        if abs(most - ours) > 1e-6
    ]


MOST_WORDS = {
    "maximum grade",
    "bestwertung",
    "note maximale",
    "calificación máxima",
    "maximumcijfer",
}
GRADE_WORDS = {
    "Grade", "Bewertung", "Note", "Calificación", "Cijfer", "Valutazione", "Nota", "Karakter", "Betyg", "Arvosana",
    "Оценка", "评分", "成績", "الدرجة", "Ocena", "Βαθμός", "Puntuación", "Not", "نمره",
}  # fmt: skip
ID_WORDS = {"id number", "username", "id-nummer", "anmeldename", "numéro d'identification"}


def _fill(
    rows: list[list[str]],
    keys: list[int],
    column: int,
    scores: dict[str, float],
    dialect: Any,
    ids: Any,
) -> tuple[str, list[str]]:
    left = dict(scores)
    for row in rows[1:]:
        names = [name for key in keys if key < len(row) for name in ids(row[key])]
        found = next((name for name in names if name in scores), None)
        if found is not None and column < len(row):
            row[column] = _like(row[column], scores[found], dialect)
            left.pop(found, None)
    return write_rows(rows, dialect), sorted(left)


def _mark(text: str) -> str:
    return BOM if text.startswith(BOM) else ""


def _like(before: str, score: float, dialect: Any) -> str:
    """Write a score with a decimal comma where the file separates by semicolons, as there."""
    text = number(score)
    return text.replace(".", ",") if dialect.delimiter == ";" or "," in before else text


def _is_column(name: str, wanted: str) -> bool:
    return (
        name.strip() == wanted
        or re.fullmatch(rf"{re.escape(wanted)} \(\d+\)", name.strip()) is not None
    )


def _read(text: str) -> tuple[list[list[str]], list[str], Any]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)

    class Found(csv.excel):
        pass

    Found.delimiter = delimiter
    rows = list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), Found))
    if not rows:
        raise ExportError("the file is empty")
    return rows, rows[0], Found


def read_text(path: Path) -> str:
    """Read a file of an instructor's spreadsheet, in UTF-8 or what older programs write."""
    data = path.read_bytes()
    for encoding in ("utf-16", "utf-8") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8",):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace")

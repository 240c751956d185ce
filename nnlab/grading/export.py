"""Export writes marks as programs read them: CSV in the long form, JSON with everything (Canvas, Moodle: `sheets`)."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nnlab.grading.gradebook import Marks
from nnlab.grading.verdict import Verdict


@dataclass(frozen=True)
class Mark:
    """One student's mark in one unit, all in: checks, people, lateness."""

    verdict: Verdict
    marks: Marks | None = None

    @property
    def score(self) -> float:
        """The points that count."""
        return max(0.0, sum(points or 0.0 for _, points, _ in self.rows()) - self.penalty)

    @property
    def penalty(self) -> float:
        """The points that lateness cost."""
        return self.marks.penalty if self.marks else 0.0

    @property
    def is_final(self) -> bool:
        """Whether nothing waits for a person."""
        return all(points is not None for _, points, _ in self.rows())

    def rows(self) -> list[tuple[str, float | None, float]]:
        """Return (check or answer, points, most points); the points are None while a person has to give them."""
        given = self.marks.written if self.marks else {}
        rows: list[tuple[str, float | None, float]] = []
        for test in self.verdict.tests:
            manual = given.get(test.id)
            rows.append((test.id, test.points if manual is None else manual, test.max_points))
        for answer in self.verdict.written:
            rows.append(
                (answer.id, given.get(answer.id, None if answer.text else 0.0), answer.max_points)
            )
        return rows


def to_csv(marks: Iterable[Mark]) -> str:
    """Return one row a student, unit and check: the long form that every table program can turn around."""
    head = [
        "student",
        "unit",
        "status",
        "check",
        "points",
        "max_points",
        "mistake",
        "penalty",
        "total",
        "final",
    ]
    rows = []
    for mark in marks:
        verdict = mark.verdict
        mistakes = {test.id: test.mistake or "" for test in verdict.tests}
        tail = [number(mark.penalty), number(mark.score), "yes" if mark.is_final else "no"]
        for id, points, most in mark.rows() or [("", 0.0, verdict.max_score)]:
            shown = "" if points is None else number(points)
            about = [verdict.student, verdict.unit, verdict.status, id]
            rows.append([*map(safe, about), shown, number(most), safe(mistakes.get(id, "")), *tail])
    return write_rows([head, *rows])


def to_json(marks: Iterable[Mark]) -> str:
    """Return everything, for programs."""
    found = []
    for mark in marks:
        verdict = mark.verdict
        found.append({
            "student": verdict.student, "unit": verdict.unit, "status": verdict.status, "reason": verdict.reason,
            "score": mark.score, "max_score": verdict.max_score, "penalty": mark.penalty, "final": mark.is_final,
            "checks": [
                {"id": t.id, "points": t.points, "max_points": t.max_points, "passed": t.passed,
                 "mistake": t.mistake, "message": t.message, "link": t.link}
                for t in verdict.tests
            ],
            "written": [
                {"id": id, "points": points, "max_points": most}
                for id, points, most in mark.rows()[len(verdict.tests):]
            ],
        })  # fmt: skip
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def write_rows(rows: Iterable[Iterable[str]], dialect: Any = csv.excel) -> str:
    """Return rows as CSV, quoted where they must be."""
    out = io.StringIO(newline="")
    csv.writer(out, dialect).writerows(rows)
    return out.getvalue()


def number(value: float) -> str:
    """Write points without a tail of zeros."""
    return f"{value:.6g}"


def safe(text: str) -> str:
    """Keep a table program from taking text for a formula.

    >>> safe("=cmd|x"), safe("-2"), safe("s01")
    ("'=cmd|x", "'-2", 's01')
    """
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text

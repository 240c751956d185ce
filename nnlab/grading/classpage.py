"""The class page tells the instructor how it went: marks, checks, the mistakes people made, and whom to look at."""

import hashlib
from collections import Counter
from dataclasses import dataclass

from nnlab.grading.feedback import environment, parts_of
from nnlab.grading.gradebook import Marks
from nnlab.grading.similarity import report
from nnlab.grading.store import engine_digest
from nnlab.grading.unit import Unit
from nnlab.grading.verdict import STATUSES, Verdict

BINS = 10
MOST = 15
"""Mistakes that are shown."""


@dataclass
class CheckRate:
    """How a test went over the class."""

    id: str
    what: str
    points: float
    passed: int = 0
    of: int = 0


def origin(unit: Unit, verdicts: list[Verdict], marks: dict[str, Marks]) -> str:
    """Return a comment that tells what a page was made from: as long as that is the same, so is the page."""
    total = hashlib.sha256((engine_digest() + unit.digest).encode())
    for template in ("base.html", "class.html"):
        total.update(environment().loader.get_source(environment(), template)[0].encode())
    for verdict in verdicts:
        total.update((verdict.to_json() + repr(marks.get(verdict.student))).encode())
    return f"<!-- made from {total.hexdigest()} -->\n"


def page(unit: Unit, verdicts: list[Verdict], marks: dict[str, Marks]) -> str:
    """Return the page of one unit as HTML that stands alone."""
    readable = [v for v in verdicts if v.status not in ("unreadable", "missing")]
    rates: dict[str, CheckRate] = {}
    mistakes: Counter[str] = Counter()
    examples: dict[str, tuple[str, str]] = {}
    for verdict in readable:
        for part in parts_of(unit, verdict):
            for what, test in part.tests:
                rate = rates.setdefault(test.id, CheckRate(test.id, what, test.max_points))
                rate.of += 1
                rate.passed += test.passed
        for mistake in {t.mistake for t in verdict.tests if t.mistake}:
            mistakes[mistake] += 1
    for verdict in readable:
        for test in verdict.tests:
            if test.mistake:
                examples.setdefault(test.mistake, (_why(test.message), test.link))
    frequent = sorted(mistakes.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    top = [(name, count, *examples[name]) for name, count in frequent]
    look = [v for v in verdicts if v.needs_look]
    waiting = [v for v in verdicts if waits(v, marks.get(v.student))]
    automatic = unit.max_score - sum(cell.points for cell in unit.cells if cell.kind == "written")
    return str(
        environment().get_template("class.html").render(
            unit=unit, verdicts=verdicts, rates=list(rates.values()), mistakes=top, look=look,
            late={student: m for student, m in marks.items() if m.seconds_late > 0},
            waiting=waiting, statuses=STATUSES, counts=Counter(v.status for v in verdicts),
            bars=_bars([v.score for v in readable], automatic), automatic=automatic,
            mean=sum(v.score for v in readable) / len(readable) if readable else 0.0,
            similar=report(readable, unit.asked), isolations=sorted({v.isolation for v in readable}),
        )
    )  # fmt: skip


def waits(verdict: Verdict, marks: Marks | None) -> bool:
    """Whether a person has yet to mark something."""
    done = marks.written if marks else {}
    return any(done.get(id) is None for id in verdict.waits_for_person)


def _why(message: str) -> str:
    """Return the part of a message that explains the mistake."""
    lines = message.splitlines()
    starts = [n for n, line in enumerate(lines) if line.strip().startswith("why:")]
    if not starts:
        return lines[0] if lines else ""
    text = [lines[starts[0]].strip().removeprefix("why:")]
    for line in lines[starts[0] + 1 :]:
        if line.strip().startswith("read:"):
            break
        text.append(line)
    return " ".join(" ".join(text).split())


def _bars(scores: list[float], most: float) -> list[dict[str, float | str]]:
    """Return the bars of a histogram, in the units of the page's SVG."""
    counts = [0] * BINS
    for score in scores:
        counts[min(BINS - 1, int(BINS * score / most)) if most else 0] += 1
    tallest = max([*counts, 1])
    return [
        {
            "x": 40 + 60 * n, "height": 140 * count / tallest, "count": count,
            "from": f"{n * most / BINS:.3g}", "to": f"{(n + 1) * most / BINS:.3g}",
        }
        for n, count in enumerate(counts)
    ]  # fmt: skip

"""Feedback is one page a student: marks by part, what failed and why, where to read on, and their own code."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nnlab._folders import keep, kept, recall
from nnlab.grading.autograded import visible
from nnlab.grading.gradebook import Marks
from nnlab.grading.unit import Unit
from nnlab.grading.verdict import STATUSES, TestResult, Verdict


@dataclass(frozen=True)
class Part:
    """One answer and the tests that follow it."""

    title: str
    tests: list[tuple[str, TestResult]]

    @property
    def points(self) -> float:
        """The points earned."""
        return sum(test.points for _, test in self.tests)

    @property
    def max_points(self) -> float:
        """The points that could be earned."""
        return sum(test.max_points for _, test in self.tests)

    @property
    def unwritten(self) -> TestResult | None:
        """One result that speaks for all, where every test found the same answer not written yet."""
        first = self.tests[0][1]
        said = {(test.reason, test.message, test.link) for _, test in self.tests}
        return first if first.reason == "unanswered" and len(said) == 1 else None


def parts_of(unit: Unit, verdict: Verdict) -> list[Part]:
    """Group the tests by the answer that they follow."""
    results = {test.id: test for test in verdict.tests}
    parts: list[Part] = []
    title = unit.name
    for cell in unit.cells:
        if cell.kind == "answer":
            title = cell.id
        if cell.kind != "test":
            continue
        lost = TestResult(cell.id, 0.0, cell.points, False, "This was not run.")
        if not parts or parts[-1].title != title:
            parts.append(Part(title, []))
        parts[-1].tests.append((_what(visible(cell.source), cell.id), results.get(cell.id, lost)))
    return parts


def _what(source: str, id: str) -> str:
    """Say what a test tries: its first comment, or else its id."""
    for line in source.splitlines():
        if line.strip().startswith("#"):
            return line.strip("# ").strip()
    return id


def page(unit: Unit, verdict: Verdict, marks: Marks | None, title: str) -> str:
    """Return the page as HTML that stands alone: no script, and no text of the submission unescaped."""
    by_person = marks.written if marks else {}
    test_ids = {test.id for test in verdict.tests}
    written = sum(score or 0.0 for id, score in by_person.items() if id not in test_ids)
    changed = {id: score for id, score in by_person.items() if id in test_ids and score is not None}
    automatic = sum(changed.get(test.id, test.points) for test in verdict.tests)
    penalty = marks.penalty if marks else 0.0
    score = max(0.0, automatic + written - penalty)
    waiting = [id for id in verdict.waits_for_person if by_person.get(id) is None]
    return str(
        environment().get_template("feedback.html").render(
            verdict=verdict, unit=unit, parts=parts_of(unit, verdict), title=title, marks=marks,
            status=STATUSES[verdict.status], score=score, waiting=waiting, penalty=penalty,
            by_person=by_person, changed=changed,
            code=[cell for cell in verdict.cells if not cell.label.startswith("part ")],
        )
    )  # fmt: skip


def _duration(seconds: float) -> str:
    """Write a time as people do.

    >>> [_duration(seconds) for seconds in (30, 5_000, 110_000, 700_000)]
    ['1 minute', '83 minutes', '31 hours', '8 days']
    """
    for size, name in ((86_400, "day"), (3_600, "hour")):
        if seconds > 2 * size:
            return f"{seconds / size:.0f} {name}s"
    minutes = max(1, round(seconds / 60))
    return f"{minutes} minute{'s' if minutes > 1 else ''}"


@cache
def environment() -> Any:
    """Return jinja2 with escaping on for everything."""
    import jinja2

    class Copies(jinja2.BytecodeCache):
        """Templates as Python, which takes its time to make; a damaged one would end Python."""

        def load_bytecode(self, bucket: Any) -> None:
            data = recall(folder / bucket.key) if folder else None
            if data is not None:
                bucket.bytecode_from_string(data)

        def dump_bytecode(self, bucket: Any) -> None:
            if folder:
                keep(folder / bucket.key, bucket.bytecode_to_string())

    folder = kept("templates")
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        bytecode_cache=Copies(),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    found.filters["points"] = lambda number: f"{number:g}"
    found.filters["duration"] = _duration
    found.filters["percent"] = lambda share: f"{100 * share:.0f} %"
    return found

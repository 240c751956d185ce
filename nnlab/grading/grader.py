"""The grader takes one submission through its notebook: the student's cells in the sandbox, the tests here."""

import time
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from nnlab.grading.arrangement import Arrangement, Step, arrange
from nnlab.grading.recognizing import recognize
from nnlab.grading.sandbox import Limits, Zygote
from nnlab.grading.sandbox.inside.cells import plain_python
from nnlab.grading.sandbox.inside.peer import a_text
from nnlab.grading.sandbox.inside.values import clean
from nnlab.grading.sandbox.student import Gone, Student, is_late
from nnlab.grading.settings import secret
from nnlab.grading.submission import LONGEST, Submission
from nnlab.grading.trusted import Tests
from nnlab.grading.unit import Unit, bound_names
from nnlab.grading.verdict import CellResult, TestResult, Verdict, WrittenAnswer, shorten

RESTARTS = 8
OUTPUT = 200_000
"""Characters of output that are kept of one notebook; of one cell, a tenth."""


Tell = Callable[[Verdict], None]


def grade(
    unit: Unit, submission: Submission, zygote: Zygote, student: str, seed: str, tell: Tell
) -> Verdict:
    """Grade one submission; whatever it does, a verdict comes back. `tell` is told of it after each test."""
    arrangement = arrange(unit, recognize(unit, submission))
    verdict = Verdict(student, unit.name, "graded", max_score=unit.max_score)
    verdict.written = list(_written(unit, arrangement))
    verdict.notes = arrangement.notes
    with secret(f"{seed}/{unit.digest}/{submission.digest}"):  # what one learns helps no other
        run = _Run(unit, submission, arrangement, zygote, verdict.tests, partial(tell, verdict))
        run.all()
    verdict.status, verdict.reason = run.status, run.reason
    verdict.cells = run.cells
    verdict.score = sum(test.points for test in verdict.tests)
    return verdict


def _written(unit: Unit, arrangement: Arrangement) -> Iterator[WrittenAnswer]:
    for cell in unit.cells:
        if cell.kind == "written":
            found = arrangement.written.get(cell.id)
            text = "" if found is None or cell.is_unchanged(found.source) else found.source
            yield WrittenAnswer(cell.id, cell.points, shorten(text.strip(), LONGEST), cell.type)


@lru_cache(256)
def _binds(source: str) -> set[str]:
    return bound_names(plain_python(source))


class _Run:
    """One passage through a notebook. A cell that ends the process is left out, and the others run again without it."""

    def __init__(
        self,
        unit: Unit,
        submission: Submission,
        arrangement: Arrangement,
        zygote: Zygote,
        tests: list[TestResult],
        tested: Callable[[], None],
    ) -> None:
        self.submission, self.arrangement, self.zygote = submission, arrangement, zygote
        self.tests, self.tested = tests, tested
        self.end = time.monotonic() + zygote.limits.total
        self.student: Student | None = None
        self.restarts, self.reached = -1, 0
        self.bad: set[int] = set()
        self.results: dict[int, CellResult] = {}
        self.status, self.reason = "graded", ""
        self.engine = Tests(unit)

    @property
    def cells(self) -> list[CellResult]:
        return [result for _, result in sorted(self.results.items())]

    def all(self) -> None:
        """Take every step; end every process."""
        try:
            for place, step in enumerate(self.arrangement.steps):
                try:
                    if step.is_test:
                        self._test(place, step)
                        self.tested()
                    elif place + 1 == len(self.arrangement.steps):
                        self._up_to(place + 1)  # the cells after the last test
                except Gone as gone:
                    self._note(gone)
        finally:
            if self.student is not None:
                self.student.__exit__()

    def _test(self, place: int, step: Step) -> None:
        assert step.cell is not None
        try:
            student = self._up_to(place)
            result = self.engine.run(
                step.cell, student, lambda name: self._why_missing(name, place)
            )
            self.tests.append(result)
        except Gone as gone:
            message = f"While this was checked: {gone.reason}."
            lost = TestResult(step.cell.id, 0.0, step.cell.points, False, message, reason=gone.kind)
            self.tests.append(lost)
            raise

    def _why_missing(self, name: str, place: int) -> str:
        for n, step in enumerate(self.arrangement.steps):
            if time.monotonic() >= self.end:
                break  # to read all that a stranger wrote takes as long as the stranger likes
            if step.is_test or name not in _binds(step.source):
                continue
            if n in self.results and self.results[n].error:
                return f"{step.label} should define it, and did not run to its end"
            if n > place:
                return (
                    f"{step.label} defines it, but stands below this check; move it up, "
                    "for a notebook is run from top to bottom"
                )
        return "no cell of your notebook defines it"

    def _note(self, gone: Gone) -> None:
        if self.status != "timed out":
            self.status, self.reason = gone.kind, gone.reason

    def _up_to(self, place: int) -> Student:
        """Return a living process in which all steps before `place` have run, but those that end processes."""
        while True:
            if self.student is None or not self.student.alive:
                self._start()
            assert self.student is not None
            try:
                steps = self.arrangement.steps
                for n in range(self.reached, place):
                    if n not in self.bad and not steps[n].is_test:
                        last = n + 1 == place < len(steps)
                        self._run(n, steps[n], self.engine.asks_for(steps[place]) if last else [])
                    self.reached = n + 1
                return self.student
            except Gone as gone:
                self._note(gone)
                if place - 1 in self.bad and place == len(self.arrangement.steps):
                    raise  # nothing is left to run

    def _start(self) -> None:
        self.restarts += 1
        if self.restarts > RESTARTS:
            raise Gone("crashed", f"the process ended {self.restarts} times; the rest was not run")
        if time.monotonic() >= self.end:
            raise Gone(
                "timed out", f"the notebook took more than {self.zygote.limits.total:g} seconds"
            )
        self.student = Student(self.zygote, self.end)
        self.reached = 0
        for name, data in self.submission.files.items():
            try:
                self.student.file(name, data)
            except Exception as error:  # no code of the student's has run yet: no lie is possible
                note = f"the file {clean(name)!r} could not be put beside the notebook: {error}"
                if note not in self.arrangement.notes:
                    self.arrangement.notes.append(note)

    def _run(self, n: int, step: Step, wanted: list[str]) -> None:
        assert self.student is not None
        submitted = step.submitted
        source = shorten(step.source, LONGEST)
        result = CellResult(step.label, source, step.cell.id if step.cell else "")
        result.pictures = list(submitted.pictures) if submitted else []
        self.results[n] = result
        try:
            answer = self.student.run(step.label, step.source, wanted)
        except Gone as gone:
            self.bad.add(n)
            result.error = f"This cell was stopped: {gone.reason}."
            raise
        room = OUTPUT - sum(len(other.output) for other in self.results.values())
        result.output = shorten(a_text(answer.get("output")), max(0, min(room, OUTPUT // 10)))
        error = answer.get("error")
        if isinstance(error, dict):
            kind, text, line, where = (
                a_text(error.get(key)) for key in ("type", "text", "line", "where")
            )
            place = f"\nin the line `{line}` ({where})" if line else ""
            result.error = shorten(f"{kind}: {text[:2_000]}{place}", 2_500)
            if is_late(error):
                late = self.student.late()
                self._note(late)
                result.error = f"This cell was stopped: {late.reason}." + shorten(place)


__all__ = ["Limits", "grade"]

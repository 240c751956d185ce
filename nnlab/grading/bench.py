"""The bench is where a worker grades one submission after another; it keeps the sandbox of the unit at hand open."""

import threading
from dataclasses import dataclass, field, replace

from nnlab.grading.grader import Tell, grade
from nnlab.grading.sandbox import SandboxError, Settings, find_isolation
from nnlab.grading.sandbox.opening import Sandbox
from nnlab.grading.submission import Unreadable, parse
from nnlab.grading.unit import Unit
from nnlab.grading.verdict import TestResult, Verdict, WrittenAnswer

FAILED = "the grader itself failed on this notebook"
NOT_RUN = "This was not run: grading ended before."


@dataclass(frozen=True)
class Job:
    """A submission to grade: its bytes, or the reason why there are none."""

    unit: Unit
    student: str
    data: bytes | None
    key: str
    digest: str
    seed: str
    files: dict[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    status: str = ""
    reason: str = ""


class Bench:
    """One worker's place."""

    def __init__(self, sandbox: Sandbox | None = None) -> None:
        self.lock = (
            threading.Lock()
        )  # a test cell prints, and warns, for the whole process: one at a time
        self.sandbox = sandbox
        self.so_far: Verdict | None = None

    def grade(self, job: Job, settings: Settings, tell: Tell = lambda verdict: None) -> Verdict:
        """Grade one submission; raise SandboxError only if it is the sandbox that does not work."""

        def note(verdict: Verdict) -> None:
            self.so_far = verdict
            tell(verdict)

        self.so_far = None
        with self.lock:
            try:
                if job.data is None:
                    raise Unreadable(job.reason)
                verdict = self._twice(job, settings, job.data, note)
            except Unreadable as error:
                verdict = without_marks(job, job.status or "unreadable", str(error))
        words = find_isolation(settings.isolation) if job.data is not None else ""
        return replace(verdict, submission=job.digest, key=job.key, isolation=words)

    def _twice(self, job: Job, settings: Settings, data: bytes, tell: Tell) -> Verdict:
        for attempt in (1, 2):
            zygote = self._sandbox(job.unit, settings).zygote
            try:
                submission = parse(data, job.files, list(job.notes))
                return grade(job.unit, submission, zygote, job.student, job.seed, tell)
            except SandboxError:
                self.close()
                if attempt == 2:
                    raise
            except Unreadable:
                raise
            except Exception:  # ours or not, it must not stop the others
                self.close()
                return cut_short(job, self.so_far, "crashed", FAILED)
        raise AssertionError

    def _sandbox(self, unit: Unit, settings: Settings) -> Sandbox:
        if self.sandbox is None or not self.sandbox.fits(unit, settings):
            self.close()
            self.sandbox = Sandbox(unit, settings)
        return self.sandbox

    def close(self) -> None:
        """End the sandbox."""
        if self.sandbox is not None:
            self.sandbox.close()
        self.sandbox = None


def without_marks(job: Job, status: str, reason: str) -> Verdict:
    """Return the verdict on a submission that could not be graded: no marks, and the reason in words."""
    verdict = Verdict(job.student, job.unit.name, status, reason, max_score=job.unit.max_score)
    verdict.submission, verdict.key, verdict.notes = job.digest, job.key, list(job.notes)
    written = [cell for cell in job.unit.cells if cell.kind == "written"]
    verdict.written = [WrittenAnswer(cell.id, cell.points) for cell in written]
    return verdict


def cut_short(job: Job, so_far: Verdict | None, status: str, reason: str) -> Verdict:
    """Return the verdict on a submission whose grading did not come to its end: what was passed before, stands."""
    if so_far is None:
        return without_marks(job, status, reason)
    done = {test.id for test in so_far.tests}
    left = [cell for cell in job.unit.cells if cell.kind == "test" and cell.id not in done]
    tests = [
        *so_far.tests,
        *(TestResult(c.id, 0.0, c.points, False, NOT_RUN, reason=status) for c in left),
    ]
    score = sum(test.points for test in tests)
    return replace(so_far, status=status, reason=reason, tests=tests, score=score)

"""A session grades what is new in a course, and publishes."""

import contextlib
import gc
from collections.abc import Iterator, Sequence
from pathlib import Path

from nnlab.grading import batch, publish
from nnlab.grading.bench import Job
from nnlab.grading.course import Change, Outcome, Request, Watcher
from nnlab.grading.handed import Handed, handed_in
from nnlab.grading.intake import read_job
from nnlab.grading.sandbox.opening import Sandbox
from nnlab.grading.specification import specifications
from nnlab.grading.store import Store, engine_digest
from nnlab.grading.trusted import read_tests
from nnlab.grading.unit import Unit
from nnlab.grading.verdict import Verdict


class Session:
    """One run over what was handed in."""

    def __init__(
        self,
        request: Request,
        watcher: Watcher,
        outcome: Outcome,
        units: dict[str, Unit],
        handed: list[Handed],
    ) -> None:
        self.request, self.watcher, self.outcome = request, watcher, outcome
        self.units, self.handed = units, handed
        self.store = Store(request.home / "verdicts")
        self.seed = request.seed or self.store.seed()
        self.before: dict[tuple[str, str], tuple[float, str]] = {}
        self.publications = {
            name: publish.Publication(
                unit,
                handed_in(request.submissions, [name]),
                self.store,
                publish.Places(request.home),
                _config(request),
            )
            for name, unit in units.items()
            if request.gradebook
        }

    def grade(self, workers: int, sandboxes: Sequence[Sandbox | None]) -> None:
        """Grade with so many workers, of which those in these sandboxes begin at once."""
        if sandboxes:  # their workers will be copies of us: what all need, we get ready
            specifications()
            engine_digest()
            for unit in {one.unit for one in self.handed}:
                read_tests(self.units[unit])
        try:
            with self._pool(workers, sandboxes) as pool:
                self.watcher.begin("grading", len(self.handed))
                batch.run(
                    self._waiting(),
                    self.request.settings,
                    self.store,
                    pool,
                    self._report,
                    self._meanwhile,
                )
                batch.dismiss()
                self._publish()
        finally:
            for publication in self.publications.values():
                publication.close()

    def _pool(
        self, workers: int, sandboxes: Sequence[Sandbox | None]
    ) -> contextlib.AbstractContextManager[batch.Pool]:
        if self.request.dask is None:
            return batch.pool(workers, sandboxes)
        from nnlab.grading.cluster import cluster

        return cluster(self.request.dask)

    def _waiting(self) -> Iterator[Job]:
        """Yield the jobs that have no verdict yet, reading each submission when its turn comes."""
        for one in self.handed:
            job = read_job(one, self.units[one.unit], self.request.settings, self.seed)
            known = self.store.get(one.unit, one.student)
            if known is not None:
                self.before[one.student, one.unit] = known.score, known.status
            if known is not None and known.key == job.key and not self.request.again:
                self.outcome.kept += 1
                self.watcher.step()
            else:
                yield job

    def _report(self, verdict: Verdict) -> None:
        self.outcome.graded += 1
        old = self.before.get((verdict.student, verdict.unit))
        if old is not None and old != (verdict.score, verdict.status):
            changed = Change(verdict.student, verdict.unit, old[0], verdict.score, verdict.status)
            self.outcome.changes.append(changed)
        if verdict.unit in self.publications:
            self.publications[verdict.unit].take(verdict)
        self.watcher.step()

    def _meanwhile(self) -> None:
        for publication in self.publications.values():
            publication.begin()
        gc.freeze()
        gc.enable()

    def _publish(self) -> None:
        self.outcome.changes.sort(key=lambda change: (change.unit, change.student))
        for name in self.units:
            self.outcome.units[name] = verdicts = list(self.store.all(name))
            if verdicts and name in self.publications:
                self.watcher.begin(f"publishing {name}", 2 * len(verdicts))
                done = self.publications[name].finish(verdicts, self.watcher.step)
                self.outcome.waiting[name] = done.waiting
                self.outcome.odd += [f"{name}: {words}" for words in done.odd]


def _config(request: Request) -> Path:
    """Return the settings of nbgrader that hold: those beside the gradebook, or else the course's own."""
    beside = request.home / "nbgrader_config.py"
    return beside if beside.is_file() else request.root / "nbgrader_config.py"

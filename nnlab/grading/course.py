"""Grading a course: find what was handed in, grade what is new, and publish."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nnlab.datasets.files import cache
from nnlab.grading import batch, publish
from nnlab.grading.bench import Job, Settings
from nnlab.grading.intake import Handed, handed_in, read_job, refused
from nnlab.grading.sandbox import find_isolation
from nnlab.grading.store import Store
from nnlab.grading.unit import Unit, UnitError, load_unit
from nnlab.grading.verdict import Verdict

FEW = 3


@dataclass(frozen=True)
class Change:
    """A mark that grading again has changed."""

    student: str
    unit: str
    before: float
    after: float
    status: str


@dataclass
class Outcome:
    """What a run did."""

    units: dict[str, list[Verdict]] = field(default_factory=dict)
    graded: int = 0
    kept: int = 0
    changes: list[Change] = field(default_factory=list)
    isolation: str = ""
    refused: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    waiting: dict[str, int] = field(default_factory=dict)


@dataclass
class Request:
    """What to grade, and how. `again` grades what is unchanged, too."""

    root: Path
    submissions: Path
    home: Path
    units: list[str]
    student: str = "*"
    settings: Settings = field(default_factory=Settings)
    seed: str | None = None
    workers: int | None = None
    dask: str | None = None
    again: bool = False
    gradebook: bool = True


class Watcher:
    """Is told how far a run is; the command line draws a bar from it."""

    def begin(self, what: str, total: int) -> None:
        """A stretch of work begins."""

    def step(self) -> None:
        """One piece of it is done."""


def run(request: Request, watcher: Watcher) -> Outcome:
    """Grade and publish; see `Request`."""
    outcome = Outcome(isolation=find_isolation(request.settings.isolation))
    store = Store(request.home / "verdicts")
    handed = handed_in(request.submissions, request.units, request.student)
    outcome.refused = refused(request.submissions)
    units = {name: find_unit(request.root, name, _copies()) for name in request.units}
    with _pool(request, store, handed) as pool:
        _grade(request, watcher, outcome, store, units, handed, pool)
    return outcome


def _grade(
    request: Request,
    watcher: Watcher,
    outcome: Outcome,
    store: Store,
    units: dict[str, Unit],
    handed: list[Handed],
    pool: batch.Pool,
) -> None:
    seed = request.seed or store.seed()
    config = _config(request)
    publications = {
        name: publish.Publication(
            unit,
            handed_in(request.submissions, [name]),
            store,
            publish.Places(request.home),
            config,
        )
        for name, unit in units.items()
        if request.gradebook
    }
    watcher.begin("grading", len(handed))
    before: dict[tuple[str, str], tuple[float, str]] = {}
    waiting = _waiting(handed, units, request, store, seed, outcome, watcher, before)

    def report(verdict: Verdict) -> None:
        outcome.graded += 1
        old = before.get((verdict.student, verdict.unit))
        if old is not None and old != (verdict.score, verdict.status):
            changed = Change(verdict.student, verdict.unit, old[0], verdict.score, verdict.status)
            outcome.changes.append(changed)
        if verdict.unit in publications:
            publications[verdict.unit].take(verdict)
        watcher.step()

    def meanwhile() -> None:
        for publication in publications.values():
            publication.begin()

    try:
        batch.run(waiting, request.settings, store, pool, report, meanwhile)
        batch.dismiss()
        outcome.changes.sort(key=lambda change: (change.unit, change.student))
        for name in units:
            outcome.units[name] = verdicts = list(store.all(name))
            if verdicts and name in publications:
                watcher.begin(f"publishing {name}", 2 * len(verdicts))
                done = publications[name].finish(verdicts, watcher.step)
                outcome.waiting[name] = done.waiting
                outcome.odd += [f"{name}: {words}" for words in done.odd]
    finally:
        for publication in publications.values():
            publication.close()


def _copies() -> Path | None:
    """Return the folder with copies of units that are quicker to read than their sources, if there is a home for it."""
    try:
        return cache() / "units"
    except RuntimeError:
        return None


def _config(request: Request) -> Path:
    """Return the settings of nbgrader that hold: those beside the gradebook, or else the course's own."""
    beside = request.home / "nbgrader_config.py"
    return beside if beside.is_file() else request.root / "nbgrader_config.py"


def _waiting(
    handed: list[Handed],
    units: dict[str, Unit],
    request: Request,
    store: Store,
    seed: str,
    outcome: Outcome,
    watcher: Watcher,
    before: dict[tuple[str, str], tuple[float, str]],
) -> Iterator[Job]:
    """Yield the jobs that have no verdict yet, reading each submission when its turn comes."""
    for one in handed:
        job = read_job(one, units[one.unit], request.settings, seed)
        known = store.get(one.unit, one.student)
        if known is not None:
            before[one.student, one.unit] = known.score, known.status
        if known is not None and known.key == job.key and not request.again:
            outcome.kept += 1
            watcher.step()
        else:
            yield job


@contextlib.contextmanager
def _pool(request: Request, store: Store, handed: list[Handed]) -> Iterator[batch.Pool]:
    if request.dask is not None:
        from nnlab.grading.cluster import cluster

        with cluster(request.dask) as pool:
            yield pool
        return
    size = min(request.workers or batch.cores(), max(1, len(handed) // FEW))
    new = sum(not store.path(one.unit, one.student).exists() for one in handed)
    with batch.pool(size, ahead=min(size, new)) as pool:
        yield pool


def find_unit(root: Path, name: str, cache: Path | None) -> Unit:
    """Load a unit from the course's own folders, or from those of nbgrader."""
    places = [
        (root / "solutions" / name / f"{name}.md", root / "exercises" / name / f"{name}.ipynb"),
        (root / "source" / name / f"{name}.ipynb", root / "release" / name / f"{name}.ipynb"),
    ]
    for source, released in places:
        if source.is_file():
            return load_unit(source, released, cache)
    raise UnitError(f"no unit is called {name!r}; there are {', '.join(all_units(root)) or 'none'}")


def all_units(root: Path) -> list[str]:
    """Return the names of the units that a course has."""
    found = [path.stem for path in root.glob("solutions/*/*.md") if path.parent.name == path.stem]
    found += [path.stem for path in root.glob("source/*/*.ipynb") if path.parent.name == path.stem]
    return sorted(set(found))


__all__ = ["Outcome", "Request", "Watcher", "all_units", "find_unit", "run"]

"""Grading a course: find what was handed in, begin the sandboxes, and only then load what grades and publishes."""

import contextlib
import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nnlab._folders import kept
from nnlab.grading.handed import Handed, handed_in, refused, verdict_file
from nnlab.grading.sandbox import Settings, find_isolation
from nnlab.grading.sandbox.opening import Sandbox, is_alone, opened
from nnlab.grading.unit import Unit, UnitError, load_unit

if TYPE_CHECKING:
    from nnlab.grading.verdict import Verdict

FEW = 3
"""Submissions for which it is not worth while to begin another worker."""


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

    units: dict[str, list["Verdict"]] = field(default_factory=dict)
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
    handed = handed_in(request.submissions, request.units, request.student)
    outcome.refused = refused(request.submissions)
    units = {name: find_unit(request.root, name, kept("units")) for name in request.units}
    workers = min(request.workers or cores(), max(1, len(handed) // FEW))
    gc.disable()  # until all is loaded: what is loaded stays, and to look for garbage in it takes long
    try:
        with _sandboxes(request, units, handed, workers) as sandboxes:
            from nnlab.grading.session import Session  # NumPy comes with it, and takes its time

            Session(request, watcher, outcome, units, handed).grade(workers, sandboxes)
    finally:
        gc.enable()
    return outcome


@contextlib.contextmanager
def _sandboxes(
    request: Request, units: dict[str, Unit], handed: list[Handed], workers: int
) -> Iterator[list[Sandbox | None]]:
    """Begin a sandbox for each worker that will be needed at once; None for one that has to open its own."""
    verdicts = request.home / "verdicts"
    new = [h for h in handed if not verdict_file(verdicts, h.unit, h.student).exists()]
    count = min(workers, len(new)) if request.dask is None else 0
    if count == 0 or not is_alone():
        yield [None] * count
        return
    with opened(units[new[0].unit], request.settings, count) as sandboxes:
        yield list(sandboxes)


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


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


__all__ = ["Outcome", "Request", "Watcher", "all_units", "find_unit", "run"]

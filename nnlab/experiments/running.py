"""Running a study: plan, resume, run, save each row, and say how it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nnlab.experiments.machine import cores
from nnlab.experiments.results import Results
from nnlab.experiments.study import Options, Row, SettingsError, Study


@dataclass
class Listener:
    """What a run tells while it goes; each is a function that does nothing unless given."""

    planned: Callable[[Sequence[Row], Sequence[Row]], object] = lambda rows, missing: None
    started: Callable[[Row], object] = lambda row: None
    finished: Callable[[Row], object] = lambda row: None
    failed: Callable[[Row, Exception], object] = lambda row, error: None


@dataclass
class Outcome:
    """The rows a study has, the file they are in, and the rows that failed."""

    rows: list[Row]
    path: Path
    failures: list[tuple[Row, Exception]] = field(default_factory=list)


def results_path(study: Study, output: Path, *, quick: bool) -> Path:
    """Return where a study keeps its rows; the quick form has a file of its own."""
    return output / (study.name + ("-quick" if quick else "") + ".csv")


def run_study(
    study: Study,
    options: Options | None = None,
    *,
    quick: bool = False,
    output: Path,
    fresh: bool = False,
    workers: int | None = None,
    dask: str | None = None,
    listener: Listener | None = None,
) -> Outcome:
    """Run what is missing of a study, and return all of its rows.

    Every finished row is in the file at once; run again after an interruption, only the rest runs.
    fresh=True sets the old file aside and starts anew. The longest rows go first, so that no core
    waits long for another at the end.
    """
    from nnlab.experiments.engine import run_rows  # needs processes, which browsers do not have

    if workers is not None and workers < 1:
        raise SettingsError(f"--workers must be at least 1, got {workers}")
    listener = listener or Listener()
    plan = study.rows(options, quick=quick)
    path = results_path(study, output, quick=quick)
    if fresh and path.exists():
        Results.set_aside(path)
    results = Results(path, f"nnlab study {study.name}: {study.question}", plan)
    missing = sorted(results.missing, key=study.weight, reverse=True)
    listener.planned(plan, missing)
    failures = []
    if missing:
        results.write()  # better no room now than after an hour
        count = min(workers or cores(), len(missing))
        for row, outcome in run_rows(
            study.run, missing, workers=count, dask=dask, started=listener.started
        ):
            if isinstance(outcome, Exception):
                failures.append((row, outcome))
                listener.failed(row, outcome)
            else:
                results.add(outcome)
                listener.finished(outcome)
    return Outcome(results.finished, path, failures)

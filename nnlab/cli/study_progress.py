"""The progress of a study: a bar with rate and time left on a terminal, else a line for each
row."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from nnlab.experiments import Listener
from nnlab.experiments.table import duration

if TYPE_CHECKING:
    from nnlab.experiments import Row, Study


class Progress:
    """Follows a run; the time left counts each row by its weight, as long rows go first."""

    def __init__(self, study: Study, console: Console) -> None:
        self.study, self.console = study, console
        self.listener = Listener(self._planned, self._started, self._finished, self._failed)
        self.work = self.done_work = 0.0
        self.varied: list[str] = []
        self.done, self.count, self.began = 0, 0, time.perf_counter()
        self.bar = Bar(
            SpinnerColumn(),
            BarColumn(),
            TextColumn("{task.fields[rows]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("[dim]{task.description}"),
            console=console,
            disable=not console.is_terminal,
        )
        self.task = self.bar.add_task("", total=1.0, rows="", left="")

    def __enter__(self) -> Progress:
        self.bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.bar.stop()

    def _planned(self, plan: Sequence[Row], missing: Sequence[Row]) -> None:
        self.count, self.began = len(missing), time.perf_counter()
        self.varied = [key for key in plan[0] if len({row[key] for row in plan}) > 1]
        self.work = sum(self.study.weight(row) for row in missing) or 1.0
        there = len(plan) - len(missing)
        if there:
            self.console.print(f"{there} of {len(plan)} rows are there already", highlight=False)
        self._update(said="preparing")

    def _started(self, row: Row) -> None:
        self._update(said=self._name(row))

    def _finished(self, row: Row) -> None:
        self._advance(row, f"{row['wall']:.1f} s, CPU {row['cpu']:.1f} s")

    def _failed(self, row: Row, error: Exception) -> None:
        self._advance(row, f"failed: {type(error).__name__}")

    def _advance(self, row: Row, said: str) -> None:
        self.done += 1
        self.done_work += self.study.weight(row)
        if self.console.is_terminal:
            self._update()
        else:
            line = f"{self.done}/{self.count} {self._name(row)}: {said}; {self._left()}"
            self.console.print(line, highlight=False, soft_wrap=True)

    def _left(self) -> str:
        passed = time.perf_counter() - self.began
        if not self.done:
            return ""
        left = passed * (self.work / self.done_work - 1)
        return f"{60 * self.done / passed:.3g} rows/min, {duration(max(0.0, left))} left"

    def _update(self, said: str | None = None) -> None:
        changes: dict[str, Any] = {} if said is None else {"description": said}
        self.bar.update(
            self.task,
            completed=self.done_work / self.work if self.work else 0.0,
            rows=f"{self.done}/{self.count} rows",
            left=self._left(),
            **changes,
        )

    def _name(self, row: Row) -> str:
        """What tells this row from the others of its plan."""
        return ", ".join(f"{key} {row[key]}" for key in self.varied) or "the one row"

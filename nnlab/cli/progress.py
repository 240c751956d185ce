"""A progress bar with rate and time left, on a terminal; silence elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nnlab.grading.course import Watcher

if TYPE_CHECKING:
    from rich.progress import Progress


class Bar(Watcher):
    """Draws one bar for each stretch of work."""

    def __init__(self, progress: "Progress") -> None:
        self.progress = progress

    def begin(self, what: str, total: int) -> None:
        """Start a new bar; a thread comes with the first, and workers can be copies of us only before."""
        self.progress.start()
        self.task = self.progress.add_task(what, total=total, rate="")

    def step(self) -> None:
        """Move on by one."""
        speed = self.progress.tasks[self.task].speed
        self.progress.update(self.task, advance=1, rate=f"{speed:.0f}/s" if speed else "")


@contextmanager
def bar() -> Iterator[Watcher]:
    """Show progress on standard error while the body runs."""
    if not sys.stderr.isatty():
        yield Watcher()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    try:
        yield Bar(progress)
    finally:
        progress.stop()

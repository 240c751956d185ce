"""A progress bar with rate and time left, on a terminal; silence elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from nnlab.grading.course import Watcher


class Bar(Watcher):
    """Draws one bar for each stretch of work."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.task = progress, TaskID(0)

    def begin(self, what: str, total: int) -> None:
        """Start a new bar."""
        self.task = self.progress.add_task(what, total=total, rate="")

    def step(self) -> None:
        """Move on by one."""
        speed = self.progress.tasks[self.task].speed
        self.progress.update(self.task, advance=1, rate=f"{speed:.0f}/s" if speed else "")


@contextmanager
def bar() -> Iterator[Bar]:
    """Show progress on standard error while the body runs."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    # Left on, it would write an empty line where there is no terminal.
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        yield Bar(progress)

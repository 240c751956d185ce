"""Run the thesis's batch-size studies, all 32 rows with its epochs, and time each beside the thesis.

    NNLAB_DATA=folder python benchmarks/studies.py           # about eight minutes on two cores
    python benchmarks/studies.py --workers 4 --epochs 10     # a tenth of it

The rows go through the same engine as `nnlab study`, into a folder that is thrown away. Times are
by the clock, as the thesis's are; beside them stands what the processor computed, for a machine
that is not quiet. Memory is the peak of what all processes hold together, shared pages counted
once. Nothing passes or fails here: read the table.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from nnlab.cli.study_progress import Progress
from nnlab.experiments import Options, Row, Study, published, run_study
from nnlab.experiments.batch_tables import NAMES, THESIS_MNIST, THESIS_WINE
from nnlab.experiments.machine import cores, machine
from nnlab.experiments.table import Table, duration

GOAL = 8 * 60


class Memory(threading.Thread):
    """Watches how much this process and its children hold (Linux; else it sees nothing)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0

    def run(self) -> None:
        while True:
            self.peak = max(self.peak, sum(held(pid) for pid in family(os.getpid())))
            time.sleep(0.5)


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = [int(c) for task in tasks for c in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(descendant for child in children for descendant in family(child))]


def held(pid: int) -> int:
    """Return a process's proportional share of memory in bytes."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def timed(study: Study, epochs: int | None, workers: int | None, folder: Path) -> list[list[str]]:
    """Run one study's rows of the thesis and return a line for each."""
    thesis = published.THESIS_MNIST if study is THESIS_MNIST else published.THESIS_WINE

    def sixteen(options: Options) -> list[Row]:
        """Only what the thesis lists, and of the ways of scaling only its own."""
        return [
            row
            for row in study.plan(options)
            if row["scaling"] in ("image columns", "rows")
            and (row["optimizer"], row["batch_size"]) in thesis
        ]

    rows = replace(study, plan=sixteen)
    progress = Progress(rows, Console(stderr=True))
    options = Options(epochs=epochs, repeat=1)
    with progress:
        outcome = run_study(
            rows, options, output=folder, workers=workers, listener=progress.listener
        )
    lines = []
    for row in outcome.rows:
        theirs = thesis[row["optimizer"], row["batch_size"]]
        share = row["epochs"] / study.full.epochs  # of the thesis's epochs
        lines.append(
            [
                f"{row['data']}, {NAMES[row['optimizer']]} {row['batch_size']}",
                duration(row["seconds"]),
                duration(row["cpu"]),
                duration(theirs[0] * share),
                f"{theirs[0] * share / row['seconds']:.0f}x",
                f"{row['loss']:.3f}",
                f"{theirs[1]:.3f}" if share == 1 else "",
            ]
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--workers", type=int, help="processes side by side; default: one a core")
    parser.add_argument("--epochs", type=int, help="epochs for all rows; default: the thesis's")
    arguments = parser.parse_args()
    memory, load = Memory(), os.getloadavg()[0]
    memory.start()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        lines = [
            line
            for study in (THESIS_MNIST, THESIS_WINE)
            for line in timed(study, arguments.epochs, arguments.workers, Path(folder))
        ]
    passed = time.perf_counter() - began
    columns = ["row", "time", "CPU", "thesis", "times faster", "loss", "thesis"]
    full = arguments.epochs is None
    note = (
        f"{len(lines)} rows in {duration(passed)} by the clock"
        + (f" (goal: {duration(GOAL)} on two cores)" if full else "")
        + f"; memory {memory.peak / 1e9:.2f} GB; {arguments.workers or cores()} workers, load "
        f"{load:.1f} before and {os.getloadavg()[0]:.1f} after; {machine()}"
    )
    Console(width=100).print(Table("Batch-size studies", columns, lines, note).rich())


if __name__ == "__main__":
    main()

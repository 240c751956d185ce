"""`nnlab study`: run the sources' experiments again, resume them, and see what came out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnlab.cli.completing import studies

if TYPE_CHECKING:
    from nnlab.experiments import Options, Study

EPILOG = """
Examples:

[b]nnlab study list[/b]

[b]nnlab study thesis-mnist --quick[/b]   for seconds, on data that needs no download

[b]nnlab study thesis-wine --workers 4[/b]

[b]nnlab study elbow --batch-sizes 16,128,full --epochs 3 --repeat 5 --output tried[/b]

[b]nnlab study report-tuning --dask tcp://10.0.0.1:8786[/b]

Exit codes: 0 all rows are there, 1 some failed or could not be kept, 2 the
settings are wrong, 130 interrupted (run it again, it goes on).
"""


def study(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A study; 'list' shows them, 'all' runs them.",
            autocompletion=studies,
        ),
    ],
    quick: Annotated[bool, typer.Option("--quick", help="The small form: seconds.")] = False,
    data: Annotated[str | None, typer.Option(help="digits, mnist or wine, as offered.")] = None,
    batch_sizes: Annotated[
        str | None, typer.Option(help="Sizes with commas between; full takes all samples.")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(help="Epochs of training (fractal: steps; else: at most).")
    ] = None,
    repeat: Annotated[int | None, typer.Option(help="How many seeds, from 0.")] = None,
    fresh: Annotated[
        bool,
        typer.Option("--fresh/--resume", help="Set old results aside, or go on with them."),
    ] = False,
    workers: Annotated[
        int | None, typer.Option(help="Processes side by side; one a core if left out.")
    ] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Use a Dask cluster's workers instead.")
    ] = None,
    output: Annotated[
        Path, typer.Option(metavar="DIR", help="Where results, figure and README go.")
    ] = Path("results"),
) -> None:
    """Run one of the sources' experiments again, and show its table and figure.

    Every finished run is kept in a CSV file: after an interruption, the same command does the rest.
    """
    from nnlab.datasets import DataError
    from nnlab.experiments import STUDIES, Options, ResultsError, SettingsError, find

    if name == "list":
        _list()
        return
    try:
        options = Options(data, _sizes(batch_sizes), epochs, repeat)
        studies = STUDIES.values() if name == "all" else [find(name)]
        for one in studies:
            one.rows(options, quick=quick)  # every plan is checked before the first one runs
        failed = [_run(one, options, quick, fresh, workers, dask, output) for one in studies]
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from None
    except (ResultsError, DataError) as error:
        sys.exit(f"nnlab study {name}: {error}")
    if any(failed):
        sys.exit(1)


def _run(
    chosen: Study,
    options: Options,
    quick: bool,
    fresh: bool,
    workers: int | None,
    dask: str | None,
    output: Path,
) -> bool:
    from rich.console import Console

    from nnlab.cli.study_progress import Progress
    from nnlab.experiments import results_path, run_study
    from nnlab.experiments.summary import write_summary

    console = Console()
    console.rule(chosen.name)
    progress = Progress(chosen, console)
    try:
        with progress:
            outcome = run_study(
                chosen,
                options,
                quick=quick,
                output=output,
                fresh=fresh,
                workers=workers,
                dask=dask,
                listener=progress.listener,
            )
    except KeyboardInterrupt:
        path = results_path(chosen, output, quick=quick)
        typer.echo(
            f"nnlab study {chosen.name}: stopped; what was finished is in {path}, "
            "and the same command does the rest",
            err=True,
        )
        raise typer.Exit(130) from None
    for row, error in outcome.failures:
        settings = ", ".join(f"{k}={v}" for k, v in row.items())
        console.print(f"[red]failed[/red] {settings}\n  {type(error).__name__}: {error}")
    if outcome.rows:
        console.print(chosen.table(outcome.rows).rich())
        drawing = outcome.path.with_suffix(".png")
        chosen.figure(outcome.rows).savefig(drawing, dpi=120)
        write_summary(output)
        console.print(f"rows: {outcome.path}\nfigure: {drawing}", highlight=False)
    if outcome.failures:
        console.print(f"{len(outcome.failures)} rows failed; run the same command to try again")
    return bool(outcome.failures)


def _list() -> None:
    from rich.console import Console
    from rich.table import Column, Table

    from nnlab.experiments import STUDIES

    numbers = [Column(name, justify="right") for name in ("full runs", "quick")]
    table = Table(Column("study", no_wrap=True), "question", *numbers, "sources")
    for name, one in STUDIES.items():
        counts = [str(len(one.rows(quick=quick))) for quick in (False, True)]
        table.add_row(name, one.question, *counts, one.sources)
    Console().print(table)


def _sizes(text: str | None) -> tuple[int | str, ...] | None:
    from nnlab.experiments import SettingsError

    if text is None:
        return None
    sizes: list[int | str] = []
    for part in text.replace(",", " ").split():
        if part != "full" and not part.isdigit():
            raise SettingsError(f"--batch-sizes takes whole numbers and full, got {part!r}")
        sizes.append("full" if part == "full" else int(part))
    return tuple(sizes)

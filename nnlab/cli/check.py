"""`nnlab check`: what a student runs before handing in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from nnlab.grading.home import Report

EPILOG = """
Examples:

[b]nnlab check adam.ipynb[/b]

[b]nnlab check adam.ipynb --seconds 60[/b]   for a notebook that trains longer

Exit codes: 0 all visible checks pass, 1 something is missing or wrong, 2 the notebook cannot be checked.
"""
MARKS = {
    "passed": "[green]✓ passed[/]",
    "failed": "[red]✗ failed[/]",
    "unanswered": "[yellow]– not answered[/]",
    "written": "[cyan]· for a person to mark[/]",
}


def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook, an .ipynb file.")],
    exercises: Annotated[
        Path | None,
        typer.Option(
            help="Folder with the exercises as handed out.", show_default="found by itself"
        ),
    ] = None,
    seconds: Annotated[float, typer.Option(help="Time limit for each cell.", min=1)] = 30,
) -> None:
    """Run your notebook from top to bottom, and say what passes and why the rest does not.

    The checks are the ones that were handed out, whatever became of them in your file. Nothing in it is changed.
    """
    from rich.console import Console

    from nnlab.grading.home import UnknownUnit, Unreadable, check_notebook

    console = Console()
    try:
        with console.status("Running your notebook ..."):
            report = check_notebook(notebook, exercises, seconds)
    except (Unreadable, UnknownUnit) as error:
        typer.echo(f"nnlab check: {notebook} cannot be checked: {error}", err=True)
        raise typer.Exit(2) from None
    _print(report, console)
    raise typer.Exit(0 if report.complete else 1)


def _print(report: "Report", console: object) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    assert isinstance(console, Console)
    for kind, lines in (("Damaged", report.damage), ("Stopped with an error", report.errors)):
        for line in _shortened(lines):
            console.print(Text.assemble((f"{kind}: ", "yellow"), line))
    table = Table(title=f"Unit {report.unit}", title_justify="left")
    table.add_column("Part", overflow="fold")  # cut off, names would all look the same
    table.add_column("Points", justify="right")
    table.add_column("Result")
    for part in report.parts:
        table.add_row(part.id, f"{part.points:g}", MARKS[part.verdict])
    console.print(table)
    for part in report.parts:
        if part.verdict == "failed":
            console.print(
                Text.assemble("\n", (part.id, "bold red"), "\n", part.message), soft_wrap=True
            )
    tests = [part for part in report.parts if part.is_test]
    passed = sum(part.verdict == "passed" for part in tests)
    everything = sum(part.points for part in report.parts)
    console.print(
        f"\n[b]{passed} of {len(tests)} checks passed, {report.points('passed'):g} of {everything:g} points so far.[/b]"
    )
    if missing := sum(part.verdict == "unanswered" for part in report.parts):
        console.print(f"Not answered yet: {missing} of {len(report.parts)} parts.")
    console.print(
        "Hidden tests remain: when you hand in, every check runs again with other numbers, "
        "and a part counts only if both pass."
    )
    if by_person := sum(part.points for part in report.parts if not part.is_test):
        console.print(f"Written answers are marked by a person: {by_person:g} points in all.")


def _shortened(lines: list[str], most: int = 8) -> list[str]:
    left = len(lines) - most
    return lines if left < 1 else [*lines[:most], f"and {left} more like these"]

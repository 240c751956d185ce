"""`nnlab export`: marks for other systems."""

from pathlib import Path
from typing import Annotated, Any

import typer

from nnlab.cli.completing import units_graded

EPILOG = """
Examples:

[b]nnlab export adam --format csv > adam.csv[/b]   a row for each student and check

[b]nnlab export adam --format canvas --into canvas.csv --column "Adam"[/b]   the file from Canvas, filled in

[b]nnlab export adam --format moodle --into worksheet.csv[/b]   Moodle's grading worksheet, in any language

Exit codes: 0 they were exported, 2 they were not, and why.
"""


def export(
    units: Annotated[
        list[str] | None,
        typer.Argument(
            help="Units; all that were graded by default.",
            show_default=False,
            autocompletion=units_graded,
        ),
    ] = None,
    format: Annotated[
        str, typer.Option("--format", "-f", help="csv, json, canvas or moodle.")
    ] = "csv",
    home: Annotated[
        Path, typer.Option("--from", help="The folder with verdicts/ and gradebook.db in it.")
    ] = Path(),
    into: Annotated[
        Path | None,
        typer.Option(
            help="The file from Canvas or Moodle to fill in; it is not changed.", show_default=False
        ),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option(help="The column to fill.", show_default="the unit's name, or Moodle's own"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write.", show_default="standard output"),
    ] = None,
) -> None:
    """Export marks, with those that people gave and penalties for being late in them.

    Canvas and Moodle know their students by what stands in their own files: export the gradebook there, let this
    command fill it in, and import it again. All other columns stay as they are.
    """
    from nnlab.grading import export as made
    from nnlab.grading import sheets
    from nnlab.grading.gradebook import GradebookError, open_book
    from nnlab.grading.store import Store

    store = Store(home / "verdicts")
    names = units or store.units()
    if format not in ("csv", "json", "canvas", "moodle"):
        _stop(f"--format is csv, json, canvas or moodle, not {format!r}")
    if format in ("canvas", "moodle") and (into is None or not into.is_file() or len(names) != 1):
        _stop(
            f"--format {format} fills in a file: name one unit, and the file exported from there with --into"
        )
    try:
        by_unit: dict[str, Any] = {}
        if (home / "gradebook.db").is_file():
            with open_book(home / "gradebook.db") as book:
                by_unit = {name: book.marks(name) for name in names}
        marks = [
            made.Mark(verdict, by_unit.get(name, {}).get(verdict.student))
            for name in names
            for verdict in store.all(name)
        ]
        if not marks:
            _stop(f"there are no verdicts in {store.folder} for {', '.join(names) or 'any unit'}")
        left: list[str] = []
        if format == "csv":
            text = made.to_csv(marks)
        elif format == "json":
            text = made.to_json(marks)
        else:
            assert into is not None
            scores = {mark.verdict.student: mark.score for mark in marks}
            sheet = sheets.read_text(into)
            for words in sheets.other_maximum(
                sheet, column or names[0], marks[0].verdict.max_score
            ):
                typer.echo(f"{into}: {words}", err=True)
            if format == "canvas":
                text, left = sheets.fill_canvas(sheet, scores, column or names[0])
            else:
                text, left = sheets.fill_moodle(sheet, scores, column)
    except (sheets.ExportError, GradebookError) as error:
        _stop(str(error))
    if into is not None and format in ("canvas", "moodle"):
        _report(into, len(marks), left)
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8", newline="")
    unmarked = sum(not mark.is_final for mark in marks)
    if unmarked:
        typer.echo(
            f"{unmarked} of {len(marks)} have answers that nobody has marked yet; they count 0.",
            err=True,
        )


def _report(into: Path, count: int, left: list[str]) -> None:
    shown = ", ".join(left[:10]) + (f" and {len(left) - 10} more" if len(left) > 10 else "")
    if len(left) == count:
        _stop(
            f"nobody in {into} is one of those graded ({shown}). Folders in submitted/ must be called as that file "
            "names its students: by ID, SIS User ID or SIS Login ID (Canvas), by number or address (Moodle)"
        )
    typer.echo(f"{count - len(left)} of {count} filled in.", err=True)
    if left:
        typer.echo(f"Not in {into}: {shown}.", err=True)


def _stop(message: str) -> Any:
    typer.echo(f"nnlab export: {message}", err=True)
    raise typer.Exit(2)

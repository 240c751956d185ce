"""`nnlab export`: marks for other systems."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nnlab.cli.completing import units_graded

if TYPE_CHECKING:
    from nnlab.grading.export import Mark
    from nnlab.grading.gradebook import Marks
    from nnlab.grading.store import Store

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

    Canvas and Moodle know their students by what stands in their own files:
    export the gradebook there, let this command fill it in, and import it
    again. All other columns stay as they are.
    """
    from nnlab.grading import export as made
    from nnlab.grading.nbgrader import GradebookError
    from nnlab.grading.sheets import ExportError
    from nnlab.grading.store import Store

    store = Store(home / "verdicts")
    names = units or store.units()
    if format not in ("csv", "json", "canvas", "moodle"):
        _stop(f"--format is csv, json, canvas or moodle, not {format!r}")
    fills = format in ("canvas", "moodle")
    if fills and (into is None or len(names) != 1):
        _stop(
            f"--format {format} fills in a file: name one unit, and the file exported from there with --into"
        )
    if into is not None and not into.is_file():
        _stop(f"there is no file {into}: name the one exported from Canvas or Moodle with --into")
    try:
        marks = _marks(store, names, home / "gradebook.db")
        if not marks:
            _stop(
                f"there are no verdicts in {store.folder} for {', '.join(names) or 'any unit'}: "
                "`nnlab grade` makes them, and --from names another folder"
            )
        if fills:
            assert into is not None
            text = _filled(format, into, column, names[0], marks)
        else:
            text = (made.to_csv if format == "csv" else made.to_json)(marks)
    except (ExportError, GradebookError) as error:
        _stop(str(error))
    if output is None:
        typer.echo(
            text.encode(), nl=False
        )  # the bytes of --output, whatever the terminal's letters
    else:
        try:
            output.write_text(text, "utf-8", newline="")
        except OSError as error:
            _stop(f"{output} cannot be written ({error.strerror}): name another file with --output")
    unmarked = sum(not mark.is_final for mark in marks)
    if unmarked:
        typer.echo(
            f"{unmarked} of {len(marks)} have answers that nobody has marked yet; they count 0.",
            err=True,
        )


def _marks(store: "Store", units: list[str], gradebook: Path) -> "list[Mark]":
    """Put verdicts together with what people entered in the gradebook, if there is one."""
    from nnlab.grading.export import Mark
    from nnlab.grading.gradebook import open_book

    by_unit: dict[str, dict[str, Marks]] = {}
    if gradebook.is_file():
        with open_book(gradebook) as book:
            by_unit = {name: book.marks(name) for name in units}
    return [
        Mark(verdict, by_unit.get(name, {}).get(verdict.student))
        for name in units
        for verdict in store.all(name)
    ]


def _filled(format: str, into: Path, column: str | None, unit: str, marks: "list[Mark]") -> str:
    """Fill marks into a file from Canvas or Moodle, and say on standard error for whom that was not possible."""
    from nnlab.grading import sheets

    scores = {mark.verdict.student: mark.score for mark in marks}
    sheet = sheets.read_text(into)
    for words in sheets.other_maximum(sheet, column or unit, marks[0].verdict.max_score):
        typer.echo(f"{into}: {words}", err=True)
    if format == "canvas":
        text, left = sheets.fill_canvas(sheet, scores, column or unit)
    else:
        text, left = sheets.fill_moodle(sheet, scores, column)
    _report(into, len(marks), left)
    return text


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

"""`nnlab course`: a course of one's own: copy the units, and begin new ones."""

from pathlib import Path
from typing import Annotated, Any

import typer

from nnlab.cli.completing import units_to_copy

app = typer.Typer(
    no_args_is_help=True,
    help="Set up a course of your own: copy the units, and begin new ones.",
    epilog="""
Examples:

[b]nnlab course init mycourse[/b]

[b]nnlab course new-unit gradient-clipping --root mycourse[/b]
""",
)

INIT = """
Examples:

[b]nnlab course init mycourse[/b]   all units

[b]nnlab course init mycourse --unit adam --unit backprop[/b]   these two; later calls add more

Exit codes: 0 the course is there, 2 it was not written, and why.
"""

NEW = """
Example:

[b]nnlab course new-unit gradient-clipping --root mycourse[/b]   then rewrite the file it names

Exit codes: 0 the unit is there, 2 it was not written, and why.
"""


@app.command(epilog=INIT)
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of your course.")],
    unit: Annotated[
        list[str] | None,
        typer.Option(
            help="A unit to copy, as often as you like.",
            show_default="all units",
            autocompletion=units_to_copy,
        ),
    ] = None,
) -> None:
    """Copy nnlab's units, with solutions and tests, into a folder where you release, grade and export.

    No file that differs is overwritten. The folder holds solutions: keep it
    from your students, and hand out exercises/ alone.
    """
    from nnlab.grading.founding import found
    from nnlab.grading.release import units

    try:
        written = found(folder, unit or ())
    except (ValueError, OSError) as error:
        _stop("init", error)
    names = units(folder)
    done = f"{len(written)} files written." if written else "Everything was there already."
    typer.echo(f"{done} Units in {folder}: {', '.join(names)}.")
    typer.echo(f"""
Next, in the folder {folder.resolve().name}:
    nnlab release              make exercises/, which you hand out, from solutions/
    nnlab grade {names[0]:14} mark what was handed in: submitted/<student>/{names[0]}/{names[0]}.ipynb
    nnlab export {names[0]} --output marks.csv""")


@app.command("new-unit", epilog=NEW)
def new_unit(
    name: Annotated[str, typer.Argument(help="Its name: small letters, digits and dashes.")],
    root: Annotated[
        Path | None,
        typer.Option(
            help="The course's folder, with solutions/ in it.", show_default="from here upwards"
        ),
    ] = None,
) -> None:
    """Begin a unit: a small complete one with a function, its tests and a written answer, for you to rewrite."""
    from nnlab.grading.founding import new_unit as begin
    from nnlab.grading.release import course_root

    try:
        path = begin(course_root(root), name)
    except (ValueError, OSError) as error:
        _stop("new-unit", error)
    typer.echo(f"""{path} is a whole unit already: rewrite it, cell by cell. Then
    nnlab release {name}      make the students' notebook, and hear of every fault by its line
    nnlab check exercises/{name}/{name}.ipynb      be the student
    nnlab grade {name}        mark what was handed in""")


def _stop(command: str, error: Exception) -> Any:
    if isinstance(error, OSError) and error.filename:
        reason = f"{error.filename} cannot be written ({error.strerror}): name another folder"
    else:
        reason = str(error)
    typer.echo(f"nnlab course {command}: {reason}", err=True)
    raise typer.Exit(2)

"""`nnlab release`: make the students' notebooks from the solutions."""

from pathlib import Path
from typing import Annotated

import typer

from nnlab.cli.completing import units_here

EPILOG = """
Examples:

[b]nnlab release[/b]   all units

[b]nnlab release adam backprop[/b]   these two

Exit codes: 0 they are in exercises/, 1 a source has faults, 2 there is no
such unit or course, or exercises/ cannot be written.
"""


def release(
    units: Annotated[
        list[str] | None,
        typer.Argument(help="Units to release; all by default.", autocompletion=units_here),
    ] = None,
    root: Annotated[
        Path | None,
        typer.Option(help="The course's folder, with solutions/ in it.", show_default=False),
    ] = None,
) -> None:
    """Make exercises/<unit>/<unit>.ipynb from solutions/<unit>/<unit>.md, by nbgrader's own generator.

    Every unit is validated first; a fault is named with its line, and then nothing is written.
    """
    from nnlab.grading.release import course_root, release_all
    from nnlab.grading.source import InvalidSource

    try:
        folder = course_root(root)
        written = release_all(folder, units or ())
    except InvalidSource as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"nnlab release: {error}", err=True)
        raise typer.Exit(2) from None
    if not written:
        typer.echo(
            f"nnlab release: there are no units in {folder / 'solutions'}; "
            "`nnlab course new-unit NAME` begins one",
            err=True,
        )
        raise typer.Exit(2)
    for _, exercise in written:
        typer.echo(f"released {exercise.relative_to(folder)}")

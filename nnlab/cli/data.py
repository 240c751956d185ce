"""`nnlab data`: see where the data sets are, and download those that are missing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from nnlab.datasets.files import DataFile

app = typer.Typer(
    no_args_is_help=True,
    help="See where the data sets are, and download those that are missing.",
    epilog="""
A folder named by NNLAB_DATA is looked in first, then the cache that downloads go to.

Examples:

[b]nnlab data list[/b]

[b]nnlab data get mnist[/b]

[b]NNLAB_DATA=~/data nnlab data list[/b]
""",
)


class Sets(StrEnum):
    """The data sets that come as files; the digits and the made-up ones are part of nnlab."""

    mnist = "mnist"
    wine = "wine"
    all = "all"


@app.command("list", epilog="Example:  [b]nnlab data list[/b]")
def show() -> None:
    """Say where each file was found, and whether it is intact."""
    from nnlab._folders import cache
    from nnlab.datasets.files import find, folders

    typer.echo("Looked in " + ", then ".join(str(folder) for folder in folders()) + ".")
    typer.echo(f"{'digits':7}{'digits.csv.gz':29}intact, inside nnlab")
    missing = False
    for name, files in _files(Sets.all):
        for file in files:
            found = list(find(file))
            states = [f"{'intact' if raw else 'DAMAGED'}, {path}" for path, raw in found]
            missing = missing or not any(raw for _, raw in found)
            for state in states or ["not here"]:
                typer.echo(f"{name:7}{file.name:29}{state}")
    if missing:
        typer.echo(f"'nnlab data get all' downloads what is missing to {cache()}.")


@app.command(
    "get",
    epilog="""
Examples:

[b]nnlab data get mnist[/b]   11 MB

[b]nnlab data get all[/b]

Exit codes: 0 it is here, 1 it could not be had, 2 no such data set.
""",
)
def get(which: Annotated[Sets, typer.Argument(help="What to get.")]) -> None:
    """Download a data set, unless it is here already; what does not arrive intact is not kept."""
    from nnlab.datasets.files import DataError, find, read

    try:
        for name, files in _files(which):
            for file in files:
                read(file, progress=sys.stderr.isatty())
                path = next(path for path, raw in find(file) if raw)
                typer.echo(f"{name:7}{file.name:29}intact, {path}")
    except DataError as error:
        typer.echo(f"nnlab data: {error}", err=True)
        raise typer.Exit(1) from None


def _files(which: Sets) -> Iterator[tuple[str, tuple[DataFile, ...]]]:
    """Yield the sets asked for, each with its files."""
    from nnlab.datasets import mnist, wine

    sets = {Sets.mnist: tuple(mnist.FILES.values()), Sets.wine: (wine.FILE,)}
    for name, files in sets.items():
        if which in (name, Sets.all):
            yield name.value, files

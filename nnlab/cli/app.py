"""The commands of `nnlab`, one file each; what they need is imported when they run."""

import typer

app = typer.Typer(
    name="nnlab",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    help="Neural networks from scratch: read the book, check and grade notebooks, rerun the studies.",
)

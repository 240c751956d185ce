"""`nnlab read`: open the book: the one built here, from this machine, else the one online."""

import errno
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from nnlab.cli.serving import Server

EPILOG = """
Examples:

[b]nnlab read[/b]   the built book, or the one online where there is none

[b]nnlab read --no-browser --port 8080[/b]   on http://127.0.0.1:8080/, without opening it

Exit codes: 0 it was shown, 1 the book is not built yet, 2 the port is taken.
"""
USUAL = 8000


def read(
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Serve it here.", show_default=f"{USUAL}, or a free one"
        ),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open it in your browser, or say where.")
    ] = True,
) -> None:
    """Serve the built book on this machine alone, pages to run and /lite/ too, until you press Ctrl-C.

    The book is built by `make book` in a checkout; where nnlab is only installed, the online book opens instead.
    """
    import webbrowser

    from nnlab.grading.settings import BOOK

    home = checkout()
    if home is None:
        typer.echo(f"The book is online: {BOOK}")
        if browser:
            webbrowser.open(BOOK)
        return
    book = home / "_build" / "html"
    if not (book / "index.html").is_file():
        typer.echo(
            f"nnlab read: the book is not built yet: run `make book` in {home} (a minute or two), "
            f"or read it at {BOOK}",
            err=True,
        )
        raise typer.Exit(1)
    with _server(book, port) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        typer.echo(f"The book is at {address} until you press Ctrl-C.")
        if browser:  # in a thread, for a browser in the terminal would keep us from serving it
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo()


def checkout() -> Path | None:
    """Return the repository around this folder or around nnlab, or None where nnlab is only installed."""
    import nnlab

    here = Path.cwd()
    for folder in (here, *here.parents, Path(nnlab.__file__).parent.parent):
        if (folder / "_toc.yml").is_file() and (folder / "nnlab" / "__init__.py").is_file():
            return folder
    return None


def _server(book: Path, port: int | None) -> "Server":
    """Listen on the port asked for, else on the usual one, else on a free one."""
    from nnlab.cli.serving import Page, Server

    page = partial(Page, directory=str(book))
    try:
        return Server(("127.0.0.1", USUAL if port is None else port), page)
    except OSError as error:
        if port is None:
            return Server(("127.0.0.1", 0), page)
        taken = error.errno == errno.EADDRINUSE
        reason = "is taken by another program" if taken else f"cannot be used ({error.strerror})"
        typer.echo(f"nnlab read: port {port} {reason}; leave --port out for a free one", err=True)
        raise typer.Exit(2) from None

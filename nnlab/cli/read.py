"""`nnlab read`: open the book: the one built here, from this machine, else the one online."""

import errno
import re
import sys
import threading
import webbrowser
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated, Any

import typer

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


class Page(SimpleHTTPRequestHandler):
    """One answer of the server: types that browsers insist on, nothing stale, and no line for each file."""

    # Systems differ in what they take these for, and a browser runs no script or WebAssembly of another type.
    extensions_map = {  # noqa: RUF012 -- so in the base class
        **SimpleHTTPRequestHandler.extensions_map,
        ".css": "text/css",
        ".ipynb": "application/json",
        ".js": "text/javascript",
        ".json": "application/json",
        ".mjs": "text/javascript",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
        ".whl": "application/zip",
    }

    def end_headers(self) -> None:
        """Let the browser ask again for each file: the book may have been built anew."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a wrong address with the book's own page for it, if there is one."""
        page = Path(self.directory, "404.html")
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            return super().send_error(code, message, explain)
        body = _at_the_root(page.read_bytes())
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _at_the_root(page: bytes) -> bytes:
    """Make links that begin at the root of the site that the page was built for begin at ours."""
    site = re.search(rb'="(/[^"]*)_static/', page)
    return page.replace(b'="' + site[1], b'="/') if site else page


class Server(ThreadingHTTPServer):
    """Serves pages; a browser that goes away in the middle of one is no matter."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what is no broken connection."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _server(book: Path, port: int | None) -> Server:
    """Listen on the port asked for, else on the usual one, else on a free one."""
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

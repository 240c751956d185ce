"""The server of `nnlab read`: the built book as its files are, on this machine alone."""

import re
import sys
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


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

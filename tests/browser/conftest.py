"""A headless Chromium, and the built book on a port of this machine, with a Pyodide beside it."""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from nnlab.cli.serving import Page

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Book(Page):
    """Serve the book as `nnlab read` does, and its Pyodide from a folder of this machine.

    A published book loads Pyodide from a public host; here the three files that say so name ours.
    """

    pyodide: Path | None = None

    def translate_path(self, path: str) -> str:
        if self.pyodide and path.startswith("/pyodide/"):
            return str(self.pyodide / Path(path.partition("?")[0]).name)
        return super().translate_path(path)

    def do_GET(self) -> None:
        change = {
            "/_static/live/config.json": self.live,
            "/lite/jupyter-lite.json": self.lite,
            "/lite/pypi/pyodide-lock.json": self.lock,
        }.get(self.path.partition("?")[0])
        if change is None or self.pyodide is None:
            return super().do_GET()
        body = json.dumps(change(json.loads(Path(self.translate_path(self.path)).read_text())))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def live(self, config: dict[str, Any]) -> dict[str, Any]:
        return config | {"pyodide": {"core": "/pyodide/"}}

    def lite(self, config: dict[str, Any]) -> dict[str, Any]:
        plugins = config["jupyter-config-data"]["litePluginSettings"]
        kernel = plugins["@jupyterlite/pyodide-kernel-extension:kernel"]
        kernel |= {"pyodideUrl": "/pyodide/pyodide.mjs", "disablePyPIFallback": True}
        return config

    def lock(self, lock: dict[str, Any]) -> dict[str, Any]:
        assert self.pyodide
        ours = json.loads((self.pyodide / "pyodide-lock.json").read_text())["packages"]
        for name, entry in ours.items():
            lock["packages"][name] = entry | {"file_name": f"/pyodide/{entry['file_name']}"}
        return lock


def pyodide_folder(root: Path) -> Path | None:
    """A folder with all of Pyodide: $NNLAB_TEST_PYODIDE, or ../shared/pyodide beside the repository."""
    folder = Path(os.environ.get("NNLAB_TEST_PYODIDE") or root.parent / "shared" / "pyodide")
    return folder.resolve() if (folder / "pyodide.mjs").is_file() else None


@pytest.fixture(scope="session")
def pyodide(root: Path) -> Path:
    folder = pyodide_folder(root)
    if folder is None:
        missing = "no Pyodide: set NNLAB_TEST_PYODIDE to a folder with one to run live pages"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return folder


@pytest.fixture(scope="session")
def live_site(html: Path, pyodide: Path) -> Iterator[str]:
    """The address of the book, with Pyodide."""
    Book.pyodide = pyodide
    yield from serve(html)


@pytest.fixture(scope="session")
def site(html: Path) -> Iterator[str]:
    """The address of the book."""
    yield from serve(html)


def serve(html: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Book, directory=str(html))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def start(playwright: Playwright) -> Browser | None:
    """Start the Chromium of the system, if there is one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    return playwright.chromium.launch(executable_path=path, args=FLAGS) if path else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        chromium = start(playwright)
        if chromium is None:
            missing = "no Chromium found: `apt install chromium` (or the like) for browser tests"
            pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
        yield chromium
        chromium.close()

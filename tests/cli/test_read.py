"""`nnlab read`: the right files with the right types on a free port, and quiet at the end."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

import pytest
from click.testing import Result

from nnlab.grading.settings import BOOK

Call = Callable[..., Result]
TYPES = {
    "index.html": "text/html",
    "a.css": "text/css",
    "a.js": "text/javascript",
    "a.mjs": "text/javascript",
    "a.wasm": "application/wasm",
    "a.json": "application/json",
    "a.ipynb": "application/json",
    "a.svg": "image/svg+xml",
    "service-worker.js": "text/javascript",
    "a.whl": "application/zip",
}


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Something that looks like the repository with its book built."""
    (tmp_path / "nnlab").mkdir()
    (tmp_path / "nnlab/__init__.py").touch()
    (tmp_path / "_toc.yml").touch()
    (tmp_path / "_build/html").mkdir(parents=True)
    for name in TYPES:
        (tmp_path / "_build/html" / name).write_text(name)
    (tmp_path / "book").mkdir()
    monkeypatch.chdir(tmp_path / "book")
    return tmp_path


@contextmanager
def served(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the program until its end; its address, after it said it."""
    with subprocess.Popen(
        [Path(sys.executable).with_name("nnlab"), "read", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert "The book is at http://127.0.0.1:" in line
            yield process, line.split()[4]
        finally:
            process.kill()


def test_pages_have_their_types_and_are_never_stale(checkout: Path) -> None:
    with served("--no-browser", "--port", "0") as (_, address):
        for name, kind in TYPES.items():
            with urllib.request.urlopen(address + name) as answer:
                assert answer.read().decode() == name
                assert answer.headers["Content-Type"].partition(";")[0] == kind
                assert answer.headers["Cache-Control"] == "no-cache"
        with pytest.raises(HTTPError, match="404"):
            urllib.request.urlopen(address + "../_toc.yml")


def test_a_wrong_address_gets_the_books_own_page(checkout: Path) -> None:
    with served("--no-browser", "--port", "0") as (_, address):
        for page, said in (
            (None, "Error code: 404"),
            ('<a href="/nnlab/_static/a.css"> <a href="/nnlab/x.html"> Lost?',
             '<a href="/_static/a.css"> <a href="/x.html"> Lost?'),
            ('<a href="/_static/a.css"> Lost?', '<a href="/_static/a.css"> Lost?'),
        ):  # fmt: skip
            if page:
                (checkout / "_build/html/404.html").write_text(page)
            with pytest.raises(HTTPError, match="404") as wrong:
                urllib.request.urlopen(address + "no/such.html")
            with wrong.value as answer:
                assert said in answer.read().decode()
                assert answer.headers.get_content_type() == "text/html"


def test_ctrl_c_ends_it_quietly(checkout: Path) -> None:
    with served("--no-browser", "--port", "0") as (process, address):
        urllib.request.urlopen(address).close()
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=30)
        assert (process.returncode, out.strip(), errors) == (0, "", "")


def test_a_port_that_is_taken_is_said_or_another_one_found(
    call: Call, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nnlab.cli import read

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = call("read", "--no-browser", "--port", port)
        assert done.exit_code == 2 and f"port {port} is taken" in done.output
        monkeypatch.setattr(read, "USUAL", port)
        with read._server(checkout / "_build/html", None) as server:
            assert server.server_port not in (0, port)


def test_the_browser_opens_where_the_book_is(
    call: Call, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nnlab.cli import serving

    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)

    def until_ctrl_c(self: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(serving.Server, "serve_forever", until_ctrl_c)
    done = call("read")
    assert done.exit_code == 0
    assert opened == [done.output.split()[4]]


def test_a_book_that_is_not_built_is_said(call: Call, checkout: Path) -> None:
    (checkout / "_build/html/index.html").unlink()
    done = call("read", "--no-browser")
    assert done.exit_code == 1
    assert "make book" in done.output and BOOK in done.output


def test_without_a_checkout_the_book_online_opens(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nnlab

    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(nnlab, "__file__", str(tmp_path / "site-packages/nnlab/__init__.py"))
    monkeypatch.chdir(tmp_path)
    assert BOOK in call("read", "--no-browser").output and not opened
    assert BOOK in call("read").output and opened == [BOOK]

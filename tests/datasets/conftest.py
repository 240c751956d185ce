"""A mirror on this machine that serves one small data file, well and badly; and a cache of its own
for each test."""

import gzip
import hashlib
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from nnlab.datasets import files
from nnlab.datasets.files import DataFile

RAW = b"a small but honest data file\n" * 500
PACKED = gzip.compress(RAW)
OTHER = gzip.compress(b"something else entirely\n" * 500)
PAGES = {
    "/good": PACKED,
    "/raw": RAW,
    "/wrong": OTHER,
    "/corrupt": PACKED[:40] + b"\xff" * 20 + PACKED[60:],
    "/truncated": PACKED[: len(PACKED) // 2],
    "/cut": PACKED[: len(PACKED) // 2],  # and promises the whole
    "/slow": PACKED,
}


class Mirror(ThreadingHTTPServer):
    """The server; `asked` lists the pages that were asked for."""

    raw, packed, other = RAW, PACKED, OTHER

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []

    def url(self, served):
        return f"http://127.0.0.1:{self.server_port}/{served}"

    def file(self, *served, name="data.gz"):
        """The data file, to be had from these pages in turn."""
        return DataFile(name, hashlib.sha256(RAW).hexdigest(), tuple(map(self.url, served)))


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path.strip("/"))
        body = PAGES.get(self.path)
        if self.path == "/slow":
            time.sleep(1.0)
        if body is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(PACKED if self.path == "/cut" else body)))
        self.end_headers()
        with suppress(OSError):  # the client has given up
            self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def mirror():
    server = Mirror()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A folder that holds the cache, in caches/nnlab; no folder is named by NNLAB_DATA."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("NNLAB_DATA", raising=False)
    monkeypatch.setattr(files, "TIMEOUT", 0.5)
    return tmp_path

"""Data files: from the folder you name, the cache, or the first mirror that serves them intact."""

import gzip
import hashlib
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import typer.testing

from nnlab.datasets import files
from nnlab.datasets.files import DataError, DataFile, cache, download, read

RAW = b"a small but honest data file\n" * 500
PACKED = gzip.compress(RAW)
OTHER = gzip.compress(b"something else entirely\n" * 500)
SHA = hashlib.sha256(RAW).hexdigest()


class Mirror(BaseHTTPRequestHandler):
    """Serves /good, /raw, /corrupt, /wrong, /truncated, /slow; anything else is not found."""

    asked: list[str]

    def do_GET(self):
        self.asked.append(self.path)
        body = {
            "/good": PACKED,
            "/raw": RAW,
            "/wrong": OTHER,
            "/corrupt": PACKED[:40] + b"\xff" * 20 + PACKED[60:],
            "/truncated": PACKED[: len(PACKED) // 2],
            "/cut": PACKED[: len(PACKED) // 2],
            "/slow": PACKED,
        }.get(self.path)
        if self.path == "/slow":
            time.sleep(1.0)
        if body is None:
            self.send_error(404)
            return
        self.send_response(200)
        length = len(PACKED) if self.path == "/cut" else len(body)  # /cut breaks its promise
        self.send_header("Content-Length", str(length))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass  # the client has given up

    def log_message(self, *arguments):
        pass


@pytest.fixture
def mirror():
    """A mirror on this machine: call it with a page's name for the address."""
    Mirror.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield lambda served: f"http://127.0.0.1:{server.server_port}/{served}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    """A cache of its own for each test, and no folder named."""
    monkeypatch.setattr(files.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("NNLAB_DATA", raising=False)
    return tmp_path


def file(*mirrors):
    return DataFile("data.gz", SHA, mirrors)


def kept():
    """What is in the cache, leftovers included."""
    return {path.name: path.read_bytes() for path in cache().iterdir()} if cache().exists() else {}


@pytest.mark.parametrize("served", ["good", "raw"])
def test_a_missing_file_is_downloaded_once(mirror, served):
    assert read(file(mirror(served)), progress=False) == RAW
    assert read(file(mirror(served)), progress=False) == RAW
    assert Mirror.asked == [f"/{served}"]
    assert list(kept()) == ["data.gz"]


BAD = {
    "wrong": "what came has the wrong checksum",
    "corrupt": "what came has the wrong checksum",
    "truncated": "what came has the wrong checksum",
    "cut": "IncompleteRead",
    "nowhere": "404",
    "slow": "timed out",
}


@pytest.mark.parametrize("served", BAD)
def test_the_second_mirror_serves_when_the_first_is_bad(mirror, served, monkeypatch):
    monkeypatch.setattr(files, "TIMEOUT", 0.2)
    assert read(file(mirror(served), mirror("good")), progress=False) == RAW
    assert Mirror.asked == [f"/{served}", "/good"]
    assert kept() == {"data.gz": PACKED}


@pytest.mark.parametrize("served", BAD)
def test_a_bad_mirror_alone_is_an_error_that_says_why_and_what_to_do(mirror, served, monkeypatch):
    monkeypatch.setattr(files, "TIMEOUT", 0.2)
    with pytest.raises(DataError) as caught:
        read(file(mirror(served)), progress=False)
    message = str(caught.value)
    assert "data.gz could not be had" in message
    assert mirror(served) in message
    assert BAD[served] in message
    assert "Set NNLAB_DATA to a folder that has the file" in message
    assert kept() == {}


def test_an_unreachable_mirror_is_passed_over(mirror):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert read(file(f"http://127.0.0.1:{port}/x", mirror("good")), progress=False) == RAW


@pytest.mark.parametrize("served", BAD)
def test_a_good_file_is_never_replaced(mirror, served, monkeypatch):
    monkeypatch.setattr(files, "TIMEOUT", 0.2)
    cache().mkdir(parents=True)
    (cache() / "data.gz").write_bytes(PACKED)
    with pytest.raises(DataError):
        download(file(mirror(served)), cache(), progress=False)
    assert kept() == {"data.gz": PACKED}


@pytest.mark.parametrize("damage", [PACKED[:-10], PACKED[:20], b"", OTHER])
def test_a_damaged_download_is_fetched_again(mirror, damage):
    cache().mkdir(parents=True)
    (cache() / "data.gz").write_bytes(damage)
    assert read(file(mirror("good")), progress=False) == RAW
    assert kept() == {"data.gz": PACKED}


@pytest.mark.parametrize("content", [PACKED, RAW])
def test_the_folder_you_name_comes_first(places, mirror, monkeypatch, content):
    monkeypatch.setenv("NNLAB_DATA", str(places / "mine"))
    (places / "mine").mkdir()
    (places / "mine" / "data.gz").write_bytes(content)
    assert read(file(mirror("good")), progress=False) == RAW
    assert (Mirror.asked, kept()) == ([], {})


@pytest.mark.parametrize("damage", [PACKED[:-10], b"", OTHER], ids=["truncated", "empty", "other"])
@pytest.mark.parametrize("spelling", ["{}/mine", "{}/mine/", "{}/./mine", "{}/mine/../mine"])
def test_a_damaged_file_of_yours_is_named_and_left_alone(
    places, mirror, monkeypatch, damage, spelling
):
    monkeypatch.setenv("NNLAB_DATA", spelling.format(places))
    (places / "mine").mkdir()
    (places / "mine" / "data.gz").write_bytes(damage)
    with pytest.raises(DataError, match=r"data\.gz is damaged .*its checksum is not that of data"):
        read(file(mirror("good")), progress=False)
    assert (places / "mine" / "data.gz").read_bytes() == damage
    assert (Mirror.asked, kept()) == ([], {})


def test_what_your_folder_lacks_goes_to_the_cache(places, mirror, monkeypatch):
    monkeypatch.setenv("NNLAB_DATA", str(places / "empty"))
    assert read(file(mirror("good")), progress=False) == RAW
    assert list(kept()) == ["data.gz"]
    assert not (places / "empty").exists()


def test_downloads_show_a_bar(mirror, capsys):
    read(file(mirror("good")))
    assert "100%" in capsys.readouterr().err


def test_without_pooch_the_message_says_what_to_install(monkeypatch, mirror):
    monkeypatch.setitem(files.sys.modules, "pooch", None)
    with pytest.raises(DataError, match=r"needs pooch: pip install 'nnlab-course\[data\]'; or set"):
        read(file(mirror("good")), progress=False)


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("linux", "XDG_CACHE_HOME", "nnlab"),
        ("win32", "LOCALAPPDATA", "nnlab"),
        ("darwin", None, "Library/Caches/nnlab"),
        ("linux", None, ".cache/nnlab"),
    ],
)
def test_the_cache_is_where_the_system_keeps_caches(
    monkeypatch, tmp_path, platform, variable, expected
):
    monkeypatch.setattr(files.sys, "platform", platform)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv(variable or "HOME", str(tmp_path))
    assert cache() == tmp_path / expected


@pytest.fixture
def command(monkeypatch, mirror):
    """Run `nnlab data ...` on one small file that stands for wine, and one for MNIST."""
    from nnlab.cli.app import app
    from nnlab.datasets import mnist, wine

    monkeypatch.setattr(wine, "FILE", file(mirror("good"))._replace(name="wine.csv"))
    monkeypatch.setattr(mnist, "FILES", {"X": file(mirror("wrong"))._replace(name="images.gz")})
    return lambda *words: typer.testing.CliRunner().invoke(app, ["data", *words])


def test_the_command_lists_gets_and_refuses(command, places, monkeypatch):
    before = command("list")
    assert before.exit_code == 0
    assert "digits digits.csv.gz                intact, inside nnlab" in before.output
    assert "wine   wine.csv                     not here" in before.output
    assert "nnlab data get all" in before.output

    assert command("get", "wine").exit_code == 0
    assert f"wine   wine.csv                     intact, {cache()}" in command("list").output
    failed = command("get", "all")
    assert failed.exit_code == 1
    assert "nnlab data: images.gz could not be had" in failed.output

    monkeypatch.setenv("NNLAB_DATA", str(places / "mine"))
    (places / "mine").mkdir()
    (places / "mine" / "images.gz").write_bytes(PACKED[:50])
    assert f"DAMAGED, {places / 'mine' / 'images.gz'}" in command("list").output
    (places / "mine" / "images.gz").write_bytes(PACKED)
    complete = command("list").output
    assert "DAMAGED" not in complete
    assert "data get" not in complete


def test_the_command_knows_its_sets_and_shows_examples(command):
    assert command("get", "cifar").exit_code == 2
    assert "nnlab data get mnist" in " ".join(command("get", "--help").output.split())

"""Data files: from the folder you name, the cache, or the first mirror that serves them intact."""

import socket
import sys

import pytest

from nnlab._folders import cache
from nnlab.datasets import files
from nnlab.datasets.files import DataError, download, read

pytestmark = pytest.mark.usefixtures("places")


def kept():
    """What is in the cache, leftovers included."""
    return {path.name: path.read_bytes() for path in cache().iterdir()} if cache().exists() else {}


@pytest.mark.parametrize("served", ["good", "raw"])
def test_a_missing_file_is_downloaded_once(mirror, served):
    assert read(mirror.file(served), progress=False) == mirror.raw
    assert read(mirror.file(served), progress=False) == mirror.raw
    assert mirror.asked == [served]
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
def test_the_second_mirror_serves_when_the_first_is_bad(mirror, served):
    assert read(mirror.file(served, "good"), progress=False) == mirror.raw
    assert mirror.asked == [served, "good"]
    assert kept() == {"data.gz": mirror.packed}


@pytest.mark.parametrize("served", BAD)
def test_a_bad_mirror_alone_is_an_error_that_says_why_and_what_to_do(mirror, served):
    with pytest.raises(DataError) as caught:
        read(mirror.file(served), progress=False)
    message = str(caught.value)
    assert "data.gz could not be had" in message
    assert mirror.url(served) in message
    assert BAD[served] in message
    assert "Set NNLAB_DATA to a folder that has the file" in message
    assert kept() == {}


def test_an_unreachable_mirror_is_passed_over(mirror):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    nobody = f"http://127.0.0.1:{port}/data.gz"
    both = mirror.file("good")._replace(mirrors=(nobody, mirror.url("good")))
    assert read(both, progress=False) == mirror.raw


@pytest.mark.parametrize("served", BAD)
def test_a_good_file_is_never_replaced(mirror, served):
    cache().mkdir(parents=True)
    (cache() / "data.gz").write_bytes(mirror.packed)
    with pytest.raises(DataError):
        download(mirror.file(served), cache(), progress=False)
    assert kept() == {"data.gz": mirror.packed}


DAMAGE = {
    "truncated": lambda mirror: mirror.packed[:-10],
    "cut short": lambda mirror: mirror.packed[:20],
    "empty": lambda mirror: b"",
    "another": lambda mirror: mirror.other,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_download_is_fetched_again(mirror, damage):
    cache().mkdir(parents=True)
    (cache() / "data.gz").write_bytes(DAMAGE[damage](mirror))
    assert read(mirror.file("good"), progress=False) == mirror.raw
    assert kept() == {"data.gz": mirror.packed}


@pytest.mark.parametrize("form", ["packed", "raw"])
def test_the_folder_you_name_comes_first(places, mirror, monkeypatch, form):
    monkeypatch.setenv("NNLAB_DATA", str(places / "mine"))
    (places / "mine").mkdir()
    (places / "mine" / "data.gz").write_bytes(getattr(mirror, form))
    assert read(mirror.file("good"), progress=False) == mirror.raw
    assert (mirror.asked, kept()) == ([], {})
    cache().mkdir(parents=True)
    (cache() / "data.gz").write_bytes(mirror.packed)
    found = [path.parent for path, _ in files.find(mirror.file("good"))]
    assert found == [places / "mine", cache()]


def test_the_folder_you_name_may_begin_with_a_tilde(places, monkeypatch):
    monkeypatch.setenv("HOME", str(places))
    monkeypatch.setenv("NNLAB_DATA", "~/mine")
    assert files.folders() == [places / "mine", cache()]


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("spelling", ["{}/mine", "{}/mine/", "{}/./mine", "{}/mine/../mine"])
def test_a_damaged_file_of_yours_is_named_and_left_alone(
    places, mirror, monkeypatch, damage, spelling
):
    monkeypatch.setenv("NNLAB_DATA", spelling.format(places))
    (places / "mine").mkdir()
    damaged = DAMAGE[damage](mirror)
    (places / "mine" / "data.gz").write_bytes(damaged)
    with pytest.raises(DataError, match=r"data\.gz is damaged .*its checksum is not that of data"):
        read(mirror.file("good"), progress=False)
    assert (places / "mine" / "data.gz").read_bytes() == damaged
    assert (mirror.asked, kept()) == ([], {})


def test_what_your_folder_lacks_goes_to_the_cache(places, mirror, monkeypatch):
    monkeypatch.setenv("NNLAB_DATA", str(places / "empty"))
    assert read(mirror.file("good"), progress=False) == mirror.raw
    assert list(kept()) == ["data.gz"]
    assert not (places / "empty").exists()


def test_downloads_show_a_bar(mirror, capsys):
    read(mirror.file("good"))
    assert "100%" in capsys.readouterr().err


def test_without_pooch_the_message_says_what_to_install(monkeypatch, mirror):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(DataError, match=r"needs pooch: pip install 'nnlab-course\[data\]'; or set"):
        read(mirror.file("good"), progress=False)


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
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv(variable or "HOME", str(tmp_path))
    assert cache() == tmp_path / expected

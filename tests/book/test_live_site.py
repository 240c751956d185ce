"""What the live pages load: the wheel of this package, the files of the book, one Pyodide."""

import json
import zipfile
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def site(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(root / "book" / "_ext"))
    monkeypatch.delenv("NNLAB_PYODIDE", raising=False)
    return import_module("live.site")


@pytest.fixture
def pyodide(tmp_path: Path) -> Path:
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in ("pyodide.mjs", "pyodide.js", "pyodide-lock.json"):
        (folder / name).write_text(name)
    return folder


def test_the_site_names_what_it_has(html: Path) -> None:
    live = html / "_static" / "live"
    config = json.loads((live / "config.json").read_text())
    (wheel,) = config["wheels"]
    name, _, version = wheel["url"].partition("?v=")
    assert sha256((live / name).read_bytes()).hexdigest().startswith(version)
    assert wheel["packages"] == ["nnlab"]
    inside = zipfile.ZipFile(live / name).namelist()
    assert "nnlab/network.py" in inside
    assert not [file for file in inside if "solutions" in file or "exercises" in file]
    packed = zipfile.ZipFile(live / config["files"].partition("?")[0]).namelist()
    assert "book/results/thesis-wine.csv" in packed


def test_every_hash_of_the_public_pyodide_is_sha384(site: ModuleType) -> None:
    assert {len(value) for value in site.CDN["integrity"].values()} == {len("sha384-") + 64}
    assert site.PYODIDE in site.CDN["core"] and site.PYODIDE in site.CDN["packages"]


def test_the_hashes_are_those_of_the_files(site: ModuleType, root: Path) -> None:
    """The lock file is here; of the others the copy beside the repository, where there is one."""
    from base64 import b64encode
    from hashlib import sha384

    near = root.parent / "shared" / "pyodide"
    files = {"pyodide-lock.json": root / "book" / "_ext" / "live" / "pyodide-lock.json"}
    for name in site.CDN["integrity"]:
        if name not in files and (near / name).is_file():
            files[name] = near / name
    for name, file in files.items():
        digest = b64encode(sha384(file.read_bytes()).digest()).decode()
        assert site.CDN["integrity"][name] == f"sha384-{digest}", name


def test_a_folder_goes_into_the_site(
    site: ModuleType, pyodide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNLAB_PYODIDE", str(pyodide))
    assert site.pyodide("cdn", tmp_path / "html") == {"core": "../../pyodide/"}
    copied = {file.name for file in (tmp_path / "html" / "pyodide").iterdir()}
    assert copied == {"pyodide.mjs", "pyodide-lock.json"}


def test_a_folder_without_pyodide_is_refused(site: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no pyodide\.mjs"):
        site.pyodide(str(tmp_path), tmp_path / "html")


def test_an_address_is_taken_as_it_is(site: ModuleType, tmp_path: Path) -> None:
    assert site.pyodide("https://host/p", tmp_path) == {"core": "https://host/p/"}


def test_the_icons_of_a_page_are_kept_and_no_others(root: Path, monkeypatch) -> None:
    monkeypatch.syspath_prepend(str(root / "book" / "_ext"))
    thin = import_module("icons").thin
    entry = '{name}:[512,512,[{aliases}],"f000","M0 0"],'
    script = "var a={" + entry.format(name="pencil", aliases='"pencil-alt"')
    script += entry.format(name='"file-pdf"', aliases="9, 5") + "z:1};"
    assert (
        thin(script, {"pencil-alt"}) == 'var a={pencil:[512,512,["pencil-alt"],"f000","M0 0"],z:1};'
    )
    assert thin(script, set()) == "var a={z:1};"

"""What the README says: its commands run, its tables are what was measured, its links lead somewhere."""

import re
import runpy
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import terminal
import yaml
from needing import need_sandbox

import nnlab
from nnlab.optimizers import OPTIMIZERS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[terminal.Terminal]:
    """A terminal for which this repository is the one on GitHub, and what `make` would build is built."""
    need_sandbox()
    (tmp_path / "desk").mkdir()
    desk = terminal.Terminal(tmp_path / "desk")
    desk.environment |= {
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": f"url.{ROOT.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/nnlab-course/nnlab",
        "GIT_CONFIG_KEY_1": "safe.directory",
        "GIT_CONFIG_VALUE_1": "*",
        "PORT": str(terminal.free_port()),
    }
    yield desk
    desk.close()


@pytest.mark.slow
def test_the_commands_run(desk: terminal.Terminal, html: Path) -> None:
    """All but `make` and `make test`: these are what the machine that checks every change runs."""
    desk.instead |= {
        "make  ": "make --dry-run  ",
        "make test": "make --dry-run test",
        "make serve": f"make -C {ROOT} -o _build/.book -o .venv/.stamp serve",
    }

    def look() -> None:
        address = f"http://127.0.0.1:{desk.environment['PORT']}/index.html"
        with urllib.request.urlopen(address, timeout=terminal.PATIENCE) as page:
            assert page.read() == (html / "index.html").read_bytes()

    terminal.follow(README, desk, {"make serve": look})
    assert (desk.here.parent / "mycourse" / "solutions" / "adam" / "adam.md").is_file()
    assert desk.said.split()[-1].startswith("[")  # where the descent ended


def test_make_test_is_what_ci_runs() -> None:
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("exec make test")
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = set(re.findall(r"^make (\S+)", listed.stdout, re.M)) | {""}
    told = set(re.findall(r"(?:`|^)make ?([a-z-]*)", TEXT, re.M))
    assert told >= {"", "test", "serve", "bench"} and told <= targets


def test_the_tables_are_what_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    tables = runpy.run_path(str(ROOT / "benchmarks" / "readme.py"))
    assert tables["written"](TEXT) == TEXT, "run `python benchmarks/readme.py`"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_lead_to_files_and_headings(name: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", (ROOT / name).read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        if "://" in path:
            continue
        assert (ROOT / path).is_file(), target
        headings = (
            re.findall(r"^#+ (.+)$", (ROOT / path).read_text("utf-8"), re.M) if anchor else []
        )
        anchors = {re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-") for text in headings}
        assert not anchor or anchor in anchors, target


def test_links_to_the_book_are_pages_of_it(pages: list[str]) -> None:
    book = yaml.safe_load((ROOT / "_config.yml").read_text())["html"]["baseurl"]
    for page in re.findall(re.escape(book) + r"([^)\s#]*)", TEXT):
        assert page == "" or page.removesuffix(".html") in pages


def test_pictures_are_small_and_say_what_they_show() -> None:
    shown = re.findall(r"!\[([^]]*)\]\(([^)]+)\)", TEXT)
    assert len(shown) == 2
    for alt, path in shown:
        assert len(alt.split()) > 8
        assert (ROOT / path).stat().st_size < 120_000


def test_what_is_counted_is_still_so_many() -> None:
    words = "zero one two three four five six seven eight nine ten eleven twelve thirteen".split()
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"]
    chapters = sum(len(part["chapters"]) for part in toc if part.get("numbered"))
    units = len(list((ROOT / "solutions").glob("*/*.md")))
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"{words[len(OPTIMIZERS)]} optimizers" in TEXT
    assert f"{words[len(OPTIMIZERS)]} optimizers" in changes
    assert f"{words[chapters]} chapters" in changes
    assert f"{words[units]} units" in changes.lower()


def test_the_version_is_the_same_everywhere() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    newest = re.findall(r"^## (\S+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert cited["version"] == nnlab.__version__
    assert nnlab.__version__ in newest

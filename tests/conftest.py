"""What every test shares: where things are, the pages of the book, and how Hypothesis searches."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# The same examples on every run, so that a failure is the commit's and not the dice's;
# `HYPOTHESIS_PROFILE=search` looks further. No deadline: speed is `make bench`'s concern.
settings.register_profile("repeat", derandomize=True, deadline=None, database=None)
settings.register_profile("search", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


# A shell's background jobs ignore Ctrl-C, and so would the programs that tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def html(root: Path) -> Path:
    """The folder of the built book."""
    built = root / "_build" / "html"
    if not (built / "index.html").exists():
        pytest.fail("the book is not built: run `make book` first (`make test` does)")
    return built


def contents() -> object:
    """The table of contents."""
    import yaml  # here, for the tests of the wheel, which run where NumPy alone is installed

    return yaml.safe_load((ROOT / "_toc.yml").read_text())


def files_of(toc: object) -> Iterator[str]:
    """Every page that a table of contents names, however deep."""
    if isinstance(toc, list):
        for entry in toc:
            yield from files_of(entry)
    elif isinstance(toc, dict):
        yield from (toc[key] for key in ("root", "file") if key in toc)
        for value in toc.values():
            yield from files_of(value)


@pytest.fixture(scope="session")
def pages() -> list[str]:
    """All pages of the book."""
    return list(files_of(contents()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """After a run that looked at the pages, print how long their cells are."""
    file = ROOT / "_build" / "cell-statistics.txt"
    ran = terminalreporter.stats.get("passed", [])
    if any("test_the_statistics_are_kept" in report.nodeid for report in ran):
        terminalreporter.section("cells and words of the book's pages")
        terminalreporter.write(file.read_text(encoding="utf-8"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a `page` runs once for each page of the book; for a `chapter`, written ones."""
    for name, kept in (("page", ""), ("chapter", "book/")):
        if name in metafunc.fixturenames:
            found = [file for file in files_of(contents()) if file.startswith(kept)]
            metafunc.parametrize(name, found)

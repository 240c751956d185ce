"""Graders for the tests, at the strongest isolation; without bubblewrap CI fails, and a laptop says why it skips."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny
from needing import need_sandbox

from nnlab.grading.bench import Bench, Job
from nnlab.grading.sandbox import Limits, Settings
from nnlab.grading.unit import Unit
from nnlab.grading.verdict import Verdict

QUICK = Limits(call=3.0, total=20.0, memory=1024)

Grade = Callable[..., Verdict]


@pytest.fixture(scope="session")
def isolation() -> str:
    """The strongest isolation, or a reason not to run."""
    need_sandbox()
    return "bubblewrap"


@pytest.fixture(scope="session")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """The tiny unit."""
    return tiny.write_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="session")
def bench(isolation: str) -> Iterator[Bench]:
    """A worker's place whose sandbox stays open."""
    bench = Bench()
    yield bench
    bench.close()


@pytest.fixture(scope="session")
def grade(bench: Bench, unit: Unit) -> Grade:
    """Grade a notebook (a dict or bytes) with its companions."""

    def grade(made: Any, files: dict[str, bytes] | None = None, limits: Limits = QUICK) -> Verdict:
        job = Job(unit, "s01", tiny.as_bytes(made), "key", "digest", "seed", files or {})
        return bench.grade(job, Settings("bubblewrap", limits))

    return grade


@pytest.fixture
def course(tmp_path: Path, unit: Unit, isolation: str) -> Path:
    """A folder with the tiny unit and nothing handed in."""
    tiny.write_course(tmp_path)
    return tmp_path

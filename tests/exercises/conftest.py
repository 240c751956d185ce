"""Workbooks (a unit's cells, run here and now) and a course graded once by stock nbgrader."""

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import pytest

from nnlab.grading.release import release_all, source_path, units
from nnlab.grading.source import read_source
from nnlab.grading.specification import Specification, specifications

ROOT = Path(__file__).resolve().parents[2]
UNITS = units(ROOT)
TRAINS = "batch-size-study"
"""The unit whose checks train networks, half a second each."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test for each unit, each catalogued mistake of a unit, or each honest variant, by what it asks for."""
    if "mistake" in metafunc.fixturenames:
        found = [
            pytest.param(u, s, m, id=f"{u}-{s.name}-{m.id}", marks=[pytest.mark.slow] * (u == TRAINS))
            for u in UNITS
            for s in specifications_of(u)
            for m in s.mistakes
        ]
        metafunc.parametrize("unit, spec, mistake", found)
    elif "variant" in metafunc.fixturenames:
        variants = [(u, n, f) for u in UNITS for n, f in variants_of(u).items()]
        metafunc.parametrize(
            "unit, name, variant", variants, ids=[f"{u}-{n}" for u, n, _ in variants]
        )
    elif "unit" in metafunc.fixturenames:
        metafunc.parametrize("unit", UNITS)


def specifications_of(unit: str) -> list[Specification]:
    """Return the specifications that a unit's tests call for."""
    text = source_path(ROOT, unit).read_text(encoding="utf-8")
    names = dict.fromkeys(re.findall(r'^check\("(\w+)', text, re.MULTILINE))
    return [specifications()[name] for name in names]


def variants_of(unit: str) -> dict[str, Any]:
    """Return the honest variants in `variants/<unit>.py`: functions named <function>__<what is different>."""
    path = Path(__file__).parent / "variants" / f"{unit.replace('-', '_')}.py"
    return {
        name: value for name, value in runpy.run_path(str(path)).items() if "__" in name.strip("_")
    }


@dataclass
class Workbook:
    """A unit's solution: its cells, and a way to run them with something put in place of an answer."""

    unit: str
    cells: list[Any]

    def kind(self, kind: str) -> list[Any]:
        """Return the answer cells (solution code) or the test cells."""
        meta = [(c, c.metadata.get("nbgrader", {})) for c in self.cells if c.cell_type == "code"]
        if kind == "answer":
            return [c for c, m in meta if m.get("solution")]
        return [c for c, m in meta if m.get("grade")]

    def namespace(self) -> dict[str, Any]:
        """Run everything but the tests, with explorers switched off, and return the names it defines."""
        names: dict[str, Any] = {"__name__": "__main__"}
        for cell in self.cells:
            if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade"):
                exec(compile(cell.source, cell.id, "exec"), names)
                if "explore" in names:
                    names["explore"] = lambda *args, **kwargs: None
        return names

    def failures(self, only: str = "", **replaced: Any) -> dict[str, Exception]:
        """Run all tests (or `only` those of one function), hidden parts too, with functions replaced.

        Return what each failing test raised.
        """
        names = self.namespace()
        names.update(replaced)  # in the same dict, so that other functions call the replacement too
        failed: dict[str, Exception] = {}
        for cell in self.kind("test"):
            if only and f'check("{only}.' not in cell.source:
                continue
            try:
                exec(compile(cell.source, cell.id, "exec"), names)
            except Exception as error:
                failed[cell.id] = error
        return failed


@pytest.fixture(autouse=True)
def _no_windows() -> None:
    matplotlib.use("agg")


@pytest.fixture(autouse=True)
def _same_secret() -> Any:
    """Draw the hidden inputs alike on every run, so that a failure is the commit's and not the dice's."""
    from nnlab.grading.settings import secret

    with secret("tests"):
        yield


@pytest.fixture(scope="session")
def workbook() -> Callable[[str], Workbook]:
    """Return the workbook of a unit."""
    return cache(lambda unit: Workbook(unit, read_source(source_path(ROOT, unit)).cells))


@pytest.fixture(scope="session")
def stock_course(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the course in which stock nbgrader has released, graded and given feedback on a unit.

    Two students hand in: `full` the solution, `empty` the exercise as it came. A unit runs once, when first asked for.
    """

    @cache
    def course_of(unit: str) -> Path:
        course = tmp_path_factory.mktemp("course")
        shutil.copy(ROOT / "nbgrader_config.py", course)
        (course / "solutions" / unit).mkdir(parents=True)
        shutil.copy(source_path(ROOT, unit), course / "solutions" / unit)
        release_all(course)
        shutil.move(course / "exercises", course / "ours")
        _nbgrader(course, "generate_assignment", unit)
        for student, folder in (("full", "solutions"), ("empty", "exercises")):
            handed_in = course / "submitted" / student / unit
            handed_in.mkdir(parents=True)
            shutil.copy(course / folder / unit / f"{unit}.ipynb", handed_in)
        _as_from_a_browser(course / "submitted" / "full" / unit / f"{unit}.ipynb")
        _nbgrader(course, "autograde", unit)
        _nbgrader(course, "generate_feedback", unit)
        return course

    return course_of


def _as_from_a_browser(path: Path) -> None:
    """Name the kernel that JupyterLite names, which this machine does not have."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    kernel = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
    notebook["metadata"]["kernelspec"] = kernel
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _nbgrader(course: Path, *arguments: str) -> None:
    places = {name: str(course / "jupyter") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
    places["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env={**environment, **places, "NNLAB_SECRET_SEED": "tests", "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="session")
def variants() -> Callable[[str], dict[str, Any]]:
    """Return the honest variants of a unit."""
    return variants_of

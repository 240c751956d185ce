"""The wheel, installed where nothing else is: every command works, and the package passes its own tests."""

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from nnlab.grading.sandbox import bubblewrap
from nnlab.grading.source import read_source

pytestmark = pytest.mark.slow

Run = Callable[..., str]

ELSEWHERE = {
    "test_plots.py": "needs Matplotlib",
    "test_publishing.py": "is about the repository",
    "test_readme.py": "is about the repository",
    "test_repository.py": "is about the repository",
    "datasets/test_command.py": "needs the command line",
    "datasets/test_files.py": "needs pooch, for downloads",
    "datasets/test_sets.py": "needs scikit-learn, to compare with",
}
"""Tests beside those of floors 0 to 2 that need more than NumPy; all others there must pass without it."""

ONE_MORE = "training/test_fit.py::test_the_progress_bar_counts_epochs"
"""Needs tqdm, which draws the bar."""


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as a release has it."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=root, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def environment(folder: Path, root: Path, *packages: str) -> Path:
    """Make an environment with these packages, of the lock's versions, and return the folder of its programs."""
    pins = re.findall(r"^[\w.-]+==[^\\\n]+", (root / "requirements/lock.txt").read_text(), re.M)
    (folder / "pins.txt").write_text("\n".join(pins))
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    install = ["pip", "install", "--quiet", "--no-compile", "--constraint", folder / "pins.txt"]
    done = subprocess.run(
        [programs / "python", "-m", *install, *packages],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return programs


@pytest.fixture(scope="module")
def bare(wheel: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel alone, and what runs tests."""
    folder = tmp_path_factory.mktemp("bare")
    return environment(folder, root, str(wheel), "pytest", "hypothesis")


@pytest.fixture(scope="module")
def full(wheel: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel with the extras that the messages name."""
    folder = tmp_path_factory.mktemp("full")
    return environment(folder, root, f"nnlab-course[grading,study] @ {wheel.as_uri()}")


def test_the_wheel_has_the_course_and_no_leftovers(wheel: Path, root: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    course = {name.removeprefix("nnlab/course/") for name in names if "/course/" in name}
    tracked = subprocess.run(
        ["git", "ls-files", "solutions", "exercises"], cwd=root, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    assert course - {"nbgrader_config.py"} >= set(tracked.stdout.split())
    assert not [name for name in course if name.startswith("solutions") and "ipynb" in name]
    assert not [name for name in names if not name.startswith(("nnlab/", "nnlab_course-"))]


def test_the_readme_stands_alone_on_the_package_index(wheel: Path, root: Path) -> None:
    """Its links lead to files of the repository, which are there."""
    [name] = [n for n in zipfile.ZipFile(wheel).namelist() if n.endswith("/METADATA")]
    text = zipfile.ZipFile(wheel).read(name).decode()
    assert not re.findall(r"\]\((?!https?:)[^)]*\)", text)
    home = r"https://(?:github\.com/nnlab-course/nnlab/blob|raw\.githubusercontent\.com/nnlab-course/nnlab)/main/"
    led = set(re.findall(rf"\]\({home}([^)#]+)", text))
    assert {"LICENSE", "book/guides/page.webp"} <= led
    assert not [path for path in led if not (root / path).is_file()]


def test_the_package_passes_its_own_tests_on_numpy_alone(
    bare: Path, root: Path, tmp_path: Path
) -> None:
    floors = runpy.run_path(str(root / "tests/test_repository.py"))["FLOORS"]
    rooms = sorted(name for name, floor in floors.items() if floor <= 2)
    shutil.copytree(
        root / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(root / "pyproject.toml", tmp_path)
    places = [tmp_path / "tests", *(tmp_path / "tests" / room for room in rooms)]
    found = {
        p.relative_to(tmp_path / "tests").as_posix() for f in places for p in f.glob("test_*.py")
    }
    assert set(ELSEWHERE) <= found, "ELSEWHERE names tests that are no more"
    modules = [f"nnlab.{room}" for room in rooms]
    done = subprocess.run(
        [bare / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider",
         *(f"tests/{name}" for name in sorted(found - set(ELSEWHERE))),
         "--deselect", f"tests/{ONE_MORE}", "--pyargs", *modules],
        cwd=tmp_path, env=_environment(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    summary = done.stdout.strip().splitlines()[-1]
    assert re.search(r"\d{3,} passed, 1 deselected", summary), summary
    assert "skipped" not in summary and "xfailed" not in summary
    where = [bare / "python", "-c", "import nnlab; print(nnlab.__file__)"]
    assert "site-packages" in subprocess.check_output(where, cwd=tmp_path, text=True)


def test_the_command_says_what_it_lacks(bare: Path, tmp_path: Path) -> None:
    done = subprocess.run([bare / "nnlab", "doctor"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "pip install 'nnlab-course[grading,study]'" in done.stderr


def _environment(home: Path) -> dict[str, str]:
    """Nothing of this machine's settings but the path."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "HOME": str(home), "OPENBLAS_NUM_THREADS": "1"}


@pytest.fixture
def run(full: Path, tmp_path: Path) -> Run:
    """Run the installed `nnlab` in a folder; what it printed, if it ends with the code it should."""

    def run(*words: object, folder: Path = tmp_path, code: int = 0) -> str:
        done = subprocess.run(
            [full / "nnlab", *map(str, words)], cwd=folder, env=_environment(tmp_path),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, f"{words}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout

    return run


def test_reading_and_looking_around(run: Run) -> None:
    assert "The book is online: https://" in run("read", "--no-browser")
    report = json.loads(run("doctor", "--for", "study", "--json"))
    assert report["lacks"] == {"study": []} and report["course"] is None
    assert json.loads(run("doctor", "--for", "develop", "--json", code=1))["lacks"]["develop"]
    assert "digits.csv.gz" in run("data", "list")
    assert "thesis-wine" in run("study", "list")


def test_a_study_in_its_small_form(run: Run, tmp_path: Path) -> None:
    assert "fractal-quick.csv" in run("study", "fractal", "--quick")
    assert (tmp_path / "results/fractal-quick.png").stat().st_size > 1000


def handed_in(path: Path, source: Path, more: str = "") -> None:
    """Write the solution of a unit as a student would hand it in."""
    notebook = read_source(source)
    for cell in notebook.cells:
        cell.source = cell.source.partition("\n### BEGIN HIDDEN TESTS")[0]
    if more:
        notebook.cells.append(nbformat.v4.new_code_cell(more))
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


SPY = """
import os
found = [os.path.join(folder, name) for folder, _, names in os.walk("/") for name in names
         if not folder.startswith(("/proc", "/sys")) and name in ("adam.md", "begun.md")]
print(f"{len(found)} found")
"""


def test_a_course_from_the_first_command_to_the_marks(run: Run, tmp_path: Path) -> None:
    course = tmp_path / "mine"
    run("course", "init", course, "--unit", "adam")
    run("course", "init", course, "--unit", "adam")
    run("course", "new-unit", "begun", folder=course)
    assert "begun.ipynb" in run("release", folder=course)
    loose = tmp_path / "downloads/adam.ipynb"  # far from any course
    handed_in(loose, course / "solutions/adam/adam.md")
    assert "13 of 13 checks passed" in run("check", loose)
    run("check", course / "exercises/begun/begun.ipynb", code=1)
    for unit in ("adam", "begun"):
        place = course / "submitted/ada" / unit / f"{unit}.ipynb"
        handed_in(place, course / f"solutions/{unit}/{unit}.md", SPY)

    isolation = "process" if bubblewrap.available() else "bubblewrap"
    if isolation == "process" and os.environ.get("CI"):
        pytest.fail(f"CI must test the sandbox itself: {bubblewrap.available()}")
    run("grade", "--isolation", isolation, folder=course)
    marks = json.loads(run("export", "--format", "json", folder=course))
    assert {mark["unit"]: mark["score"] for mark in marks} == {"adam": 20, "begun": 4}
    run("export", "begun", "--output", "marks.csv", folder=course)
    assert "test-clipped-long" in (course / "marks.csv").read_text()
    assert (course / "feedback/ada/adam/adam.html").is_file()
    if isolation == "bubblewrap":
        assert spied(course) == ["0 found", "0 found"]
        run("grade", "--isolation", "process", "--output", course / "open", folder=course)
        seen = spied(course / "open")  # without walls the same code finds them: the spy can see
        assert "0 found" not in seen and len(seen) == 2


def spied(home: Path) -> list[str]:
    """What the spies in the submissions found."""
    verdicts = [
        json.loads(path.read_text()) for path in sorted(home.glob("verdicts/[!.]*/ada.json"))
    ]
    return [verdict["cells"][-1]["output"].strip() for verdict in verdicts]


def test_slips_are_answered_with_what_to_do(run: Run, full: Path, tmp_path: Path) -> None:
    def told(*words: str, code: int) -> str:
        done = subprocess.run(
            [full / "nnlab", *words], cwd=tmp_path, env=_environment(tmp_path),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code and "Traceback" not in done.stdout + done.stderr, done
        return " ".join((done.stdout + done.stderr).split())

    assert "nnlab course init" in told("release", code=2)
    assert "nnlab course init" in told("grade", code=2)
    assert "there are no verdicts" in told("export", code=2)
    assert "none.ipynb" in told("check", "none.ipynb", code=2)
    assert "choose one of" in told("study", "thesis-wind", code=2)

"""A slip is answered once, on standard error, with what to do next; its exit code is the one that --help names."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import Result

from nnlab.cli import progress
from nnlab.grading import course as grading
from nnlab.grading.home import Part, Report
from nnlab.grading.store import Store
from nnlab.grading.verdict import Verdict

Call = Callable[..., Result]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with a unit of that name, and one verdict, to stand in."""
    (tmp_path / "solutions/tiny").mkdir(parents=True)
    (tmp_path / "solutions/tiny/tiny.md").touch()
    Store(tmp_path / "verdicts").put(Verdict("ada", "tiny", "graded", max_score=10.0))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_whoever_calls_may_have_closed_the_streams(closed: str, course: Path) -> None:
    run = [sys.executable, "-c", "from nnlab.cli import main; main()"]
    for words, status in ((["--help"], 0), (["grade", "nonesuch", "--course", "."], 2)):
        line = f'exec "$@" {closed}'
        done = subprocess.run(
            ["sh", "-c", line, "sh", *run, *words], capture_output=True, text=True, cwd=course
        )
        assert (done.returncode, "Traceback" in done.stderr) == (status, False), done.stderr


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("grade --submissions nowhere", "there is no nowhere"),
        ("export --format canvas tiny", "exported from there with --into"),
        ("export --format canvas tiny --into none.csv", "there is no file none.csv"),
        ("export --output none/marks.csv", "name another file with --output"),
        ("export nonesuch", "`nnlab grade` makes them"),
        ("check none.ipynb", "none.ipynb cannot be checked"),
        ("course init solutions/tiny/tiny.md/x", "name another folder"),
    ],
)
def test_it_is_said_once_and_what_to_do(call: Call, course: Path, line: str, says: str) -> None:
    done = call(*line.split())
    assert done.exit_code == 2, done.output
    assert done.stdout == "" and says in done.stderr
    name = "nnlab course init" if line.startswith("course") else f"nnlab {line.split()[0]}"
    assert done.stderr.startswith(f"{name}: ") and done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["grade", "release"])
def test_a_course_without_units_is_told_how_to_begin_one(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    (tmp_path / "solutions").mkdir()
    monkeypatch.chdir(tmp_path)
    done = call(command)
    assert done.exit_code == 2 and "nnlab course new-unit" in done.stderr


def test_a_student_who_is_not_there_is_no_success(
    call: Call, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (course / "submitted/ada/tiny").mkdir(parents=True)
    monkeypatch.setattr(grading, "run", lambda request, watcher: grading.Outcome(isolation="none"))
    done = call("grade", "--student", "aad")
    assert done.exit_code == 2 and "no student in submitted fits 'aad'" in done.stderr
    assert call("grade").exit_code == 0


def test_ctrl_c_in_a_study_says_that_the_same_command_goes_on(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nnlab.experiments.run_study", interrupted)
    done = call("study", "fractal", "--quick", "--output", tmp_path)
    assert done.exit_code == 130 and "the same command does the rest" in done.stderr


def test_without_a_terminal_the_bar_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    with progress.bar() as bar:
        bar.begin("grading", 2)
        bar.step()
    assert capfd.readouterr() == ("", "")


TASKS = """
import os
from nnlab.cli.progress import bar
threads = lambda: len(os.listdir("/proc/self/task"))
with bar() as watcher:
    before = threads()
    watcher.begin("grading", 2)
    watcher.step()
    more = threads() - before
print(before, more)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in Linux's own way")
def test_on_a_terminal_the_bar_is_drawn_and_its_thread_comes_with_the_work() -> None:
    import pty

    ours, theirs = pty.openpty()
    one = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    done = subprocess.run(
        [sys.executable, "-c", TASKS],
        stdout=subprocess.PIPE, stderr=theirs, env=os.environ | one, timeout=60, check=True,
    )  # fmt: skip
    os.close(theirs)
    drawn = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert done.stdout.split() == [b"1", b"1"]
    assert "grading" in drawn and "1/2" in drawn


def test_an_old_code_page_costs_check_marks_and_nothing_else(
    program: Callable[..., CompletedProcess[str]], course: Path
) -> None:
    Store(course / "verdicts").put(Verdict("Łukasz", "tiny", "graded", max_score=10.0))
    old = {"PYTHONIOENCODING": "cp1252"}
    done = program("doctor", "--for", "read", **old)
    assert done.returncode == 0 and "?  NumPy" in done.stdout, done.stderr
    exported = program("export", **old)
    assert exported.returncode == 0 and "Łukasz" in exported.stdout


def test_a_narrow_terminal_shows_names_whole(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"test-steepest-descent-{aspect}" for aspect in ("first-step", "many-steps")]
    report = Report("tiny", [Part(name, 1, "passed", True) for name in names])
    monkeypatch.setattr("nnlab.grading.home.check_notebook", lambda *_: report)
    monkeypatch.setenv("COLUMNS", "40")
    shown = call("check", "tiny.ipynb").stdout
    cells = "".join(line.split("│")[1].strip() for line in shown.splitlines() if "│" in line)
    assert cells == "".join(names)

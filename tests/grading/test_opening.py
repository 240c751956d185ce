"""Sandboxes begin before the grader has loaded what grades, and go to copies of it."""

import subprocess
import sys

import pytest
import tiny

import nnlab.grading

LIGHT = """
import sys
import nnlab.cli.app, nnlab.cli.grade, nnlab.cli.progress, nnlab.grading.course, nnlab.grading.release
print("numpy" in sys.modules)
import nnlab.grading.session
print("numpy" in sys.modules)
"""


def test_what_finds_submissions_and_begins_sandboxes_needs_no_numpy():
    assert python(LIGHT) == ["False", "True"]


def test_grading_has_what_it_says_and_nothing_else():
    assert all(callable(getattr(nnlab.grading, name)) for name in nnlab.grading.__all__)
    with pytest.raises(AttributeError, match="'grade'"):
        _ = nnlab.grading.grade


@pytest.mark.slow
@pytest.mark.parametrize("dies", [False, True])
def test_a_sandbox_begun_ahead_is_the_copys_and_one_that_dies_meanwhile_is_replaced(course, dies):
    notebook = course / "notebook.ipynb"
    notebook.write_bytes(tiny.as_bytes(tiny.submission()))
    words = [str(course), str(notebook), *(["dies"] if dies else [])]
    score, of_us, of_the_copy, left, folder_is_left, files_left = python(AHEAD, *words)
    assert float(score) == tiny.FULL
    assert (of_us, of_the_copy) == (("0", "1") if dies else ("1", "0"))
    assert (left, folder_is_left, files_left) == ("0", "False", "0")


@pytest.mark.slow
def test_many_open_files_are_no_matter(course):
    """`select`, of all, knows no number beyond 1023."""
    notebook = course / "notebook.ipynb"
    notebook.write_bytes(tiny.as_bytes(tiny.submission()))
    many = "keep = [os.open('/dev/null', 0) for _ in range(1100)]\nbefore = files()\n"
    code = AHEAD.replace("before = files()\n", many).replace(
        "print(running", "print(again(), running", 1
    )
    score, again, *_ = python(code, str(course), str(notebook))
    assert float(score) == float(again) == tiny.FULL


AHEAD = """
import os, sys
os.environ["OPENBLAS_NUM_THREADS"] = "1"
from pathlib import Path
from nnlab.grading.course import find_unit
from nnlab.grading.sandbox import Limits, Settings
from nnlab.grading.sandbox.opening import opened

def running(parent):
    count = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = place.read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        state, of = rest.split()[:2]
        count += name == "bwrap" and state != "Z" and int(of) == parent
    return count

def files():
    return len(os.listdir("/proc/self/fd"))

root, notebook = map(Path, sys.argv[1:3])
unit, settings = find_unit(root, "tiny", None), Settings("bubblewrap", Limits(3.0, 20.0))
before = files()
with opened(unit, settings, 1) as [sandbox]:
    from nnlab.grading.bench import Job
    from nnlab.grading.verdict import Verdict
    from nnlab.grading.worker import Worker
    worker = Worker()
    worker.begin(sandbox)
    if "dies" in sys.argv:
        os.kill(sandbox.zygote.process.pid, 9)
    def again():
        return Verdict.from_json(worker.grade(job, settings)).score
    job = Job(unit, "s01", notebook.read_bytes(), "key", "digest", "seed")
    print(Verdict.from_json(worker.grade(job, settings)).score)
    print(running(os.getpid()), running(worker.process.pid))
    worker.close()
print(running(os.getpid()), sandbox.folder.exists(), files() - before)
"""


def python(code: str, *words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()

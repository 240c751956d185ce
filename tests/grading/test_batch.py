"""A batch loses nothing: not to hostile neighbours, kill -9, a full disk, or a gradebook that cannot be written."""

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import tiny
from test_corpus import ATTACKS, expected

from nnlab.grading import publish
from nnlab.grading.course import Change, Outcome, Request, Watcher, run
from nnlab.grading.gradebook import Book
from nnlab.grading.nbgrader import GradebookError
from nnlab.grading.sandbox import Limits, Settings
from nnlab.grading.sandbox.folders import PREFIX
from nnlab.grading.store import Store

pytestmark = pytest.mark.slow

MAIN = "from nnlab.cli import main; main()"
LIMITS = Limits(call=2.0, total=12.0)


def command(course: Path, before: str = "") -> list[str]:
    where = ["--course", str(course), "--submissions", str(course / "submitted"), "--seed", "test"]
    return [sys.executable, "-c", before + MAIN, "grade", "tiny", *where, "--seconds", "12"]


def start(course: Path, before: str = "") -> subprocess.Popen:
    pipe = subprocess.PIPE
    words = command(course, before)
    # Uncounted: coverage would complain of the full disk.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
    return subprocess.Popen(
        words, stdout=pipe, stderr=pipe, text=True, env=environment, start_new_session=True
    )


def grade_class(course: Path, again: bool = False, workers: int = 1) -> Outcome:
    settings = Settings("bubblewrap", LIMITS)
    submitted = course / "submitted"
    request = Request(
        course, submitted, course, ["tiny"], "*", settings, "test", workers, again=again
    )
    return run(request, Watcher())


def verdicts(course: Path) -> dict[str, str]:
    return {p.stem: p.read_text() for p in sorted((course / "verdicts" / "tiny").glob("*.json"))}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def scores(course: Path) -> dict[str, float]:
    query = (
        "select a.student_id, sum(coalesce(g.manual_score, g.auto_score, 0)) from submitted_assignment a "
        "join submitted_notebook n on n.assignment_id = a.id join grade g on g.notebook_id = n.id group by 1"
    )
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as book:
        return dict(book.execute(query))


def hand_in_class(course: Path, count: int = 6) -> None:
    for n in range(count):
        answer = (tiny.RIGHT, tiny.WRONG, tiny.STUB)[n % 3]
        tiny.hand_in(course, f"h{n:02d}", tiny.submission(answer))


@pytest.mark.slow
def test_hostile_neighbours_change_nothing_for_anybody(course):
    hand_in_class(course)
    grade_class(course)
    undisturbed = verdicts(course)
    pages = tree(course / "feedback")
    handed = tree(course / "submitted")
    shutil.rmtree(course / "verdicts")
    shutil.rmtree(course / "feedback")
    (course / "gradebook.db").unlink()

    quick = [path for path in ATTACKS if expected(path)[1] != "timed out"]
    for n, path in enumerate(quick):
        # names that sort before, between and after those of the others
        tiny.hand_in(
            course, f"{'agz'[n % 3]}{n:02d}", tiny.submission(tiny.WRONG + expected(path)[2])
        )
    grade_class(course, workers=2)
    now = verdicts(course)
    assert {name: text for name, text in now.items() if name in undisturbed} == undisturbed
    assert len(now) == len(undisturbed) + len(quick)
    after = tree(course / "feedback")
    assert {name: after[name] for name in pages if "class" not in name} == {
        name: page for name, page in pages.items() if "class" not in name
    }
    after_handed = tree(course / "submitted")
    assert {name: after_handed[name] for name in handed} == handed
    assert scores(course)["h00"] == tiny.FULL
    assert max(score for name, score in scores(course).items() if name[0] != "h") == 0


@pytest.mark.slow
def test_killed_at_twenty_moments_it_goes_on(course, tmp_path_factory, monkeypatch):
    temporary = tmp_path_factory.mktemp("temporary")  # where no other test's folders come and go
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    hand_in_class(course, 8)
    tiny.hand_in(course, "loop", tiny.submission("while True: pass"))
    grade_class(course)
    undisturbed, marks = verdicts(course), scores(course)
    shutil.rmtree(course / "verdicts")
    (course / "gradebook.db").unlink()

    moments = random.Random(20)
    for _ in range(20):
        process = start(course)
        time.sleep(moments.uniform(0.1, 3.5))
        process.kill()
        process.communicate()
        for text in verdicts(course).values():
            json.loads(text)
        if moments.random() < 0.3:
            shutil.rmtree(course / "verdicts" / "tiny", ignore_errors=True)
    grade_class(course, workers=2)
    assert verdicts(course) == undisturbed
    assert scores(course) == marks
    assert not strays(course)
    left = temporary.glob(f"{PREFIX}*")
    assert not [f for f in left if not Path("/proc", f.name.split("-")[2]).exists()]


def strays(course: Path) -> list[str]:
    """Return the command lines of processes that still work on this course."""
    time.sleep(1)
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = place.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(course) in line:
            found.append(line)
    return found


def test_what_is_unchanged_is_not_graded_again(course):
    hand_in_class(course, 3)
    first = grade_class(course)
    assert (first.graded, first.kept) == (3, 0)
    second = grade_class(course)
    assert (second.graded, second.kept) == (0, 3)
    tiny.hand_in(course, "h01", tiny.submission(tiny.RIGHT))
    third = grade_class(course)
    assert (third.graded, third.kept) == (1, 2)
    assert third.changes == [Change("h01", "tiny", 0.0, tiny.FULL, "graded")]
    again = grade_class(course, again=True)
    assert (again.graded, again.changes) == (3, [])


def test_no_stale_score_outlives_a_new_submission(course):
    for made in (
        tiny.submission("import os\nos._exit(1)"),
        b"{",
        tiny.submission("while True: pass"),
    ):
        tiny.hand_in(course, "s01", tiny.submission())
        grade_class(course)
        assert scores(course) == {"s01": tiny.FULL}
        tiny.hand_in(course, "s01", made)
        [change] = grade_class(course).changes
        assert (change.before, change.after) == (tiny.FULL, 0)
        assert scores(course) == {"s01": 0}


def test_an_empty_folder_is_a_verdict(course):
    (course / "submitted" / "s01" / "tiny").mkdir(parents=True)
    grade_class(course)
    assert json.loads(verdicts(course)["s01"])["status"] == "missing"


def test_a_read_only_gradebook_loses_nothing(course, monkeypatch):
    hand_in_class(course, 2)
    grade_class(course)
    before = scores(course)
    tiny.hand_in(course, "s09", tiny.submission())
    with monkeypatch.context() as patch:  # root may write everywhere: ask as if we were not root
        patch.setattr(os, "access", lambda *about: False)
        with pytest.raises(GradebookError, match="read-only"):
            grade_class(course)
    assert scores(course) == before
    assert json.loads(verdicts(course)["s09"])["score"] == tiny.FULL
    assert grade_class(course).graded == 0
    assert scores(course)["s09"] == tiny.FULL


def test_a_test_that_is_no_python_costs_its_own_points_only(course):
    for place in (course / "source" / "tiny", course / "release" / "tiny"):
        path = place / "tiny.ipynb"
        made = json.loads(path.read_text())
        for cell in made["cells"]:
            if cell["id"] == "test-loss":
                cell["source"] = "assert ("
        path.write_text(json.dumps(made))
    tiny.hand_in(course, "s01", tiny.submission())
    assert grade_class(course).graded == 1
    [verdict] = Store(course / "verdicts").all("tiny")
    lost = [test for test in verdict.tests if not test.passed]
    assert [(test.id, "could not be checked" in test.message) for test in lost] == [
        ("test-loss", True)
    ]


@pytest.mark.parametrize("fails", [False, True])
def test_the_gradebook_fills_while_others_are_graded(fails, course, monkeypatch):
    hand_in_class(course, 7)
    counts, record = [], Book.record

    def failing_once(self, unit, entries):
        monkeypatch.setattr(Book, "record", record)
        raise OSError("the disk is busy")

    class Looks(Watcher):
        def step(self):
            counts.append(len(scores(course)) if (course / "gradebook.db").exists() else 0)

    monkeypatch.setattr(publish, "TOGETHER", 2)
    if fails:
        monkeypatch.setattr(Book, "record", failing_once)
    settings = Settings("bubblewrap", LIMITS)
    outcome = run(
        Request(course, course / "submitted", course, ["tiny"], "*", settings, "test", 1), Looks()
    )
    assert counts[:7] == ([0] * 7 if fails else [0, 2, 2, 4, 4, 6, 6])
    assert scores(course) == {v.student: v.score for v in outcome.units["tiny"]}
    assert len(scores(course)) == 7


@pytest.mark.parametrize("again", range(3))
def test_three_who_grade_at_once_get_in_nobodys_way(course, again):
    hand_in_class(course, 10)
    three = [start(course) for _ in range(3)]
    for process in three:
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, output + errors
    assert len(verdicts(course)) == len(scores(course)) == 10
    assert scores(course) == {
        student: json.loads(text)["score"] for student, text in verdicts(course).items()
    }
    assert grade_class(course).graded == 0


@pytest.mark.parametrize("room", [2_000, 20_000, 60_000])
def test_a_full_disk_gives_an_error_and_loses_nothing(course, room):
    """Files that may not grow stand for a full disk: the verdict, the notebook or the gradebook cannot be written."""
    hand_in_class(course, 3)
    grade_class(course)
    before = verdicts(course)
    tiny.hand_in(course, "s09", tiny.submission())
    limit = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room})); "
    )
    process = start(course, limit)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1, errors
    assert "run it again" in errors
    assert "Traceback" not in errors
    assert before.items() <= verdicts(course).items()
    grade_class(course)
    assert scores(course)["s09"] == tiny.FULL
    assert not list((course / "verdicts").rglob("*.part"))


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&- 2>&-"])
def test_with_streams_closed_it_grades_as_always(closed, course):
    """Number 0, if it is free, would go to a file of ours, and be taken for the standard input of a worker."""
    hand_in_class(course, 3)
    words = ["sh", "-c", f'exec "$@" {closed}', "sh", *command(course)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert scores(course) == {"h00": tiny.FULL, "h01": 0.0, "h02": 0.0}


def test_a_unit_named_twice_is_graded_once(course):
    tiny.hand_in(course, "s01", tiny.submission())
    words = command(course)
    words.insert(words.index("tiny"), "tiny")
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert (done.returncode, "1 graded now" in done.stdout) == (0, True), done.stderr


def test_interrupted_while_a_sandbox_opens_it_leaves_no_folder(course, tmp_path, monkeypatch):
    hand_in_class(course, 3)
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setenv("TMPDIR", str(room))
    process = start(course, INTERRUPTED)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, "run it again" in errors) == (130, True), errors
    assert list(room.iterdir()) == []


INTERRUPTED = """
from nnlab.grading.sandbox import facade
def build(folder, *about):
    assert folder.is_dir()
    raise KeyboardInterrupt
facade.build = build
"""


def test_interrupting_keeps_what_is_there(course):
    hand_in_class(course, 6)
    for n in range(20):
        tiny.hand_in(course, f"z{n}", tiny.submission("import time\ntime.sleep(1.5)"))
    process = start(course)
    until = time.monotonic() + 60
    while len(verdicts(course)) < 6 and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "run it again" in errors
    assert "Traceback" not in errors
    assert len(verdicts(course)) >= 6


def test_an_empty_seed_is_made_anew_and_a_whole_one_kept(tmp_path):
    store = Store(tmp_path)
    (tmp_path / ".seed").touch()
    seed = store.seed()
    assert len(seed) == 32
    assert store.seed() == seed
    assert [path.name for path in tmp_path.iterdir()] == [".seed"]
    assert (tmp_path / ".seed").stat().st_mode & 0o077 == 0

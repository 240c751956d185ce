"""Whatever a notebook does to the grader itself costs that notebook its marks, and nobody else anything."""

import copy
import re
import subprocess
import sys
import threading
import time
from multiprocessing.connection import Pipe

import pytest
import tiny

from nnlab.grading import bench as benches
from nnlab.grading import worker
from nnlab.grading.bench import Job
from nnlab.grading.notes import Notes
from nnlab.grading.sandbox import Limits, Settings
from nnlab.grading.sandbox.inside import cells
from nnlab.grading.trusted import Tests as Engine
from nnlab.grading.unit import load_unit
from nnlab.grading.verdict import Verdict

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("error", [KeyError("x"), MemoryError(), RecursionError(), UnicodeError()])
def test_a_fault_of_the_grader_is_a_verdict(error, grade, monkeypatch):
    def fails(*about):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(benches, "grade", fails)
        verdict = grade(tiny.submission())
    assert (verdict.status, verdict.score, verdict.reason) == ("crashed", 0, benches.FAILED)
    assert grade(tiny.submission()).score == tiny.FULL


def test_a_fault_of_the_grader_in_one_test_takes_no_marks_from_those_before(grade, monkeypatch):
    run = Engine.run

    def fails(self, test, *about):
        if test.id == "test-loss":
            raise SystemError("impossible")
        return run(self, test, *about)

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "run", fails)
        verdict = grade(tiny.submission())
    assert (verdict.status, verdict.score, verdict.reason) == ("crashed", 13, benches.FAILED)
    assert len(verdict.tests) == len(tiny.TESTS)


@pytest.fixture
def work(tmp_path, isolation, monkeypatch):
    """Grade a notebook in a worker, where the test of `descend` hands out a function that does what it is told."""
    monkeypatch.setattr(worker, "GRACE", 3.0)
    for folder, made in (("source", tiny.SOURCE), ("release", tiny.RELEASED)):
        made = copy.deepcopy(made)
        for cell in made["cells"]:
            if cell["id"] == "test-descend":
                cell["source"] = "import os\ndescend(lambda make, *sizes: eval(make)(*sizes), 1, 1)"
        path = tmp_path / folder / "tiny" / "tiny.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(tiny.as_bytes(made))
    unit = load_unit(tmp_path / "source/tiny/tiny.ipynb", tmp_path / "release/tiny/tiny.ipynb")
    mine = worker.Worker()

    def work(answer: str) -> Verdict:
        made = tiny.as_bytes(tiny.submission(tiny.RIGHT + answer))
        job = Job(unit, "s01", made, "key", "digest", "seed")
        return Verdict.from_json(mine.grade(job, Settings("bubblewrap", Limits(1.0, 3.0))))

    yield work
    mine.close()


def test_a_worker_is_a_twin_of_a_process_without_threads_and_else_a_program_of_its_own():
    kinds = []

    def begin():
        mine = worker.Worker()
        mine.begin()
        mine._wait_until_ready()
        kinds.append(type(mine.process))
        mine.close()

    thread = threading.Thread(target=begin)
    thread.start()
    thread.join()
    done = subprocess.run(
        [sys.executable, "-c", TWIN], capture_output=True, text=True, timeout=60, check=True
    )
    assert kinds == [worker.Program]
    assert done.stdout.split() == ["Twin", "True", "False"]


TWIN = """
import os
os.environ["OPENBLAS_NUM_THREADS"] = "1"
from nnlab.grading.worker import Worker
mine = Worker()
mine.begin()
mine._wait_until_ready()
twin = mine.process
print(type(twin).__name__, os.path.exists(f"/proc/{twin.pid}"))
mine.close()
print(os.path.exists(f"/proc/{twin.pid}"))
"""

BOMB = "\ndef descend(f, start, steps):\n    f({!r}, {})"


def test_computing_without_end_in_the_grader_itself_is_ended(work):
    verdict = work(BOMB.format("pow", "3, 10**10"))
    assert (verdict.status, verdict.score) == ("timed out", 17)
    assert "took more than" in verdict.reason
    assert work("").score == tiny.FULL - 2  # this test's two points: what it asks is nonsense


def test_memory_of_the_grader_itself_has_an_end(work):
    verdict = work(BOMB.format("np.ones", "3 * 10**8"))
    assert (verdict.status, verdict.score) == ("graded", tiny.FULL - 2)
    [message] = [test.message for test in verdict.tests if not test.passed]
    assert "Unable to allocate 2.24 GiB" in message


@pytest.mark.parametrize("end", ["os.abort()", "os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_the_death_of_a_worker_is_a_verdict(work, end):
    verdict = work(BOMB.format(f"lambda: {end}", ""))
    assert (verdict.status, verdict.score, verdict.reason) == ("crashed", 17, benches.FAILED)
    assert work("").status == "graded"


def test_what_was_passed_before_the_death_of_a_worker_stands_and_answers_are_kept(work):
    verdict = work(BOMB.format("lambda: os._exit(0)", ""))
    assert [test.id for test in verdict.tests] == [f"test-{name}" for name, *_ in tiny.TESTS]
    passed = {test.id: test.points for test in verdict.tests if test.passed}
    assert sum(passed.values()) == verdict.score == 2 + 8 + 3 + 2 + 2
    assert [test.message for test in verdict.tests if not test.passed] == [benches.NOT_RUN] * 2
    assert verdict.waits_for_person == ["why"]
    assert verdict.isolation.startswith("bubblewrap")
    assert verdict.needs_look


def test_fresh_inputs_that_are_read_out_help_nobody(grade):
    """The calls of the visible check come first, so this error shows an input of the hidden one."""
    tell = "\nseen = 0\n_own = adam_step\ndef adam_step(theta, *rest, **more):\n    global seen\n    seen += 1\n"
    tell += "    if seen > 11:\n        raise ValueError(repr(theta))\n    return _own(theta, *rest, **more)\n"

    def read(comment: str) -> str:
        verdict = grade(tiny.submission(tiny.RIGHT + tell + comment))
        assert "raise ValueError(repr(theta))" in verdict.tests[0].message
        return verdict.tests[0].message

    assert read("# one") == read("# one")
    assert read("# one") != read("# two")


def test_a_failure_on_fresh_numbers_shows_them_and_no_hidden_source(grade):
    """Right for the visible check, wrong for what only the hidden one draws: the same call gives the same failure."""
    learned = "\nseen = 0\n_own = adam_step\ndef adam_step(theta, *rest, **more):\n    global seen\n    seen += 1\n"
    learned += (
        "    theta, state = _own(theta, *rest, **more)\n    return theta + (seen > 11), state\n"
    )
    made = tiny.submission(tiny.RIGHT + learned)
    first, many, *_ = grade(made).tests
    assert first.message.startswith("adam_step, the first step, with fresh numbers: wrong values.")
    assert re.search(r"call: +adam_step with theta=\[-?\d.*\], grad=\[", first.message)
    assert "fresh=True" not in first.message + many.message
    assert grade(made).tests[0].message == first.message


FORGED = """
import gc, json, socket, struct
door = [o for o in gc.get_objects() if isinstance(o, socket.socket) and o.fileno() >= 0][-1]
error = {"dict": [["type", "text", "line"], [[[1] * 9] * 9, [2] * 999, [3]]]}
text = json.dumps({"value": {"dict": [["output", "error"], [[4] * 999, error]]}}).encode()
door.sendall(struct.pack("!II", len(text), 0) + text)
"""


def test_nothing_but_text_is_ever_written_out_as_output_or_error(grade):
    made = tiny.submission()
    made["cells"].append({"cell_type": "code", "metadata": {}, "source": FORGED})
    verdict = grade(made)
    assert verdict.score == tiny.FULL
    last = verdict.cells[-1]
    assert (last.output, last.error) == ("", ": ")


def test_a_notebook_that_takes_long_to_read_does_not_hold_the_grader_up(grade):
    """To say why a name is missing, the grader reads all cells; lines that are no Python make it read them again."""
    made = tiny.submission("pass")
    cell = {"cell_type": "code", "metadata": {}, "source": "y = [1] + [2]\n" * 300 + "!ls\n" * 200}
    made["cells"] += [cell | {"source": f"# {n}\n" + cell["source"]} for n in range(150)]
    before = time.monotonic()
    verdict = grade(made, limits=Limits(call=1.0, total=4.0))
    assert time.monotonic() - before < 60  # unbounded, it was ten minutes
    assert len(verdict.tests) == len(tiny.TESTS)
    assert {test.reason for test in verdict.tests} <= {"missing", "timed out"}


def test_the_longer_a_cell_the_fewer_times_it_is_read(monkeypatch):
    read, look = [], cells._line_at_fault
    monkeypatch.setattr(cells, "_line_at_fault", lambda text: read.append(len(text)) or look(text))
    cells.plain_python("y = [1] + [2]\n" * 20_000 + "!ls\n" * 200)
    assert sum(read) < 2 * cells.MOST_WORK
    assert "!ls\n" in cells.plain_python("y = 1\n" + "!ls\n" * 150)  # as a comment
    compile(cells.plain_python("y = 1\n" + "!ls\n" * 150), "cell", "exec")


@pytest.mark.parametrize("deep", ["a" + ".b" * 100_000, "not " * 100_000 + "a"])
def test_code_that_is_nested_without_end_is_no_fault_of_the_grader(deep, grade):
    """The grader reads it when a name is missing, to see whether it would have been bound there."""
    made = tiny.submission(tiny.RIGHT.replace("def loss", "def another"))
    made["cells"].append({"cell_type": "code", "metadata": {}, "source": deep})
    verdict = grade(made)
    assert (verdict.status, verdict.score) == ("graded", tiny.FULL - 2)


def test_a_worker_that_nobody_waits_for_ends_in_silence():
    """So it goes when the terminal is closed while it starts."""
    ours, theirs = Pipe()
    ours.close()
    notes = Notes()
    with theirs:
        numbers = [theirs.fileno(), notes.fileno()]
        words = [sys.executable, "-m", "nnlab.grading.worker", *map(str, numbers)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(words, stdin=pipe, stderr=pipe, pass_fds=numbers)
    notes.close()
    assert process.communicate(timeout=60)[1] == b""

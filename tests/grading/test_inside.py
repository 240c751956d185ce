"""The student's side runs here without its walls, forked from this process, so that coverage sees its lines."""

import json
import os
import signal
import socket
import sys
from dataclasses import asdict

import pytest
import tiny
from test_corpus import HONEST, expected

from nnlab.grading.bench import Bench, Job, Settings
from nnlab.grading.sandbox import Limits, Zygote, find_isolation
from nnlab.grading.sandbox.inside import zygote as inside

pytestmark = pytest.mark.slow

NEED_WALLS = {"memory-is-full-below", "bars-and-farewells"}  # of memory; of what may be imported
LIMITS = Limits(call=3.0, total=10.0, memory=8192)  # this process is large already


class Process:
    """A forked process, as `Zygote` wants it."""

    def __init__(self, number: int) -> None:
        self.number = number

    def poll(self) -> None:
        """It lives until we hang up."""

    def wait(self, timeout: float = 0) -> None:
        os.waitpid(self.number, 0)


class Forked(Zygote):
    """A zygote that is a copy of this process."""

    def _start(self) -> None:
        self.close()
        self.room, self.errors = None, open(os.devnull)
        self.orders, theirs = socket.socketpair()
        about = asdict(self.limits) | {"seconds": 60, "rooms": False}
        about |= {"preload": self.preload, "draws": self.draws}
        number = os.fork()
        if number == 0:
            try:
                self.orders.close()
                os.chdir(self.course)  # here files are put that come with a notebook
                signal.signal(signal.SIGINT, signal.SIG_DFL)
                sys.argv = ["zygote", str(theirs.detach()), json.dumps(about)]
                inside.main()
            finally:
                os._exit(0)
        theirs.close()
        self.process = Process(number)
        assert self.orders.recv(64) == b"ready"

    def end(self, patience: float = 0.0) -> str:
        return super().end(max(patience, 5.0))  # to end by itself, and leave word of its lines


@pytest.fixture(scope="module")
def grade(unit, tmp_path_factory):
    bench = Bench()
    bench.zygote = Forked("process", tmp_path_factory.mktemp("course"), LIMITS)
    settings = Settings("process", LIMITS)
    bench.at = unit.digest, settings
    find_isolation("process")
    yield lambda made: bench.grade(
        Job(unit, "s01", tiny.as_bytes(made), "key", "digest", "seed", {"notes.txt": b"1"}),
        settings,
    )
    bench.close()


@pytest.mark.parametrize(
    "path", [path for path in HONEST if path.stem not in NEED_WALLS], ids=lambda path: path.stem
)
def test_honest_code_earns_the_same_without_walls(path, grade):
    score, status, code = expected(path)
    verdict = grade(tiny.submission(code))
    assert (verdict.score, verdict.status) == (score, status), verdict.reason


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("while True: pass", "timed out"),
        ("import os; os._exit(3)", "crashed"),
        ("print(open('notes.txt').read() * 30_000)", "graded"),
        ("import asyncio\nawait asyncio.sleep(0.01)", "graded"),
        ("await asyncio.Event().wait()", "graded"),
        ("get_ipython().run_line_magic('time', '1'); display(1)", "graded"),
        (
            "import ipywidgets as w; w.interact(lambda x: x, x=(1, 2)); w.IntSlider()[0].value",
            "graded",
        ),
        ("def f(:", "graded"),
        ("%timeit 1\n!ls", "graded"),
        ("raise SystemExit", "graded"),
    ],
)
def test_an_added_cell_costs_nobody_the_marks_before_it(code, status, grade):
    verdict = grade(tiny.submission(tiny.RIGHT + "\n# %%\n" + code))
    assert verdict.status == status, verdict.reason

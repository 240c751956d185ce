"""nbgrader's formgrader opens what we grade; pages and exports carry the marks that people give there."""

import csv
import io
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from nnlab.cli.app import app
from nnlab.grading.course import Request, Watcher, all_units, find_unit, run
from nnlab.grading.sandbox import Limits, Settings
from nnlab.grading.store import Store

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
UNITS = all_units(ROOT)
CLASS = ("s01", "s06", "s17", "s24")
"""Right, with a mistake, half done, and a file that was cut off."""


@pytest.fixture(scope="module")
def course(tmp_path_factory, isolation) -> Path:
    """Four of the made-up class in every unit, graded."""
    course = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tests" / "sample_class"))
        import make
    for name in UNITS:
        unit = find_unit(ROOT, name, course / "units")
        released = json.loads((ROOT / "exercises" / name / f"{name}.ipynb").read_text("utf-8"))
        texts = make.notebooks(unit, released)
        for student in CLASS:
            path = course / "submitted" / student / name / f"{name}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_text(texts[student], "utf-8")
    (course / "nbgrader_config.py").write_text(
        (ROOT / "nbgrader_config.py").read_text("utf-8"), "utf-8"
    )
    grade(course, UNITS)
    return course


def grade(course: Path, units: list[str]) -> None:
    settings = Settings("bubblewrap", Limits(call=20, total=120))
    run(Request(ROOT, course / "submitted", course, units, settings=settings), Watcher())


class Formgrader:
    """A Jupyter server with the extension, on loopback."""

    def __init__(self, course: Path, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/formgrader"
        words = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"]
        words += [
            "--ServerApp.token=token",
            f"--ServerApp.port={port}",
            "--ServerApp.port_retries=0",
        ]
        words += [f"--ServerApp.root_dir={course}"]
        self.log = open(home / "log", "w+")
        self.process = subprocess.Popen(
            words,
            cwd=course,
            env=os.environ | {"HOME": str(home)},
            stderr=self.log,
            stdout=self.log,
        )
        until = time.monotonic() + 90
        while time.monotonic() < until and self.process.poll() is None:
            try:
                self.page("api/status")
                return
            except OSError:
                time.sleep(0.2)
        self.close()
        raise RuntimeError((home / "log").read_text())

    def page(self, place: str, body: dict[str, Any] | None = None) -> str:
        """Return what is at a place; with a body, put it there."""
        request = urllib.request.Request(
            f"{self.url}/{place}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "token token", "Content-Type": "application/json"},
            method="GET" if body is None else "PUT",
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    def api(self, place: str, body: dict[str, Any] | None = None) -> Any:
        """Return what the extension's own pages ask for."""
        return json.loads(self.page(f"api/{place}", body))

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


@pytest.fixture(scope="module")
def formgrader(course, tmp_path_factory):
    server = Formgrader(course, tmp_path_factory.mktemp("home"))
    yield server
    server.close()


class Shown(HTMLParser):
    """Collects the ids and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.ids += [value for name, value in attributes if name == "id"]

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("name", UNITS)
def test_people_mark_written_answers_in_formgrader(name, course, formgrader):
    unit = find_unit(ROOT, name, course / "units")
    verdicts = {verdict.student: verdict for verdict in Store(course / "verdicts").all(name)}
    assert sorted(verdicts) == list(CLASS)
    assert name in formgrader.page(f"gradebook/{name}/{name}")

    rows = {row["student"]: row for row in formgrader.api(f"submitted_notebooks/{name}/{name}")}
    for student, verdict in verdicts.items():
        row = rows[student]
        assert row["score"] == verdict.score
        assert row["max_score"] == unit.max_score
        assert row["needs_manual_grade"] == bool(verdict.waits_for_person)

        shown = Shown(formgrader.page(f"submissions/{row['id']}/"))
        assert "BEGIN HIDDEN" not in shown.text
        assert {cell.id for cell in unit.cells if cell.kind in ("test", "written")} <= set(
            shown.ids
        )
        for test in verdict.tests:
            assert (test.message or f"{test.points:g} of").splitlines()[0] in shown.text
        for answer in verdict.written:
            assert " ".join(answer.text.split()[:3]).strip("$*") in " ".join(shown.text.split())

    expected = {student: verdict.score for student, verdict in verdicts.items()}
    for student, verdict in verdicts.items():
        waiting = verdict.waits_for_person
        for given in formgrader.api(f"grades?submission_id={rows[student]['id']}"):
            if given["name"] in waiting:
                points = given["max_score"] - 0.5
                formgrader.api(f"grade/{given['id']}", {"manual_score": points})
                expected[student] += points
        for comment in formgrader.api(f"comments?submission_id={rows[student]['id']}"):
            if comment["name"] in waiting:
                words = f"Read & marked, {student} <in {name}>."
                formgrader.api(f"comment/{comment['id']}", {"manual_comment": words})
    assert not any(
        row["needs_manual_grade"] for row in formgrader.api(f"submitted_notebooks/{name}/{name}")
    )

    grade(course, [name])
    for student, verdict in verdicts.items():
        page = (course / "feedback" / student / name / f"{name}.html").read_text("utf-8")
        text = " ".join(Shown(page).text.split())
        assert f"{expected[student]:g} of {unit.max_score:g} points" in text
        assert "points, so far" not in text
        assert (f"Read & marked, {student} <in {name}>." in text) == bool(verdict.waits_for_person)
    done = CliRunner().invoke(app, ["export", name, "--from", str(course)])
    assert done.exit_code == 0, done.output
    totals = {row["student"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert {student: float(row["total"]) for student, row in totals.items()} == expected
    assert {row["final"] for row in totals.values()} == {"yes"}

"""The guides' commands run in the order they stand, and show what their pages say they show."""

import json
import random
import re
import runpy
import subprocess
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from needing import need_sandbox
from terminal import PATIENCE, Terminal, follow

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "book" / "guides"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    need_sandbox()
    (tmp_path / "desk").mkdir()
    terminal = Terminal(tmp_path / "desk")
    yield terminal
    terminal.close()


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Five students of the made-up class in one unit: right, with wrong signs, half, no Python, damaged."""
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "sample_class"))
    import make

    def students(name: str) -> dict[str, str]:
        unit = make.find_unit(ROOT, name, tmp_path / "units")
        released = json.loads((ROOT / "exercises" / name / f"{name}.ipynb").read_text("utf-8"))

        def fresh(n: int) -> Any:
            return make.Notebook(unit, released, random.Random(f"{name}{n}"))

        right, wrong, broken = fresh(1).solve(), fresh(6).solve(), fresh(20).solve()
        first, last = right.answers[0].id, right.answers[-1].id
        wrong.cell(first)["source"] = wrong.cell(first)["source"].replace(" - ", " + ")
        broken.cell(last)["source"] = broken.cell(last)["source"].replace("return ", "retrun ", 1)
        half = fresh(17).solve(len(right.answers) // 2)
        texts = [made.text() for made in (right, wrong, half, broken)]
        names = ("s01", "s06", "s17", "s20", "s24")
        return dict(zip(names, [*texts, texts[0][:2000]], strict=True))

    return students


MOODLE = "Identifier,Full name,Email address,Status,Grade,Maximum Grade\n"
CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,Backpropagation (77)\n"


@pytest.mark.slow
def test_an_instructor_can_follow_the_guide(terminal, sample):
    desk = terminal.here

    def students_hand_in() -> None:
        """Put down what came from Moodle, from Canvas, and from elsewhere."""
        with zipfile.ZipFile(desk / "course" / "moodle.zip", "w") as archive:
            for n, (name, text) in enumerate(sample("adam").items(), 4711):
                archive.writestr(f"Student {name}_{n}_assignsubmission_file_/adam.ipynb", text)
        with zipfile.ZipFile(desk / "course" / "canvas.zip", "w") as archive:
            for n, (name, text) in enumerate(sample("backprop").items(), 88):
                archive.writestr(f"student{name}_{n}_{n + 1000}_backprop-1.ipynb", text)
        for name, text in sample("descent").items():
            folder = desk / "course" / "submitted" / name / "descent"
            folder.mkdir(parents=True)
            (folder / "descent.ipynb").write_text(text, "utf-8")
        rows = [f"Participant {n},Name {n},n{n}@x.org,Submitted,-,27\n" for n in range(4711, 4716)]
        (desk / "course" / "worksheet.csv").write_text(MOODLE + "".join(rows))
        rows = [f"Name {n},{n},S{n},login{n},A,\n" for n in range(88, 93)]
        (desk / "course" / "canvas.csv").write_text(CANVAS + "".join(rows))

    def ask(path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{terminal.jupyter}/formgrader/api/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "token guide", "Content-Type": "application/json"},
            method="GET" if body is None else "PUT",
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def read_written_answers() -> None:
        """Give two points for each written answer, by the calls that formgrader's pages make."""
        given = 0
        for notebook in ask("submitted_notebooks/adam/adam"):
            for grade in ask(f"grades?submission_id={notebook['id']}"):
                if grade["name"].startswith("written") and grade["auto_score"] is None:
                    ask(f"grade/{grade['id']}", {"manual_score": 2.0})
                    given += 1
        assert given == 8  # two of each of four students

    then = {
        "cd course": students_hand_in,
        "jupyter notebook": read_written_answers,
    }
    follow(GUIDES / "instructors.md", terminal, then)

    course = desk / "course"
    everything = json.loads((course / "descent.json").read_text())
    late = {mark["student"]: mark["penalty"] for mark in everything}
    assert late.pop("s01") > 0 and not any(late.values())
    page = BeautifulSoup((course / "feedback/4711/adam/adam.html").read_text(), "html.parser")
    assert "25 of 27" in " ".join(page.get_text().split())
    assert "Participant 4711,Name 4711,n4711@x.org,Submitted,24,27" in filled(course, "worksheet")
    assert "Name 88,88,S88,login88,A,22" in filled(course, "canvas")
    kept = subprocess.run(["tar", "tzf", desk / "backup.tar.gz"], capture_output=True, text=True)
    assert {"gradebook.db", "submitted/4711/adam/adam.ipynb"} <= set(kept.stdout.split())


def filled(course: Path, name: str) -> list[str]:
    return (course / f"{name}-filled.csv").read_text().splitlines()


@pytest.mark.slow
def test_a_unit_can_be_written_by_the_guide(terminal):
    follow(GUIDES / "new-unit.md", terminal, {})
    page = (terminal.here / "feedback/nearly/scaling/scaling.html").read_text()
    text = " ".join(BeautifulSoup(page, "html.parser").get_text().split())
    assert "constant columns: mind the division" in text


def cells(page: str) -> list[str]:
    """Return the code of a page's cells."""
    text = (GUIDES / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", text, re.M | re.S)


@pytest.mark.slow
def test_a_student_can_follow_the_guide(terminal):
    """The notebook that it checks holds the function that the page takes apart."""
    notebook = json.loads((ROOT / "exercises" / "adam" / "adam.ipynb").read_text("utf-8"))
    (answer,) = (cell for cell in notebook["cells"] if cell["id"] == "heavy-ball-step")
    (answer["source"],) = (cell for cell in cells("students") if cell.startswith("def "))
    (terminal.here / "adam.ipynb").write_text(json.dumps(notebook))
    follow(GUIDES / "students.md", terminal, {})
    assert "why:      You move by the old v" in terminal.said


def test_the_message_is_the_one_that_students_get(html: Path) -> None:
    page = (html / "book" / "guides" / "students.html").read_text(encoding="utf-8")
    outputs = BeautifulSoup(page, "html.parser").select(".cell_output")
    message = " ".join(outputs[0].get_text().split())
    lines = ("call:", "expected:", "got:", "worst:", "why:", "read:")
    assert all(line in message for line in lines), message
    assert "update v first" in message


def test_the_picture_of_the_house_is_what_the_imports_say(html: Path) -> None:
    house = runpy.run_path(str(GUIDES / "house.py"))
    needs, floors = house["needs"](), house["FLOORS"]
    assert set().union(*needs.values()) <= set(floors)
    page = html / "book" / "guides" / "architecture.html"
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    picture = (page.parent / str(soup.select_one("#fig-house img")["src"])).read_text()
    assert set(re.findall(r'id="room-(\w+)"', picture)) == set(floors)
    drawn = {(int(a), int(b)) for a, b in re.findall(r'id="stairs-(\d)-(\d)"', picture)}
    assert drawn == {(floors[a], floors[b]) for a in needs for b in needs[a]} - {
        (n, n) for n in range(5)
    }
    assert all(here > there for here, there in drawn)
    rows = soup.select(".cell_output table tbody tr")
    codes = [[code.get_text() for code in row.select("td:last-child code")] for row in rows]
    told = [row.select_one("td").get_text() for row in rows]
    assert {
        name: set(found) & set(floors) for name, found in zip(told, codes, strict=True)
    } == needs

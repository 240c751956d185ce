"""What people see: nbgrader's gradebook and formgrader, the student's page, the class page."""

import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
import tiny
from test_batch import grade_class, scores

from nnlab.grading import feedback, publish
from nnlab.grading.autograded import harmless_markdown
from nnlab.grading.gradebook import open_book
from nnlab.grading.nbgrader import GradebookError
from nnlab.grading.verdict import TestResult, Verdict

pytestmark = pytest.mark.slow

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def published(tmp_path_factory, isolation):
    """A class of four, graded: right, wrong, hostile with HTML, unreadable; only to look at."""
    course = tmp_path_factory.mktemp("published")
    tiny.write_course(course)
    tiny.hand_in(course, "s01", tiny.submission())
    tiny.hand_in(course, "s02", tiny.submission(tiny.WRONG))
    evil = f"# {EVIL}\nprint('''{EVIL}''')\nraise ValueError('''{EVIL} \\x1b[31m \\u202e''')\n"
    made = tiny.submission(
        tiny.WRONG + evil + "# \x1b[31m \u202e",
        f"{EVIL} [x](javascript:alert(1)) <img src=x onerror=alert(1)> $a<b$ \x1b[31m \u202e",
    )
    tiny.hand_in(course, "s03", made)
    tiny.hand_in(course, "s04", b"{")
    grade_class(course)
    return course


@pytest.fixture
def graded(published, tmp_path):
    """A copy of it, to change."""
    return shutil.copytree(published, tmp_path / "course")


class Page(HTMLParser):
    """Collects tags and the attributes that could run something."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.text += data


def pages(course):
    return {
        path.stem + path.parts[-3]: path.read_text("utf-8")
        for path in (course / "feedback").rglob("*.html")
    }


def test_no_page_runs_or_loads_anything(published):
    for text in pages(published).values():
        page = Page(text)
        assert not {"script", "iframe", "img", "object", "link"} & set(page.tags)
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        links = [value for name, value in page.attributes if name in ("href", "src")]
        assert all(value.startswith(("#", "https://")) for value in links)
        assert "\x1b" not in text and "\u202e" not in text
        assert len(text) < 60_000


def test_a_page_says_what_failed_and_why_and_shows_no_hidden_test(published):
    text = (published / "feedback/s02/tiny/tiny.html").read_text("utf-8")
    page = Page(text)
    assert "0 of 24 points, so far" in page.text
    assert "adam_step, the first step: wrong values" in page.text
    assert "three, please" in page.text
    assert "def adam_step" in page.text
    for hidden in (
        "HIDDEN",
        "fresh=True",
        "loss(3 * p, y)",
        "site-packages",
        "Traceback",
        "nnlab/grading",
    ):
        assert hidden not in page.text
    assert (
        "20 of 24 points, so far"
        in Page((published / "feedback/s01/tiny/tiny.html").read_text("utf-8")).text
    )


def unanswered(id, points, function):
    """What a test gives whose function is as it was handed out."""
    words, link = f"{function} is not written yet.", f"https://book/{function}"
    return TestResult(id, 0.0, points, False, words, reason="unanswered", link=link)


def test_a_part_that_nobody_wrote_says_so_once(tmp_path):
    unit = tiny.write_course(tmp_path)
    same = [unanswered(f"test-{id}", points, "adam_step") for id, points, *_ in tiny.TESTS]
    other = [*same[:-1], unanswered("test-width", 1.0, "width")]
    for tests, times in ((same, 1), (other, len(tiny.TESTS))):
        verdict = Verdict("s01", "tiny", "graded", tests=tests)
        text = feedback.page(unit, verdict, None, "tiny")
        assert text.count("not written yet.") == text.count("Read on in the book") == times
        assert text.count("✗ not yet:") == len(tiny.TESTS)  # what each check tries stays
        in_order(text)


def test_evil_text_is_shown_as_text(published):
    page = Page((published / "feedback/s03/tiny/tiny.html").read_text("utf-8"))
    assert EVIL in page.text


def in_order(text):
    """Those who hear a page have its language, its outline, and names for its tables and pictures."""
    assert '<html lang="en">' in text
    levels = [int(n) for n in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert text.count("<table>") == text.count("<caption>")
    assert text.count("<svg") == text.count('role="img"')
    ids = re.findall(r'id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_pages_are_in_order_for_those_who_hear_them(published):
    for text in pages(published).values():
        in_order(text)


def test_the_class_page_counts(published):
    page = Page((published / "feedback/tiny-class.html").read_text("utf-8"))
    assert "4 submissions: 3 graded, 1 could not be read" in page.text
    assert "33 %" in page.text
    assert "2 students wait" in page.text or "3 students wait" in page.text
    assert "cut off" in page.text


def test_autograded_notebooks_are_valid_and_harmless(published):
    for path in (published / "autograded").rglob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        kinds = {
            key
            for cell in notebook.cells
            for o in cell.get("outputs", [])
            for key in o.get("data", {})
        }
        assert not kinds
        assert all(
            "<script" not in cell.source for cell in notebook.cells if cell.cell_type == "markdown"
        )
        assert all(
            "](javascript:" not in cell.source
            for cell in notebook.cells
            if cell.cell_type == "markdown"
        )
        assert all("HIDDEN" not in cell.source for cell in notebook.cells)


def test_formgrader_shows_them(published):
    """The exporter that formgrader uses renders the notebook with the gradebook's scores, and nothing runs."""
    from nbconvert.exporters import HTMLExporter

    path = published / "autograded/s03/tiny/tiny.ipynb"
    body, _ = HTMLExporter(template_name="classic").from_filename(str(path))
    assert EVIL not in body.partition("<body")[2]
    links = [value for name, value in Page(body).attributes if name in ("href", "src")]
    assert not [link for link in links if link.startswith("javascript")]


def test_the_gradebook_holds_the_marks_and_what_waits(published):
    assert scores(published) == {"s01": tiny.FULL, "s02": 0, "s03": 0, "s04": 0}
    with open_book(published / "gradebook.db") as book:
        waits = {
            s.student.id: s.needs_manual_grade
            for s in book.gradebook.assignment_submissions("tiny")
        }
        assert waits == {"s01": True, "s02": True, "s03": True, "s04": False}
        assert book.gradebook.find_assignment("tiny").max_score == tiny.FULL + 4


def give(course, student, points, cell="why"):
    """Mark an answer as a person does in formgrader."""
    with open_book(course / "gradebook.db") as book:
        grade = book.gradebook.find_grade(cell, "tiny", "tiny", student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.gradebook.find_comment("why", "tiny", "tiny", student).manual_comment = f"Well. {EVIL}"
        book.gradebook.db.commit()


def test_marks_of_people_stay_and_reach_the_page(graded):
    give(graded, "s01", 3.0)
    assert grade_class(graded, again=True).changes == []
    assert scores(graded)["s01"] == tiny.FULL + 3
    page = Page((graded / "feedback/s01/tiny/tiny.html").read_text("utf-8"))
    assert "23 of 24 points" in page.text
    assert f"Well. {EVIL}" in page.text


def test_marks_of_people_go_with_the_text_they_were_for(graded):
    give(graded, "s01", 3.0)
    give(graded, "s02", 2.0)
    give(graded, "s02", 1.0, "test-width")
    tiny.hand_in(graded, "s01", tiny.submission(written="Something else."))
    tiny.hand_in(graded, "s02", tiny.submission(tiny.RIGHT))
    grade_class(graded)
    assert scores(graded) == {"s01": tiny.FULL, "s02": tiny.FULL + 2, "s03": 0, "s04": 0}
    with open_book(graded / "gradebook.db") as book:
        assert book.gradebook.find_grade("why", "tiny", "tiny", "s01").needs_manual_grade


def test_late_penalties_are_those_of_nbgrader(graded):
    (graded / "nbgrader_config.py").write_text(
        "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n", "utf-8"
    )
    with open_book(graded / "gradebook.db") as book:
        book.gradebook.update_or_create_assignment("tiny", duedate="2026-01-01 12:00:00 UTC")
    stamp = graded / "submitted/s01/tiny/timestamp.txt"
    stamp.write_text("2026-01-02 12:00:00 UTC", "utf-8")
    for student, odd in (("s02", "no time at all"), ("s03", "9" * 33 + "M49999999")):
        (graded / f"submitted/{student}/tiny/timestamp.txt").write_text(odd, "utf-8")
    grade_class(graded)
    with open_book(graded / "gradebook.db") as book:
        assert book.marks("tiny")["s01"].penalty == tiny.FULL
        assert book.marks("tiny")["s02"].penalty == 0
    page = Page((graded / "feedback/s01/tiny/tiny.html").read_text("utf-8"))
    assert "20 points were taken off: it was handed in 24 hours late" in page.text
    page = Page((graded / "feedback/tiny-class.html").read_text("utf-8"))
    assert "graded; 24 hours late, 20 points taken off" in page.text
    stamp.write_text("2025-12-31 12:00:00 UTC", "utf-8")
    grade_class(graded)
    with open_book(graded / "gradebook.db") as book:
        assert book.marks("tiny")["s01"].penalty == 0


def test_new_submissions_are_the_rows_that_nbgrader_would_make(graded):
    """Ours are written many at once; all that neither of us was told is the same in every column."""
    with open_book(graded / "gradebook.db") as book:
        api, gradebook = book.api, book.gradebook
        gradebook.add_student("theirs")
        with gradebook.db.no_autoflush:  # or SQLAlchemy warns of what nbgrader does
            theirs = gradebook.add_submission("tiny", "theirs")
        ours = gradebook.find_submission("tiny", "s01")
        told = {
            "id",
            "student_id",
            "assignment_id",
            "notebook_id",
            "auto_score",
            "needs_manual_grade",
        }

        def rows(submission):
            [notebook] = submission.notebooks
            objects = [submission, notebook, *notebook.grades, *notebook.comments]
            return sorted(
                (
                    type(row).__name__,
                    [
                        (c.name, getattr(row, c.name))
                        for c in row.__table__.columns
                        if c.name not in told | {"auto_comment"}
                    ],
                )
                for row in objects
            )

        assert rows(ours) == rows(theirs)
        assert len(rows(ours)) > len(tiny.TESTS)
        assert ours.assignment is theirs.assignment
        assert ours.notebooks[0].notebook is theirs.notebooks[0].notebook
        kinds = (api.SubmittedAssignment, api.SubmittedNotebook, api.Grade, api.Comment)
        for kind in kinds:
            ids = [id for (id,) in gradebook.db.query(kind.id)]
            assert all(len(id) == 32 for id in ids)


def test_what_is_shown_before_all_marks_are_known_is_mended_when_they_are(course, monkeypatch):
    """Pages are written while others are graded; one who was late, or has marks already, gets the true one."""
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n", "utf-8"
    )
    with open_book(course / "gradebook.db") as book:
        book.gradebook.update_or_create_assignment("tiny", duedate="2026-01-01 12:00:00 UTC")
    for student in ("s01", "s02", "s03"):
        tiny.hand_in(course, student, tiny.submission(tiny.RIGHT))
    late = course / "submitted/s02/tiny/timestamp.txt"
    late.write_text("2026-01-02 12:00:00 UTC", "utf-8")
    shown, page = [], feedback.page

    def note(unit, verdict, marks, title):
        shown.append(verdict.student)
        return page(unit, verdict, marks, title)

    monkeypatch.setattr(publish, "TOGETHER", 1)
    monkeypatch.setattr(feedback, "page", note)
    grade_class(course)
    assert sorted(shown) == ["s01", "s02", "s02", "s03"]
    text = (course / "feedback/s02/tiny/tiny.html").read_text("utf-8")
    assert "handed in 24 hours late" in Page(text).text
    assert "late" not in Page((course / "feedback/s01/tiny/tiny.html").read_text("utf-8")).text
    early = {str(path): path.read_bytes() for path in (course / "feedback").rglob("*.html")}
    shutil.rmtree(course / "feedback")
    monkeypatch.setattr(publish, "TOGETHER", 50)
    grade_class(course)
    assert early == {str(path): path.read_bytes() for path in (course / "feedback").rglob("*.html")}


RULE = """
c = get_config()
c.AssignLatePenalties.plugin_class = "late.ByTheHour"
"""
PLUGIN = """
from nbgrader.plugins import BasePlugin


class ByTheHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {} * score * total_seconds_late / 3600
"""


def late_by_a_day(course):
    with open_book(course / "gradebook.db") as book:
        book.gradebook.update_or_create_assignment("tiny", duedate="2026-01-01 12:00:00 UTC")
    stamp = course / "submitted/s01/tiny/timestamp.txt"
    stamp.write_text("2026-01-02 12:00:00 UTC", "utf-8")


def penalty(course):
    with open_book(course / "gradebook.db") as book:
        return book.marks("tiny")["s01"].penalty


def test_penalties_follow_marks_of_people_the_rule_and_the_day(graded, monkeypatch):
    monkeypatch.delitem(sys.modules, "late", raising=False)
    (graded / "nbgrader_config.py").write_text(RULE, "utf-8")
    (graded / "late.py").write_text(PLUGIN.format(0.01), "utf-8")
    late_by_a_day(graded)
    grade_class(graded)
    assert penalty(graded) == pytest.approx(0.24 * tiny.FULL)
    give(graded, "s01", 4.0)
    grade_class(graded)
    assert penalty(graded) == pytest.approx(0.24 * (tiny.FULL + 4))
    with open_book(graded / "gradebook.db") as book:
        book.gradebook.update_or_create_assignment("tiny", duedate="2026-01-02 00:00:00 UTC")
    grade_class(graded)
    assert penalty(graded) == pytest.approx(0.12 * (tiny.FULL + 4))
    (graded / "nbgrader_config.py").write_text("c = get_config()\n", "utf-8")
    grade_class(graded)
    assert penalty(graded) == 0


@pytest.mark.parametrize(
    ("config", "plugin", "says"),
    [
        ("c = get_confg()", "", "NameError: name 'get_confg' is not defined"),
        (RULE, "", "late.ByTheHour' could not be imported"),
        (RULE, PLUGIN.format("1 / 0"), "ZeroDivisionError: division by zero"),
    ],
)
def test_a_rule_for_lateness_that_does_not_work_is_named_and_costs_no_mark(
    config, plugin, says, graded, monkeypatch
):
    monkeypatch.delitem(sys.modules, "late", raising=False)
    (graded / "nbgrader_config.py").write_text(config, "utf-8")
    if plugin:
        (graded / "late.py").write_text(plugin, "utf-8")
    late_by_a_day(graded)
    tiny.hand_in(graded, "s02", tiny.submission())
    with pytest.raises(GradebookError) as caught:
        grade_class(graded)
    assert says in str(caught.value)
    assert str(graded / "nbgrader_config.py") in str(caught.value)
    assert scores(graded) == {"s01": tiny.FULL, "s02": tiny.FULL, "s03": 0, "s04": 0}
    (graded / "nbgrader_config.py").unlink()
    assert grade_class(graded).graded == 0


def test_a_unit_that_grows_keeps_the_marks_of_people(graded):
    give(graded, "s01", 3.0)
    for name in ("source", "release"):
        path = graded / name / "tiny" / "tiny.ipynb"
        made = json.loads(path.read_text())
        extra = {**made["cells"][-2], "id": "test-new", "source": "assert width < 4"}
        about = {**extra["metadata"]["nbgrader"], "grade_id": "test-new", "points": 5}
        made["cells"].insert(-1, extra | {"metadata": {"nbgrader": about}})
        path.write_text(json.dumps(made))
    grade_class(graded)
    assert scores(graded)["s01"] == tiny.FULL + 5 + 3


@pytest.mark.parametrize(
    "damage", ["", "{", "[1, 2]", "7", '{"s01": 5, "s02": {"key": "x"}}', "\udcff"]
)
def test_a_damaged_ledger_is_named_and_costs_no_mark(graded, damage):
    give(graded, "s01", 3.0)
    ledger = graded / "verdicts" / "tiny-published.json"
    ledger.write_bytes(damage.encode("utf-8", "surrogateescape"))
    [words] = grade_class(graded).odd
    assert "tiny-published.json was damaged" in words
    assert ledger.with_suffix(".damaged").read_bytes() == damage.encode("utf-8", "surrogateescape")
    assert scores(graded) == {"s01": tiny.FULL + 3, "s02": 0, "s03": 0, "s04": 0}
    with open_book(graded / "gradebook.db") as book:
        assert book.gradebook.find_grade("why", "tiny", "tiny", "s01").needs_manual_grade
    assert grade_class(graded).odd == []


def test_a_damaged_copy_of_a_unit_is_made_again(graded, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    grade_class(graded)
    [kept] = (tmp_path / "caches" / "nnlab" / "units").iterdir()
    before = kept.read_bytes()
    for damage in (b"", b"[]", before[:-9], before.replace(b'"points": 3.0', b'"points": 4.0')):
        kept.write_bytes(damage)
        assert grade_class(graded).kept == 4
        assert kept.read_bytes() == before
    kept.unlink()
    kept.mkdir()  # something that cannot be read as a file, nor replaced by one
    assert grade_class(graded).kept == 4


def test_a_damaged_copy_of_a_template_is_made_again(tmp_path, monkeypatch):
    """It holds bytecode: Python does not survive it if a byte is wrong."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    look = feedback.environment.__wrapped__  # not the one that is cached
    name = "feedback.html"
    look().get_template(name)
    copies = sorted((tmp_path / "nnlab" / "templates").iterdir())
    before = [copy.read_bytes() for copy in copies]
    for copy, data in zip(copies, before, strict=True):
        middle = len(data) // 2
        copy.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    look().get_template(name)
    assert [copy.read_bytes() for copy in copies] == before


def test_without_a_place_for_copies_units_are_read_every_time(graded, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert grade_class(graded).kept == 4


def test_a_new_gradebook_bears_the_version_that_nbgrader_would_write(published):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    own = "from nbgrader.api import get_alembic_version as version; print(version())"
    done = subprocess.run(
        [sys.executable, "-c", own],
        capture_output=True, text=True, check=True, env=os.environ | {"PATH": path},
    )  # fmt: skip
    with contextlib.closing(sqlite3.connect(published / "gradebook.db")) as book:
        found = book.execute("SELECT version_num FROM alembic_version").fetchall()
    assert found == [(done.stdout.strip(),)]


def test_the_class_page_is_made_anew_when_a_mark_changes_and_only_then(graded):
    page = graded / "feedback" / "tiny-class.html"
    made = page.stat().st_mtime_ns
    grade_class(graded)
    assert page.stat().st_mtime_ns == made
    tiny.hand_in(graded, "s02", tiny.submission())
    grade_class(graded)
    assert page.stat().st_mtime_ns > made
    page.unlink()
    grade_class(graded)
    assert page.is_file()


@pytest.mark.parametrize(
    "text",
    [
        r"[x](javascript\:alert(1))",
        "[x](javascript&#58;alert(1))",
        "[x][y]\n\n[y]:\njavascript&colon;alert(1)",
        r"![x](data\:text/html,1)",
        "![x](attachment:not-there.png)",  # nbconvert would stop
        r"$\def\a#1{\href{javascript#1alert(1)}{x}}\a{:}$",
        r"$\\href{x}{y}$",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<\nimg src=x>",
        "<!-- x -->\n\n<?x y=1?>",
        "$<img src=x onerror=alert(1)>$",
        "&lt;img src=x onerror=alert(1)&gt; &#60;img src=x&#62;",
        "\\<img src=x onerror=alert(1)>",
        "`<`img src=x onerror=alert(1)>",
    ],
)
def test_no_way_to_write_a_link_that_runs_code_gets_through(text):
    from nbconvert.filters.markdown import markdown2html

    page = markdown2html(harmless_markdown(text))
    assert Page(page).attributes == []
    assert r"\href" not in page
    kept = markdown2html(harmless_markdown("[x](https://x.org/a) $f(x)$ **b**"))
    assert Page(kept).attributes == [("href", "https://x.org/a")] and "<strong>" in kept


@pytest.mark.parametrize(
    "text",
    [
        "![x](https://x.org/y.png)",
        "![x][y]\n\n[y]: https://x.org/y.png",
        "![y]\n\n[y]: https://x.org/y.png",
        "[![x](https://x.org/y.png)](https://x.org)",
        "!\\[x](https://x.org/y.png)",
    ],
)
def test_no_server_learns_who_marks_and_when(text):
    from nbconvert.filters.markdown import markdown2html

    assert "img" not in Page(markdown2html(harmless_markdown(text))).tags


def test_formulas_with_inequalities_stay_formulas():
    from nbconvert.filters.markdown import markdown2html

    page = markdown2html(harmless_markdown("$a<b$ and $x < 0$ & $$u & v < w$$"))
    assert Page(page).text.strip() == "$a< b$ and $x < 0$ & $$u & v < w$$"

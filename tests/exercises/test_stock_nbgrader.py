"""Stock nbgrader alone can release, grade and give feedback: full marks for solutions, none for untouched exercises."""

from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.slow


def _submission(course: Path, unit: str, student: str) -> tuple[float, float, list[str]]:
    """Return (points by tests, points of all tests, the parts that wait for a person)."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        grades = book.find_submission(unit, student).notebooks[0].grades
        tests = [g for g in grades if g.cell.cell_type == "code"]
        waiting = [g.name for g in grades if g.needs_manual_grade]
        points = sum(g.auto_score or 0 for g in tests)
        return points, sum(g.max_score for g in tests), waiting


def test_a_solution_gets_full_marks_and_its_written_answers_wait_for_a_person(
    stock_course, workbook, unit
):
    points, full, waiting = _submission(stock_course(unit), unit, "full")
    assert points == full > 0
    written = [
        c.id for c in workbook(unit).cells if c.cell_type == "markdown" and "nbgrader" in c.metadata
    ]
    assert sorted(waiting) == sorted(written) != []


def test_an_untouched_exercise_gets_nothing_and_only_messages_of_checks(stock_course, unit):
    points, _, waiting = _submission(stock_course(unit), unit, "empty")
    assert points == 0
    assert waiting == []
    graded = nbformat.read(
        stock_course(unit) / f"autograded/empty/{unit}/{unit}.ipynb", as_version=4
    )
    code = [cell for cell in graded.cells if cell.cell_type == "code"]
    errors = [o for cell in code for o in cell.outputs if o.output_type == "error"]
    assert len(errors) == sum(bool(c.metadata.get("nbgrader", {}).get("grade")) for c in code)
    assert {error.ename for error in errors} == {"CheckFailed"}
    assert all("not written yet" in error.evalue for error in errors)
    assert not [o for cell in code for o in cell.outputs if o.get("name") == "stderr"]


def test_stock_nbgrader_releases_the_same_bytes_and_nothing_else(stock_course, unit):
    course = stock_course(unit)
    theirs = course / "exercises" / unit
    assert [path.name for path in theirs.iterdir()] == [f"{unit}.ipynb"]
    assert (theirs / f"{unit}.ipynb").read_bytes() == (
        course / "ours" / unit / f"{unit}.ipynb"
    ).read_bytes()


def test_feedback_is_written(stock_course, unit):
    page = stock_course(unit) / f"feedback/empty/{unit}/{unit}.html"
    assert "is not written yet" in page.read_text(encoding="utf-8")

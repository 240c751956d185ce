"""`nnlab check`: full marks for solutions, nothing for exercises as they came, and sense made of damaged notebooks."""

import json
import signal
import threading

import nbformat
import pytest
from typer.testing import CliRunner

from nnlab.cli.app import app
from nnlab.grading.home import UnknownUnit, Unreadable, check_notebook
from nnlab.grading.release import source_path
from nnlab.grading.running import run_steps
from nnlab.grading.source import read_source

pytestmark = pytest.mark.slow

LOOP = "def adam_step(*args, **settings):\n    while True:\n        pass\n"


@pytest.fixture
def handed_in(root, tmp_path):
    """Return a function that writes a unit's solution, changed by a function, as the student's file."""

    def write(unit, change=None, name=None):
        notebook = read_source(source_path(root, unit))
        for cell in notebook.cells:  # what students have: tests without their hidden part
            cell.source = cell.source.partition("\n### BEGIN HIDDEN TESTS")[0]
        if change:
            change(notebook)
        path = tmp_path / (name or f"{unit}.ipynb")
        nbformat.write(notebook, path)
        return path

    return write


def _verdicts(report):
    return {part.verdict for part in report.parts}


def test_a_solution_passes(root, unit, handed_in):
    report = check_notebook(handed_in(unit), root / "exercises")
    assert _verdicts(report) == {"passed", "written"}
    assert report.complete and not report.damage and not report.errors


def test_an_exercise_as_it_came_is_unanswered(root, unit):
    report = check_notebook(root / f"exercises/{unit}/{unit}.ipynb")
    assert _verdicts(report) == {"unanswered"}
    assert report.points("passed") == 0 and not report.damage and not report.errors


def test_lost_metadata_is_said_and_the_rest_is_checked(root, unit, handed_in):
    def strip(notebook):
        for number, cell in enumerate(notebook.cells):
            cell.metadata, cell.id = {}, f"lost-{number}"

    report = check_notebook(handed_in(unit, strip, "mine.ipynb"), root / "exercises")
    assert report.unit == unit and _verdicts(report) == {"passed", "written"}
    assert any("lost their names" in line for line in report.damage)


def test_duplicated_cells_are_said_and_the_rest_is_checked(root, unit, handed_in):
    def double(notebook):
        answer = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("solution"))
        copy = nbformat.from_dict({**answer, "id": "copy"})
        notebook.cells.insert(notebook.cells.index(answer), copy)

    report = check_notebook(handed_in(unit, double), root / "exercises")
    assert _verdicts(report) == {"passed", "written"}
    assert any("2 times" in line for line in report.damage)


def test_reordered_cells_are_checked(root, unit, handed_in):
    def tests_first(notebook):
        tests = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("locked")]
        notebook.cells = tests + [c for c in notebook.cells if c not in tests]

    report = check_notebook(handed_in(unit, tests_first), root / "exercises")
    assert _verdicts(report) == {"passed", "written"}


def test_a_deleted_and_a_rewritten_test_are_replaced(root, unit, handed_in):
    def tamper(notebook):
        tests = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("points")]
        notebook.cells.remove(tests[0])
        tests[1].source = "pass"

    report = check_notebook(handed_in(unit, tamper), root / "exercises")
    assert _verdicts(report) == {"passed", "written"}
    assert any("put back" in line for line in report.damage)
    assert any("changed, so what was handed out is used" in line for line in report.damage)


def _replace(notebook, id, source):
    next(cell for cell in notebook.cells if cell.id == id).source = source


def test_a_mistake_is_named_and_the_other_parts_still_count(root, handed_in):
    wrong = "def bias_correction(average, beta, t):\n    return average / (1 - beta)\n"
    path = handed_in("adam", lambda notebook: _replace(notebook, "bias-correction", wrong))
    report = check_notebook(path, root / "exercises")
    failed = {part.id: part for part in report.parts if part.verdict == "failed"}
    assert failed["test-bias-correction-values"].mistake == "bias_correction/no-power"
    assert "1 - beta**t" in failed["test-bias-correction-values"].message
    assert "test-rmsprop-step-many-steps" not in failed


def test_an_endless_loop_costs_its_own_parts_only(root, handed_in):
    path = handed_in("adam", lambda notebook: _replace(notebook, "adam-step", LOOP))
    report = check_notebook(path, root / "exercises", seconds=3)
    failed = {part.id: part.message for part in report.parts if part.verdict == "failed"}
    assert failed.keys() == {
        f"test-adam-step-{x}" for x in ("first-step", "many-steps", "epsilon", "state")
    }
    assert all("loop without end" in message for message in failed.values())


def test_a_notebook_that_ends_python_still_gets_a_report(root, handed_in):
    end = "import os\nos._exit(0)"
    path = handed_in("adam", lambda notebook: _replace(notebook, "adam-step", end))
    report = check_notebook(path, root / "exercises")
    verdicts = {part.id: part for part in report.parts}
    assert verdicts["test-rmsprop-step-state"].verdict == "passed"
    assert "a cell before it ended Python" in verdicts["test-adam-step-state"].message
    assert any("it ended Python" in error and "before" not in error for error in report.errors)


def test_a_magic_that_asks_for_a_window_is_no_unanswered_cell(root, handed_in):
    def inline(notebook):
        cell = next(c for c in notebook.cells if c.id == "adam-step")
        cell.source = "%matplotlib inline\n" + cell.source

    assert check_notebook(handed_in("adam", inline), root / "exercises").complete


def test_nothing_in_a_notebook_gives_orders_to_the_terminal(root, handed_in):
    def change(notebook):
        notebook.cells.append(
            nbformat.v4.new_code_cell("raise ValueError('\\x1b]0;x\\x07 \\u202e')")
        )
        for cell in notebook.cells:
            if "def adam_step" in cell.source:
                cell.source += "\n\ndef adam_step(*a, **k):\n    raise ValueError('\\x1b[2J')"

    path = handed_in("adam", change)
    made = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(made | {"nbformat": "\x1b[31m"}), "utf-8")
    report = check_notebook(path, root / "exercises")
    assert report.errors and {"failed", "passed"} <= _verdicts(report)
    text = "".join([*report.damage, *report.errors, *(part.message for part in report.parts)])
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_an_interruption_leaves_no_thread_to_wait_for(tmp_path):
    """After Ctrl-C, Python waits for every thread that is no daemon."""
    waiting = run_steps(["import time\ntime.sleep(60)"], str(tmp_path), seconds=60)
    main = threading.get_ident()
    threading.Timer(1, signal.pthread_kill, [main, signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        next(waiting)
    alarms = [t for t in threading.enumerate() if getattr(t, "interval", 0) > 60]
    assert alarms and all(alarm.daemon for alarm in alarms)
    for alarm in alarms:
        alarm.cancel()


def test_what_a_notebook_prints_on_stderr_is_no_matter(root, handed_in):
    def noisy(notebook):
        cell = next(c for c in notebook.cells if c.id == "given-imports")
        notebook.cells.insert(
            notebook.cells.index(cell) + 1,
            nbformat.v4.new_code_cell(
                "import sys, warnings\nprint('{', file=sys.stderr)\nwarnings.warn('x')\nprint('{')"
            ),
        )

    assert check_notebook(handed_in("adam", noisy), root / "exercises").complete


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}', "\x00\x01"])
def test_what_is_no_notebook_is_unreadable(tmp_path, content):
    path = tmp_path / "adam.ipynb"
    path.write_text(content)
    with pytest.raises(Unreadable):
        check_notebook(path)
    assert CliRunner().invoke(app, ["check", str(path)]).exit_code == 2


def test_a_notebook_of_no_unit_is_said(root, tmp_path):
    path = tmp_path / "shopping.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), path)
    with pytest.raises(UnknownUnit, match="none of the units"):
        check_notebook(path, root / "exercises")


def test_the_command_says_what_remains(root, handed_in):
    done = CliRunner().invoke(
        app, ["check", str(handed_in("adam")), "--exercises", str(root / "exercises")]
    )
    assert done.exit_code == 0, done.output
    assert "13 of 13 checks passed, 20 of 26 points so far" in done.output
    assert "Hidden tests remain" in done.output
    by_person = "Written answers are marked by a person: 6 points in all."
    assert by_person in done.output
    empty = CliRunner().invoke(app, ["check", str(root / "exercises/adam/adam.ipynb")])
    assert empty.exit_code == 1 and "0 of 13 checks passed" in empty.output
    assert by_person in empty.output  # they are worth as much before they are written

"""The exercises are what `nnlab release` makes of the solutions, and give nothing away."""

import ast
import json
import re
from pathlib import Path

from nnlab.grading.release import release_text, source_path


def _released(root: Path, unit: str) -> dict:
    return json.loads((root / f"exercises/{unit}/{unit}.ipynb").read_text(encoding="utf-8"))


def test_the_exercise_is_what_release_makes(root, unit):
    committed = (root / f"exercises/{unit}/{unit}.ipynb").read_text(encoding="utf-8")
    assert committed == release_text(root, unit), "run `nnlab release` and commit the result"


def test_release_is_deterministic(root, unit):
    assert release_text(root, unit) == release_text(root, unit)


def test_every_exercise_has_a_source(root):
    names = {path.parent.name for path in (root / "exercises").glob("*/*.ipynb")}
    assert all(source_path(root, name) for name in names)


def test_no_solution_no_hidden_test_and_no_output_is_released(root, unit, workbook):
    notebook = _released(root, unit)
    text = json.dumps(notebook)
    for word in ("SOLUTION", "HIDDEN", "fresh=True", "Rubric"):
        assert word not in text
    assert not any(cell.get("outputs") for cell in notebook["cells"])
    released = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    answers = [c for c in workbook(unit).cells if c.metadata.get("nbgrader", {}).get("solution")]
    assert answers
    for cell in answers:
        parts = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.DOTALL)
        secret = "".join(parts) if cell.cell_type == "code" else cell.source
        lines = [line.strip() for line in secret.splitlines() if line.strip()]
        assert lines and not [line for line in lines if line in released[cell.id]], cell.id


def test_the_first_cell_states_time_points_and_where_the_book_explains_it(unit, workbook):
    book = workbook(unit)
    opening = book.cells[0].source
    assert re.search(r"\*\*Time:\*\* about [\w ]+ (minutes|hours)\.", opening)
    assert "**What you should know already:**" in opening
    assert "https://nnlab-course.github.io/nnlab/book/" in opening
    graded = [(c.cell_type, c.metadata.nbgrader) for c in book.cells if "nbgrader" in c.metadata]
    points = {
        kind: sum(m.points for t, m in graded if t == kind and m.grade)
        for kind in ("code", "markdown")
    }
    written = sum(t == "markdown" for t, _ in graded)
    words = {0: "no", 1: "one", 2: "two", 3: "three", 4: "four"}
    plural = "" if written == 1 else "s"
    assert (
        f"{points['code']} by checks, {points['markdown']} for {words[written]} written answer{plural}."
        in opening
    )


def test_each_written_answer_has_a_rubric(unit, workbook):
    for cell in workbook(unit).cells:
        if cell.cell_type == "markdown" and "nbgrader" in cell.metadata:
            assert "*Rubric.*" in cell.source, cell.id


def test_each_test_asks_the_same_visibly_and_hidden(unit, workbook):
    for cell in workbook(unit).kind("test"):
        calls = [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Call)]
        asked = [(ast.unparse(c.args[0]), bool(c.keywords)) for c in calls if c.func.id == "check"]
        visible = [name for name, fresh in asked if not fresh]
        assert visible and visible == [name for name, fresh in asked if fresh], cell.id


def test_students_write_plain_functions_and_no_classes_or_globals(unit, workbook):
    for cell in workbook(unit).kind("answer"):
        tree = ast.parse(cell.source)
        assert all(isinstance(node, ast.FunctionDef) for node in tree.body), cell.id
        assert not [n for n in ast.walk(tree) if isinstance(n, (ast.Global, ast.ClassDef))], cell.id


def test_the_solution_passes_every_check(unit, workbook):
    assert workbook(unit).failures() == {}


def test_stubs_fail_every_check(unit, workbook):
    def unwritten(*args, **kwargs):
        raise NotImplementedError

    book = workbook(unit)
    names = {n.name for c in book.kind("answer") for n in ast.parse(c.source).body}
    failed = book.failures(**dict.fromkeys(names, unwritten))
    assert failed.keys() == {cell.id for cell in book.kind("test")}

"""`nnlab course`: units copied whole, nothing overwritten, and a template that works as it is."""

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from click.testing import Result

from nnlab.grading.founding import shipped_course
from nnlab.grading.home import check_notebook
from nnlab.grading.release import release_all, units
from nnlab.grading.source import read_source

pytestmark = pytest.mark.slow

Call = Callable[..., Result]


def files(folder: Path) -> dict[str, bytes]:
    found = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def test_a_course_is_what_the_repository_has(call: Call, root: Path, tmp_path: Path) -> None:
    done = call("course", "init", tmp_path / "mine")
    assert done.exit_code == 0, done.output
    copied = files(tmp_path / "mine")
    assert copied == {name: (root / name).read_bytes() for name in copied}
    for unit in units(root):
        assert {f"solutions/{unit}/{unit}.md", f"exercises/{unit}/{unit}.ipynb"} <= copied.keys()
    assert "nbgrader_config.py" in copied
    assert len(copied) == 2 * len(units(root)) + 1
    for command in ("nnlab release", "nnlab grade adam", "nnlab export adam"):
        assert command in done.output


def test_units_are_added_and_nothing_is_overwritten(call: Call, tmp_path: Path) -> None:
    assert call("course", "init", tmp_path, "--unit", "adam").exit_code == 0
    assert units(tmp_path) == ["adam"]
    again = call("course", "init", tmp_path, "--unit", "adam")
    assert again.exit_code == 0 and "already" in again.output
    mine = tmp_path / "solutions/adam/adam.md"
    mine.write_text("mine")
    before = files(tmp_path)
    refused = call("course", "init", tmp_path, "--unit", "adam", "--unit", "backprop")
    assert refused.exit_code == 2 and "solutions/adam/adam.md" in refused.output
    assert files(tmp_path) == before
    assert call("course", "init", tmp_path, "--unit", "backprop").exit_code == 0
    assert units(tmp_path) == ["adam", "backprop"] and mine.read_text() == "mine"


def test_what_cannot_be_is_said(call: Call, tmp_path: Path) -> None:
    unknown = call("course", "init", tmp_path / "new", "--unit", "adma")
    assert unknown.exit_code == 2 and "there are adam, backprop" in unknown.output
    (tmp_path / "file").touch()
    assert call("course", "init", tmp_path / "file").exit_code == 2
    lost = call("course", "new-unit", "mine", "--root", tmp_path)
    assert lost.exit_code == 2 and "nnlab course init" in lost.output
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["Adam", "a b", "../x", "", "-a", "a--b", "a/b", "1st", "ä"])
def test_a_name_that_makes_trouble_is_refused(call: Call, tmp_path: Path, name: str) -> None:
    (tmp_path / "solutions").mkdir()
    done = call("course", "new-unit", "--root", tmp_path, "--", name)
    assert done.exit_code == 2 and "is no name for a unit" in done.output
    assert not list((tmp_path / "solutions").iterdir())


@pytest.fixture
def begun(call: Call, tmp_path: Path) -> Path:
    """A course with a unit fresh from the template, released."""
    (tmp_path / "solutions").mkdir()
    assert call("course", "new-unit", "begun", "--root", tmp_path).exit_code == 0
    again = call("course", "new-unit", "begun", "--root", tmp_path)
    assert again.exit_code == 2 and "already" in again.output
    release_all(tmp_path)
    return tmp_path


def test_the_template_is_handed_out_without_its_answers(begun: Path) -> None:
    handed = (begun / "exercises/begun/begun.ipynb").read_text()
    assert "Rubric" not in handed and "default_rng" not in handed and "np.linalg.norm" not in handed
    report = check_notebook(begun / "exercises/begun/begun.ipynb", begun / "exercises")
    assert {part.verdict for part in report.parts} == {"unanswered"} and not report.errors


ANSWERS = {
    "no limit": ("return gradient", {"test-clipped-long"}),
    "always shortened": ("return gradient / np.linalg.norm(gradient) * limit", {"test-clipped-short"}),
    "each entry": ("return np.clip(gradient, -limit, limit)", {"test-clipped-long"}),
    "right": ("return gradient * min(1, limit / max(np.linalg.norm(gradient), 1e-300))", set()),
}  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_template_tells_right_from_wrong(begun: Path, answer: str) -> None:
    line, wrong = ANSWERS[answer]
    notebook = read_source(begun / "solutions/begun/begun.md")
    names: dict[str, object] = {}
    failed = set()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        source = cell.source
        if cell.id == "clipped":
            source = f"def clipped(gradient, limit=1.0):\n    {line}"
        try:
            exec(compile(source, cell.id, "exec"), names)
        except AssertionError:
            failed.add(cell.id)
    assert failed == wrong | ({"test-clipped-short"} if answer == "no limit" else set())


def test_the_templates_solution_earns_all(begun: Path) -> None:
    notebook = read_source(begun / "solutions/begun/begun.md")
    for cell in notebook.cells:
        cell.source = cell.source.partition("\n### BEGIN HIDDEN TESTS")[0]
    path = begun / "begun.ipynb"
    nbformat.write(notebook, path)
    report = check_notebook(path, begun / "exercises")
    assert report.complete and not report.damage
    assert json.loads(path.read_text())["cells"]


def test_in_a_checkout_the_course_is_the_repository(root: Path) -> None:
    assert shipped_course() == root

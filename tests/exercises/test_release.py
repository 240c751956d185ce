"""`nnlab release` validates a source first, and names the line at fault."""

import pytest
from typer.testing import CliRunner

from nnlab.cli.app import app
from nnlab.grading.release import release_all
from nnlab.grading.source import InvalidSource, read_source

GOOD = """\
---
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# A unit

```{code-cell} ipython3
:nbgrader: {solution: true, grade_id: walk}
def walk(step, gradient, start, steps, **settings):
    ### BEGIN SOLUTION
    return secret
    ### END SOLUTION
```

```{code-cell} ipython3
:nbgrader: {grade: true, grade_id: test-walk, points: 2}
check("walk.points", walk)
### BEGIN HIDDEN TESTS
check("walk.points", walk, fresh=True)
### END HIDDEN TESTS
```

+++ {"nbgrader": {"grade": true, "solution": true, "grade_id": "written", "points": 1}}

Because.
"""

FAULTS = {
    "missing grade id": ("grade_id: walk}", "}", 7, "grade_id is missing"),
    "bad grade id": ("grade_id: walk}", 'grade_id: "a b"}', 7, "must be letters"),
    "duplicate grade id": (
        "grade_id: test-walk",
        "grade_id: walk",
        15,
        "'walk' is used twice; first in line 7",
    ),
    "no points": (", points: 2", "", 15, "points must be a whole number"),
    "points of nothing": (
        "solution: true, grade_id: walk",
        "solution: true, points: 2, grade_id: walk",
        7,
        "not graded",
    ),
    "points zero": ("points: 2", "points: 0", 15, "points must be a whole number"),
    "unknown key": ("points: 2", "points: 2, point: 3", 15, "unknown nbgrader key point"),
    "no end of solution": ("    ### END SOLUTION\n", "", 10, "BEGIN SOLUTION without END"),
    "no begin of solution": ("    ### BEGIN SOLUTION\n", "", 11, "END SOLUTION without BEGIN"),
    "nested solution": ("    return secret\n", "    ### BEGIN SOLUTION\n", 11, "inside another"),
    "no end of hidden tests": ("### END HIDDEN TESTS\n", "", 18, "BEGIN HIDDEN TESTS without END"),
    "hidden tests in an answer": (
        "    return secret\n",
        "    ### BEGIN HIDDEN TESTS\n    ### END HIDDEN TESTS\n",
        11,
        "without grade: true",
    ),
    "a stub line in the solution": (
        "return secret",
        "raise NotImplementedError()",
        11,
        "stub line",
    ),
    "an answer that says YOUR ANSWER HERE": ("Because.", "YOUR ANSWER HERE", 25, "stub line"),
    "code that is no Python": ("return secret", "return return", 11, "Python cannot read"),
    "an unknown check": (
        'check("walk.points", walk)\n',
        'check("walk.pionts", walk)\n',
        17,
        "walk.points",
    ),
    "a test without a check": (
        'check("walk.points", walk)\n### BEGIN HIDDEN TESTS\n'
        'check("walk.points", walk, fresh=True)\n### END HIDDEN TESTS',
        "print(walk)",
        15,
        "a test cell without a check or an assertion",
    ),
    "an unknown cell type": (
        "# A unit",
        "# A unit\n\n```{code-sell}\n1\n```",
        7,
        "unknown cell type",
    ),
    "a raw cell": ("# A unit", "# A unit\n\n```{raw-cell}\nraw\n```", 7, "type raw"),
    "a written answer that is not graded": (
        '"grade": true, "solution"',
        '"solution"',
        23,
        "needs both",
    ),
    "metadata that is no JSON": (
        '{"nbgrader": {"grade": true',
        '{"nbgrader": {grade: true',
        23,
        "could not be read",
    ),
}


def _course(folder, text):
    (folder / "solutions/unit").mkdir(parents=True)
    path = folder / "solutions/unit/unit.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_good_source_is_released_without_its_secrets(tmp_path):
    _course(tmp_path, GOOD)
    [(solution, exercise)] = release_all(tmp_path)
    assert "return secret" in solution.read_text()
    text = exercise.read_text()
    assert "return secret" not in text and "fresh" not in text and "Because" not in text
    assert "raise NotImplementedError()" in text and "YOUR ANSWER HERE" in text


@pytest.mark.parametrize("test", ["assert walk", "np.testing.assert_allclose(walk(3), 4)"])
def test_assertions_are_tests_too(tmp_path, test):
    before, _, after = FAULTS["a test without a check"][0].partition("\n")
    path = _course(tmp_path, GOOD.replace(f"{before}\n{after}", test))
    assert read_source(path).cells[2].source == test


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_line(tmp_path, fault):
    before, after, line, words = FAULTS[fault]
    assert GOOD.count(before) == 1
    path = _course(tmp_path, GOOD.replace(before, after))
    with pytest.raises(InvalidSource) as caught:
        read_source(path)
    problems = caught.value.problems
    assert [p for p in problems if p.line == line and words in p.message], str(caught.value)


def test_nothing_is_written_if_one_unit_is_invalid(tmp_path):
    _course(tmp_path, GOOD.replace("grade_id: walk}", "}"))
    (tmp_path / "solutions/good").mkdir()
    (tmp_path / "solutions/good/good.md").write_text(GOOD)
    done = CliRunner().invoke(app, ["release", "--root", str(tmp_path)])
    assert done.exit_code == 1
    assert "unit.md:7: grade_id is missing" in done.output
    assert not (tmp_path / "exercises").exists()


def test_an_unknown_unit_is_said(tmp_path):
    _course(tmp_path, GOOD)
    done = CliRunner().invoke(app, ["release", "adma", "--root", str(tmp_path)])
    assert done.exit_code == 2 and "there are unit" in done.output

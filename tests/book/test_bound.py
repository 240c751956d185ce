"""Numbers keep their units, and formulas their commas, at the end of a line."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes


@pytest.fixture(scope="module")
def bound(root: Path) -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(root / "book" / "_ext" / "bound.py")))


@pytest.mark.parametrize(
    ("before", "text", "wanted"),
    [
        (None, "the 10 000 images, 5 % of 20 MB", "the 10\xa0000 images, 5\xa0% of 20\xa0MB"),
        (None, "in 12 steps of 64 samples", "in 12 steps of 64 samples"),
        (nodes.inline("", "8.7"), " % of them", "\xa0% of them"),
        (nodes.inline("", "8"), " steps", " steps"),
        (nodes.math("", r"B \approx"), " ", "\xa0"),
        (nodes.math("", "B"), " is", " is"),
    ],
)
def test_a_space_that_must_not_break(bound, before, text, wanted) -> None:
    assert bound.unbroken(text, before) == wanted


def test_a_formula_and_what_touches_it_are_one(bound) -> None:
    parent = nodes.paragraph("", "", nodes.Text("so ("), nodes.math("", "x"), nodes.Text("), then"))
    bound.enclose(parent, 1)
    assert [child.astext() for child in parent] == ["so ", "(x),", " then"]
    assert parent[1]["classes"] == ["bound"]


def test_a_formula_between_spaces_stays_alone(bound) -> None:
    parent = nodes.paragraph("", "", nodes.Text("so "), nodes.math("", "x"), nodes.Text(" then"))
    bound.enclose(parent, 1)
    assert isinstance(parent[1], nodes.math)

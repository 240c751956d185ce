"""Each numbered equation of the book is tested against nnlab, or says why not.

The tests are in test_formulas_<page>.py beside this file: `@pytest.mark.formula("eq-gd", ...)` on
a test names the equations it checks, and STATED in the same file gives the reason for each equation
that has no code to check.
"""

import ast
import re
from pathlib import Path

LABEL = re.compile(r"^\$\$ \(([\w-]+)\)$|^:label: (eq-[\w-]+)$", re.M)


def labelled(root: Path) -> set[str]:
    """The labels of all equations in the pages."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in root.glob("book/*.md"))
    text = re.sub(r"^````md\n.*?^````$", "", text, flags=re.M | re.S)
    return {first or second for first, second in LABEL.findall(text)}


def covered() -> tuple[list[str], dict[str, str]]:
    """The labels that tests check, and those whose reason is stated."""
    checked, stated = [], {}
    for file in sorted(Path(__file__).parent.glob("test_formulas_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.formula":
                checked += [ast.literal_eval(label) for label in node.args]
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "STATED":
                stated |= ast.literal_eval(node.value)
    return checked, stated


def test_each_equation_has_a_test_or_a_reason(root: Path) -> None:
    checked, stated = covered()
    missing = labelled(root) - set(checked) - set(stated)
    assert not missing, f"no test and no reason: {sorted(missing)}"


def test_no_test_is_about_an_equation_that_is_gone(root: Path) -> None:
    checked, stated = covered()
    gone = (set(checked) | set(stated)) - labelled(root)
    assert not gone, f"no page has these equations: {sorted(gone)}"


def test_reasons_are_reasons() -> None:
    checked, stated = covered()
    assert not set(checked) & set(stated), "both tested and excused"
    assert all(len(reason.split()) >= 3 for reason in stated.values()), stated

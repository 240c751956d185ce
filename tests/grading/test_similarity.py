"""Similar code is named, code that everybody writes is not, and no notebook is too long for the grader."""

import tiny

from nnlab.grading import similarity
from nnlab.grading.similarity import LONGEST, report
from nnlab.grading.verdict import CellResult, Verdict

ODD = """
def double(X):
    rows = [list(row) for row in X]
    for n, row in enumerate(rows):
        while len([entry for entry in row if entry is None]) < 0:
            row.pop()
        rows[n] = [sum((entry, entry), start=0) for entry in row]
    return np.array(rows if rows else X, dtype=float).reshape(np.shape(X))
"""


def handed(student, source):
    return Verdict(student, "tiny", "graded", cells=[CellResult("cell 3", source, "answer")])


OTHERS = [handed(f"s{n}", tiny.RIGHT) for n in range(8)]


def test_two_who_share_unusual_code_are_a_pair_whatever_their_names_and_numbers():
    renamed = ODD.replace("rows", "lines").replace("row", "line").replace("start=0", "start=5")
    found = report([*OTHERS, handed("ada", ODD), handed("bob", renamed)], frozenset())
    assert [(pair.one, pair.other, round(pair.share, 3)) for pair in found.pairs] == [
        ("ada", "bob", 1.0)
    ]
    assert found.left_out == []


def test_what_is_too_long_is_left_out_by_name_and_costs_the_others_nothing():
    long = ODD + "x = [" + "1 + " * (LONGEST // 4) + "1]"
    found = report(
        [*OTHERS, handed("eve", long), handed("ada", ODD), handed("bob", ODD)], frozenset()
    )
    assert found.left_out == ["eve"]
    assert [(pair.one, pair.other) for pair in found.pairs] == [("ada", "bob")]


def test_code_that_is_no_python_is_like_nothing():
    broken = [handed(name, "def (" * 1000) for name in ("ada", "bob")]
    assert report(broken, frozenset()).pairs == []


def test_what_is_too_long_to_be_compared_is_not_read_while_others_are_graded():
    similarity.prints.cache_clear()
    similarity.get_ready("x = 1\n" * LONGEST)
    assert similarity.prints.cache_info().currsize == 0
    similarity.get_ready("x = 1\n")
    assert similarity.prints.cache_info().currsize == 1

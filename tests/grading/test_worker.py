"""Whatever a notebook does to the grader itself costs that notebook its marks, and nobody else anything."""

import pytest
import tiny

from nnlab.grading import bench as benches


@pytest.mark.parametrize("error", [KeyError("x"), MemoryError(), RecursionError(), UnicodeError()])
def test_a_fault_of_the_grader_is_a_verdict(error, grade, monkeypatch):
    def fails(*about):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(benches, "grade", fails)
        verdict = grade(tiny.submission())
    assert (verdict.status, verdict.score, verdict.reason) == ("crashed", 0, benches.FAILED)
    assert grade(tiny.submission()).score == tiny.FULL

"""What is noted by one process is what the other reads, also if the last note was cut off."""

import os

import pytest

from nnlab.grading.notes import Notes
from nnlab.grading.verdict import TestResult as Result
from nnlab.grading.verdict import Verdict


@pytest.fixture
def pair():
    """One file, seen from both sides."""
    mine = Notes()
    theirs = Notes(os.dup(mine.fileno()))
    yield mine, theirs
    mine.close()
    theirs.close()


def passed(count: int) -> Verdict:
    return Verdict(
        "s01", "tiny", "graded", tests=[Result(f"t{n}", n, n, True) for n in range(count)]
    )


def test_each_test_is_there_as_soon_as_it_is_noted(pair):
    mine, theirs = pair
    assert mine.read() is None
    verdict = passed(0)
    for count in range(1, 5):
        verdict.tests.append(passed(count).tests[-1])
        theirs.write(verdict)
        assert mine.read() == passed(count)


def test_a_new_submission_finds_nothing_of_the_one_before(pair):
    mine, theirs = pair
    theirs.write(passed(3))
    mine.clear()
    assert mine.read() is None
    theirs.clear()
    theirs.write(passed(2))
    assert mine.read() == passed(2)


def test_of_a_note_that_was_cut_off_the_rest_stands(pair):
    mine, theirs = pair
    verdict = passed(1)
    theirs.write(verdict)
    first = theirs.size
    verdict.tests += passed(2).tests[1:]
    theirs.write(verdict)
    for size in range(first, theirs.size):
        os.ftruncate(mine.fileno(), size)
        assert mine.read() == passed(1)
    os.ftruncate(mine.fileno(), first // 2)
    assert mine.read() is None

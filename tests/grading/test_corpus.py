"""Wrong code earns nothing, whatever it tries; honest code earns what it deserves, however it is written."""

from pathlib import Path

import pytest
import tiny

from nnlab.grading.sandbox import Limits

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).parent / "corpus"
ATTACKS = sorted((CORPUS / "attacks").glob("*.cell"))
HONEST = sorted((CORPUS / "honest").glob("*.cell"))


def expected(path: Path) -> tuple[float, str, str]:
    """Read a case: its score and status, and the code."""
    head, _, code = path.read_text("utf-8").partition("\n")
    _, score, status = head.removeprefix("# ").split(" ", 2)
    return float(score), status, code


def settings(status: str) -> dict[str, Limits]:
    """Give little time to what should run out of it; on a busy machine, all others may take theirs."""
    return {} if status in ("any", "timed out") else {"limits": Limits()}


def test_the_corpus_is_whole():
    assert len(ATTACKS) + len(HONEST) >= 90


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_wrong_code_earns_nothing(path, grade):
    score, status, code = expected(path)
    verdict = grade(tiny.submission(tiny.WRONG + code), **settings(status))
    assert verdict.score == score, [(t.id, t.points) for t in verdict.tests if t.passed]
    assert status in ("any", verdict.status), verdict.reason
    assert len(verdict.tests) == len(tiny.TESTS)
    assert all(test.passed or test.message for test in verdict.tests)


@pytest.mark.parametrize("path", HONEST, ids=lambda path: path.stem)
def test_honest_code_earns_what_it_deserves(path, grade):
    score, status, code = expected(path)
    verdict = grade(tiny.submission(code), **settings(status))
    failed = [(test.id, test.message) for test in verdict.tests if not test.passed]
    assert (verdict.score, verdict.status) == (score, status), failed

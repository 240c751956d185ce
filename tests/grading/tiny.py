"""A small unit with every kind of answer the grader knows, in nbgrader's own layout, and submissions made from it.

Its tests are written as a careless author would: some with plain NumPy assertions, inputs shared between the two sides.
"""

import copy
import json
from pathlib import Path
from typing import Any

from nnlab.grading.unit import Unit, load_unit

FULL = 20.0
"""Points given by tests; a written answer has 4 more."""

RIGHT = """
def adam_step(theta, grad, state=None, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = {"t": 0, "m": np.zeros_like(theta), "v": np.zeros_like(theta)}
    t = state["t"] + 1
    m = beta1 * state["m"] + (1 - beta1) * grad
    v = beta2 * state["v"] + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), {"t": t, "m": m, "v": v}


def double(X):
    return 2 * X


def loss(p, y):
    return np.mean((p - y) ** 2)


def batches(X, size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), size):
        yield X[order[start : start + size]]


def descend(f, start, steps):
    for _ in range(steps):
        start = start - 0.1 * f(start)
    return start


width = 3
"""

WRONG = """
def adam_step(theta, grad, state=None, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    return theta, state


def double(X):
    return X


def loss(p, y):
    return np.mean(p - y)


def batches(X, size, rng):
    yield X


def descend(f, start, steps):
    return start


width = 4
"""

TESTS = [
    ("first-step", 2, 'check("adam_step.first_step", adam_step)',
     'check("adam_step.first_step", adam_step, fresh=True)'),
    ("many-steps", 8, 'check("adam_step.many_steps", adam_step)',
     'check("adam_step.many_steps", adam_step, fresh=True)'),
    ("double", 3, "X = np.arange(1.0, 7.0).reshape(2, 3)\nnp.testing.assert_allclose(double(X), 2 * X, rtol=1e-5)",
     "X = np.random.default_rng().normal(size=(4, 3))\n"
     "np.testing.assert_allclose(double(X), 2 * X, rtol=1e-5)"),
    ("loss", 2, "p, y = np.ones((4, 2)), np.zeros((4, 2))\nassert np.shape(loss(p, y)) == ()",
     "np.testing.assert_allclose(loss(3 * p, y), 9.0)"),
    ("batches", 2, "rng = np.random.default_rng(5)\nfound = list(batches(np.arange(10.0)[:, None], 4, rng))\n"
     "assert [len(b) for b in found] == [4, 4, 2]\n"
     "np.testing.assert_array_equal(np.sort(np.concatenate(found).ravel()), np.arange(10.0))",
     "again = list(batches(np.arange(10.0)[:, None], 4, rng))\n"
     "same = np.array_equal(np.concatenate(found), np.concatenate(again))\n"
     "assert not same, 'the same order twice'"),
    ("descend", 2, "end = descend(lambda w: 2 * (w - target), np.zeros(3), 100)\n"
     "np.testing.assert_allclose(end, target, rtol=1e-3)", ""),
    ("width", 1, "assert width == 3, 'three, please'", ""),
]  # fmt: skip


def _cell(id: str, type: str, source: str, **about: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": type, "id": id, "metadata": {}, "source": source}
    if about:
        base = {
            "grade": False,
            "solution": False,
            "locked": False,
            "task": False,
            "schema_version": 3,
        }
        cell["metadata"]["nbgrader"] = base | {"grade_id": id} | about
    if type == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def notebook(answer: str, written: str, hidden: bool = False) -> dict[str, Any]:
    """Return the notebook with this code as the answer."""
    setup = (
        "import numpy as np\nfrom nnlab.grading import check\ntarget = np.array([1.0, -2.0, 0.5])"
    )
    cells = [
        _cell("title", "markdown", "# A tiny unit"),
        _cell("setup", "code", setup, locked=True),
        _cell("answer", "code", answer, solution=True),
    ]
    for id, points, seen, unseen in TESTS:
        tail = (
            f"\n### BEGIN HIDDEN TESTS\n{unseen}\n### END HIDDEN TESTS" if hidden and unseen else ""
        )
        cells.append(
            _cell(f"test-{id}", "code", seen + tail, grade=True, locked=True, points=points)
        )
    cells.append(_cell("why", "markdown", written, grade=True, solution=True, points=4))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
SOURCE = notebook(RIGHT, "Because.", hidden=True)
RELEASED = notebook(STUB, "YOUR ANSWER HERE")


def submission(
    answer: str = RIGHT, written: str = "Because the average starts at zero."
) -> dict[str, Any]:
    """Return a submission with this answer; change it as you like."""
    return copy.deepcopy(notebook(answer, written))


def as_bytes(made: Any) -> bytes:
    """Return a notebook as a file."""
    return made if isinstance(made, bytes) else json.dumps(made).encode()


def write_course(root: Path) -> Unit:
    """Write the unit into `source/` and `release/` of a course."""
    for folder, made in (("source", SOURCE), ("release", RELEASED)):
        path = root / folder / "tiny" / "tiny.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_bytes(made))
    return load_unit(root / "source/tiny/tiny.ipynb", root / "release/tiny/tiny.ipynb")


def hand_in(root: Path, student: str, made: Any) -> Path:
    """Put a submission where nbgrader does."""
    path = root / "submitted" / student / "tiny" / "tiny.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_bytes(made))
    return path

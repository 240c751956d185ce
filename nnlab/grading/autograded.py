"""The autograded notebook is what `nbgrader formgrader` shows: the unit, the student's answers, what came of them."""

import json
import re
from typing import Any

from nnlab.grading.unit import Cell, Unit
from nnlab.grading.verdict import CellResult, TestResult, Verdict, shorten

HIDDEN = re.compile(
    r"^[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*\n?", re.DOTALL | re.MULTILINE
)
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
REST = json.dumps({"metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5})[1:]
AS_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode
LINK = re.compile(r"\](?=[(:](?!\s*(?:https?://|#)))")
"""The end of a link's text, unless it leads to the web or to a place on the page."""
TAG = re.compile(r"<(?=[A-Za-z/!?])")
"""What may begin an HTML tag; in a formula it may stand as well."""
ACTIVE = re.compile(r"\\(?=href|style|class|cssId|require)")
"""The backslash of a command of MathJax that makes more than a formula."""


def visible(source: str) -> str:
    """Return a test's source without its hidden part.

    >>> visible("check(1)\\n### BEGIN HIDDEN TESTS\\ncheck(2)\\n### END HIDDEN TESTS")
    'check(1)\\n'
    """
    return HIDDEN.sub("", source)


def harmless_markdown(text: str) -> str:
    r"""Take HTML and pictures out of Markdown, and links and formulas that run code; all other formatting stays.

    A space makes a tag or a link plain text: to tell which of them run code, one would have to know all ways to write
    a colon. A picture becomes a link, for its server would learn who marks, and when.

    >>> harmless_markdown(r'[a](javascript\:b) <script> ![c](https://d) $\href{e}{f} x<y$')
    '[a] (javascript\\:b) < script> ! [c](https://d) $\\ href{e}{f} x< y$'
    """
    text = TAG.sub("< ", shorten(text, 50_000)).replace("![", "! [")
    return ACTIVE.sub(r"\\ ", LINK.sub("] ", text))


def autograded_notebook(unit: Unit, verdict: Verdict) -> str:
    """Return the notebook as text; nothing in it but pictures, plain text and code came from the student."""
    tests = {test.id: test for test in verdict.tests}
    written = {answer.id: answer.text for answer in verdict.written}
    extra_after: dict[str, list[CellResult]] = {}
    mine: dict[str, CellResult] = {}
    last = ""
    for result in verdict.cells:
        if result.id in unit.by_id and result.id not in mine:
            mine[result.id], last = result, result.id
        else:
            extra_after.setdefault(last, []).append(result)
    cells = [_code(f"{unit.name}-extra-{n}", r) for n, r in enumerate(extra_after.get("", []))]
    for cell in unit.cells:
        if cell.kind == "test":
            cells.append(_test(cell, tests.get(cell.id), verdict))
        elif cell.type != "code":
            text = harmless_markdown(written[cell.id]) if cell.id in written else cell.source
            cells.append(_cell(cell, "markdown", text))
        else:
            result = mine.get(
                cell.id,
                CellResult("", cell.released or "" if cell.kind == "answer" else cell.source),
            )
            cells.append(_cell(cell, "code", shorten(result.source, 1 << 20), _outputs(result)))
        for number, extra in enumerate(extra_after.get(cell.id, [])):
            cells.append(_code(f"{cell.id}-extra-{number}", extra))
    lines = ",\n".join(map(AS_JSON, cells))
    return f'{{"cells": [\n{lines}\n],\n{REST}\n'


def _cell(cell: Cell, type: str, source: str, outputs: list[Any] | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": type, "id": cell.id[:64], "metadata": {}, "source": source}
    if type == "code":
        made |= {"execution_count": None, "outputs": outputs or []}
    if cell.kind != "free":
        about: dict[str, Any] = {
            "grade_id": cell.id,
            "grade": cell.kind in ("test", "written"),
            "solution": cell.kind in ("answer", "written"),
            "locked": cell.kind in ("test", "locked"),
            "task": False,
            "schema_version": 3,
            "cell_type": type,
        }
        made["metadata"]["nbgrader"] = about | ({"points": cell.points} if about["grade"] else {})
    return made


def _code(id: str, result: CellResult) -> dict[str, Any]:
    cell = Cell(re.sub("[^A-Za-z0-9_-]", "-", id)[-64:], "free", "code", result.source)
    return _cell(cell, "code", shorten(result.source, 1 << 20), _outputs(result))


def _outputs(result: CellResult) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if result.output:
        found.append(_stream(result.output))
    for picture in result.pictures:
        data = {"image/png": picture, "text/plain": "a picture, as it was handed in"}
        found.append({"output_type": "display_data", "metadata": {}, "data": data})
    if result.error:
        found.append(_error("Error", result.error))
    return found


def _test(cell: Cell, result: TestResult | None, verdict: Verdict) -> dict[str, Any]:
    if result is None:
        outputs = [_error("NotGraded", verdict.reason)]
    elif result.passed:
        outputs = [_stream(f"{result.points:g} of {result.max_points:g} points\n{result.output}")]
    else:
        outputs = [_error("CheckFailed", f"0 of {result.max_points:g} points\n{result.message}")]
    return _cell(cell, "code", visible(cell.source), outputs)


def _stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def _error(name: str, text: str) -> dict[str, Any]:
    head = (text.splitlines() or [""])[0]
    return {"output_type": "error", "ename": name, "evalue": head, "traceback": text.splitlines()}

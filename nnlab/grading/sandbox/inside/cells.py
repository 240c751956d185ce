"""A cell is run as Python; IPython's own notation (%magic, !command, help?) is taken out first."""

import ast
import contextlib
import linecache
from types import CodeType
from typing import Any

from . import confine
from .peer import text_of

TAKEN_OUT = ("pass  # ", "the grader does not run this: ")
MOST_LINES = 200
MOST_WORK = 1 << 20
"""Characters that are read to find these lines, all attempts together: of long cells, fewer lines are taken out."""
FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
KEEPS_BODY = {"time", "timeit", "capture", "prun"}


def plain_python(source: str) -> str:
    """Return the cell as Python that compiles, if it does; lines that IPython alone understands do nothing.

    >>> plain_python("%matplotlib inline")
    'pass  # the grader does not run this: %matplotlib inline'
    >>> plain_python("x = 7\\nx % 2")
    'x = 7\\nx % 2'
    >>> plain_python("%time y = 3")
    'y = 3'
    >>> plain_python("%time y = (7\\n% 2, 'why?')")
    "y = (7\\n% 2, 'why?')"
    """
    if source.lstrip().startswith("%%"):
        head, _, body = source.lstrip().partition("\n")
        return plain_python(body) if head[2:].split(" ")[0] in KEEPS_BODY else ""
    lines = source.split("\n")
    for _ in range(min(MOST_LINES, 1 + MOST_WORK // (1 + len(source)))):
        number = _line_at_fault("\n".join(lines))
        if number is None or not 1 <= number <= len(lines):
            break
        plain = _plain_line(lines[number - 1])
        if plain == lines[number - 1]:
            break
        lines[number - 1] = plain
    return "\n".join(lines)


def _line_at_fault(source: str) -> int | None:
    """Return the number of the line that is no Python; Python itself knows best what is inside a string."""
    try:
        compile(source, "<cell>", "exec", FLAGS)
    except SyntaxError as error:
        return error.lineno
    except (ValueError, RecursionError, MemoryError):
        pass
    return None


def _plain_line(line: str) -> str:
    text = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    for magic in ("%timeit ", "%time ", "%prun "):
        if text.startswith(magic) and not text[len(magic) :].startswith("-"):
            return indent + text[len(magic) :]
    shell = "=" in text and text.partition("=")[2].lstrip()[:1] in ("!", "%")
    if text.startswith(("%", "!", "?")) or text.endswith("?") or shell:
        return indent + "".join(TAKEN_OUT) + text
    return line


def _compiled(source: str, file: str) -> tuple[str, CodeType]:
    """Compile a cell; most are plain Python as they are."""
    with contextlib.suppress(SyntaxError):
        return source, compile(source, file, "exec", FLAGS, dont_inherit=True)
    source = plain_python(source)
    return source, compile(source, file, "exec", FLAGS, dont_inherit=True)


def run(source: str, name: str, namespace: dict[str, Any]) -> dict[str, str] | None:
    """Run a cell; return None, or what went wrong and where."""
    file = f"<{name}>"
    try:
        with confine.without_reserve():
            source, code = _compiled(source, file)
            linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
            waits = eval(code, namespace)
            if waits is not None:
                from . import waiting  # asyncio takes its time to load

                waiting.finish(waits)
    except BaseException as error:
        return describe(error)
    return None


def describe(error: BaseException) -> dict[str, str]:
    """Say what was raised and on which line of the student's own cells, with no frame of any library."""
    line = where = ""
    if isinstance(error, SyntaxError) and error.text and str(error.filename).startswith("<"):
        line, where = error.text.strip(), f"{str(error.filename)[1:-1]}, line {error.lineno}"
    with contextlib.suppress(Exception):
        frame = error.__traceback__
        while frame is not None:
            file = frame.tb_frame.f_code.co_filename
            if file.startswith(("<cell", "<part")):
                line = linecache.getline(file, frame.tb_lineno).strip()
                where = f"{file[1:-1]}, line {frame.tb_lineno}"
            frame = frame.tb_next
    return {
        "type": type(error).__name__[:80],
        "text": text_of(error),
        "line": line[:200],
        "where": where,
    }

"""Run one cell of a page as a notebook does, and tell what it shows; the worker keeps this as a module."""

import ast
import base64
import importlib.util
import io
import json
import linecache
import sys
import time
import traceback
import types
from html import escape

MOST_TEXT = 100_000
"""Characters that one cell may print; a page is no log."""

cell = sys.modules["__main__"].__dict__
"""The names of the page: what one cell defines, the next one has."""

emit = print
"""Called with the kind of an output and its contents as JSON; the worker puts its own here."""


class Stream(io.TextIOBase):
    """What is printed, told in pieces of at least a twentieth of a second, and not without end."""

    def __init__(self, name):
        self.name, self.waiting, self.length, self.told = name, [], 0, 0.0

    def write(self, text):
        self.length += len(text)
        if self.length <= MOST_TEXT:
            self.waiting.append(text)
        elif self.length - len(text) <= MOST_TEXT:
            self.waiting.append("\n... and more, which is left out\n")
        if time.monotonic() - self.told > 0.05:
            self.flush()
        return len(text)

    def flush(self):
        text = "".join(self.waiting)
        self.waiting, self.told = [], time.monotonic()
        if text:
            emit("stream", json.dumps({"name": self.name, "text": text}))


def flush():
    sys.stdout.flush()
    sys.stderr.flush()


def run(source, name):
    """Run a cell; True if it came to its end."""
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    try:
        body = ast.parse(source, name).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), name, "exec"), cell)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), name, "eval"), cell)
            if value is not None and not source.rstrip().endswith(";"):
                cell["_"] = value
                display(value)
        show_open_figures()
        return True
    except BaseException as error:  # a cell may also raise SystemExit; the page lives on
        flush()
        emit("error", json.dumps(explain(error)))
        return False
    finally:
        flush()


def explain(error):
    """An error as its message, and the places it came through: all of the reader's, and the last one."""
    message = f"{type(error).__name__}: {error}".rstrip(": ")
    if isinstance(error, SyntaxError) and error.text:
        mark = " " * (max(error.offset or 1, 1) - 1) + "^"
        lines = [f"line {error.lineno}:", "    " + error.text.rstrip("\n"), "    " + mark]
        return {"message": f"{type(error).__name__}: {error.msg}", "places": "\n".join(lines)}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__]
    mine = [f.filename.startswith("<cell") for f in frames]
    lines = []
    for k, frame in enumerate(frames):
        if mine[k] or k == len(frames) - 1:
            file = frame.filename.rpartition("site-packages/")[2].strip("<>")
            inside = "" if frame.name == "<module>" else f", in {frame.name}"
            lines.append(f"{file}, line {frame.lineno}{inside}:\n    {frame.line}")
        elif lines[-1:] != ["..."]:
            lines.append("...")
    return {"message": message, "places": "\n".join(lines)}


def display(*values):
    for value in values:
        flush()
        emit("display", json.dumps(bundle(value)))


def bundle(value):
    """A value as {"kind": svg, png, html or text, "data": ...}: the richest form it has."""
    data = {}
    if hasattr(value, "_repr_mimebundle_"):
        data = value._repr_mimebundle_()
        data = data[0] if isinstance(data, tuple) else data
    figure = sys.modules.get("matplotlib.figure")
    if not data and figure and isinstance(value, figure.Figure):
        data = {"image/svg+xml": svg(value)}
    for kind, mime in (("svg", "image/svg+xml"), ("png", "image/png"), ("html", "text/html")):
        form = data.get(mime)
        if form is None and hasattr(value, f"_repr_{kind}_"):
            form = getattr(value, f"_repr_{kind}_")()
        if form is not None:
            form = base64.b64encode(form).decode() if isinstance(form, bytes) else form
            return {"kind": kind, "data": form}
    return {"kind": "text", "data": repr(value)}


def svg(figure):
    if hasattr(figure, "svg"):
        return figure.svg()
    file = io.StringIO()
    figure.savefig(file, format="svg", bbox_inches="tight")
    return file.getvalue()


def show_open_figures():
    """Show what pyplot has drawn, as a notebook does at the end of a cell."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot:
        for number in pyplot.get_fignums():
            display(pyplot.figure(number))
        pyplot.close("all")


def draw(path, arguments):
    """Call an explorer's function by its dotted name; its picture and its words as JSON."""
    module, _, name = path.rpartition(".")
    seen = getattr(importlib.import_module(module), name)(**json.loads(arguments))
    figure, words = seen if isinstance(seen, tuple) else (seen, "")
    return json.dumps({"svg": svg(figure), "words": words})


def needed(source):
    """The top-level modules that a cell needs and that are not here, as import statements.

    What it imports from packages that are here is followed: `from nnlab import plots` needs matplotlib.
    """
    try:
        missing, seen, wanted = set(), set(), imports(ast.parse(source), "")
    except SyntaxError:
        return ""  # running the cell will say it better
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        top = name.partition(".")[0]
        if top in ours:
            wanted |= followed(name)
        elif not (top in sys.modules or importlib.util.find_spec(top)):
            missing.add(top)
    return "\n".join(f"import {name}" for name in sorted(missing))


ours = set()
"""The packages from the book's wheels: small, and read to see what they import."""


def followed(name):
    """What a module of ours imports when it is imported, its parents included; none if no module."""
    found = set()
    file = importlib.util.find_spec(name.partition(".")[0]).origin
    folder = file.rpartition("/")[0].rpartition("/")[0] + "/" + name.replace(".", "/")
    for candidate in (f"{folder}.py", f"{folder}/__init__.py"):
        try:
            with open(candidate) as text:
                package = name if candidate.endswith("__init__.py") else name.rpartition(".")[0]
                found |= imports(ast.Module(at_import(ast.parse(text.read())), []), package)
        except OSError:
            continue
    return found | ({name.rpartition(".")[0]} if "." in name else set())


def at_import(tree):
    """The statements that run on import: those in functions and under TYPE_CHECKING do not."""
    lazy = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.Try)
    return [node for node in tree.body if not isinstance(node, lazy)]


def imports(tree, package):
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                up = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*up, *([base] if base else [])])
            # a name may be a module of its own, as in `from nnlab import plots`
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def stand_in(name, **contents):
    module = types.ModuleType(name)
    module.__dict__.update(contents)
    sys.modules[name] = module
    return module


class HTML:
    """Markup to be shown as it is."""

    def __init__(self, data):
        self.data = data

    def _repr_html_(self):
        return self.data


class Markdown(HTML):
    def _repr_html_(self):
        return f"<pre>{escape(self.data)}</pre>"


def glue(name, variable, display=True):
    """Stand in for myst_nb's glue: the static page holds the value, so here it is only shown."""
    if display:
        globals()["display"](variable)


# Modules that pages import for the sake of the static book, and that have no part in a browser.
tools = {"display": display, "HTML": HTML, "Markdown": Markdown}
stand_in("myst_nb", glue=glue)
stand_in(
    "IPython", display=stand_in("IPython.display", **tools, clear_output=lambda **_: emit("clear", "{}")),
    get_ipython=lambda: None, version_info=(9, 0),
)  # fmt: skip
cell["display"] = display

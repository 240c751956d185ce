"""The sandbox's nnlab: copies of the modules that an exercise hands out, without the functions it asks for."""

import ast
import shutil
from collections.abc import Iterable
from pathlib import Path

import nnlab

ROOT = Path(nnlab.__file__).parent
NEVER = ("grading", "cli", "experiments")
DATA = {".gz", ".csv", ".npz", ".npy", ".json", ".txt", ".mplstyle"}

GRADING = '''"""Checks are made by the grader, which is elsewhere: here they do nothing."""


class CheckFailed(AssertionError):
    """Never raised here."""


def check(*args, **kwargs):
    """Do nothing."""


def explore(draw, **ranges):
    """Do nothing."""
'''


def build(folder: Path, handed_code: Iterable[str], asked: frozenset[str]) -> Path:
    """Write the package that code like `handed_code` may import, and return the folder it is in."""
    wanted: set[Path] = set()
    named: set[str] = set()
    for source in handed_code:
        modules, names = _imports(source, "")
        named |= names
        for module in modules:
            _follow(module, wanted)
    wanted.add(ROOT / "__init__.py")
    for path in sorted(wanted):
        text = path.read_text("utf-8")
        if path != ROOT / "__init__.py":
            text = _without(text, asked, named)
        _write(folder / "nnlab" / path.relative_to(ROOT), text)
    for package in {path.parent for path in wanted} - {ROOT}:
        for data in package.iterdir():
            if data.suffix in DATA:
                shutil.copy(data, folder / "nnlab" / package.relative_to(ROOT) / data.name)
    _write(folder / "nnlab" / "grading" / "__init__.py", GRADING)
    return folder


def modules(handed_code: Iterable[str]) -> tuple[str, ...]:
    """List what such code imports from nnlab: modules, and names that may be modules."""
    return tuple(sorted({name for source in handed_code for name in _imports(source, "")[0]}))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _follow(module: str, wanted: set[Path]) -> None:
    """Add a module, the packages around it, and all they import from nnlab."""
    parts = module.split(".")[1:]
    if parts and parts[0] in NEVER:
        return
    places = [ROOT.joinpath(*parts[: n + 1]) for n in range(len(parts))]
    for place in places:
        path = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        if not path.is_file() or path in wanted:
            continue
        wanted.add(path)
        package = ".".join(["nnlab", *path.relative_to(ROOT).parts[:-1]])
        for found in _imports(path.read_text("utf-8"), package)[0]:
            _follow(found, wanted)


def _imports(source: str, package: str) -> tuple[set[str], set[str]]:
    """Return the modules of nnlab that code may import, and the names that it takes from them."""
    modules: set[str] = set()
    names: set[str] = set()
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return modules, names
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {a.name for a in node.names if a.name.split(".")[0] == "nnlab"}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                around = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*around, *([base] if base else [])])
            if base.split(".")[0] == "nnlab":
                modules |= {base, *(f"{base}.{a.name}" for a in node.names)}
                names |= {a.name for a in node.names}
    return modules, names


def _without(text: str, asked: frozenset[str], named: set[str]) -> str:
    """Empty a module that defines an asked function: of its public functions, only those handed out by name stay."""
    tree = ast.parse(text)
    kinds = (ast.FunctionDef, ast.ClassDef)
    if not any(isinstance(node, kinds) and node.name in asked for node in tree.body):
        return text
    for node in tree.body:
        if not isinstance(node, kinds) or node.name.startswith("_"):
            continue
        if node.name in named and node.name not in asked:
            continue
        refusal = ast.parse(
            f"raise NotImplementedError('{node.name} is not there while your notebook is graded')"
        )
        if isinstance(node, ast.FunctionDef):
            node.body = refusal.body
            node.decorator_list = []
        else:
            init = ast.parse("def __init__(self, *args, **kwargs): pass").body[0]
            assert isinstance(init, ast.FunctionDef)
            init.body = refusal.body
            node.body, node.bases, node.decorator_list = [init], [], []
    return ast.unparse(ast.fix_missing_locations(tree))

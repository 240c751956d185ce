"""The rules of the house, for the files of the repository."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

FLOORS = {
    "_types": 0,
    "_folders": 0,
    "_checks": 0,
    "activations": 0,
    "losses": 0,
    "schedules": 0,
    "optimizers": 1,
    "perceptron": 1,
    "initialization": 1,
    "layers": 1,
    "saving": 1,
    "network": 1,
    "functions": 1,
    "batches": 2,
    "history": 2,
    "descent": 2,
    "line_search": 2,
    "fractal": 2,
    "gradcheck": 2,
    "training": 2,
    "datasets": 2,
    "experiments": 3,
    "plots": 3,
    "widgets": 3,
    "grading": 3,
    "cli": 4,
}
"""Where each module of nnlab stands; a module imports from its own floor or from below."""

LINES = 200
LARGEST = 1_500_000


def tracked(root: Path) -> list[Path]:
    """The files git knows, also those that are not yet committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return [root / name for name in names.split("\0") if name and (root / name).is_file()]


def modules(root: Path) -> list[Path]:
    return sorted((root / "nnlab").rglob("*.py"))


def room(root: Path, file: Path) -> str:
    """The module or folder of nnlab that a file is in: `losses` for nnlab/losses/penalty.py."""
    return file.relative_to(root / "nnlab").parts[0].removesuffix(".py")


def imported_rooms(root: Path, file: Path) -> Iterator[str]:
    """The rooms of nnlab that a file imports, also inside its functions."""
    package = file.relative_to(root).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*start, *filter(None, [node.module])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            top, _, rest = name.partition(".")
            if top == "nnlab" and rest:
                yield rest.partition(".")[0]


def test_the_ground_floors_load_numpy_and_nothing_else(root: Path) -> None:
    """`import nnlab` alone loads none of its modules, so this imports each that runs in a browser."""
    rooms = ", ".join(sorted(f"nnlab.{room}" for room, floor in FLOORS.items() if floor <= 2))
    probe = f"""
import sys
import numpy.random
before = {{name.partition(".")[0] for name in sys.modules}}
import nnlab, {rooms}
after = {{name.partition(".")[0] for name in sys.modules}}
print(*sorted(after - before - set(sys.stdlib_module_names)))
"""
    command = [sys.executable, "-W", "error", "-c", probe]
    loaded = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    assert loaded.split() == ["nnlab"]


def test_every_module_has_a_floor(root: Path) -> None:
    rooms = {room(root, file) for file in modules(root)} - {"__init__"}
    homeless = rooms - set(FLOORS)
    assert not homeless, f"say in FLOORS (tests/test_repository.py) where these stand: {homeless}"


def test_no_module_imports_from_a_floor_above(root: Path) -> None:
    wrong = []
    for file in modules(root):
        here = room(root, file)
        if here == "__init__":
            continue
        for there in imported_rooms(root, file):
            if FLOORS.get(there, 0) > FLOORS.get(here, 4):
                wrong.append(f"{file.relative_to(root)} (floor {FLOORS[here]}) imports {there}")
    assert not wrong, "\n".join(wrong)


def test_no_two_modules_need_each_other(root: Path) -> None:
    needs: dict[str, set[str]] = {}
    for file in modules(root):
        here = room(root, file)
        if here != "__init__":
            needs.setdefault(here, set()).update(set(imported_rooms(root, file)) - {here})
    TopologicalSorter(needs).prepare()  # raises CycleError, which names the circle


def test_ground_floors_are_short_enough_to_read(root: Path) -> None:
    low = [f for f in modules(root) if FLOORS.get(room(root, f), 0) <= 2]
    lines = {str(f.relative_to(root)): len(f.read_text().splitlines()) for f in low}
    long = {name: count for name, count in lines.items() if count > LINES}
    assert not long, f"longer than {LINES} lines: {long}"


def test_no_file_is_large(root: Path) -> None:
    large = {str(f.relative_to(root)): f.stat().st_size for f in tracked(root)}
    large = {name: size for name, size in large.items() if size > LARGEST}
    assert not large, f"larger than {LARGEST} bytes: {large}"


MACHINE = re.compile(
    rb"(?<![\w.~}/-])/(?:work|tmp|root|home|Users|opt)/"  # a path that only one machine has
    rb"|(?:pypi|files\.python" + rb"hosted|test\.pypi)\.(?:org|python\.org)/"  # a package index
    rb"|registry\.npm" + rb"js\.(?:org|com)"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"open('/tmp" + b"/x')", True),
        (b"--index-url https://pypi" + b".org/simple", True),
        (b"see /nnlab/tm" + b"p/x and a/ho" + b"me/b", False),
    ],
)
def test_machine_paths_are_recognised(text: bytes, found: bool) -> None:
    assert bool(MACHINE.search(text)) == found


def test_no_file_names_a_machine_or_a_package_index(root: Path) -> None:
    vendored = root / "book" / "_vendor"
    found = [
        f"{file.relative_to(root)}: {hit.group().decode()}"
        for file in tracked(root)
        if vendored not in file.parents
        for hit in [MACHINE.search(file.read_bytes())]
        if hit and b"\0" not in file.read_bytes()[:1024]
    ]
    assert not found, "\n".join(found)


def test_the_lock_has_a_hash_for_each_pin_and_no_address(root: Path) -> None:
    lock = (root / "requirements" / "lock.txt").read_text()
    pins = re.split(r"\n(?=[a-z0-9])", "\n" + lock.partition("\n")[2], flags=re.I)
    pins = [pin for pin in pins if "==" in pin]
    assert len(pins) > 100
    assert not [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin]
    assert not re.search(r"://|^-|\btorch==| @ ", lock, re.M)


def test_the_lock_answers_to_the_project(root: Path) -> None:
    """Every requirement of pyproject.toml is pinned: `make lock` was run after the last change."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    extras = chain.from_iterable(project["optional-dependencies"].values())
    wanted = [*project["dependencies"], *extras]
    names = {re.split(r"[^\w.-]", line)[0].lower() for line in wanted} - {"nnlab-course"}
    pinned = set(re.findall(r"^([\w.-]+)==", (root / "requirements/lock.txt").read_text(), re.M))
    assert not names - pinned, "run `make lock`"

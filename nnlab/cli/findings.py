"""What `nnlab doctor` looks for: packages, programs, data, a course; each with who needs it and how to get it."""

import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, metadata, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.requirements import Requirement

PROJECT = "nnlab-course"
MANY = 6
"""Up to so many packages of an extra are shown with their versions; --json has all."""

NEEDS = {
    "read": ((), ()),
    "study": (("grading", "widgets"), ()),
    "teach": (("grading", "widgets"), ("bubblewrap",)),
    "develop": (("dev",), ("bubblewrap", "Chromium", "git", "make")),
}
"""The extras and programs that each purpose needs; Python and NumPy are for all."""

EXTRAS = {
    "data": "downloading data sets: nnlab data get",
    "notebook": "Jupyter alone, as Binder has it",
    "widgets": "pictures and sliders in notebooks",
    "study": "the experiments: nnlab study, nnlab data",
    "grading": "notebooks: JupyterLab, nnlab check, release, grade, export",
    "dask": "clusters: nnlab grade --dask, nnlab study --dask",
    "book": "building the book: make book",
    "dev": "changing and testing nnlab: make test",
}

PROGRAMS = {
    "bubblewrap": (("bwrap",), "bubblewrap", "nnlab grade, to shut students' code in"),
    "Chromium": (
        ("chromium", "chromium-browser", "google-chrome"),
        "chromium",
        "the tests of pages in a browser",
    ),
    "git": (("git",), "git", "getting the sources, and their history"),
    "make": (("make",), "make", "the commands of a checkout: make book, make test"),
}
"""By name: how it may be called, its package, and what it is for."""

MANAGERS = {
    "apt-get": "sudo apt-get install {}",
    "dnf": "sudo dnf install {}",
    "pacman": "sudo pacman -S {}",
    "brew": "brew install {}",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for; state: "there", "missing" or "wrong" (too old, damaged, not working)."""

    group: str
    name: str
    state: str
    about: str
    serves: str
    fix: str = ""
    purposes: tuple[str, ...] = ()
    packages: dict[str, str | None] = field(default_factory=dict)


def everything() -> Iterator[Finding]:
    """Look for all there is to find."""
    yield from packages()
    yield from programs()
    yield from data()


def packages() -> Iterator[Finding]:
    """Hold what is installed against what nnlab's own metadata asks for."""
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

    try:
        own = metadata(PROJECT)
    except PackageNotFoundError:
        yield Finding(
            "Packages", PROJECT, "missing", "run from its sources, not installed", "everything",
            "pip install --editable .", tuple(NEEDS),
        )  # fmt: skip
        return
    here, wanted = platform.python_version(), own["Requires-Python"]
    right = SpecifierSet(wanted).contains(here, prereleases=True)
    yield Finding(
        "Packages", "Python", "there" if right else "wrong", here, "everything",
        "" if right else f"install Python {wanted}", tuple(NEEDS),
    )  # fmt: skip
    requirements = [Requirement(line) for line in own.get_all("Requires-Dist") or ()]
    yield _packages("", [r for r in requirements if _applies(r, "")])
    for extra in own.get_all("Provides-Extra") or ():
        yield _packages(extra, [r for r in requirements if _applies(r, extra)])


def _applies(requirement: "Requirement", extra: str) -> bool:
    """Whether this extra (or "", nnlab itself) asks for it, and not nnlab itself already."""
    marker = requirement.marker
    asked = [marker is None or marker.evaluate({"extra": name}) for name in ("", extra)]
    return asked[0] if not extra else asked == [False, True]


def _packages(extra: str, asked: "list[Requirement]") -> Finding:
    found: dict[str, str | None] = {}
    missing, wrong = [], []
    for name, wanted in ((r.name, r.specifier) for r in asked):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
            missing.append(name)
            continue
        if not wanted.contains(found[name] or "", prereleases=True):
            wrong.append(f"{name} {found[name]} is not {wanted}")
    state = "missing" if missing else "wrong" if wrong else "there"
    about = "; ".join([f"{', '.join(missing)} missing"] * bool(missing) + wrong)
    if not about and len(found) > MANY:
        about = f"all {len(found)} packages"
    about = about or ", ".join(f"{name} {number}" for name, number in found.items())
    target = f"'{PROJECT}[{extra}]'" if extra else PROJECT
    return Finding(
        "Packages",
        f"[{extra}]" if extra else "NumPy",
        state,
        about,
        EXTRAS.get(extra, "everything"),
        "" if state == "there" else f"pip install --upgrade {target}",
        tuple(p for p, (extras, _) in NEEDS.items() if not extra or extra in extras),
        found,
    )


def programs() -> Iterator[Finding]:
    """Look for programs of the system, and whether the sandbox really works here."""
    from nnlab.grading.sandbox import bubblewrap

    for name, (commands, package, serves) in PROGRAMS.items():
        purposes = tuple(p for p, (_, needed) in NEEDS.items() if name in needed)
        path = next(filter(None, map(shutil.which, commands)), None)
        if path is None:
            about, state, fix = "not found", "missing", _install(package)
        else:
            about, state, fix = _version(path), "there", ""
            problem = bubblewrap.available() if name == "bubblewrap" else None
            if problem:
                about, state, fix = f"{about}, but it does not work here", "wrong", problem
            elif name == "bubblewrap":
                about += ", and it works here"
        yield Finding("Programs", name, state, about, serves, fix, purposes)


def _install(package: str) -> str:
    if package == "bubblewrap" and platform.system() != "Linux":
        return (
            "Linux alone has it; elsewhere `nnlab grade --isolation process`, for people you trust"
        )
    for manager, line in MANAGERS.items():
        if shutil.which(manager):
            return line.format(package)
    return f"install {package} as your system installs programs"


def _version(path: str) -> str:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return path
    number = re.search(r"\d+(\.\d+)+", done.stdout)
    return number[0] if number else path


def data() -> Iterator[Finding]:
    """Look for the data sets that come as files; the digits are part of nnlab."""
    from nnlab.datasets import load_digits, mnist, wine
    from nnlab.datasets.files import find

    rows = len(load_digits()[0])
    yield Finding(
        "Data", "digits", "there", f"{rows} images, inside nnlab", "the book, notebooks, quick studies"
    )  # fmt: skip
    for name, files in (("MNIST", tuple(mnist.FILES.values())), ("wine", (wine.FILE,))):
        places = {file.name: list(find(file)) for file in files}
        intact = {
            file: next((p for p, raw in found if raw), None) for file, found in places.items()
        }
        damaged = [str(p) for found in places.values() for p, raw in found if raw is None]
        folders = sorted({str(path.parent) for path in intact.values() if path})
        fix = f"nnlab data get {name.lower()}, or set NNLAB_DATA to a folder that has it"
        serves = "full studies on it: nnlab study list"
        if all(intact.values()):
            yield Finding("Data", name, "there", f"intact, in {', '.join(folders)}", serves)
        elif damaged:
            about = f"damaged: {', '.join(damaged)}"
            yield Finding("Data", name, "wrong", about, serves, f"delete what is damaged; {fix}")
        else:
            yield Finding("Data", name, "missing", "not here", serves, fix)

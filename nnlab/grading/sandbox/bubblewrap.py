"""The command line of bubblewrap: an empty world with Python, NumPy and the unit's part of nnlab in it, read-only."""

import shutil
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path

import nnlab
from nnlab.grading.sandbox.packages import allowed_packages

ROOT = Path(nnlab.__file__).parent
HOME = "/sandbox"
WORK = "/work"


def available() -> str | None:
    """Return None if bubblewrap works here, or the sentence that says what to do about it."""
    program = shutil.which("bwrap")
    if program is None:
        return (
            "bubblewrap is not installed. Install it with `apt-get install bubblewrap` (or dnf, pacman); "
            "where that cannot be, choose `--isolation process`: weaker, and only for people you trust."
        )
    trial = [program, "--unshare-all", "--ro-bind", "/", "/", "--", "/bin/sh", "-c", "true"]
    done = subprocess.run(trial, capture_output=True, text=True, timeout=20)
    if done.returncode == 0:
        return None
    return (
        f"bubblewrap cannot make a sandbox here ({done.stderr.strip() or done.returncode}). The system forbids user "
        "namespaces: on Ubuntu 24.04 `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` "
        "allows them, in a container `--privileged`. "
        "Or choose `--isolation process`: weaker, and only for people you trust."
    )


def command(python: list[str], inside: Path, course: Path, socket: int, single: bool) -> list[str]:
    """Return the command that runs `python` with nothing to see but what grading needs."""
    program = shutil.which("bwrap") or "bwrap"
    words = [program, "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--uid", "65534", "--gid", "65534", "--hostname", "sandbox", "--cap-drop", "ALL"]
    if not single:  # the zygote gives each submission its own process numbers and files, inside its user namespace
        words += ["--cap-add", "CAP_SYS_ADMIN"]
    for name, value in environment().items():
        words += ["--setenv", name, value]
    words += _system()
    words += [
        "--ro-bind",
        str(inside),
        f"{HOME}/inside",
        "--ro-bind",
        str(course),
        f"{HOME}/course",
    ]
    for name, place in allowed_packages():
        words += ["--ro-bind", str(place), f"{HOME}/site/{name}"]
    for device in ("null", "zero", "urandom", "random"):
        words += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    words += ["--size", str(16 << 20), "--tmpfs", WORK]
    words += ["--remount-ro", "/", "--chdir", WORK]
    return [*words, "--", *python]


def environment() -> dict[str, str]:
    """Return the variables a student's process sees: one thread, no display, the same hashes every time."""
    return {
        "HOME": WORK,
        "TMPDIR": WORK,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": WORK,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
    }


@cache
def executable() -> Path:
    """Return the interpreter itself, behind the links of virtual environments."""
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def _system() -> list[str]:
    """Bind the interpreter, its standard library and the C libraries; cover every other Python package."""
    words: list[str] = []
    for name in ("lib", "lib64", "lib32"):
        plain = Path("/", name)
        if plain.is_symlink():
            words += ["--symlink", f"usr/{name}", str(plain)]
    words += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    for place in [*_libraries(), executable()]:
        words += ["--ro-bind", str(place), str(place)]
    for place in covered(_libraries()):  # all submissions of a zygote share it: nothing may stay
        words += ["--tmpfs", str(place), "--remount-ro", str(place)]
    return words


def _libraries() -> list[Path]:
    """List the folders that hold the standard library and the C libraries."""
    places = [Path(root, name) for root in ("/usr", "/") for name in ("lib", "lib64", "lib32")]
    found = [place for place in places if place.is_dir() and not place.is_symlink()]
    own = Path(sys.base_prefix, "lib").resolve()
    return found if any(own.is_relative_to(place) for place in found) else [*found, own]


def covered(libraries: list[Path]) -> list[Path]:
    """List what is in these and no business of students: all packages of all Pythons, the course if it lies there.

    Whoever installs nnlab for all users of a machine has the references, tests and perhaps solutions in such a place.
    """
    places = {place.resolve() for root in libraries for place in root.glob("python*/*-packages")}
    base = {"base": sys.base_prefix, "platbase": sys.base_prefix}
    places |= {
        Path(sysconfig.get_path(name, vars=base)).resolve() for name in ("purelib", "platlib")
    }
    places |= {package.resolve() for package in (ROOT, ROOT.parent)}
    if sys.prefix != sys.base_prefix:
        places.add(Path(sys.prefix).resolve())
    roots = [root.resolve() for root in libraries]
    inside = [p for p in places if p.is_dir() and any(root in p.parents for root in roots)]
    return sorted(p for p in inside if not any(other in p.parents for other in inside))

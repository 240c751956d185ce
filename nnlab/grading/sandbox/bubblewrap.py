"""The command line of bubblewrap: an empty world with Python, NumPy and the unit's part of nnlab in it, read-only."""

import shutil
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path

from nnlab.grading.sandbox.packages import allowed_packages

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
        plain, under_usr = Path("/", name), Path("/usr", name)
        if under_usr.is_dir():
            words += ["--ro-bind", str(under_usr), str(under_usr)]
        if plain.is_symlink():
            words += ["--symlink", f"usr/{name}", str(plain)]
        elif plain.is_dir():
            words += ["--ro-bind", str(plain), str(plain)]
    words += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    libraries = Path(sys.base_prefix, "lib")
    if not libraries.is_relative_to("/usr/lib"):
        words += ["--ro-bind", str(libraries), str(libraries)]
    words += ["--ro-bind", str(executable()), str(executable())]
    for place in _packages_of_the_system():
        words += ["--tmpfs", str(place)]
    return words


def _packages_of_the_system() -> list[Path]:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base = {"base": sys.base_prefix, "platbase": sys.base_prefix}
    places = {Path(sysconfig.get_path(name, vars=base)) for name in ("purelib", "platlib")}
    places |= {Path(sys.base_prefix, "lib", version, "site-packages")}
    places |= {Path("/usr/lib/python3/dist-packages"), Path("/usr/lib", version, "dist-packages")}
    return sorted({place.resolve() for place in places if place.is_dir()})

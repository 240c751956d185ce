"""What the browser loads besides Pyodide: the packages and files of the book, listed in one config.json.

`config.json` is asked for when a reader starts Python, so a copy of the site can be pointed at
another Pyodide by changing that one file.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path

from sphinx.application import Sphinx

PYODIDE = "314.0.3"
CDN = {
    "core": f"https://cdn.jsdelivr.net/npm/pyodide@{PYODIDE}/",
    "packages": f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/",
    # Of the files in npm's package; the lock file in turn holds the hash of every package.
    "integrity": {
        "pyodide.mjs": "sha384-37wxVGo7MBryEjut3Wf4qHDxWQY7/9bFQsoJWkHb47/epwO3+PR7FCzBPMCKQv7u",
        "pyodide.asm.mjs": "sha384-YeRhAyBAGbSzchLhpX+ybWe+W+Jo1VPerE6kWkqdGPdTzZhG7Ys3iYYcss8vS/hW",
        "pyodide.asm.wasm": "sha384-w9RzCfsk2Qf16WCSIlnWrpL19cYFkE3gzNS9lHgHbYnrEzptSJK+wVQidhpdPbDL",
        "python_stdlib.zip": "sha384-x/zEaHRF8kG/Ap+4oxfjQZLUo6R7UvX1DKAkGe4Kgw31Yr8Ik8CTloNhhyLC3Tzx",
        "pyodide-lock.json": "sha384-TtZ9cnX+bwqZ/VjrwMf3rNo77t30rxSe99MYWHjIXxQ8wPxPf7Bfgq3absXMLTOo",
    },
}


def write(app: Sphinx, exception: Exception | None) -> None:
    """Put config.json and all it names into the built site."""
    if exception or app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "live"
    config = {
        "pyodide": pyodide(app.config.live_pyodide, Path(app.outdir)),
        "packages": app.config.live_packages,
        "wheels": [
            wheel(Path(app.srcdir, p), target, app.config.live_leave_out)
            for p in app.config.live_wheels
        ],
        "files": archive(Path(app.srcdir), app.config.live_files, target),
    }
    (target / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")


def pyodide(setting: str, site: Path) -> dict[str, object]:
    """Where Pyodide comes from: the public CDN, or a folder, which the site then takes with it.

    The variable NNLAB_PYODIDE goes before the setting.
    """
    setting = os.environ.get("NNLAB_PYODIDE") or setting
    if setting == "cdn":
        return CDN
    if setting.startswith(("https://", "http://", "/")) and not Path(setting).is_dir():
        return {"core": setting.rstrip("/") + "/"}
    folder = Path(setting)
    if not (folder / "pyodide.mjs").is_file():
        raise FileNotFoundError(f"{folder} holds no Pyodide: there is no pyodide.mjs in it")
    # pyodide.js is the same for old pages, and not needed
    shutil.copytree(
        folder, site / "pyodide", dirs_exist_ok=True, ignore=shutil.ignore_patterns("pyodide.js")
    )
    return {"core": "../../pyodide/"}


def wheel(project: Path, target: Path, leave_out: Sequence[str] = ()) -> dict[str, object]:
    """Build the wheel of a pure Python project with its own build backend: its address and packages.

    Of its files, those that match a pattern of `leave_out` are not published.
    """
    backend = tomllib.loads((project / "pyproject.toml").read_text())["build-system"]
    program = f"import sys, {backend['build-backend']} as backend; backend.build_wheel(sys.argv[1])"
    for old in target.glob("*.whl"):
        old.unlink()
    run = [sys.executable, "-c", program, str(target)]
    subprocess.run(run, cwd=project, check=True, stdout=subprocess.DEVNULL)
    built = next(target.glob("*.whl"))
    with zipfile.ZipFile(io.BytesIO(built.read_bytes())) as whole:
        with zipfile.ZipFile(built, "w", zipfile.ZIP_DEFLATED) as kept:
            for item in whole.infolist():
                if not any(fnmatch(item.filename, pattern) for pattern in leave_out):
                    kept.writestr(item, whole.read(item))
    top = {name.partition("/")[0] for name in zipfile.ZipFile(built).namelist()}
    return {"url": dated(built), "packages": sorted(n for n in top if n.isidentifier())}


def archive(root: Path, patterns: list[str], target: Path) -> str | None:
    """Pack the files that pages read, under the paths they have in the book."""
    files = [file for pattern in patterns for file in sorted(root.glob(pattern))]
    if not files:
        return None
    file = target / "files.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for each in files:
            info = zipfile.ZipInfo(each.relative_to(root).as_posix())  # no date: same bytes
            pack.writestr(info, each.read_bytes(), zipfile.ZIP_DEFLATED)
    return dated(file)


def dated(file: Path) -> str:
    """The address of a file, which changes with its contents, so that no cache serves an old one."""
    return f"{file.name}?v={sha256(file.read_bytes()).hexdigest()[:8]}"

"""Build JupyterLite into the book, at /lite/: the exercises' notebooks, ready to run in the browser.

Its kernel is the Pyodide of the live pages. The packages that notebooks import (`nnlab` and
ipywidgets) are entries of Pyodide's own lock file, so that importing them loads them.
"""

import json
import os
import subprocess
import sys
import zipfile
from hashlib import sha256
from importlib.metadata import Distribution, distribution, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

LOCK = Path(__file__).parent / "live" / "pyodide-lock.json"
KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = (KERNEL, "@jupyter-widgets/jupyterlab-manager", "jupyterlab_pygments")
EXTRAS = ("comm", "ipywidgets")
"""What the widgets need and Pyodide does not have."""
DEPENDS = {"nnlab_course": ["numpy", "matplotlib", "ipywidgets"], "ipywidgets": ["comm"]}
"""Loaded along with a package: what it needs, and what it can do more with."""

log = logging.getLogger(__name__)


def write(app: Sphinx, exception: Exception | None) -> None:
    """Build the site unless what it is made of is what it was made of last time."""
    if exception or app.builder.format != "html":
        return
    live, out = Path(app.outdir) / "_static" / "live", Path(app.outdir) / "lite"
    exercises = Path(app.srcdir) / "exercises"
    pyodide = json.loads((live / "config.json").read_text(encoding="utf-8"))["pyodide"]
    wheels = sorted(live.glob("*.whl"))
    made_of = [*wheels, *sorted(exercises.glob("*/*.ipynb")), LOCK, Path(__file__)]
    key = sha256(
        repr((pyodide, version("jupyterlite-core"), [version(n) for n in EXTRAS])).encode()
    )
    for file in made_of:
        key.update(file.name.encode() + sha256(file.read_bytes()).digest())
    stamp = out / "made-of.txt"
    if stamp.is_file() and stamp.read_text() == key.hexdigest():
        return
    log.info("building JupyterLite with the exercises ...")
    build(out, exercises, pyodide["core"])
    names = [place(wheel, out / "pypi") for wheel in wheels] + [
        repack(distribution(name), out / "pypi") for name in EXTRAS
    ]
    prefix = pyodide.get("packages", "../../pyodide/")
    own = Path(app.outdir) / "pyodide" / "pyodide-lock.json"
    base = json.loads((LOCK if "packages" in pyodide else own).read_text(encoding="utf-8"))
    lock = extended(base, prefix, names)
    (out / "pypi" / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    stamp.write_text(key.hexdigest())


def build(out: Path, exercises: Path, core: str) -> None:
    """Call `jupyter lite build`, and tell the kernel where Pyodide and the lock file are."""
    core = core if "://" in core else "./../pyodide/"  # from the folder of JupyterLite
    kernel = {
        "pyodideUrl": f"{core}pyodide.mjs",
        "loadPyodideOptions": {"lockFileURL": "pypi/pyodide-lock.json"},
    }
    settings = {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Exercises",
            "faviconUrl": "./../_static/favicon.svg",
            "litePluginSettings": {f"{KERNEL}:kernel": kernel},
        },
    }
    share = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    extensions = [str(share / name) for name in EXTENSIONS]
    options = {
        "LiteBuildConfig": {
            "apps": ["notebooks"],
            "contents": [str(exercises)],
            "federated_extensions": extensions,
            "ignore_sys_prefix": ["federated_extensions"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
        }
    }
    # a notebook says python3, the browser's kernel has another name: take it without asking
    overrides = {"@jupyterlab/notebook-extension:tracker": {"autoStartDefaultKernel": True}}
    with TemporaryDirectory() as folder:
        Path(folder, "overrides.json").write_text(json.dumps(overrides))
        Path(folder, "jupyter-lite.json").write_text(json.dumps(settings))
        Path(folder, "jupyter_lite_config.json").write_text(json.dumps(options))
        run = [sys.executable, "-m", "jupyter", "lite", "build", "--output-dir", str(out.resolve())]
        done = subprocess.run(run, cwd=folder, capture_output=True, text=True, env=os.environ)
    if done.returncode:
        raise RuntimeError(f"jupyter lite build failed:\n{done.stdout}\n{done.stderr}")


def place(wheel: Path, folder: Path) -> dict[str, Any]:
    """Put a wheel where the notebooks' Python finds it; its entry for the lock file."""
    folder.mkdir(exist_ok=True)
    (folder / wheel.name).write_bytes(wheel.read_bytes())
    names = zipfile.ZipFile(wheel).namelist()
    top = sorted({name.partition("/")[0] for name in names} - {""})
    name, number = wheel.name.split("-")[:2]
    return {
        "name": name.replace("_", "-"),
        "version": number,
        "file_name": wheel.name,
        "sha256": sha256(wheel.read_bytes()).hexdigest(),
        "imports": [each for each in top if each.isidentifier()],
        "depends": DEPENDS.get(name, []),
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
    }


def repack(package: Distribution, folder: Path) -> dict[str, Any]:
    """Make a wheel of an installed pure Python package: the version that the widgets' scripts have."""
    with TemporaryDirectory() as temporary:
        wheel = Path(temporary) / f"{package.name}-{package.version}-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as pack:
            for file in sorted(package.files or [], key=str):
                if ".." not in file.parts and file.suffix != ".pyc" and "tests" not in file.parts:
                    info = zipfile.ZipInfo(file.as_posix())  # no date: the same bytes every time
                    pack.writestr(info, file.read_binary(), zipfile.ZIP_DEFLATED)
        return place(wheel, folder)


def extended(lock: dict[str, Any], prefix: str, ours: list[dict[str, Any]]) -> dict[str, Any]:
    """Pyodide's lock file, with full addresses for its packages and ours beside the file."""
    packages = {
        name: {**entry, "file_name": prefix + entry["file_name"]}
        for name, entry in lock["packages"].items()
    }
    return {**lock, "packages": {**packages, **{entry["name"]: entry for entry in ours}}}


def setup(app: Sphinx) -> dict[str, bool]:
    # after the live pages, whose config.json and wheels this needs
    app.connect("build-finished", write, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

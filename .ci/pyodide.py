"""Fetch the Pyodide that live pages run on into a folder, each file compared with its hash.

.venv/bin/python .ci/pyodide.py FOLDER     # what is there already, and whole, is kept
"""

import json
import sys
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256, sha384
from pathlib import Path
from typing import Any

EXTENSIONS = Path(__file__).resolve().parents[1] / "book" / "_ext"
WANTED = ("numpy", "matplotlib", "ipython", "micropip")
"""What pages and notebooks load, by name; what these need comes along."""


def closure(lock: dict[str, Any], names: tuple[str, ...]) -> set[str]:
    """Packages and all they depend on."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop().replace("_", "-")
        if name not in found:
            found.add(name)
            waiting += lock["packages"][name]["depends"]
    return found


def integrity(content: bytes) -> str:
    return "sha384-" + b64encode(sha384(content).digest()).decode()


def keep(file: Path, url: str, right: Callable[[bytes], bool]) -> None:
    """Have a file whose hash is right: the one that is there, or the one at the address."""
    if file.is_file() and right(file.read_bytes()):
        return
    with urllib.request.urlopen(url, timeout=120) as response:
        content = response.read()
    if not right(content):
        sys.exit(f"{url} is not the file that was asked for: its hash differs")
    file.write_bytes(content)
    print(f"{file.name}: {len(content) / 1e6:.1f} MB")


def fetch(folder: Path, cdn: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, hash in cdn["integrity"].items():
        keep(folder / name, cdn["core"] + name, lambda body, hash=hash: integrity(body) == hash)
    lock = json.loads((EXTENSIONS / "live" / "pyodide-lock.json").read_text(encoding="utf-8"))
    for name in sorted(closure(lock, WANTED)):
        entry = lock["packages"][name]
        keep(
            folder / entry["file_name"],
            cdn["packages"] + entry["file_name"],
            lambda body, entry=entry: sha256(body).hexdigest() == entry["sha256"],
        )


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    sys.path.insert(0, str(EXTENSIONS))
    from live.site import CDN

    fetch(Path(sys.argv[1]), CDN)

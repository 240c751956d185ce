"""The folder for what can be made or fetched again, and how files get there whole."""

import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path


def cache() -> Path:
    """Return $XDG_CACHE_HOME/nnlab, ~/.cache/nnlab or its like."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home()))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "nnlab"


def replace(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash, finds the old one or the new one and nothing in between."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def keep(path: Path, data: bytes) -> None:
    """Keep data in such a folder; without room for them, it will have to be done without."""
    with suppress(OSError):
        replace(path, hashlib.sha256(data).digest() + data)


def recall(path: Path) -> bytes | None:
    """Return what was kept, or None if it is not there, cannot be read, or is not what it was."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    return raw[32:] if hashlib.sha256(raw[32:]).digest() == raw[:32] else None


def kept(kind: str) -> Path | None:
    """Return the folder in it for things of one kind, or None if there is no place for one."""
    try:
        folder = cache() / kind
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no room, no right, no home
        return None
    return folder if os.access(folder, os.W_OK) else None

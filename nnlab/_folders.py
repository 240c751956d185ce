"""The folder for what can be made or fetched again."""

import os
import sys
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


def kept(kind: str) -> Path | None:
    """Return the folder in it for things of one kind, or None if there is no place for one."""
    try:
        folder = cache() / kind
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no room, no right, no home
        return None
    return folder if os.access(folder, os.W_OK) else None

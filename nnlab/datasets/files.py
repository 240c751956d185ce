"""A data file is looked for in NNLAB_DATA, then in the cache, then on public mirrors; what is not
intact is not used.

Checksums are those of the raw bytes, so that a mirror may pack them as it likes.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from nnlab._folders import cache

TIMEOUT = 30.0
"""Seconds that a mirror may stay silent before the next one is asked."""


class DataFile(NamedTuple):
    """A file by name, the sha256 of its raw (unpacked) bytes, and addresses that serve it."""

    name: str
    sha256: str
    mirrors: tuple[str, ...]


class DataError(RuntimeError):
    """A data file is missing, damaged or out of reach; the message says which and what to do."""


def folders() -> list[Path]:
    """Return the folders looked in, in order: $NNLAB_DATA if it is set, then the cache."""
    named = os.environ.get("NNLAB_DATA")
    return [*([Path(named).expanduser()] if named else []), cache()]


def read(file: DataFile, *, progress: bool = True) -> bytes:
    """Return the raw bytes of a data file, downloading it once if it is nowhere to be found."""
    for path, raw in find(file):
        if raw is not None:
            return raw
        if path.parent != cache():  # a damaged download is fetched again; your own files are yours
            raise DataError(
                f"{path} is damaged (truncated, or another file of that name): its checksum "
                f"is not that of {file.name}; delete it, and it will be downloaded"
            )
    return download(file, cache(), progress=progress)


def find(file: DataFile) -> Iterator[tuple[Path, bytes | None]]:
    """Yield each place where the file is, with its raw bytes, or None if it is not intact."""
    for folder in folders():
        path = folder / file.name
        if path.is_file():
            raw = _unpack(path.read_bytes())
            yield path, raw if raw is not None and _sha256(raw) == file.sha256 else None


def download(
    file: DataFile, folder: Path, *, progress: bool = True, fetch: Fetch | None = None
) -> bytes:
    """Fetch a file from the first mirror that serves it intact, and only then put it in its
    place."""
    fetch = fetch or _fetch
    folder.mkdir(parents=True, exist_ok=True)
    failures = []
    for url in file.mirrors:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as temporary:
            part = Path(temporary) / file.name
            try:
                fetch(url, part, progress)
            except ModuleNotFoundError as error:
                raise DataError(
                    f"downloading {file.name} needs {error.name}: pip install "
                    "'nnlab-course[data]'; or set NNLAB_DATA to a folder that has the file"
                ) from error
            except Exception as error:  # whatever a mirror does, the next one gets its chance
                failures.append(f"{url}: {type(error).__name__}: {error}")
                continue
            raw = _unpack(part.read_bytes())
            if raw is None or _sha256(raw) != file.sha256:
                failures.append(f"{url}: what came has the wrong checksum")
                continue
            os.replace(part, folder / file.name)
            return raw
    tried = "\n  ".join(failures)
    raise DataError(
        f"{file.name} could not be had:\n  {tried}\n"
        "Set NNLAB_DATA to a folder that has the file, or try again later"
    )


Fetch = Callable[[str, Path, bool], None]


def _fetch(url: str, path: Path, progress: bool) -> None:
    import pooch

    pooch.HTTPDownloader(progressbar=progress, timeout=TIMEOUT)(url, str(path), None)


def _unpack(data: bytes) -> bytes | None:
    """Gunzip what is gzipped; None if it is truncated or corrupt."""
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return None


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()

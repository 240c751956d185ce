"""A submission is read as bytes by one who trusts nothing in it: damage is named, and what is left is used."""

import hashlib
import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnlab.grading.sandbox.inside.values import clean

LARGEST = 8 << 20
LONGEST = 1 << 20
MOST_CELLS = 2_000
COMPANIONS = {".py", ".csv", ".txt", ".json", ".npy", ".npz"}
MOST_COMPANIONS, LARGEST_COMPANION, LARGEST_COMPANIONS = 20, 1 << 20, 8 << 20


class Unreadable(ValueError):
    """Nothing can be graded; the message says why, in words for the student."""


@dataclass(frozen=True)
class SubmittedCell:
    """A cell as handed in; its ids are claims."""

    type: str
    source: str
    grade_id: str = ""
    cell_id: str = ""
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Submission:
    """What a student handed in: cells, files beside the notebook, and what was damaged."""

    cells: tuple[SubmittedCell, ...]
    digest: str
    files: dict[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_bytes(path: Path, largest: int = LARGEST) -> bytes:
    """Read a regular file, and neither a link, nor a pipe, nor more than `largest` bytes."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Unreadable(f"the file cannot be opened ({error.strerror})") from None
    about = os.fstat(number)
    if not stat.S_ISREG(about.st_mode):
        os.close(number)
        raise Unreadable("it is no ordinary file")
    with open(number, "rb") as file:
        if about.st_size > largest:
            raise Unreadable(
                f"it is too large: {about.st_size / 1e6:.1f} MB, and {largest >> 20} MB may be handed in"
            )
        return file.read(largest + 1)


def must_be_folder(folder: Path) -> None:
    """Raise Unreadable if a folder is none, or a link: what lies elsewhere was not handed in."""
    try:
        mode = os.lstat(folder).st_mode
    except OSError as error:
        raise Unreadable(f"the folder cannot be opened ({error.strerror})") from None
    if stat.S_ISLNK(mode):
        raise Unreadable(f"{clean(folder.name)!r} is a link, and no folder")
    if not stat.S_ISDIR(mode):
        raise Unreadable(f"{clean(folder.name)!r} is no folder")


def listing(folder: Path) -> list[Path]:
    """List what is in a folder, by name."""
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise Unreadable(f"the folder cannot be opened ({error.strerror})") from None


def companions(folder: Path, notebook: Path) -> tuple[dict[str, bytes], list[str]]:
    """Read the small plain files beside a notebook, and name what was left out."""
    files: dict[str, bytes] = {}
    notes = []
    no_companions = (notebook.name, "timestamp.txt")
    paths = [
        path
        for path in listing(folder)
        if path.suffix in COMPANIONS and path.name not in no_companions
    ]
    for path in paths[:MOST_COMPANIONS]:
        try:
            data = read_bytes(path, LARGEST_COMPANION)
            if sum(map(len, files.values())) + len(data) > LARGEST_COMPANIONS:
                raise Unreadable(f"more than {LARGEST_COMPANIONS >> 20} MB of files")
            files[path.name] = data
        except Unreadable as error:
            notes.append(f"the file {clean(path.name)!r} beside the notebook was left out: {error}")
    left_out = len(paths) - MOST_COMPANIONS
    if left_out > 0:
        notes.append(f"{left_out:,} more files beside the notebook were left out")
    return files, notes


def read_submission(path: Path) -> Submission:
    """Read a notebook and the files beside it."""
    data = read_bytes(path)
    files, notes = companions(path.parent, path)
    return parse(data, files, notes)


def digest_of(data: bytes, files: dict[str, bytes]) -> str:
    """Return a hash of all that was handed in."""
    total = hashlib.sha256(data)
    for name, content in sorted(files.items()):
        total.update(b"\0" + os.fsencode(name) + b"\0" + hashlib.sha256(content).digest())
    return total.hexdigest()


def parse(
    data: bytes, files: dict[str, bytes] | None = None, notes: list[str] | None = None
) -> Submission:
    """Make a submission of the bytes of a notebook, or raise Unreadable."""
    files, notes = files or {}, list(notes or ())
    notebook = _json(_text(data, notes))
    if not isinstance(notebook, dict):
        raise Unreadable("it is no notebook: its JSON is not an object")
    if notebook.get("nbformat") not in (3, 4):
        notes.append(
            f"its format is {ascii(notebook.get('nbformat'))[:20]}; it was read as format 4"
        )
    raw = notebook.get("cells")
    sheets = notebook.get("worksheets")
    if not isinstance(raw, list) and isinstance(sheets, list):
        raw = [
            c
            for s in sheets
            if isinstance(s, dict) and isinstance(s.get("cells"), list)
            for c in s["cells"]
        ]
    if not isinstance(raw, list):
        raise Unreadable("it is no notebook: it has no list of cells")
    if len(raw) > MOST_CELLS:
        raise Unreadable(f"it has {len(raw):,} cells")
    cells = [_cell(cell) for cell in raw if isinstance(cell, dict)]
    if len(cells) < len(raw):
        notes.append("some of its cells are no cells, and were left out")
    if sum(len(cell.source) for cell in cells) > LONGEST:
        raise Unreadable("it has more than a million characters of text and code")
    return Submission(tuple(cells), digest_of(data, files), files, tuple(notes))


def _text(data: bytes, notes: list[str]) -> str:
    if not data.strip():
        raise Unreadable("the file is empty")
    for encoding in ("utf-8-sig", "utf-16"):
        try:
            if encoding == "utf-8-sig" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
                return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    notes.append("its characters are not in UTF-8; those that could not be read were replaced")
    return data.decode("utf-8", "replace")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise Unreadable("its JSON is nested without end") from None
    except ValueError as error:
        if "<<<<<<<" in text and ">>>>>>>" in text:
            raise Unreadable(
                "it holds an unresolved merge conflict (lines of <<<<<<< and >>>>>>>)"
            ) from None
        raise Unreadable(f"its JSON is damaged, perhaps cut off: {str(error)[:100]}") from None


def _cell(raw: dict[str, Any]) -> SubmittedCell:
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    metadata = raw.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = about.get("grade_id") if isinstance(about, dict) else None
    return SubmittedCell(
        str(raw.get("cell_type"))[:20],
        clean(source).replace("\r\n", "\n").replace("\0", "") if isinstance(source, str) else "",
        clean(grade_id)[:200] if isinstance(grade_id, str) else "",
        clean(raw["id"])[:200] if isinstance(raw.get("id"), str) else "",
        tuple(_pictures(raw.get("outputs"))),
    )


def _pictures(outputs: Any) -> list[str]:
    """Return the PNG pictures among a cell's saved outputs, as the base64 they are in."""
    import base64
    import binascii

    found: list[str] = []
    for output in outputs if isinstance(outputs, list) else ():
        data = output.get("data") if isinstance(output, dict) else None
        picture = data.get("image/png") if isinstance(data, dict) else None
        picture = "".join(map(str, picture)) if isinstance(picture, list) else picture
        if not isinstance(picture, str) or len(picture) > 400_000 or len(found) == 3:
            continue
        try:
            content = base64.b64decode("".join(picture.split()), validate=True)
        except (binascii.Error, ValueError):
            continue
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            found.append(base64.b64encode(content).decode("ascii"))
    return found

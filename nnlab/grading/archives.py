"""Archives of learning platforms are unpacked into nbgrader's folders, whoever named what is in them."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath

from nnlab.grading.intake import is_student
from nnlab.grading.submission import COMPANIONS, LARGEST

MOST_FILES = 50_000
LARGEST_ALL = 4 << 30
MOODLE = re.compile(r"^(?P<name>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+(_.*)?$")
CANVAS = re.compile(
    r"^(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<sub>\d+)_(?P<file>.+?)(-(?P<try>\d+))?\.(ipynb|zip)$"
)
Whose = tuple[str, tuple[int, ...]]
ODD = re.compile(r"[^\w.@+-]+")


@dataclass(frozen=True)
class Found:
    """A notebook in an archive: whose it is, and which attempt."""

    owner: str
    attempt: tuple[int, ...]
    name: str
    data: bytes


def unpack(archive: Path, target: Path, unit: str) -> list[str]:
    """Put each student's latest notebook at `target/<student>/<unit>/<unit>.ipynb`; return a report in lines."""
    report: list[str] = []
    best: dict[str, list[Found]] = {}
    for found in _notebooks(archive, report):
        best.setdefault(student_id(found.owner), []).append(found)
    for student, attempts in sorted(best.items()):
        owners = sorted({found.owner for found in attempts})
        if len(owners) > 1 or not is_student(student):
            why = "they would be one student" if owners[1:] else "that is no student's id"
            report.append(f"left out: {', '.join(map(repr, owners))} ({why}); rename it")
            continue
        chosen = max(attempts, key=lambda one: (one.attempt, unit in one.name, one.name))
        if len(attempts) > 1:
            report.append(f"{student}: {len(attempts)} notebooks; took {chosen.name}")
        folder = target / student / unit
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{unit}.ipynb"
        if not path.is_file() or path.read_bytes() != chosen.data:
            path.write_bytes(chosen.data)
    report.append(f"{len(best)} students in {archive.name}")
    return report


def _notebooks(archive: Path, report: list[str]) -> Iterator[Found]:
    try:
        with zipfile.ZipFile(archive) as outer:
            yield from _inside(outer, report)
    except zipfile.BadZipFile as error:
        raise ValueError(f"{archive} is no zip archive, or a damaged one: {error}") from None


def _inside(
    outer: zipfile.ZipFile, report: list[str], within: str = "", by: Whose | None = None
) -> Iterator[Found]:
    """Yield the notebooks of an archive; of an archive within it, all are by whoever handed that in, `by`."""
    members = outer.infolist()
    if len(members) > MOST_FILES or sum(m.file_size for m in members) > LARGEST_ALL:
        raise ValueError(
            f"the archive holds {len(members):,} files, or more than {LARGEST_ALL >> 30} GB"
        )
    for member in members:
        name = within + member.filename
        kind = PurePosixPath(member.filename).suffix.lower()
        if member.is_dir() or "__MACOSX" in name or kind not in (".ipynb", ".zip"):
            if not member.is_dir() and kind not in COMPANIONS and "__MACOSX" not in name:
                report.append(f"left out: {name!r}")
            continue
        if member.file_size > LARGEST:
            report.append(f"left out, too large: {name!r}")
            continue
        try:
            with outer.open(member) as file:
                data = file.read(LARGEST + 1)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
            report.append(f"left out, damaged or encrypted: {name!r} ({error})")
            continue
        if kind == ".zip" and by is None:
            try:
                with zipfile.ZipFile(BytesIO(data)) as inner:
                    yield from _inside(inner, report, f"{name}/", whose(name))
            except (zipfile.BadZipFile, ValueError) as error:
                report.append(f"left out: {name!r} ({error})")
        elif kind == ".ipynb":
            owner, attempt = by or whose(name)
            yield Found(owner, attempt, name, data)


def whose(name: str) -> Whose:
    """Return the student's name or id and the number of the attempt, by the name in the archive.

    >>> whose("Ada Lovelace_4711_assignsubmission_file_/adam.ipynb")
    ('4711', (0,))
    >>> whose("lovelaceada_LATE_88_1234_adam-2.ipynb")
    ('88', (1234, 2))
    >>> whose("class/ada/adam (1).ipynb")
    ('ada', (0,))
    """
    parts = [part for part in PurePosixPath(name).parts if part not in ("/", "..", ".")]
    for part in parts:
        moodle = MOODLE.match(part)
        if moodle:
            return moodle["id"], (0,)
    canvas = CANVAS.match(parts[-1])
    if canvas:
        return canvas["id"], (int(canvas["sub"]), int(canvas["try"] or 0))
    owner = parts[-2] if len(parts) > 1 else PurePosixPath(parts[-1]).stem
    return owner, (0,)


def student_id(owner: str) -> str:
    """Return a name fit for a folder.

    >>> student_id("O'Neil, Jo")
    'O-Neil-Jo'
    """
    return ODD.sub("-", owner).strip("-.") or "nameless"

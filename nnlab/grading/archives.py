"""Archives of learning platforms are unpacked into nbgrader's folders, whoever named what is in them."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import takewhile, zip_longest
from pathlib import Path, PurePosixPath

from nnlab.grading.handed import is_student
from nnlab.grading.submission import COMPANIONS, LARGEST

MOST_FILES = 50_000
LARGEST_ALL = 4 << 30
LARGEST_INNER = 8 * LARGEST
"""Bytes of notebooks in the archive of one student: 4 MB of it may hold a thousand times as much."""
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


class Names:
    """The names in an archive: they say whose each notebook is, and which attempt.

    Moodle and Canvas write it there. In any other archive each student has a folder, or a file of that name; a folder
    around the whole class is none. Only the outermost name counts: students choose all that lies deeper.
    """

    def __init__(self, names: list[str], unit: str) -> None:
        self.unit, self.count = unit, len(names)
        folders = [_parts(name)[:-1] for name in names]
        self.around = list(takewhile(lambda level: len(set(level)) == 1, zip_longest(*folders)))

    def whose(self, name: str) -> Whose:
        """Return the student's name or id, and the number of the attempt.

        >>> archive = Names(["class/ada/adam (1).ipynb", "class/bob.ipynb", "class/eve.zip"], "adam")
        >>> [archive.whose(f"class/{name}")[0] for name in ("ada/adam (1).ipynb", "bob.ipynb", "eve.zip")]
        ['ada', 'bob', 'eve']
        >>> archive.whose("Ada Lovelace_4711_assignsubmission_file_/adam.ipynb")
        ('4711', (0,))
        >>> archive.whose("lovelaceada_LATE_88_1234_adam-2.ipynb")
        ('88', (1234, 2))
        """
        parts = _parts(name)
        around = min(len(self.around), len(parts) - 1)
        for part in parts[: around + 1]:
            moodle = MOODLE.match(part)
            if moodle:
                return moodle["id"], (0,)
        inner = parts[around:]
        if len(inner) > 1:
            return inner[0], (0,)
        canvas = CANVAS.match(inner[0])
        if canvas:
            return canvas["id"], (int(canvas["sub"]), int(canvas["try"] or 0))
        file = PurePosixPath(inner[0])
        alone = self.count == 1 or re.fullmatch(rf"{re.escape(self.unit)}[\W\d_]*", file.stem)
        folders = [part for part in parts[:around] if part != self.unit]
        if folders and file.suffix.lower() == ".ipynb" and alone:
            return folders[-1], (0,)  # all that is there is one student's
        return file.stem, (0,)


def _parts(name: str) -> list[str]:
    return [part for part in PurePosixPath(name).parts if part not in ("/", "..", ".")]


def unpack(archive: Path, target: Path, unit: str) -> list[str]:
    """Put each student's latest notebook at `target/<student>/<unit>/<unit>.ipynb`; return a report in lines."""
    report: list[str] = []
    best: dict[str, list[Found]] = {}
    for found in _notebooks(archive, report, unit):
        best.setdefault(student_id(found.owner), []).append(found)
    for student, attempts in sorted(best.items()):
        owners = sorted({found.owner for found in attempts})
        if len(owners) > 1 or not is_student(student):
            why = "they would be one student" if owners[1:] else "that is no student's id"
            report.append(f"left out: {', '.join(map(repr, owners))} ({why}); rename it")
            continue
        chosen = max(attempts, key=lambda one: (one.attempt, unit in one.name, one.name))
        if len(attempts) > 1:
            others = sorted(repr(one.name) for one in attempts if one is not chosen)
            report.append(f"{student}: took {chosen.name!r}, not {', '.join(others)[:200]}")
            places = {
                PurePosixPath(one.name).parent for one in attempts if f"{unit}.ipynb" in one.name
            }
            if len(places) > 1:
                report.append(
                    f"    if {student!r} is a group and these are its students, make an archive of each group's folder"
                )
        folder = target / student / unit
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{unit}.ipynb"
        if not path.is_file() or path.read_bytes() != chosen.data:
            path.write_bytes(chosen.data)
    report.append(f"{len(best)} students in {archive.name}")
    return report


def _notebooks(archive: Path, report: list[str], unit: str) -> Iterator[Found]:
    try:
        with zipfile.ZipFile(archive) as outer:
            names = Names([m.filename for m in outer.infolist() if _kind(m)], unit)
            yield from _inside(outer, report, names)
    except zipfile.BadZipFile as error:
        raise ValueError(f"{archive} is no zip archive, or a damaged one: {error}") from None


def _kind(member: zipfile.ZipInfo) -> str:
    """Return ".ipynb" or ".zip" if a member is one that counts, and nothing for all others."""
    kind = PurePosixPath(member.filename).suffix.lower()
    ours = kind in (".ipynb", ".zip") and "__MACOSX" not in member.filename
    return kind if ours and not member.is_dir() else ""


def _inside(
    outer: zipfile.ZipFile,
    report: list[str],
    names: Names,
    within: str = "",
    by: Whose | None = None,
) -> Iterator[Found]:
    """Yield the notebooks of an archive; of an archive within it, all are by whoever handed that in, `by`."""
    members = outer.infolist()
    size = sum(member.file_size for member in members if _kind(member))
    largest = LARGEST_ALL if by is None else LARGEST_INNER
    if len(members) > MOST_FILES or size > largest:
        raise ValueError(
            f"the archive holds {len(members):,} files, or more than {largest >> 20:,} MB of notebooks"
        )
    for member in members:
        name, kind = within + member.filename, _kind(member)
        if not kind:
            known = PurePosixPath(name).suffix.lower() in COMPANIONS or "__MACOSX" in name
            if not member.is_dir() and not known:
                report.append(f"left out: {name!r}")
            continue
        if member.file_size > LARGEST:
            report.append(f"left out, too large: {name!r}")
            continue
        try:
            with outer.open(member) as file:
                data = file.read(LARGEST + 1)
        except Exception as error:  # zipfile and its decoders raise whatever they stumble on
            report.append(f"left out, damaged or encrypted: {name!r} ({error})")
            continue
        if kind == ".zip" and by is None:
            try:
                with zipfile.ZipFile(BytesIO(data)) as inner:
                    yield from _inside(inner, report, names, f"{name}/", names.whose(name))
            except Exception as error:  # here, too
                report.append(f"left out: {name!r} ({error})")
        elif kind == ".ipynb":
            owner, attempt = by or names.whose(name)
            yield Found(owner, attempt, name, data)


def student_id(owner: str) -> str:
    """Return a name fit for a folder.

    >>> student_id("O'Neil, Jo")
    'O-Neil-Jo'
    """
    return ODD.sub("-", owner).strip("-.") or "nameless"

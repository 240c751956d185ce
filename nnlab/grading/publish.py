"""Publishing turns verdicts into what people look at: the gradebook, autograded notebooks, feedback and class pages."""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnlab.grading import classpage, feedback
from nnlab.grading.autograded import autograded_notebook
from nnlab.grading.gradebook import Entry, GradebookError, Marks, Previous, open_book
from nnlab.grading.intake import Handed
from nnlab.grading.store import Store, write_atomically
from nnlab.grading.submission import must_be_folder, read_bytes
from nnlab.grading.unit import Unit
from nnlab.grading.verdict import Verdict

TOGETHER = 50
"""Submissions that the gradebook takes at once: it is locked meanwhile, and each time costs as much as a submission."""


@dataclass(frozen=True)
class Places:
    """Where the results of a course go: nbgrader's own names, under one folder."""

    home: Path

    @property
    def gradebook(self) -> Path:
        """The database of nbgrader."""
        return self.home / "gradebook.db"

    def autograded(self, unit: str, student: str) -> Path:
        """The notebook that formgrader opens."""
        return self.home / "autograded" / student / unit / f"{unit}.ipynb"

    def feedback(self, unit: str, student: str) -> Path:
        """The page that the student gets."""
        return self.home / "feedback" / student / unit / f"{unit}.html"

    def class_page(self, unit: str) -> Path:
        """The page for the instructor."""
        return self.home / "feedback" / f"{unit}-class.html"


@dataclass(frozen=True)
class Published:
    """How many submissions wait for a person, and what was odd."""

    waiting: int
    odd: list[str]


def publish(
    unit: Unit,
    handed: list[Handed],
    store: Store,
    places: Places,
    config: Path | None,
    progress: Callable[[], None],
) -> Published:
    """Bring everything up to date with the verdicts; what is up to date already is left alone."""
    verdicts = {v.student: v for v in store.all(unit.name)}
    ledger = Ledger(store, unit.name)
    folders = {one.student: one.folder for one in handed}
    try:
        marks = _record(unit, verdicts, folders, ledger, places, config, progress)
    finally:
        ledger.save()
    for verdict in verdicts.values():
        text = feedback.page(unit, verdict, marks.get(verdict.student), _title(unit))
        write_if_new(places.feedback(unit.name, verdict.student), text)
        progress()
    _write_class_page(places.class_page(unit.name), unit, list(verdicts.values()), marks)
    waiting = sum(classpage.waits(verdict, marks.get(name)) for name, verdict in verdicts.items())
    return Published(waiting, ledger.trouble)


def _write_class_page(
    path: Path, unit: Unit, verdicts: list[Verdict], marks: dict[str, Marks]
) -> None:
    """Write the page of the class, unless it is there: to compare everybody's code takes a while."""
    origin = classpage.origin(unit, verdicts, marks)
    with contextlib.suppress(OSError, ValueError):
        if path.read_text("utf-8").endswith(origin):
            return
    write_atomically(path, classpage.page(unit, verdicts, marks) + origin)


def _record(
    unit: Unit,
    verdicts: dict[str, Verdict],
    folders: dict[str, Path],
    ledger: "Ledger",
    places: Places,
    config: Path | None,
    progress: Callable[[], None],
) -> dict[str, Marks]:
    with open_book(places.gradebook, config=config) as book:
        book.prepare(unit)
        there = book.students(unit.name)
        new = []
        for student, verdict in verdicts.items():
            stamp = _timestamp(folders.get(student))
            if student in there and ledger.is_current(verdict, stamp):
                progress()
            else:
                before = ledger.previous(student) if student in there else None
                new.append(Entry(verdict, stamp, before))
        for start in range(0, len(new), TOGETHER):
            entries = new[start : start + TOGETHER]
            for entry in entries:
                place = places.autograded(unit.name, entry.verdict.student)
                write_if_new(place, autograded_notebook(unit, entry.verdict))
                progress()
            book.record(unit, entries)
            for entry in entries:
                ledger.note(entry.verdict, entry.timestamp)
        book.penalize(unit.name)
        return book.marks(unit.name)


class Ledger:
    """What the gradebook was last told of each student of a unit."""

    def __init__(self, store: Store, unit: str) -> None:
        self.path = store.folder / f"{unit}-published.json"
        self.entries: dict[str, dict[str, Any]] = {}
        self.trouble: list[str] = []
        try:
            found = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return
        except ValueError:
            found = None
        if isinstance(found, dict):
            self.entries = {student: e for student, e in found.items() if _is_entry(e)}
        if not isinstance(found, dict) or len(self.entries) < len(found):
            kept = self.path.with_suffix(".damaged")
            os.replace(self.path, kept)
            self.trouble = [
                f"{self.path.name} was damaged; what is left of it is {kept.name}. No mark is lost, but formgrader "
                "asks again for those that people gave: nobody knows any more which submissions they were for"
            ]

    def is_current(self, verdict: Verdict, stamp: str | None) -> bool:
        """Whether the gradebook has this very verdict."""
        entry = self.entries.get(verdict.student, {})
        return bool(entry.get("key") == verdict.key and entry.get("timestamp") == stamp)

    def previous(self, student: str) -> Previous | None:
        """Return what was last recorded of a student."""
        entry = self.entries.get(student)
        return Previous(entry["submission"], entry["written"]) if entry else None

    def note(self, verdict: Verdict, stamp: str | None) -> None:
        """Remember that a verdict is in the gradebook."""
        self.entries[verdict.student] = {
            "key": verdict.key,
            "timestamp": stamp,
            "submission": verdict.submission,
            "written": {answer.id: _digest(answer.text) for answer in verdict.written},
        }

    def save(self) -> None:
        """Write the ledger down."""
        if self.entries:
            write_if_new(self.path, json.dumps(self.entries, indent=1, sort_keys=True))


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and (
        isinstance(entry.get("key"), str)
        and isinstance(entry.get("submission"), str)
        and isinstance(entry.get("written"), dict)
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _timestamp(folder: Path | None) -> str | None:
    """Return when a submission was handed in, by nbgrader's timestamp.txt."""
    if folder is None:
        return None
    try:
        must_be_folder(folder.parent)
        must_be_folder(folder)
        return read_bytes(folder / "timestamp.txt", 100).decode().strip() or None
    except ValueError:
        return None


def _title(unit: Unit) -> str:
    """Return the first heading of the unit."""
    for cell in unit.cells:
        for line in cell.source.splitlines() if cell.type == "markdown" else ():
            if line.startswith("# "):
                return line[2:].strip()
    return unit.name


def write_if_new(path: Path, text: str) -> None:
    """Write a file, unless it says so already."""
    try:
        if path.read_text("utf-8") == text:
            return
    except (OSError, ValueError):
        pass
    write_atomically(path, text)


__all__ = ["GradebookError", "Places", "publish"]

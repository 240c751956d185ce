"""Publishing turns verdicts into what people look at: the gradebook, autograded notebooks, feedback and class pages."""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnlab.grading import classpage, feedback, similarity
from nnlab.grading.autograded import autograded_notebook
from nnlab.grading.gradebook import Book, Entry, Marks, Previous, translated
from nnlab.grading.handed import Handed
from nnlab.grading.nbgrader import GradebookError
from nnlab.grading.store import Store, write_atomically
from nnlab.grading.submission import must_be_folder, read_bytes
from nnlab.grading.unit import Unit
from nnlab.grading.verdict import Verdict

TOGETHER = 8
"""Submissions that the gradebook takes at once: it is locked meanwhile, and each time costs as much as a submission."""
UNMARKED = Marks({}, {})


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


class Publication:
    """One unit's verdicts on their way to people: `take` records some while others are graded, `finish` the rest.

    What goes wrong before `finish` only postpones: that is where it is told of.
    """

    def __init__(
        self, unit: Unit, handed: list[Handed], store: Store, places: Places, config: Path | None
    ) -> None:
        self.unit, self.places, self.config = unit, places, config
        self.ledger = Ledger(store, unit.name)
        self.stamps = {one.student: one.folder for one in handed}
        self.book: Book | None = None
        self.recorded: set[str] = set()
        self.taken: list[Verdict] = []
        self.shown: dict[str, tuple[Verdict, Marks | None]] = {}
        self.title = _title(unit)
        self.postponed = False

    def begin(self) -> None:
        """Open the gradebook, which takes as long as grading a few, and make the pages ready."""
        with self._or_later(), translated(self.places.gradebook):
            self._open()
        for template in ("feedback.html", "class.html"):
            feedback.environment().get_template(template)
        similarity.get_ready(similarity.own_source(self.unit.asked))

    def take(self, verdict: Verdict) -> None:
        """Record this verdict with the next ones, and do for the pages what can be done before all marks are known."""
        similarity.get_ready(similarity.answers(verdict))
        if self.postponed:
            return
        self.taken.append(verdict)
        if len(self.taken) == TOGETHER:
            with self._or_later():
                new = [one for one in self.taken if one.student not in self.recorded]
                self._record(self.taken, lambda: None)
                for one in new:
                    self._show(one, UNMARKED)
            self.taken = []

    @contextlib.contextmanager
    def _or_later(self) -> Iterator[None]:
        try:
            yield
        except (GradebookError, OSError):
            self.postponed = True

    def finish(self, verdicts: list[Verdict], progress: Callable[[], None]) -> Published:
        """Bring everything up to date with the verdicts; what is up to date already is left alone."""
        self._record(verdicts, progress)
        with translated(self.places.gradebook):
            book = self._open()
            book.penalize(self.unit.name)
            marks = book.marks(self.unit.name)
        for verdict in verdicts:
            self._show(verdict, marks.get(verdict.student))
            progress()
        _write_class_page(self.places.class_page(self.unit.name), self.unit, verdicts, marks)
        waiting = sum(classpage.waits(verdict, marks.get(verdict.student)) for verdict in verdicts)
        return Published(waiting, self.ledger.trouble)

    def close(self) -> None:
        """Close the gradebook."""
        if self.book is not None:
            self.book.close()

    def _show(self, verdict: Verdict, marks: Marks | None) -> None:
        """Write a student's page, unless this run has done so."""
        if self.shown.get(verdict.student) != (verdict, marks):
            text = feedback.page(self.unit, verdict, marks, self.title)
            write_if_new(self.places.feedback(self.unit.name, verdict.student), text)
            self.shown[verdict.student] = verdict, marks

    def _open(self) -> Book:
        if self.book is None:
            self.book = Book(self.places.gradebook, config=self.config)
            self.book.prepare(self.unit)
            self.recorded = self.book.students(self.unit.name)
        return self.book

    def _record(self, verdicts: list[Verdict], progress: Callable[[], None]) -> None:
        """Write those down that the gradebook does not have yet."""
        with translated(self.places.gradebook):
            book = self._open()
            new = []
            for verdict in verdicts:
                student, stamp = verdict.student, _timestamp(self.stamps.get(verdict.student))
                there = student in self.recorded
                if there and self.ledger.is_current(verdict, stamp):
                    progress()
                else:
                    before = self.ledger.previous(student) if there else None
                    new.append(Entry(verdict, stamp, before))
            for start in range(0, len(new), TOGETHER):
                self._write(book, new[start : start + TOGETHER], progress)

    def _write(self, book: Book, entries: list[Entry], progress: Callable[[], None]) -> None:
        for entry in entries:
            place = self.places.autograded(self.unit.name, entry.verdict.student)
            write_if_new(place, autograded_notebook(self.unit, entry.verdict))
            progress()
        book.record(self.unit, entries)
        for entry in entries:
            self.ledger.note(entry.verdict, entry.timestamp)
            self.recorded.add(entry.verdict.student)
        self.ledger.save()


def _write_class_page(
    path: Path, unit: Unit, verdicts: list[Verdict], marks: dict[str, Marks]
) -> None:
    """Write the page of the class, unless it is there: to compare everybody's code takes a while."""
    origin = classpage.origin(unit, verdicts, marks)
    with contextlib.suppress(OSError, ValueError):
        if path.read_text("utf-8").endswith(origin):
            return
    write_atomically(path, classpage.page(unit, verdicts, marks) + origin)


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
            write_if_new(self.path, json.dumps(self.entries, sort_keys=True))


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


__all__ = ["GradebookError", "Places", "Publication"]

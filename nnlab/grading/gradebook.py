"""nbgrader's gradebook, filled through its own API: marks of people stay, stale ones go, penalties are its plugin's."""

import fcntl
import hashlib
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnlab.grading.lateness import LatenessError, Rule, is_time
from nnlab.grading.nbgrader import GradebookError, import_api
from nnlab.grading.unit import Cell, Unit
from nnlab.grading.verdict import Verdict


@dataclass(frozen=True)
class Previous:
    """What the gradebook was last told of a student: which submission, and hashes of the texts to be marked."""

    submission: str
    written: dict[str, str]


@dataclass(frozen=True)
class Entry:
    """One verdict for the gradebook, when it was handed in, and what the gradebook was told before."""

    verdict: Verdict
    timestamp: str | None
    before: Previous | None


@dataclass(frozen=True)
class Marks:
    """What the gradebook says of one submission: marks of people and the penalty for being late."""

    written: dict[str, float | None]
    comments: dict[str, str]
    penalty: float = 0.0
    seconds_late: float = 0.0


class Book:
    """An open gradebook."""

    def __init__(self, path: Path, course: str = "nnlab", config: Path | None = None) -> None:
        self.api, self.config = import_api(), config
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not os.access(path, os.W_OK):
            raise GradebookError(f"{path} is read-only")
        # nbgrader logs what becomes an error of ours
        logging.getLogger("tornado.application").setLevel(logging.CRITICAL)
        self.folder, self.url = path.parent, f"sqlite:///{path.resolve()}"
        with self._alone():
            self.gradebook = self.api.Gradebook(self.url, course)

    def close(self) -> None:
        """Close the database."""
        self.gradebook.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other nnlab write meanwhile: two would both find a row missing, and both add it."""
        number = os.open(self.folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(number, fcntl.LOCK_EX)
            yield
        finally:
            os.close(number)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Commit once for all that the body does: nbgrader commits after every row, and a disk takes its time."""
        db = self.gradebook.db
        with self._alone():
            db.commit = lambda: None
            try:
                yield
            finally:
                del db.commit
            db.commit()

    def prepare(self, unit: Unit) -> None:
        """Make the gradebook's cells those of the unit."""
        with self.together():
            self._prepare(unit)

    def _prepare(self, unit: Unit) -> None:
        book, name = self.gradebook, unit.name
        book.update_or_create_assignment(name)
        notebook = book.update_or_create_notebook(name, name)
        wanted = {cell.id: cell for cell in unit.cells if cell.kind != "free"}
        graded = {id for id, cell in wanted.items() if cell.kind in ("test", "written")}
        for row in [r for r in notebook.grade_cells if r.name not in graded]:
            for grade in list(row.grades):
                book.db.delete(grade)
            book.db.delete(row)

        def new(kind: Any, id: str) -> Any:
            row = kind(name=id, notebook=notebook)
            book.db.add(row)
            return row

        api = self.api
        grades = {row.name: row for row in notebook.grade_cells}
        solutions = {row.name for row in notebook.solution_cells}
        sources = {row.name: row for row in notebook.source_cells}
        for id, cell in wanted.items():
            if id in graded:
                row = grades.get(id) or new(api.GradeCell, id)
                row.max_score, row.cell_type = cell.points, cell.type
            if cell.kind in ("answer", "written") and id not in solutions:
                new(api.SolutionCell, id)
            row = sources.get(id) or new(api.SourceCell, id)
            row.cell_type, row.locked = cell.type, cell.kind in ("test", "locked")
            row.source = cell.source

    def record(self, unit: Unit, entries: Sequence[Entry]) -> None:
        """Write the marks of some verdicts down, all or none."""
        students = {entry.verdict.student for entry in entries}
        with self.together(), self.gradebook.db.no_autoflush:  # a row is written once, with marks
            self._enrol(students)
            notebook = self.gradebook.find_notebook(unit.name, unit.name)
            known = {one.student_id: one for one in self._submissions(unit.name, students)}
            new = [entry for entry in entries if entry.verdict.student not in known]
            self._insert(unit, notebook, new)
            for entry in entries:
                if entry.verdict.student in known:
                    self._record(unit, entry, known[entry.verdict.student])

    def _enrol(self, students: set[str]) -> None:
        db = self.gradebook.db
        for student in sorted(students - {id for (id,) in db.query(self.api.Student.id)}):
            self.gradebook.add_student(student)
        db.flush()

    def _insert(self, unit: Unit, notebook: Any, entries: Sequence[Entry]) -> None:
        """Add new submissions as nbgrader's `add_submission` does, but many rows at once, in a fraction of the time."""
        from sqlalchemy import insert

        api = self.api
        grades = {row.name: row.id for row in notebook.grade_cells}
        answers = {row.name: row.id for row in notebook.solution_cells}
        wholes, parts, marks, comments = [], [], [], []
        for entry in entries:
            points, texts = _points(entry.verdict), _texts(entry.verdict)
            whole, part = api.new_uuid(), api.new_uuid()
            about = {"student_id": entry.verdict.student, "timestamp": self._time(entry)}
            wholes.append({"id": whole, "assignment_id": notebook.assignment_id, **about})
            parts.append({"id": part, "assignment_id": whole, "notebook_id": notebook.id})
            for cell in filter(_earns, unit.cells):
                score, waits = _automatic(cell, points, texts)
                mark = {
                    "cell_id": grades[cell.id],
                    "auto_score": score,
                    "needs_manual_grade": waits,
                }
                marks.append({"notebook_id": part, **mark})
            for name, id in answers.items():
                said = {"cell_id": id, "auto_comment": _comment(texts.get(name))}
                comments.append({"notebook_id": part, **said})
        for kind, rows in (
            (api.SubmittedAssignment, wholes),
            (api.SubmittedNotebook, parts),
            (api.Grade, marks),
            (api.Comment, comments),
        ):
            if rows:
                self.gradebook.db.execute(insert(kind), rows)

    def _time(self, entry: Entry) -> Any:
        """Return when a submission was handed in, or None if nobody says so in a way that can be read."""
        known = entry.timestamp and is_time(entry.timestamp)
        return self.api.utils.parse_utc(entry.timestamp) if known else None

    def penalize(self, unit: str) -> None:
        """Take points off whoever was late: marks of people count, and the rule and the day may have changed."""
        pairs = [(s, n) for s in self._submissions(unit) for n in s.notebooks]
        late = [(s, n) for s, n in pairs if s.total_seconds_late > 0 or n.late_submission_penalty]
        if late:
            rule = Rule(self.config)
            with self.together():
                for submission, notebook in late:
                    seconds = submission.total_seconds_late
                    penalty = rule.points(submission.student_id, notebook, seconds)
                    notebook.late_submission_penalty = penalty

    def _record(self, unit: Unit, entry: Entry, submission: Any) -> None:
        """Bring a submission up to date that the gradebook has already."""
        verdict, before = entry.verdict, entry.before
        submission.timestamp = self._time(entry) or submission.timestamp
        notebook = submission.notebooks[0]
        grades = self._grades(notebook)
        points, texts = _points(verdict), _texts(verdict)
        digests = {id: hashlib.sha256(text.encode()).hexdigest() for id, text in texts.items()}
        same = before is not None and before.submission == verdict.submission
        for cell in filter(_earns, unit.cells):
            grade = grades[cell.id]
            if before is not None and not same:
                if cell.kind == "test" or before.written.get(cell.id) != digests.get(cell.id):
                    grade.manual_score = None
            grade.auto_score, waits = _automatic(cell, points, texts)
            grade.needs_manual_grade = waits and grade.manual_score is None
            if (
                before is None and grade.manual_score is not None
            ):  # of which submission, nobody knows
                grade.needs_manual_grade = True
        names = {row.id: row.name for row in notebook.notebook.solution_cells}
        for comment in notebook.comments:
            text = texts.get(names.get(comment.cell_id, ""))
            if text is not None:
                comment.auto_comment = _comment(text)

    def _grades(self, notebook: Any) -> dict[str, Any]:
        """Return the grades by cell; where the unit has grown since the submission came in, they grow with it."""
        names = {row.id: row.name for row in notebook.notebook.grade_cells}
        for id in names.keys() - {grade.cell_id for grade in notebook.grades}:
            notebook.grades.append(self.api.Grade(cell_id=id))
        answers = {row.id for row in notebook.notebook.solution_cells}
        for id in answers - {comment.cell_id for comment in notebook.comments}:
            notebook.comments.append(self.api.Comment(cell_id=id))
        return {names[grade.cell_id]: grade for grade in notebook.grades if grade.cell_id in names}

    def marks(self, unit: str) -> dict[str, Marks]:
        """Return what people marked, and the penalties, of every student."""
        found = {}
        for submission in self._submissions(unit):
            for notebook in submission.notebooks:
                penalty = notebook.late_submission_penalty or 0.0
                late = submission.total_seconds_late
                found[submission.student_id] = Marks({}, {}, penalty, late)
        for student, cell, score in self._of_people(unit, self.api.Grade, "manual_score"):
            found[student].written[cell] = score
        for student, cell, comment in self._of_people(unit, self.api.Comment, "manual_comment"):
            if comment:
                found[student].comments[cell] = comment
        return found

    def students(self, unit: str) -> set[str]:
        """Return the ids of all students with a submission of this unit."""
        return {submission.student_id for submission in self._submissions(unit)}

    def _submissions(self, unit: str, students: set[str] | None = None) -> list[Any]:
        """Return submissions of a unit with their notebooks, without the sums that nbgrader has reckoned for each."""
        from sqlalchemy.orm import load_only, selectinload

        whole, part = self.api.SubmittedAssignment, self.api.SubmittedNotebook
        few = load_only(whole.assignment_id, whole.student_id, whole.timestamp, whole.extension)
        parts = selectinload(whole.notebooks).load_only(part.late_submission_penalty)
        query = self.gradebook.db.query(whole).join(whole.assignment)
        if students is not None:
            query = query.filter(whole.student_id.in_(students))
        return list(query.filter(self.api.Assignment.name == unit).options(few, parts))

    def _of_people(self, unit: str, kind: Any, column: str) -> list[Any]:
        """Return (student, cell, what a person entered there), where anything was."""
        whole, part = self.api.SubmittedAssignment, self.api.SubmittedNotebook
        entered = getattr(kind, column)
        query = self.gradebook.db.query(whole.student_id, self.api.BaseCell.name, entered)
        query = query.select_from(kind).join(kind.cell).join(kind.notebook)
        query = query.join(part.assignment).join(whole.assignment)
        return list(query.filter(self.api.Assignment.name == unit, entered.is_not(None)))


def _earns(cell: Cell) -> bool:
    return cell.kind in ("test", "written")


def _points(verdict: Verdict) -> dict[str, float]:
    return {test.id: test.points for test in verdict.tests}


def _texts(verdict: Verdict) -> dict[str, str]:
    return {answer.id: answer.text for answer in verdict.written}


def _automatic(
    cell: Cell, points: dict[str, float], texts: dict[str, str]
) -> tuple[float | None, bool]:
    """Return the mark that is given without a person, and whether one has to look at it."""
    if cell.kind == "test" or not texts.get(cell.id):
        return points.get(cell.id, 0.0), False
    return None, True


def _comment(text: str | None) -> str | None:
    return "No response." if text == "" else None


@contextmanager
def open_book(path: Path, course: str = "nnlab", config: Path | None = None) -> Iterator[Book]:
    """Open the gradebook; whatever its database complains of becomes a GradebookError."""
    with translated(path):
        book = Book(path, course, config)
        try:
            yield book
        finally:
            book.close()


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the errors of a gradebook's database, and of reaching it, into a GradebookError with its name."""
    api = import_api()
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except LatenessError as error:
        raise GradebookError(str(error)) from error
    except (SQLAlchemyError, OSError, api.InvalidEntry) as error:
        words = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise GradebookError(f"{path}: {words}") from error

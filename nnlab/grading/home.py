"""Check a notebook at home: run it with the tests that were handed out, and report what passes and what does not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnlab.grading.arrangement import Arrangement, arrange
from nnlab.grading.founding import shipped_course
from nnlab.grading.recognizing import recognize
from nnlab.grading.running import run_steps
from nnlab.grading.submission import Submission, Unreadable, parse, read_bytes
from nnlab.grading.unit import Unit, load_unit
from nnlab.grading.verdict import shorten


class UnknownUnit(ValueError):
    """No released unit fits the notebook."""


@dataclass(frozen=True)
class Part:
    """One graded part: a test with its verdict, or a written answer that is there or not."""

    id: str
    points: float
    verdict: str
    is_test: bool
    message: str = ""
    mistake: str | None = None


@dataclass
class Report:
    """What the check of one notebook found; verdicts are passed, failed, unanswered, written."""

    unit: str
    parts: list[Part] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def points(self, *verdicts: str) -> float:
        """Return the points of all parts with one of these verdicts."""
        return sum(part.points for part in self.parts if part.verdict in verdicts)

    @property
    def complete(self) -> bool:
        """Whether every visible test passes and every question has an answer."""
        return all(part.verdict in ("passed", "written") for part in self.parts)


def check_notebook(path: Path, releases: Path | None = None, seconds: float = 30) -> Report:
    """Run the notebook and return the report; raise Unreadable or UnknownUnit if there is nothing to run."""
    submission = parse(read_bytes(path))
    unit = _unit_of(submission, path, _release_folders(path, releases))
    submission = recognize(unit, submission)
    arrangement = arrange(unit, submission)
    report = Report(unit.name, damage=[*arrangement.notes, *_changed_tests(unit, submission)])
    sources = [step.source for step in arrangement.steps]
    results = list(run_steps(sources, str(path.resolve().parent), seconds))
    verdicts: dict[str, Part] = {}
    for step, result in zip(arrangement.steps, results, strict=True):
        if step.cell is not None and step.is_test:
            verdicts[step.cell.id] = _verdict(step.cell.id, step.cell.points, result)
        elif not result["ok"] and result["reason"] != "unanswered":
            report.errors.append(f"{step.label}: {shorten(result['message'])}")
    report.parts = list(_in_order(unit, arrangement, verdicts))
    return report


def _verdict(id: str, points: float, result: dict[str, Any]) -> Part:
    if result["ok"]:
        return Part(id, points, "passed", True)
    verdict = "unanswered" if result["reason"] == "unanswered" else "failed"
    return Part(id, points, verdict, True, shorten(result["message"]), result.get("mistake"))


def _in_order(unit: Unit, arrangement: Arrangement, verdicts: dict[str, Part]) -> Iterator[Part]:
    for cell in unit.cells:
        if cell.id in verdicts:
            yield verdicts[cell.id]
        elif cell.kind == "written":
            answer = arrangement.written.get(cell.id)
            text = "" if answer is None or cell.is_unchanged(answer.source) else answer.source
            if text.strip():
                yield Part(cell.id, cell.points, "written", False)
            else:
                yield Part(cell.id, cell.points, "unanswered", False, "no answer yet.")


def _changed_tests(unit: Unit, submission: Submission) -> Iterator[str]:
    claimed = [(unit.by_id.get(cell.grade_id), cell.source) for cell in submission.cells]
    locked = [(cell, text) for cell, text in claimed if cell and cell.kind in ("test", "locked")]
    changed = [cell.id for cell, text in locked if not cell.is_unchanged(text)]
    if changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        yield f"changed, so what was handed out is used: {', '.join(changed[:3])}{more}"


def _release_folders(notebook: Path, given: Path | None) -> list[Path]:
    """Return where released notebooks may lie: as told, near the notebook, near here, or in the package."""
    if given is not None:
        return [given]
    near = [*notebook.resolve().parents, Path.cwd(), *Path.cwd().parents]
    folders = [folder / "exercises" for folder in (*near, shipped_course())]
    return [folder for folder in folders if folder.is_dir()]


def _unit_of(submission: Submission, path: Path, folders: list[Path]) -> Unit:
    """Return the unit that shares most cells with the notebook; its name decides if none do."""
    known: dict[str, Unit] = {}
    for folder in folders:
        for file in sorted(folder.glob("*/*.ipynb")):
            if file.parent.name == file.stem and file.stem not in known:
                known[file.stem] = load_unit(file, file)
    if not known:
        where = f" in {folders[0]}" if len(folders) == 1 else ""
        raise UnknownUnit(
            f"no released exercises were found{where}; name their folder with --exercises"
        )
    shared = {name: _shared(unit, submission) for name, unit in known.items()}
    best = max(shared, key=lambda name: shared[name])
    if shared[best] == 0:
        best = path.stem
    if best not in known:
        raise UnknownUnit(f"this is none of the units {', '.join(sorted(known))}")
    return known[best]


def _shared(unit: Unit, submission: Submission) -> int:
    graded = {cell.id for cell in unit.cells if cell.kind != "free"}
    texts = {" ".join(c.source.split()) for c in unit.cells if c.kind in ("test", "locked")}
    return sum(
        cell.grade_id in graded or " ".join(cell.source.split()) in texts
        for cell in submission.cells
    )


__all__ = ["Part", "Report", "UnknownUnit", "Unreadable", "check_notebook"]

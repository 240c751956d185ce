"""An arrangement is the order in which a notebook is graded: cells as they stand, each test after its answers."""

from collections import defaultdict
from dataclasses import dataclass, field

from nnlab.grading.submission import Submission, SubmittedCell
from nnlab.grading.unit import Cell, Unit


@dataclass(frozen=True)
class Step:
    """Run a piece of code as the student, or (if `test` is given) a test as the grader."""

    label: str
    source: str
    cell: Cell | None = None
    submitted: SubmittedCell | None = None

    @property
    def is_test(self) -> bool:
        """Whether the grader runs this one."""
        return self.cell is not None and self.cell.kind == "test"


@dataclass
class Arrangement:
    """The steps in order, what was written for people to mark, and what was odd about the notebook."""

    steps: list[Step] = field(default_factory=list)
    written: dict[str, SubmittedCell] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def arrange(unit: Unit, submission: Submission) -> Arrangement:
    """Find each of the unit's cells in the submission, by grade id, cell id or text, whatever happened to it."""
    result = Arrangement(notes=list(submission.notes))
    places: dict[str, list[int]] = defaultdict(list)
    for place, submitted in enumerate(submission.cells):
        cell = _original(unit, submitted)
        if cell is not None:
            places[cell.id].append(place)
    _report(unit, places, result)

    taken = {place for found in places.values() for place in found}
    timed: list[tuple[int, int, Step]] = []
    reached = -1
    for order, cell in enumerate(unit.cells):
        found = _without_stubs(cell, places[cell.id], submission)
        if found:
            reached = max(reached, found[-1] if cell.kind == "answer" else found[0])
        if cell.kind == "written" and found:
            result.written[cell.id] = submission.cells[found[0]]
        if cell.kind == "test" or (cell.kind == "locked" and cell.type == "code"):
            place = found[0] if found and cell.kind == "locked" else reached
            timed.append((place, order, Step(f"part {cell.id}", cell.source, cell)))
        elif cell.type == "code":
            for place in found:
                submitted = submission.cells[place]
                timed.append(
                    (place, order, Step(f"cell {place + 1}", submitted.source, cell, submitted))
                )
    for place, submitted in enumerate(submission.cells):
        if place not in taken and submitted.type == "code":
            timed.append((place, 0, Step(f"cell {place + 1}", submitted.source, None, submitted)))
    result.steps = [step for _, _, step in sorted(timed, key=lambda one: one[:2])]
    return result


def _original(unit: Unit, submitted: SubmittedCell) -> Cell | None:
    for id in (submitted.grade_id, submitted.cell_id):
        if id in unit.by_id:
            return unit.by_id[id]
    if not submitted.source.strip():
        return None
    for cell in unit.cells:
        if cell.kind in ("test", "locked") and cell.is_unchanged(submitted.source):
            return cell
    return None


def _without_stubs(cell: Cell, places: list[int], submission: Submission) -> list[int]:
    """Leave out copies of an answer that are still as handed out, if another copy was filled in."""
    filled = [place for place in places if not cell.is_unchanged(submission.cells[place].source)]
    return filled if cell.kind in ("answer", "written") and filled else places


def _report(unit: Unit, places: dict[str, list[int]], result: Arrangement) -> None:
    for cell in unit.cells:
        found = places[cell.id]
        if not found and cell.kind in ("answer", "written"):
            result.missing.append(cell.id)
            result.notes.append(f"the cell {cell.id!r} is missing, or has lost its name")
        elif not found and cell.kind in ("test", "locked"):
            result.notes.append(f"the cell {cell.id!r} is missing; it was put back")
        elif len(found) > 1 and cell.kind != "free":
            result.notes.append(f"the cell {cell.id!r} is there {len(found)} times")

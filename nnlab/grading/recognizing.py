"""Recognize cells that an editor stripped of their names: answers by what they define, tests by what they check."""

import re
from dataclasses import replace

from nnlab.grading.submission import Submission, SubmittedCell
from nnlab.grading.unit import Cell, Unit, bound_names

CHECK = re.compile(r"""check\(\s*["']([\w.]+)["']""")


def recognize(unit: Unit, submission: Submission) -> Submission:
    """Return the submission with grade ids for those cells that have none and are plainly one of the unit's."""
    missing = set(unit.by_id) - {cell.grade_id for cell in submission.cells}
    cells: list[SubmittedCell] = []
    found = []
    for cell in submission.cells:
        if cell.grade_id not in unit.by_id:
            before = cells[-1] if cells else None
            match = _match(unit, cell, before)
            if match is not None and match.id in missing:
                cell = replace(cell, grade_id=match.id)
                found += [match.id] if match.kind != "free" else []
        cells.append(cell)
    if not found:
        return submission
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    note = f"{len(found)} cells have lost their names, and were recognized: {', '.join(found[:3])}{more}"
    return replace(submission, cells=tuple(cells), notes=(*submission.notes, note))


def _match(unit: Unit, cell: SubmittedCell, before: SubmittedCell | None) -> Cell | None:
    for place, known in enumerate(unit.cells):
        if known.type != cell.type:
            continue
        if known.is_unchanged(cell.source):
            return known
        if known.kind == "answer":
            asked = bound_names(known.released or known.source)
            if asked and asked <= bound_names(cell.source):
                return known
        if known.kind == "test" and set(CHECK.findall(known.source)) & {
            *CHECK.findall(cell.source)
        }:
            return known
        if known.kind == "written" and before is not None and place:
            if unit.cells[place - 1].is_unchanged(before.source):
                return known
    return None

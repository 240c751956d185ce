"""What the shell offers for the names of units, students and studies; `nnlab --install-completion` sets it up."""

from collections.abc import Iterator
from pathlib import Path

import typer


def units_here(context: typer.Context, incomplete: str) -> list[str]:
    """Offer the units of the course around this folder, or of the one that an option names."""
    from nnlab.grading.course import all_units
    from nnlab.grading.release import course_root

    named = context.params.get("root") or context.params.get("course")
    try:
        return _begin(all_units(course_root(named and Path(named))), incomplete)
    except FileNotFoundError:
        return []


def units_to_copy(incomplete: str) -> list[str]:
    """Offer the units that come with nnlab."""
    from nnlab.grading.founding import shipped_course
    from nnlab.grading.release import units

    return _begin(units(shipped_course()), incomplete)


def units_graded(context: typer.Context, incomplete: str) -> list[str]:
    """Offer the units that have verdicts."""
    from nnlab.grading.store import Store

    return _begin(Store(Path(context.params.get("home") or ".") / "verdicts").units(), incomplete)


def students(context: typer.Context, incomplete: str) -> list[str]:
    """Offer those who handed in."""
    return _begin(_folders(Path(context.params.get("submissions") or "submitted")), incomplete)


def studies(incomplete: str) -> list[str]:
    """Offer the studies."""
    from nnlab.experiments import STUDIES

    return _begin([*STUDIES, "all", "list"], incomplete)


def _folders(parent: Path) -> Iterator[str]:
    if parent.is_dir():
        yield from sorted(folder.name for folder in parent.iterdir() if folder.is_dir())


def _begin(names: list[str] | Iterator[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]

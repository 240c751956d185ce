"""What `nnlab doctor` finds around it: the machine, and the course that this folder is in."""

import os


def machine() -> dict[str, int | None]:
    """Return how many cores this process may use, and bytes of memory, if the system says."""
    usable = getattr(os, "sched_getaffinity", None)
    cores = len(usable(0)) if usable else os.cpu_count()
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        memory = None
    return {"cores": cores, "memory": memory}


def course() -> dict[str, str | int] | None:
    """Return what there is of a course around this folder: units, exercises, submissions, gradebook."""
    from nnlab.grading.course import all_units
    from nnlab.grading.release import course_root

    try:
        root = course_root()
    except FileNotFoundError:
        return None
    students = {path.parent.parent.name for path in root.glob("submitted/*/*/*.ipynb")}
    book = root / "gradebook.db"
    return {
        "folder": str(root),
        "units": len(all_units(root)),
        "released": len([p for p in root.glob("exercises/*/*.ipynb") if p.stem == p.parent.name]),
        "students": len(students),
        "gradebook": "there" if book.is_file() else "not yet",
    }

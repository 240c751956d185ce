"""nbgrader's API, imported without what comes with it and nobody here asks for."""

import sys
from functools import cache
from types import ModuleType
from typing import Any

from nnlab.grading.unit import import_quickly

SERVERS = ("assignment_list", "course_list", "formgrader", "validate_assignment")


def import_api() -> Any:
    """Import nbgrader's API, and spare the half second that its web servers take, which come with the package."""
    import_quickly()
    servers = [f"nbgrader.server_extensions.{name}" for name in SERVERS]
    spared = [name for name in servers if name not in sys.modules]
    for name in spared:
        sys.modules[name] = ModuleType(name)
        vars(sys.modules[name])["load_jupyter_server_extension"] = None
    try:
        from nbgrader import api
    finally:
        for name in spared:
            sys.modules.pop(name, None)  # whoever wants the true one will get it
    api.get_alembic_version = schema_version  # its own starts a program, which takes two seconds
    return api


@cache
def schema_version() -> str:
    """Return the version that nbgrader's migrations lead to, which a new gradebook is marked with."""
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR

    return str(ScriptDirectory(ALEMBIC_DIR).get_current_head())

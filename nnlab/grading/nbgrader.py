"""nbgrader's API, imported without what comes with it and nobody here asks for."""

import logging
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from nnlab.grading.unit import import_quickly

SPARED: dict[str, dict[str, Any]] = {
    "nbformat.notebooknode": {"NotebookNode": dict},
    "requests": {},
    "setuptools.archive_util": dict.fromkeys(
        ("unpack_archive", "unpack_tarfile", "unpack_zipfile")
    ),
    "nbgrader.auth": {"Authenticator": None},
    "tornado.log": {"app_log": logging.getLogger("tornado.application"), "LogFormatter": None},
    **{
        f"nbgrader.server_extensions.{name}": {"load_jupyter_server_extension": None}
        for name in ("assignment_list", "course_list", "formgrader", "validate_assignment")
    },
}
"""Modules that come with the API, and what it takes from them: its servers, accounts of a hub, archives, a kind of dict
that it names in annotations, and a logger. They take twice as long to load as the API itself, and are not used here."""


class GradebookError(RuntimeError):
    """The gradebook cannot be written; the verdicts are safe."""


def import_api() -> Any:
    """Import nbgrader's API, and spare what takes longer to load than itself."""
    import_quickly()
    spared = [name for name in SPARED if name not in sys.modules]
    for name in spared:
        sys.modules[name] = ModuleType(name)
        vars(sys.modules[name]).update(SPARED[name])
    try:
        from nbgrader import api
    finally:
        for name in spared:
            sys.modules.pop(name, None)  # whoever wants the true one will get it
    api.get_alembic_version = schema_version  # its own starts a program, which takes two seconds
    return api


@cache
def schema_version() -> str:
    """Return the version that nbgrader's migrations lead to, which a new gradebook is marked with.

    It is the one that none of them starts from. To read them is quicker than to import Alembic.
    """
    from nbgrader.dbutil import ALEMBIC_DIR

    texts = [path.read_text("utf-8") for path in Path(ALEMBIC_DIR, "versions").glob("*.py")]
    reached, left = (
        {found[1] for text in texts if (found := re.search(rf"^{name} = '(\w+)'", text, re.M))}
        for name in ("revision", "down_revision")
    )
    [version] = reached - left
    return version

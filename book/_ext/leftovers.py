"""Clear away what a build that failed leaves behind, so that the next one does not fail over it.

The theme copies its logo to `_static` even when the build has stopped before that folder was made;
a file of that name is what remains, and no later build could put a folder in its place.
"""

from pathlib import Path

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", make_room)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def make_room(app: Sphinx) -> None:
    """See to it that `_static` is a folder from the start."""
    static = Path(app.outdir) / "_static"
    if static.is_file():
        static.unlink()
    static.mkdir(parents=True, exist_ok=True)

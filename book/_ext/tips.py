"""Let a hover tip load its pictures when it is shown, not with the page.

A page that refers to many figures would else fetch all of them for tips that few readers open.
"""

from pathlib import Path

from sphinx.application import Sphinx

EAGER, LAZY = "<img alt", "<img loading=lazy alt"  # no quotes: the tips stand inside JSON strings


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", make_lazy, priority=900)  # after sphinx_tippy has written them
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def make_lazy(app: Sphinx, exception: Exception | None) -> None:
    """Mark the pictures in every tip."""
    for file in Path(app.outdir, "_static", "tippy").rglob("*.js"):
        tips = file.read_text(encoding="utf-8")
        file.write_text(tips.replace(EAGER, LAZY), encoding="utf-8")

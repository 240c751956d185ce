"""Mend markup that the tools below us write and that a screen reader stumbles over."""

from sphinx.application import Sphinx

MENDED = {
    # a list whose items are no list items; the plain <div>s read well
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    ' role="doc-biblioentry"': "",
    # code wider than a phone scrolls, and must do so by keyboard too
    '<div class="highlight"><pre>': '<div class="highlight"><pre tabindex="0">',
}


def mend(
    app: Sphinx, page: str, template: str, context: dict[str, object], doctree: object
) -> None:
    body = str(context.get("body", ""))
    for wrong, right in MENDED.items():
        body = body.replace(wrong, right)
    context["body"] = body


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Keep together what no line should part: a number and its unit, a formula and its comma.

The source has plain spaces, which authors can see and type; here they become spaces that do not
break. A number that the page computed stands in a node of its own, and so does a formula, before
and after which browsers break lines as they do at a picture, even before a comma.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

UNBROKEN = "\N{NO-BREAK SPACE}"
AFTER = r"(?:\d{3}(?!\d)|(?:%|[MG]B|ms|s)(?!\w))"
WITHIN = re.compile(rf"(?<=\d) (?={AFTER})")
BEHIND = re.compile(rf" (?={AFTER})")
RELATION = re.compile(r"(?:=|<|>|\\approx|\\le|\\ge)\s*$")
OPENING = re.compile(r"[(\[“‘]*$")
CLOSING = re.compile(r"[,.;:!?)\]”’–-]*")


class Bind(SphinxPostTransform):
    """Run late: computed numbers must have taken their places."""

    default_priority = 900

    def run(self, **kwargs: object) -> None:
        for parent in list(self.document.findall(nodes.TextElement)):
            if isinstance(parent, nodes.FixedTextElement | nodes.literal | nodes.math):
                continue
            for k, child in enumerate(parent.children):
                if isinstance(child, nodes.Text):
                    parent[k] = nodes.Text(unbroken(child, parent[k - 1] if k else None))
            for k, child in enumerate(parent.children):
                if isinstance(child, nodes.math):
                    enclose(parent, k)


def unbroken(text: str, before: nodes.Node | None) -> str:
    """Bind what stands in a text, and the text to what stands before it."""
    text = WITHIN.sub(UNBROKEN, text)
    if isinstance(before, nodes.math):
        belongs = text.startswith(" ") and RELATION.search(before.astext())
    else:
        belongs = before and before.astext()[-1:].isdigit() and BEHIND.match(text)
    return UNBROKEN + text[1:] if belongs else text


def enclose(parent: nodes.TextElement, k: int) -> None:
    """Put the formula at place k into a span with the punctuation that touches it."""
    span = nodes.inline("", "", parent[k], classes=["bound"])
    before = parent[k - 1] if k else None
    if isinstance(before, nodes.Text) and (mark := OPENING.search(before)[0]):
        span.insert(0, nodes.Text(mark))
        parent[k - 1] = nodes.Text(before.removesuffix(mark))
    after = parent[k + 1] if k + 1 < len(parent) else None
    if isinstance(after, nodes.Text) and (mark := CLOSING.match(after)[0]):
        span += nodes.Text(mark)
        parent[k + 1] = nodes.Text(after.removeprefix(mark))
    if len(span) > 1:
        parent[k] = span


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_post_transform(Bind)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

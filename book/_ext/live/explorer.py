"""The directive `explorer`: sliders over a Python function that returns a picture."""

from docutils import nodes
from sphinx.application import Sphinx


class explorer(nodes.General, nodes.Element):
    """Stands for one explorer in the document."""


def setup(app: Sphinx) -> None:
    app.add_node(explorer)

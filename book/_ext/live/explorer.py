"""The directive `explorer`: controls over a Python function that returns a picture.

    ```{explorer} package.module.function
    :name: fig-label
    :caption: Ten words at most
    ```

Each parameter of the function has a default and is annotated with something that has a `label` and
`values`, as `Annotated[float, Control("rate", (0.1, 0.2))]`. The function returns a Matplotlib
figure, or a pair of it and a sentence that says the same in words. The default picture is drawn
when the book is built; the page's worker draws the others.
"""

import html
import inspect
import io
import json
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, get_type_hints

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class explorer(nodes.General, nodes.Element):
    """One explorer: a figure, and the sentence below it."""


class Explorer(SphinxDirective):
    required_arguments = 1
    option_spec: ClassVar = {
        "name": directives.unchanged_required,
        "caption": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        path = self.arguments[0]
        module, _, name = path.rpartition(".")
        function = getattr(import_module(module), name)
        source = inspect.getsourcefile(inspect.unwrap(function))
        if source:
            self.env.note_dependency(source)
        svg, words = draw(function)
        file = Path(self.env.app.outdir).parent / "live" / f"{path}.svg"
        file.parent.mkdir(exist_ok=True)
        file.write_text(svg, encoding="utf-8")
        page = Path(self.env.doc2path(self.env.docname)).parent
        image = nodes.image(uri=Path(os.path.relpath(file, page)).as_posix(), alt=words or name)
        figure = nodes.figure("", image)
        self.add_name(figure)
        caption, messages = self.parse_inline(self.options.get("caption", ""))
        if caption:
            figure += nodes.caption("", "", *caption)
        node = explorer("", figure, path=path, words=words, parameters=parameters(function))
        self.set_source_info(node)
        self.set_source_info(figure)
        return [node, *messages]


def draw(function: Callable[..., Any]) -> tuple[str, str]:
    """The default picture as SVG, and its words."""
    seen = function()
    figure, words = seen if isinstance(seen, tuple) else (seen, "")
    if hasattr(figure, "svg"):
        return figure.svg(), words
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None}, bbox_inches="tight")
    return file.getvalue(), words


def parameters(function: Callable[..., Any]) -> str:
    """What may be changed, as JSON: for each parameter its label, its values, the default's place."""
    hints = get_type_hints(function, include_extras=True)
    found = []
    for name, parameter in inspect.signature(function).parameters.items():
        notes = getattr(hints.get(name), "__metadata__", ())
        control = next((note for note in notes if hasattr(note, "values")), None)
        if control is None:
            raise TypeError(
                f"{function.__name__}: the annotation of {name} has no label and values"
            )
        values = list(control.values)
        found.append(
            {
                "name": name,
                "label": control.label,
                "values": values,
                "start": values.index(parameter.default),
            }
        )
    return json.dumps(found)


def begin(translator: Any, node: explorer) -> None:
    data = f'data-function="{node["path"]}" data-parameters="{html.escape(node["parameters"])}"'
    translator.body.append(f'<div class="live-explorer" {data}>\n')


def end(translator: Any, node: explorer) -> None:
    words = html.escape(node["words"])
    translator.body.append(f'<p class="live-words" aria-live="polite">{words}</p>\n</div>\n')


def nothing(translator: Any, node: explorer) -> None:
    """Elsewhere than on a web page an explorer is its figure."""


def setup(app: Sphinx) -> None:
    app.add_directive("explorer", Explorer)
    plain = (nothing, nothing)
    app.add_node(explorer, html=(begin, end), latex=plain, text=plain, epub=plain, man=plain)

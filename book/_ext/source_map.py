"""The tables of the page "Sources": what the five sources hold, and where the book has it.

    ```{source-map} thesis
    ```

The rows stand in book/sources.yml. A row appears when a page of the book carries its label, `src-`
and its id, and links to it. A row with a number of the source's needs one of ours beside it: a glue
called `ours-` and its id, on the page of the table.
"""

import re
from pathlib import Path
from typing import ClassVar

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

LABEL = re.compile(
    r"^\((?P<target>src-[\w-]+)\)=$|\b(?:name|label): (?P<name>src-[\w-]+)", re.MULTILINE
)
ALGORITHM = re.compile(r"^`{3,}\{prf:algorithm\}[^\n]*\n:label: (src-[\w-]+)$", re.MULTILINE)


def pages(root: Path) -> list[Path]:
    """The Markdown pages that the table of contents names."""
    toc = (root / "_toc.yml").read_text(encoding="utf-8")
    files = [root / f"{name}.md" for name in re.findall(r"(?:file|root): (\S+)", toc)]
    return [file for file in files if file.is_file()]


def places(texts: list[str]) -> dict[str, str]:
    """The labels of rows in these pages, each with the role that refers to it."""
    text = "\n".join(texts)
    found = {match["target"] or match["name"]: "ref" for match in LABEL.finditer(text)}
    return found | dict.fromkeys(ALGORITHM.findall(text), "prf:ref")


def table(rows: list[dict[str, str]], roles: dict[str, str], caption: str) -> list[str]:
    """The lines of a MyST table of the rows that have a place."""
    lines = [f":::{{list-table}} {caption}", ":header-rows: 1", ":widths: 18 42 20 20", ""]
    lines += ["* - There", "  - Here", "  - Its number", "  - Ours"]
    for row in rows:
        label = f"src-{row['id']}"
        if label in roles:
            ours = f"{{glue:text}}`ours-{row['id']}`" if "theirs" in row else ""
            lines += [f"* - {row['there']}", f"  - {{{roles[label]}}}`{row['what']} <{label}>`"]
            lines += [f"  - {row.get('theirs', '')}", f"  - {ours}"]
    return [*lines, ":::"]


class SourceMap(SphinxDirective):
    """`{source-map} thesis`: the rows of one source."""

    required_arguments = 1
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        data = root / "book" / "sources.yml"
        files = pages(root)
        for file in (data, root / "_toc.yml", *files):
            self.env.note_dependency(str(file))
        source = yaml.safe_load(data.read_text(encoding="utf-8"))[self.arguments[0]]
        roles = places([file.read_text(encoding="utf-8") for file in files])
        holder = nodes.Element()
        lines = table(source["rows"], roles, source["caption"])
        self.state.nested_parse(lines, self.content_offset, holder)
        return holder.children


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("source-map", SourceMap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

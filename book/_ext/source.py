"""Show a function or class of nnlab as it stands in its file, without the docstring.

    ```{source} nnlab.optimizers.gradient_descent.gd_step
    ```

The page explains what the docstring says, and text and package cannot differ.
"""

import ast
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def without_docstring(text: str, name: str) -> str:
    """The lines of a function, class, method or constant of a module, less its docstring."""
    found: ast.AST = ast.parse(text)
    for part in name.split("."):
        inside = [node for node in ast.iter_child_nodes(found) if part in names(node)]
        if not inside:
            raise LookupError(f"there is no {name}")
        found = inside[0]
    assert isinstance(found, ast.stmt)
    lines = text.splitlines()[found.lineno - 1 : found.end_lineno]
    if isinstance(found, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(found) is not None:
        doc = found.body[0]
        assert doc.end_lineno is not None
        del lines[doc.lineno - found.lineno : doc.end_lineno - found.lineno + 1]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] for line in lines).strip("\n")


def names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


class Source(SphinxDirective):
    """`{source} module.name [module.name ...]`: one block of code, in the order given."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"name": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        pieces = []
        for full in self.arguments[0].split():
            file, name = locate(Path(self.env.srcdir), full)
            self.env.note_dependency(str(file))
            try:
                pieces.append(without_docstring(file.read_text(encoding="utf-8"), name))
            except LookupError as error:
                raise self.error(f"{file.name}: {error}") from error
        block = nodes.literal_block(
            "", "\n\n\n".join(pieces), language="python", classes=["source"]
        )
        self.set_source_info(block)
        self.add_name(block)
        return [block]


def locate(root: Path, full: str) -> tuple[Path, str]:
    """The file of `nnlab.package.module.name`, and the name in it."""
    parts = full.split(".")
    for count in range(len(parts) - 1, 0, -1):
        file = root.joinpath(*parts[:count]).with_suffix(".py")
        if file.is_file():
            return file, ".".join(parts[count:])
    raise LookupError(f"no file holds {full}; name the module, not the package")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("source", Source)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

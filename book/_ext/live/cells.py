"""A page's code cells, as the browser needs them: the source of each, and where it stands."""

import json
from fnmatch import fnmatch
from pathlib import Path

import nbformat
from docutils import nodes
from sphinx.application import Sphinx

from live.explorer import explorer

KEY = "live_cells"


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Note the cells of a page that was just read, and mark their places in it."""
    page = app.env.docname
    if any(fnmatch(page, pattern) for pattern in app.config.live_exclude):
        return
    parts: dict[int, set[str]] = {}
    for node in doctree.findall(nodes.container):
        if node.get("nb_element") == "cell_code":
            node["classes"].append(f"live-cell-{node['cell_index']}")
            parts[node["cell_index"]] = {
                inner.get("nb_element", "") for inner in node.findall(nodes.container)
            }
    if parts:
        app.env.metadata[page][KEY] = cells(app, page, parts)


def cells(app: Sphinx, page: str, parts: dict[int, set[str]]) -> list[dict[str, object]]:
    """All code cells in order; one whose source the page does not show runs when its turn comes."""
    # myst_nb keeps each page beside the book as a notebook, with the cells that the page leaves out
    file = Path(app.env.mystnb_config.output_folder) / f"{page}.ipynb"
    found = []
    for index, cell in enumerate(nbformat.read(file, as_version=4).cells):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "code" and "skip-execution" not in tags:
            found.append(
                {
                    "index": index,
                    "source": cell.source,
                    "editable": "cell_code_source" in parts.get(index, ()),
                    "shows": index in parts and not {"remove-output", "remove_output"} & {*tags},
                    "fails": "raises-exception" in tags,
                }
            )
    return found


def publish(
    app: Sphinx, page: str, template: str, context: dict[str, object], doctree: nodes.document
) -> None:
    """Give a page that has something to run its cells and the script; other pages get nothing."""
    found = app.env.metadata.get(page, {}).get(KEY, [])
    explorers = doctree is not None and any(True for _ in doctree.findall(explorer))
    if not found and not explorers:
        return
    text = json.dumps({"page": page, "cells": found}).replace("</", r"<\/")
    context["body"] = (
        f'{context["body"]}\n<script type="application/json" id="live-page">{text}</script>'
    )
    app.add_js_file("live/live.mjs", type="module")
    app.add_css_file("live/live.css")

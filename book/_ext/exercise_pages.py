"""A page for each released notebook: below its title, the ways to open it."""

import json
from fnmatch import fnmatch

from sphinx.application import Sphinx

PAGES = "exercises/*/*"


def introduce(app: Sphinx, page: str, content: list[str]) -> None:
    """Put the links into the notebook as it is read; the notebook itself stays as released."""
    if not fnmatch(page, PAGES):
        return
    notebook = json.loads(content[0])
    title, _, rest = "".join(notebook["cells"][0]["source"]).partition("\n")
    notebook["cells"][0]["source"] = f"{title}\n\n{links(app, page)}\n\n{rest.strip()}"
    content[0] = json.dumps(notebook)


def links(app: Sphinx, page: str) -> str:
    repository = app.config.html_theme_options["repository_url"]
    owner = repository.removeprefix("https://github.com/")
    branch = app.config.html_theme_options.get("repository_branch") or "main"
    here = page.removeprefix("exercises/")
    ways = {
        "Open in the browser": f"../../lite/notebooks/index.html?path={here}.ipynb",
        "Download": f"../../_sources/{page}.ipynb",
        "Colab": f"https://colab.research.google.com/github/{owner}/blob/{branch}/{page}.ipynb",
        "Binder": f"https://mybinder.org/v2/gh/{owner}/{branch}?urlpath=notebooks/{page}.ipynb",
    }
    anchors = "\n".join(
        f'<a class="btn btn-sm btn-outline-primary" href="{url}">{name}</a>'
        for name, url in ways.items()
    )
    return (
        f'```{{raw}} html\n<p class="exercise-links">\n{anchors}\n</p>\n```\n\n'
        "In the browser nothing needs installing, and the first run loads Python, about 20 MB.\n"
        "Your changes are kept in that browser;\n"
        "**File**, then **Download**, gives you the notebook to hand in.\n"
        f"In Colab, first run `%pip install git+{repository}@{branch}`."
    )


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("source-read", introduce)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

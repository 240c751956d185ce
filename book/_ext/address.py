"""Where the book will lie, said once: `html.baseurl` and `repository` in _config.yml.

A fork publishes under its own address without touching a file: NNLAB_SITE, NNLAB_REPOSITORY and
NNLAB_BRANCH in the environment go first, and its workflow sets them.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config


def settle(app: Sphinx, config: Config) -> None:
    """Tell the address to every extension that asks for it under another name."""
    site = (os.environ.get("NNLAB_SITE") or config.html_baseurl).rstrip("/") + "/"
    config.html_baseurl = site
    config.ogp_site_url = site
    config.notfound_urls_prefix = urlsplit(site).path
    theme = config.html_theme_options
    theme["repository_url"] = os.environ.get("NNLAB_REPOSITORY") or theme["repository_url"]
    theme["repository_branch"] = os.environ.get("NNLAB_BRANCH") or theme["repository_branch"]


def invite(app: Sphinx, exception: Exception | None) -> None:
    """Write robots.txt: everyone may read everything, and here is the list."""
    if exception is None and app.builder.name == "html":
        text = f"User-agent: *\nAllow: /\nSitemap: {app.config.html_baseurl}sitemap.xml\n"
        Path(app.outdir, "robots.txt").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", settle, priority=1)  # before anyone reads an address
    app.connect("build-finished", invite)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

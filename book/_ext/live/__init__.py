"""Live pages: the reader runs and changes a page's code cells in the browser; README.md has the whole."""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from live import cells, explorer, site

HERE = Path(__file__).parent


def serve_assets(app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(HERE / "assets"))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("live_pyodide", "cdn", "html", str)
    app.add_config_value("live_packages", ["numpy"], "html", list)
    app.add_config_value("live_wheels", [], "html", list)
    app.add_config_value("live_leave_out", [], "html", list)
    app.add_config_value("live_files", [], "html", list)
    app.add_config_value("live_exclude", [], "env", list)
    # after Jupyter Book, which would add what it finds in static folders to every page
    app.connect("config-inited", serve_assets, priority=900)
    app.connect("doctree-read", cells.collect)
    app.connect("html-page-context", cells.publish)
    app.connect("build-finished", site.write)
    explorer.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

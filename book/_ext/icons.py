"""Send the few icons that pages show, instead of all two thousand of Font Awesome on each page."""

import re
from pathlib import Path

from sphinx.application import Sphinx

# one entry of the script's tables: name:[width,height,[aliases],"code","path"],
ENTRY = re.compile(
    r'(?P<name>"[\w-]+"|[\w$]+):\[\d+,\d+,\[(?P<aliases>[^\]]*)\],"[0-9a-f]+",(?:"[^"]*"|\[[^\]]*\])\],?'
)


def thin(script: str, used: set[str]) -> str:
    """The script with only those icons whose name or alias is used."""

    def keep(entry: re.Match[str]) -> str:
        names = {entry["name"].strip('"'), *re.findall(r'"([\w-]+)"', entry["aliases"])}
        return entry[0] if names & used else ""

    return ENTRY.sub(keep, script)


def send_few(app: Sphinx, exception: Exception | None) -> None:
    script = Path(app.outdir) / "_static" / "scripts" / "fontawesome.js"
    if exception or not script.is_file():
        return
    site = Path(app.outdir)
    mention = [
        *site.glob("*.html"),
        *site.glob("book/**/*.html"),
        *site.glob("_static/**/*theme*.js"),
    ]
    mention += [*site.glob("exercises/**/*.html"), *site.glob("_static/*.js")]
    used = {
        name
        for file in mention
        for name in re.findall(r"fa-([a-z0-9-]+)", file.read_text(encoding="utf-8"))
    }
    script.write_text(thin(script.read_text(encoding="utf-8"), used), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", send_few)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

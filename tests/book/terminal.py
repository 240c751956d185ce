"""A terminal in which the blocks of a page are typed, and what comes is compared with what the page shows."""

import doctest
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

LIKE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
PATIENCE = 600
SERVERS = {
    "jupyter notebook": "http://127.0.0.1:",
    "make serve": "until you press Ctrl-C",
    "dask scheduler": "Scheduler at",
    "dask worker": "Registered to",
}
"""Commands that stay: what they say when they are ready. They end with the guide."""


class Block(NamedTuple):
    """A fenced block of a guide: commands, what they show, or a file to write."""

    kind: str
    text: str
    file: str = ""


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page that its reader types or sees, in order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for _, kind, body in re.findall(r"^(`{3,})(\S+)(?: \w+)?\n(.*?)^\1$", text, re.M | re.S):
        if kind in ("sh", "text"):
            found.append(Block(kind, body))
        elif kind == "{code-block}" and body.startswith(":caption:"):
            caption, _, rest = body.removeprefix(":caption: ").partition("\n")
            found.append(Block("file", rest.lstrip("\n"), caption))
    return found


class Terminal:
    """A folder and an environment in which a guide's blocks are gone through, one after another."""

    def __init__(self, folder: Path) -> None:
        self.here, self.said = folder, ""
        self.log, self.servers = folder.parent / "servers.log", []
        settings = folder.parent / "jupyter"
        settings.mkdir()
        self.jupyter, dask = free_port(), free_port()
        (settings / "jupyter_server_config.py").write_text(
            f"c.ServerApp.port = {self.jupyter}\nc.ServerApp.allow_root = True\n"
            "c.ServerApp.open_browser = False\nc.IdentityProvider.token = 'guide'\n"
        )
        self.instead = {":8786": f":{dask}", "--port 8786": f"--port {dask}"}
        self.environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "JUPYTER_CONFIG_DIR": str(settings),
            "PIP_NO_INDEX": "1",  # what a guide installs is here already, or the test says so
            "PYTHONUNBUFFERED": "1",
            "COLUMNS": "88",
            "TERM": "dumb",
        }

    def type(self, line: str) -> None:
        """Run a line of a guide; keep what it says, and where it leaves us."""
        known = [name for name in SERVERS if line.startswith(name)]
        for public, ours in self.instead.items():
            line = line.replace(public, ours)
        if known:
            self.start(line, SERVERS[known[0]])
            return
        about = {"cwd": self.here, "env": self.environment, "text": True, "timeout": PATIENCE}
        both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = subprocess.run(
            ["bash", "-c", f"{line}\nstatus=$?; echo; pwd; exit $status"], **both, **about
        )
        unfinished = line.startswith("nnlab check") and done.returncode == 1
        assert done.returncode == 0 or unfinished, f"{line}\n{done.stdout}"
        said, _, here = done.stdout.rstrip("\n").rpartition("\n")
        self.here = Path(here)
        self.said += said

    def start(self, line: str, ready: str) -> None:
        """Start a command that stays, and wait until it is ready."""
        with open(self.log, "ab") as log:
            begun = log.tell()
            about = {"cwd": self.here, "env": self.environment, "start_new_session": True}
            process = subprocess.Popen(
                ["bash", "-c", f"exec {line}"], stdout=log, stderr=log, **about
            )
        self.servers.append(process)
        until = time.monotonic() + PATIENCE
        while ready not in (text := self.log.read_text()[begun:]):
            assert process.poll() is None and time.monotonic() < until, f"{line}\n{text}"
            time.sleep(0.1)
        if line.startswith("jupyter"):  # on another port, if ours was taken meanwhile
            self.jupyter = int(re.findall(r"http://127\.0\.0\.1:(\d+)", text)[-1])

    def close(self) -> None:
        """End what stays."""
        for process in self.servers:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def follow(page: Path, terminal: Terminal, then: dict[str, Callable[[], None]]) -> None:
    """Do what a guide says; after some lines, also what it says to do by mouse."""
    done = set()
    for block in blocks(page):
        if block.kind == "sh":
            terminal.said = ""
            for line in block.text.replace("\\\n", "").strip().splitlines():
                terminal.type(line)
                if line in then:
                    then[line]()
                    done.add(line)
        elif block.kind == "file":
            _, at_end, name = block.file.rpartition("At the end of ")
            with (terminal.here / name).open("a" if at_end else "w") as file:
                file.write(block.text)
        else:
            right = doctest.OutputChecker().check_output(block.text, terminal.said, LIKE)
            assert right, f"the page says\n{block.text}\nand this came\n{terminal.said}"
    assert done == set(then), "these lines are no longer in the guide"

"""Start the zygote at a chosen isolation, and ask it for a process for each submission."""

import json
import os
import select
import shutil
import socket
import subprocess
import tempfile
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from nnlab.grading.sandbox import bubblewrap
from nnlab.grading.sandbox.folders import own_folder
from nnlab.grading.sandbox.inside import seccomp
from nnlab.grading.sandbox.inside.confine import NO_ROOM
from nnlab.grading.sandbox.packages import allowed_packages

Isolation = Literal["bubblewrap", "process"]
INSIDE = Path(__file__).parent / "inside"
PATIENCE = 60.0
BOOT = """
import gc, sys
gc.disable()
sys.path[:0] = [{0!r}]
sys.path += [{1!r}, {2!r}]
from inside import zygote
zygote.main()
"""


class SandboxError(RuntimeError):
    """The sandbox itself does not work; no student is to blame."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use: seconds for a cell or a call, seconds in all, and megabytes."""

    call: float = 10.0
    total: float = 60.0
    memory: int = 1024
    file: int = 16


@dataclass(frozen=True)
class Settings:
    """How to grade."""

    isolation: Isolation = "bubblewrap"
    limits: Limits = field(default_factory=Limits)


@cache
def find_isolation(wanted: Isolation) -> str:
    """Check that an isolation works here, and describe it in words for the reports."""
    if wanted == "process":
        return "process only: NOT safe for untrusted code (chosen with --isolation process)"
    problem = bubblewrap.available()
    if problem:
        raise SandboxError(problem)
    filtered = "seccomp filter" if seccomp.available() else "no seccomp filter on this machine"
    return f"bubblewrap: no network, no other files or processes, {filtered}"


class Zygote:
    """A process that forks one process a submission.

    A copy of the process that started it can use it, too: only one of them must, and the other calls `leave`.
    """

    def __init__(
        self, isolation: Isolation, course: Path, limits: Limits, preload: tuple[str, ...] = ()
    ) -> None:
        self.isolation, self.course, self.limits, self.preload = isolation, course, limits, preload
        self.single = False
        self.process: subprocess.Popen[bytes] | None = None
        self.used = self.ready = False
        self.draws = self.drew = False

    def begin(self) -> socket.socket:
        """Start a process for a new submission, and return the socket to talk to it.

        Once a notebook has drawn, others may: from then on Matplotlib, which takes its time, is loaded beforehand.
        """
        if self.drew and not self.draws:
            self.draws = True
            self.close()
        if self.process is None or self._has_ended() or (self.single and self.used):
            self.start()
        self._wait_until_ready()
        ours, theirs = socket.socketpair()
        try:
            socket.send_fds(self.orders, [b"start"], [theirs.fileno()])
            if self.orders.recv(64) != b"started":
                raise OSError("it is gone")
        except OSError as error:
            ours.close()
            self.close()
            raise SandboxError(f"the sandbox has ended: {error}") from None
        finally:
            theirs.close()
        self.used = True
        return ours

    def end(self, patience: float = 0.0) -> str:
        """End the submission's processes; say how they ended: "ended" (by us), "left", "signal 9", "code 1", "gone"."""
        try:
            self.orders.send(str(patience).encode())
            answer = self.orders.recv(64).decode()
        except OSError:
            answer = ""
        if not answer:
            self.close()
        if answer == NO_ROOM:  # no namespaces within the namespace: one zygote a submission, then
            self.single = True
        return answer or "gone"

    def close(self) -> None:
        """End the zygote and with it everything in its sandbox."""
        if self.process is None:
            return
        self.orders.close()  # the zygote ends when we hang up
        try:
            self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.errors.close()
        if self.room:
            shutil.rmtree(self.room, ignore_errors=True)
        self.process = None

    def filenos(self) -> tuple[int, int]:
        """Return the numbers of the files that a copy of this process needs to use it."""
        return self.orders.fileno(), self.errors.fileno()

    def leave(self) -> None:
        """Let the copy of this process have it."""
        self.orders.close()
        self.errors.close()

    def start(self) -> None:
        """Start the process, which takes a while until it is ready."""
        self.close()
        self.used = self.ready = False
        self.room = None
        self.orders, theirs = socket.socketpair()
        self.orders.settimeout(PATIENCE)
        self.errors = tempfile.TemporaryFile()
        rooms = self.isolation == "bubblewrap" and not self.single
        settings = json.dumps({
            **asdict(self.limits), "seconds": int(self.limits.total) + 1,
            "rooms": rooms, "preload": self.preload, "draws": self.draws,
        })  # fmt: skip
        number = str(theirs.fileno())
        if self.isolation == "bubblewrap":
            home = bubblewrap.HOME
            places = home, f"{home}/course", f"{home}/site"
        else:
            self.room = own_folder()
            site = Path(self.room, "site")
            site.mkdir()
            for name, place in allowed_packages():
                (site / name).symlink_to(place)
            work = Path(self.room, "work")
            work.mkdir()
            places = str(INSIDE.parent), str(self.course), str(site)
        python = [
            str(bubblewrap.executable()),
            "-sPSB",
            "-c",
            BOOT.format(*places),
            number,
            settings,
        ]
        if self.isolation == "bubblewrap":
            python = bubblewrap.command(python, INSIDE, self.course, theirs.fileno(), self.single)
        self.process = subprocess.Popen(
            python,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.errors,
            cwd=work if self.room else None,
            env=bubblewrap.environment() | {"PATH": os.defpath},
            start_new_session=True,
        )
        theirs.close()

    def _has_ended(self) -> bool:
        """Whether it has hung up; it says nothing unless it is asked."""
        look = select.poll()
        look.register(self.orders, select.POLLIN)
        return self.ready and bool(look.poll(0))

    def _wait_until_ready(self) -> None:
        if self.ready:
            return
        try:
            self.ready = self.orders.recv(64) == b"ready"
        except OSError:
            self.ready = False
        if not self.ready:
            self.errors.seek(0)
            text = self.errors.read().decode(errors="replace").strip()[-2000:]
            self.close()
            raise SandboxError(f"the sandbox did not start:\n{text}")

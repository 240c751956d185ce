"""Confinement of one process: its own process numbers and files, no privileges, limits on all it can use."""

import contextlib
import ctypes
import os
import platform
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any

from . import seccomp

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWPID = 0x00020000, 0x08000000, 0x20000000
NOSUID, NODEV, NOEXEC = 2, 4, 8
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38

RESERVE = 256 << 20
NO_ROOM = "no room"
"""How a process ended that `fork_into_room` could not begin."""

LINUX = sys.platform == "linux"
libc = ctypes.CDLL(None, use_errno=True)
python = ctypes.PyDLL(None, use_errno=True)


def _must(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def fork_into_room() -> int:
    """Fork, and be number 1 in a world of process numbers in the child, with its own mounts; return -1 if we may not.

    One fork does what `os.fork` and `unshare` would need two for: only the system call knows the flags.
    """
    if not seccomp.available():  # that table has the call's number
        return -1
    number = seccomp.CALLS["clone"][seccomp.MACHINES[platform.machine()][0]]
    flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | signal.SIGCHLD
    python.PyOS_BeforeFork()
    child: int = python.syscall(number, flags, 0, 0, 0, 0)
    if child == 0:
        python.PyOS_AfterFork_Child()
    else:
        python.PyOS_AfterFork_Parent()
    return child


def fresh_work(work: str, megabytes: int) -> None:
    """Lay an empty file system over `work`."""
    options = f"size={megabytes}m,nr_inodes=1000,mode=700".encode()
    _must(libc.mount(b"work", work.encode(), b"tmpfs", NOSUID | NODEV | NOEXEC, options), "mount")
    os.chdir(work)


def hide() -> None:
    """Let no other process of this user look into this one."""
    if LINUX:
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends."""
    if LINUX:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def limit(limits: dict[str, Any]) -> None:
    """Set the limits that hold for the rest of this process's life."""
    wanted = {
        "RLIMIT_AS": (limits["memory"] << 20) + RESERVE,
        "RLIMIT_CPU": limits["seconds"] + 1,
        "RLIMIT_FSIZE": limits["file"] << 20,
        "RLIMIT_NOFILE": 64,
        "RLIMIT_CORE": 0,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
    }
    for name, value in wanted.items():
        number = getattr(resource, name, None)
        if number is None or (
            name == "RLIMIT_AS" and not LINUX
        ):  # macOS knows it, and does not keep it
            continue
        hard = resource.getrlimit(number)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))


@contextlib.contextmanager
def without_reserve() -> Iterator[None]:
    """Keep some memory back, so that after a cell that takes all the others have something to work with."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1] if LINUX else resource.RLIM_INFINITY
    if hard == resource.RLIM_INFINITY:
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (hard - RESERVE, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def drop_privileges() -> None:
    """Give up every capability, the right to regain one, and the system calls nobody needs."""
    if not LINUX:
        return
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    if os.getuid() != 0:  # as root without a namespace there is nothing to win by it
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3 of the structure
        _must(libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")
    _must(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    if seccomp.available():
        seccomp.install(libc)


def nothing_else(connection: int) -> None:
    """Close every file but the connection to the grader; input is empty and output goes nowhere."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.closerange(3, connection)
    os.closerange(connection + 1, 4096)

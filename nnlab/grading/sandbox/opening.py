"""A sandbox is opened for a unit: a zygote, and a folder with the part of nnlab that the unit hands out."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from nnlab.grading.sandbox import Settings, Zygote, facade, find_isolation
from nnlab.grading.sandbox.folders import own_folder
from nnlab.grading.unit import Unit


class Sandbox:
    """What the submissions of one unit run in, one after the other."""

    def __init__(self, unit: Unit, settings: Settings) -> None:
        find_isolation(settings.isolation)
        self.purpose = unit.digest, settings
        self.folder = own_folder()
        code = unit.handed_code()
        facade.build(self.folder, code, unit.asked)
        preload = facade.modules(code)  # everyone's notebook imports them
        self.zygote = Zygote(settings.isolation, self.folder, settings.limits, preload)

    def fits(self, unit: Unit, settings: Settings) -> bool:
        """Whether it was opened for this."""
        return self.purpose == (unit.digest, settings)

    def close(self) -> None:
        """End everything in it."""
        self.zygote.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def opened(unit: Unit, settings: Settings, count: int) -> Iterator[list[Sandbox]]:
    """Yield so many sandboxes that begin now, while this process does something else."""
    sandboxes: list[Sandbox] = []
    try:
        for _ in range(count):
            sandboxes.append(Sandbox(unit, settings))
            sandboxes[-1].zygote.start()
        yield sandboxes
    finally:
        for sandbox in sandboxes:
            sandbox.close()


def is_alone() -> bool:
    """Whether this process has no thread but one, so that a copy of it is whole."""
    return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1

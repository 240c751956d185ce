"""An event loop for cells with `await`: it has a clock and no sockets, which the sandbox forbids."""

import asyncio
import time
from collections.abc import Coroutine
from functools import cache
from typing import Any


class Clock:
    """Takes the place of what waits for sockets."""

    def select(self, timeout: float | None) -> list[Any]:
        """Wait, and find that nothing has come."""
        if timeout is None:
            raise RuntimeError("this cell waits for something that nothing will bring")
        time.sleep(timeout)
        return []


class Loop(asyncio.BaseEventLoop):
    """Runs tasks and timers."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = Clock()

    def _process_events(self, events: list[Any]) -> None: ...

    def _write_to_self(self) -> None: ...


@cache
def loop() -> Loop:
    """Return the notebook's one loop: what a cell begins goes on while a later one waits."""
    return Loop()


def finish(waits: Coroutine[Any, Any, Any]) -> None:
    """Run what a cell awaits to its end."""
    loop().run_until_complete(waits)

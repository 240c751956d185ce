"""Lateness is nbgrader's matter: its plugin takes points off, as the course's nbgrader_config.py has it."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class LatenessError(RuntimeError):
    """The course's rule for lateness does not work; the message says why."""


def is_time(text: str) -> bool:
    """Whether nbgrader can read this as a time."""
    from nbgrader.utils import parse_utc

    try:
        return parse_utc(text) is not None
    except Exception:  # its parser raises whatever it stumbles on
        return False


class Rule:
    """What lateness costs in a course; a plugin of its own may lie beside nbgrader_config.py."""

    def __init__(self, config: Path | None) -> None:
        self.config = config
        with self._blamed_on_the_course():
            from nbgrader.preprocessors import AssignLatePenalties
            from traitlets.config import Config
            from traitlets.config.loader import PyFileConfigLoader

            settings = Config()
            if config is not None and config.is_file():
                settings = PyFileConfigLoader(config.name, str(config.parent)).load_config()
            self.step = AssignLatePenalties(config=settings)
            self.step.init_plugin()

    def points(self, student: str, notebook: Any, seconds: float) -> float | None:
        """Return what a submission in the gradebook loses, at most its score; None if nothing."""
        if seconds <= 0:
            return None
        with self._blamed_on_the_course():
            found = self.step.plugin_inst.late_submission_penalty(student, notebook.score, seconds)
            return None if found is None else float(self.step._check_late_penalty(notebook, found))

    @contextlib.contextmanager
    def _blamed_on_the_course(self) -> Iterator[None]:
        beside = [str(self.config.parent)] if self.config is not None else []
        before = sys.path[:]
        sys.path[:0] = beside
        try:
            yield
        except Exception as error:
            words = f"{type(error).__name__}: {error}"
            raise LatenessError(
                f"the rule for lateness in {self.config} does not work: {words}"
            ) from error
        finally:
            sys.path[:] = before

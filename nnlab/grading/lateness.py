"""Lateness is nbgrader's matter: its plugin takes points off, as the course's nbgrader_config.py has it."""

from pathlib import Path


def is_time(text: str) -> bool:
    """Whether nbgrader can read this as a time."""
    from nbgrader.utils import parse_utc

    try:
        return parse_utc(text) is not None
    except (ValueError, OverflowError):
        return False


def assign_penalty(url: str, unit: str, student: str, config: Path | None) -> None:
    """Run nbgrader's own step for one submission in the gradebook at `url`."""
    from nbformat.v4 import new_notebook
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    settings = Config()
    if config is not None and config.is_file():
        settings = PyFileConfigLoader(config.name, str(config.parent)).load_config()
    about = {"notebook": unit, "assignment": unit, "student": student, "db_url": url}
    AssignLatePenalties(config=settings).preprocess(new_notebook(), {"nbgrader": about})

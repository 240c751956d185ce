"""What every test shares: where things are, and how Hypothesis searches."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# The same examples on every run, so that a failure is the commit's and not the dice's;
# `HYPOTHESIS_PROFILE=search` looks further. No deadline: speed is `make bench`'s concern.
settings.register_profile("repeat", derandomize=True, deadline=None, database=None)
settings.register_profile("search", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the repository."""
    return ROOT

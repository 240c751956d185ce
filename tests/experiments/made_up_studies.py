"""Studies that misbehave on purpose; worker processes import this module."""

import os
import signal
import time
from pathlib import Path

from nnlab.experiments import Options, Study, Table


def behave(row):
    """Square the seed; or die, raise or wait first, as the row says."""
    if row["how"] == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if row["how"] == "dies once":
        met = Path(row["note"])
        if not met.exists():
            met.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    if row["how"] == "raises":
        raise ArithmeticError("made to fail")
    if row["how"] == "waits":
        time.sleep(0.3)
    return {"square": row["seed"] ** 2, "third": row["seed"] / 3, "curve": [row["seed"], 0.5]}


def made_up(*kinds, note="", shift=0):
    """A study with a row for each kind of behaviour."""
    rows = [
        {"how": kind, "note": note, "shift": shift, "seed": seed} for seed, kind in enumerate(kinds)
    ]
    return Study(
        "made-up",
        "What happens?",
        "",
        lambda options: rows[: options.repeat],
        behave,
        lambda rows: Table("Squares", ["seed", "square"], []),
        lambda rows: None,
        full=Options(repeat=len(rows)),
        quick=Options(repeat=1),
    )

"""What a benchmark measured is kept in benchmarks/results.json, with the machine it ran on; README's tables show it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nnlab.experiments.machine import machine

FILE = Path(__file__).with_name("results.json")


def kept() -> dict[str, Any]:
    """Return what was measured last, by benchmark."""
    return json.loads(FILE.read_text("utf-8")) if FILE.is_file() else {}


def keep(name: str, found: dict[str, Any]) -> None:
    """Put one benchmark's figures in the place of its last ones."""
    about = {"machine": machine(), "day": f"{datetime.now(UTC):%Y-%m-%d}"}
    text = json.dumps(kept() | {name: about | found}, indent=1, sort_keys=True)
    FILE.write_text(text + "\n", "utf-8")

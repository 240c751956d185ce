"""A verdict is what grading says about a submission: how it went, the marks, and what the student reads."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from nnlab.grading.sandbox.inside.values import clean

FORMAT = 1
STATUSES = {
    "graded": "graded",
    "timed out": "ran out of time",
    "crashed": "crashed",
    "unreadable": "could not be read",
    "missing": "was not handed in",
}


@dataclass
class TestResult:
    """What one test cell gave."""

    __test__ = False  # pytest takes the name for its own

    id: str
    points: float
    max_points: float
    passed: bool
    message: str = ""
    check: str = ""
    reason: str = ""
    mistake: str | None = None
    link: str = ""
    output: str = ""


@dataclass
class CellResult:
    """One piece of the student's code as it ran; `id` is the unit's cell that it answers, if any."""

    label: str
    source: str
    id: str = ""
    output: str = ""
    error: str = ""
    pictures: list[str] = field(default_factory=list)


@dataclass
class WrittenAnswer:
    """An answer for a person to mark; `text` is empty if nothing was written."""

    id: str
    max_points: float
    text: str = ""
    type: str = "markdown"


@dataclass
class Verdict:
    """One submission, once; the same submission, tests and settings give the same verdict, byte for byte."""

    student: str
    unit: str
    status: str
    reason: str = ""
    score: float = 0.0
    max_score: float = 0.0
    isolation: str = ""
    submission: str = ""
    key: str = ""
    notes: list[str] = field(default_factory=list)
    tests: list[TestResult] = field(default_factory=list)
    written: list[WrittenAnswer] = field(default_factory=list)
    cells: list[CellResult] = field(default_factory=list)
    format: int = FORMAT

    @property
    def waits_for_person(self) -> list[str]:
        """The ids of the answers that a person has to mark."""
        return [answer.id for answer in self.written if answer.text]

    @property
    def needs_look(self) -> bool:
        """Whether somebody should look at it: it is no plain grading."""
        return self.status != "graded" or any("missing" in note for note in self.notes)

    def to_json(self) -> str:
        """Write the verdict down."""
        return json.dumps(self, default=vars, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Verdict":
        """Read a verdict; raise ValueError if it is none of this format."""
        data: Any = json.loads(text)
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise ValueError("this is no verdict of the present format")
        try:
            data["tests"] = [TestResult(**t) for t in data["tests"]]
            data["cells"] = [CellResult(**c) for c in data["cells"]]
            data["written"] = [WrittenAnswer(**w) for w in data["written"]]
            return cls(**data)
        except (TypeError, KeyError) as error:
            raise ValueError(f"this is no verdict: {error}") from None


CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def shorten(text: str, size: int = 4_000) -> str:
    """Make text from a submission fit to be shown: no control characters, no reordering of letters, no great length."""
    text = CONTROL.sub("", ANSI.sub("", clean(text[: 2 * size])).replace("\r\n", "\n"))
    return text if len(text) <= size else text[:size] + " ..."

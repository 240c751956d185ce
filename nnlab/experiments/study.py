"""A study asks one question with a plan: rows of settings, each of which one run turns into
results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from nnlab import _checks
from nnlab.experiments.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Row = dict[str, Any]
"""Settings, and later results beside them, by name."""

BatchSizes = tuple[int | str, ...]
"""Whole numbers, or "full" for all samples at once."""

SAMPLES = {"mnist": 60_000, "digits": 1_347, "wine": 3_673}
"""How many samples each data set trains on."""


class SettingsError(ValueError):
    """A study was asked for something it cannot do; raised before anything runs."""


@dataclass(frozen=True)
class Options:
    """What a run of a study may choose; None leaves it to the study."""

    data: str | None = None
    batch_sizes: BatchSizes | None = None
    epochs: int | None = None
    repeat: int | None = None


@dataclass(frozen=True)
class Study:
    """A question, and everything needed to answer it again.

    plan     turns options, all of them filled in, into rows of settings, each with its seed
    run      turns one row into results; it runs in a worker, so it must be a module's function
    table    lays finished rows out, ours beside the source's; figure draws them
    full     the options of the whole study; one that is None is not offered
    quick    the options of the form that takes seconds
    weight   a row's work in rough units, for the order (longest first) and the time left
    """

    name: str
    question: str
    sources: str
    plan: Callable[[Options], list[Row]]
    run: Callable[[Row], Row]
    table: Callable[[Sequence[Row]], Table]
    figure: Callable[[Sequence[Row]], Figure]
    full: Options = field(default_factory=Options)
    quick: Options = field(default_factory=Options)
    data: tuple[str, ...] = ()
    weight: Callable[[Row], float] = lambda row: 1.0

    def rows(self, options: Options | None = None, *, quick: bool = False) -> list[Row]:
        """Return the plan for these options, or say which of them is wrong."""
        return self.plan(self.options(options or Options(), quick=quick))

    def options(self, given: Options, *, quick: bool = False) -> Options:
        """Fill in what was left open, and check the rest."""
        chosen = {}
        for entry in fields(Options):
            value = getattr(given, entry.name)
            if value is None:
                continue
            if getattr(self.full, entry.name) is None:
                name = "--" + entry.name.replace("_", "-")
                raise SettingsError(f"the study {self.name} has no {name}")
            chosen[entry.name] = value
        options = replace(self.quick if quick else self.full, **chosen)
        try:
            self._check(options)
        except (TypeError, ValueError) as error:
            raise SettingsError(str(error)) from None
        return options

    def _check(self, options: Options) -> None:
        if options.data is not None:
            _checks.choice("--data", options.data, self.data)
        if options.epochs is not None:
            _checks.whole("--epochs", options.epochs)
        if options.repeat is not None:
            _checks.whole("--repeat", options.repeat)
        sizes = options.batch_sizes
        if sizes is None:
            return
        if not sizes or len(set(sizes)) < len(sizes):
            raise ValueError(f"--batch-sizes needs sizes without repetition, got {list(sizes)}")
        limit = SAMPLES[options.data or self.data[0]]
        for size in sizes:
            if size == "full":
                continue
            if _checks.whole("a batch size other than full", size) > limit:  # type: ignore[arg-type]
                raise ValueError(
                    f"a batch of {size} is more than the {limit} samples of {options.data}; "
                    "say full to take all"
                )

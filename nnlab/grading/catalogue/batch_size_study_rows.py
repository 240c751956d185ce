"""Unit `batch-size-study`: the study itself, a row for each method and batch size."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.grading.catalogue._inherited import inherit
from nnlab.grading.catalogue.batch_size_study import FIVE, least_squares
from nnlab.grading.catalogue.batch_size_study_train import TRAIN, train
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.optimizers import adam_step, gd_step

Row = dict[str, Any]
Methods = dict[str, tuple[Function, dict[str, float]]]


def study(
    f: Function,
    start: Array,
    X: Array,
    y: Array,
    methods: Methods,
    batch_sizes: list[int],
    epochs: int,
    seed: int,
) -> list[Row]:
    """Return a row for each method and batch size; every run has the same start and the same seed."""
    rows: list[Row] = _study()(f, start, X, y, methods, batch_sizes, epochs, seed)
    return rows


def _study(
    updates: Callable[[int, int, int], int] = lambda n, size, epochs: -(-n // size) * epochs,
    *,
    one_generator: bool = False,
    generator_of_method: bool = False,
    fixed_seed: bool = False,
    goes_on: bool = False,
    passes_settings: bool = True,
    sizes_first: bool = False,
    last_loss: bool = False,
    last_row: bool = False,
    train: Function = train,
) -> Function:
    """Return the study, or one with a fault."""

    def run(
        f: Function,
        start: Array,
        X: Array,
        y: Array,
        methods: Methods,
        batch_sizes: list[int],
        epochs: int,
        seed: int,
    ) -> Any:
        rows: list[Row] = []
        shared, theta = np.random.default_rng(seed), start
        plan = [(name, size) for name in methods for size in batch_sizes]
        if sizes_first:
            plan = [(name, size) for size in batch_sizes for name in methods]
        for name, size in plan:
            step, settings = methods[name]
            if generator_of_method and size == batch_sizes[0]:
                shared = np.random.default_rng(seed)
            rng = np.random.default_rng(0 if fixed_seed else seed)
            if one_generator or generator_of_method:
                rng = shared
            theta, losses = train(
                f,
                step,
                theta if goes_on else start,
                X,
                y,
                epochs,
                size,
                rng,
                **settings if passes_settings else {},
            )
            row: Row = {
                "method": name,
                "batch_size": size,
                "updates": updates(len(X), size, epochs),
            }
            row |= {"losses": losses[-1] if last_loss else losses, "theta": theta, "seconds": 0.1}
            rows.append(row)
        return rows[-1:] if last_row else rows

    return run


def _picked(study: Function, names: tuple[str, ...], arguments: tuple[Any, ...]) -> Any:
    X, y, batch_sizes, epochs, seed, lr = arguments
    methods = {"SGD": (gd_step, {"lr": lr}), "Adam": (adam_step, {"lr": 2 * lr})}
    start = np.linspace(-1, 1, X.shape[1])
    rows = study(least_squares, start, X, y, methods, batch_sizes, epochs, seed)
    if not isinstance(rows, (list, tuple)) or not all(isinstance(row, dict) for row in rows):
        raise TypeError(f"return a list of dicts, one for each run; got {type(rows).__name__}")
    return [
        {name: _value(row[name]) for name in names} if all(name in row for name in names) else row
        for row in rows
    ]  # a row that lacks something is shown as it is


def _value(value: Any) -> Any:
    return np.asarray(value) if isinstance(value, (list, tuple)) else value


def _plan(
    study: Function, X: Array, y: Array, batch_sizes: list[int], epochs: int, seed: int, lr: float
) -> Any:
    names = ("method", "batch_size", "updates")
    return _picked(study, names, (X, y, batch_sizes, epochs, seed, lr))


def _results(
    study: Function, X: Array, y: Array, batch_sizes: list[int], epochs: int, seed: int, lr: float
) -> Any:
    names = ("losses", "theta", "seconds")
    rows = _picked(study, names, (X, y, batch_sizes, epochs, seed, lr))
    for row in rows:
        if "seconds" in row:
            # zero is a measurement too: the clocks of browsers are coarse
            row["seconds"] = "measured" if row["seconds"] >= 0 else "less than zero"
    return rows


def _small(rng: Rng) -> Case:
    n = int(rng.integers(5, 9))
    sizes = [int(size) for size in rng.permutation(n)[:2] + 1]
    lr = float(f"{rng.uniform(0.02, 0.1):.3g}")
    seed = int(rng.integers(1, 1000))
    return call(
        rng.normal(size=(n, 2)), rng.normal(size=n), sizes, int(rng.integers(2, 4)), seed, lr
    )


STUDY = Specification(
    "study",
    study,
    "book/batch-size-study.html#src-t-f20",
    {
        "plan": Aspect(
            "which runs, in which order, with how many updates",
            [call(*FIVE, [1, 2, 5], 2, 1, 0.05)],
            _small,
            _plan,
        ),
        "results": Aspect(
            "the losses and parameters of the runs",
            [call(*FIVE, [1, 2, 5], 2, 1, 0.05)],
            _small,
            _results,
            keeps_inputs=True,
        ),
    },
)
for _id, _message, _variant in (
    (
        "updates-rounded-down",
        "You count n // batch_size updates an epoch; the smaller last batch makes one more: round up.",
        _study(lambda n, size, epochs: n // size * epochs),
    ),
    (
        "updates-one-too-many",
        "n // batch_size + 1 counts one update too many when batch_size divides n: round up.",
        _study(lambda n, size, epochs: (n // size + 1) * epochs),
    ),
    (
        "updates-of-one-epoch",
        "You count the updates of one epoch: multiply by the number of epochs.",
        _study(lambda n, size, epochs: -(-n // size)),
    ),
    (
        "updates-rounded-once",
        "You round at the end: every epoch has its smaller last batch, so round up in each, and multiply then.",
        _study(lambda n, size, epochs: -(-n * epochs // size)),
    ),
    (
        "samples-counted",
        "You count the samples seen; an update takes a whole batch of them.",
        _study(lambda n, size, epochs: n * epochs),
    ),
    (
        "updates-fractional",
        "You divide without rounding: the smaller last batch is a whole update, so round up in each epoch.",
        _study(lambda n, size, epochs: n / size * epochs),  # type: ignore[arg-type, return-value]
    ),
    (
        "one-generator",
        "One generator serves all runs, so each is shuffled differently: make one from seed for every run.",
        _study(one_generator=True),
    ),
    (
        "generator-of-method",
        "One generator serves all batch sizes of a method: make one from seed for every run.",
        _study(generator_of_method=True),
    ),
    (
        "seed-ignored",
        "Your generator's seed is always 0: use the seed that was passed in.",
        _study(fixed_seed=True),
    ),
    (
        "goes-on",
        "A run starts where the last one ended: every run starts from `start`, or the race is not fair.",
        _study(goes_on=True),
    ),
    (
        "settings-dropped",
        "The settings of the methods are lost: pass **settings on to train.",
        _study(passes_settings=False),
    ),
    (
        "sizes-first",
        "The order of the rows is method by method: the batch sizes are the inner loop.",
        _study(sizes_first=True),
    ),
    (
        "last-loss-only",
        "You keep the last loss: keep the list of all, one for each epoch.",
        _study(last_loss=True),
    ),
    (
        "one-dict",
        "All your rows are one dict, filled again and again: make a new one in every run.",
        lambda *args: [study(*args)[-1]] * len(study(*args)),
    ),
    (
        "last-row-only",
        "You return the last row alone: append each row to a list, and return it after the loops.",
        _study(last_row=True),
    ),
):
    STUDY.mistake(_id, _message)(_variant)
inherit(
    STUDY,
    TRAIN,
    ("state-reset", "restarted", "one-epoch-less", "one-epoch-more", "own-generator"),
    lambda wrong: _study(train=wrong),
)
